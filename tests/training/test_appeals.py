"""Appeals: handed in in time, decided by somebody else, and what they bring is linked and booked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from people.models import Employee, Notification, User
from people.selectors import today
from training.models import Activity, Appeal, BookingBatch, Course, LearningRecord, LedgerEntry, Rule, Standing
from training.selectors.appeals import appeals_to_decide, why_not
from training.services.policies import create_policy
from training.services.records import adjust_points, enter_record

PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"
NEW = reverse("training:add_appeal")


@pytest.fixture
def second(world):
    """Another HR admin, who had no hand in anything."""
    user = User.objects.create(username="hugo", email="hugo@example.com", first_name="Hugo")
    user.groups.add(Group.objects.get(name="hr_admin"))
    world.users["hugo"] = user
    return user


def line(world, name="alice", activity="workshop"):
    """A line of the account whose record and booking are Helen's."""
    enter_record(
        employee=world.people[name], activity=world.activities[activity], happened_on=world.year.start_date,
        actor=world.users["helen"],
    )  # fmt: skip
    run_pipeline()
    return LedgerEntry.objects.filter(employee=world.people[name]).latest("pk")


def hand_in(client, entry=None, follow=False, **data):
    url = f"{NEW}?entry={entry.pk}" if entry else NEW
    return client.post(url, {"text": "It was two of them", **data}, follow=follow)


def url(name, appeal):
    return reverse(f"training:{name}", kwargs={"pk": appeal.pk})


def upload(name, content):
    return SimpleUploadedFile(name, content)


def missing(world, **changes):
    return {
        "activity": world.activities["online"].pk, "happened_on": world.year.start_date.isoformat(), "minutes": "90",
        "title": "Python", "text": "I have the certificate", **changes,
    }  # fmt: skip


# --- against a line ---------------------------------------------------------------------------------------------------
def test_an_appeal_against_a_line_is_upheld_and_linked(world, second, sign_in):
    entry = line(world)
    alice = sign_in("alice")
    assert f"{NEW}?entry={entry.pk}" in alice.get(reverse("training:my_points")).text
    hand_in(alice, entry, evidence=upload("list.pdf", PDF))
    appeal = Appeal.objects.get()
    assert (appeal.employee, appeal.entry, appeal.state) == (world.people["alice"], entry, "open")
    assert appeal.deadline == today() + dt.timedelta(days=30)
    # Helen made the record herself: only Hugo is asked
    assert [note.user for note in Notification.objects.all()] == [second]
    data = {"state": "upheld", "amount": "5", "category": entry.category_id, "answer": "You were there twice."}
    assert sign_in("hugo").post(url("decide_appeal", appeal), data)["Location"] == url("appeal", appeal)
    appeal.refresh_from_db()
    outcome = appeal.outcome_entry
    assert (appeal.state, appeal.decided_by, outcome.amount, outcome.kind) == ("upheld", second, 5, "adjustment")
    assert (outcome.batch.actor, outcome.batch.cause) == (second, f"Appeal #{appeal.pk}")
    run_pipeline()
    assert Standing.objects.get(employee=world.people["alice"], year=world.year).total == 10
    text = alice.get(url("appeal", appeal)).text
    assert "You were there twice." in text
    assert "+5" in text
    assert Notification.objects.filter(user=world.users["alice"], url=url("appeal", appeal)).count() == 1


def test_whoever_entered_the_record_cannot_decide(world, second, sign_in):
    entry = line(world)
    hand_in(sign_in("alice"), entry)
    appeal = Appeal.objects.get()
    data = {"state": "rejected", "answer": "No."}
    barred = sign_in("helen").get(url("decide_appeal", appeal)).text
    assert "Somebody else has to decide it." in barred
    assert 'name="answer"' not in barred
    assert 'name="answer"' in sign_in("hugo").get(url("decide_appeal", appeal)).text
    response = sign_in("helen").post(url("decide_appeal", appeal), data)
    assert "You entered or corrected the record" in response.text
    assert "You entered or corrected the record" in sign_in("helen").get(url("appeal", appeal)).text
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by) == ("open", None)
    assert sign_in("hugo").post(url("decide_appeal", appeal), data).status_code == 302


def test_whoever_adjusted_or_caused_the_booking_cannot_decide(world, second, sign_in):
    taken = adjust_points(
        employee=world.people["alice"], year=world.year, category=world.categories["exam"], amount=Decimal(-2),
        reason="Counted twice", actor=world.users["helen"],
    )  # fmt: skip
    hand_in(sign_in("alice"), taken)
    appeal = Appeal.objects.get()
    response = sign_in("helen").post(url("decide_appeal", appeal), {"state": "rejected", "answer": "No."})
    assert "You made or caused the booking" in response.text
    # what the line took away is suggested
    form = sign_in("hugo").get(url("decide_appeal", appeal)).context["form"]
    assert (form.initial["amount"], form.initial["category"]) == (2, world.categories["exam"])


def test_nobody_decides_the_own_appeal(world, second, sign_in):
    entry = line(world)
    Employee.objects.filter(pk=world.people["alice"].pk).update(user=second)
    world.users["alice"] = second
    hand_in(sign_in("hugo"), entry)
    appeal = Appeal.objects.get()
    response = sign_in("hugo").post(url("decide_appeal", appeal), {"state": "rejected", "answer": "No."})
    assert "It is your own appeal." in response.text
    assert Appeal.objects.get().state == "open"


def test_the_deadline_and_the_closed_year(world, sign_in, settings):
    entry = line(world)
    client = sign_in("alice")
    since = entry.batch.created_at
    BookingBatch.objects.filter(pk=entry.batch_id).update(created_at=since - dt.timedelta(days=31))
    assert "The deadline for this appeal was" in hand_in(client, entry).text
    assert f"{NEW}?entry={entry.pk}" not in client.get(reverse("training:my_points")).text
    BookingBatch.objects.filter(pk=entry.batch_id).update(created_at=since - dt.timedelta(days=30))
    world.year.status = "closed"
    world.year.save()
    assert "is closed." in hand_in(client, entry).text
    assert not Appeal.objects.exists()
    world.year.status = "closing"
    world.year.save()
    assert hand_in(client, entry).status_code == 302
    # closed meanwhile: it can only be rejected
    world.year.status = "closed"
    world.year.save()
    LearningRecord.objects.update(created_by=None)
    BookingBatch.objects.update(actor=None)
    appeal = Appeal.objects.get()
    data = {"state": "upheld", "amount": "1", "category": entry.category_id, "answer": "Yes."}
    assert "Have the year reopened first" in sign_in("helen").post(url("decide_appeal", appeal), data).text
    assert sign_in("helen").post(url("decide_appeal", appeal), data | {"state": "rejected"}).status_code == 302


def test_one_open_appeal_per_line_and_only_about_the_own(world, sign_in):
    entry = line(world)
    hand_in(sign_in("alice"), entry)
    response = hand_in(sign_in("alice"), entry)
    assert response["Location"] == url("appeal", Appeal.objects.get())
    assert Appeal.objects.count() == 1
    assert hand_in(sign_in("carol"), entry).status_code == 404
    assert sign_in("alice").get(f"{NEW}?entry=x").status_code == 404


def test_withdrawn_by_the_employee_alone(world, second, sign_in):
    entry = line(world)
    hand_in(sign_in("alice"), entry)
    appeal = Appeal.objects.get()
    assert sign_in("carol").post(url("withdraw_appeal", appeal)).status_code == 404
    sign_in("alice").post(url("withdraw_appeal", appeal))
    appeal.refresh_from_db()
    assert appeal.state == "withdrawn"
    response = sign_in("hugo").post(url("decide_appeal", appeal), {"state": "rejected", "answer": "No."})
    assert "not open any more" in response.text
    # another one may follow
    hand_in(sign_in("alice"), entry)
    assert Appeal.objects.filter(state="open").count() == 1


# --- a missing record -------------------------------------------------------------------------------------------------
def test_a_missing_record_is_saved_linked_and_booked(world, second, sign_in):
    response = sign_in("alice").post(NEW, missing(world))
    assert response.status_code == 302
    assert "is still open" in sign_in("alice").post(NEW, missing(world)).text
    appeal = Appeal.objects.get()
    assert appeal.deadline == world.year.end_date + dt.timedelta(days=30)
    client = sign_in("hugo")
    decision = missing(world, minutes="60", state="partly", answer="One hour is on the certificate.")
    effect = client.post(url("preview_appeal", appeal), decision).context["effect"]
    assert (effect.before, effect.after, LearningRecord.objects.count()) == (0, 2, 0)
    assert Appeal.objects.get().state == "open"
    client.post(url("decide_appeal", appeal), decision)
    record = LearningRecord.objects.get()
    assert (record.source, record.source_id, record.minutes, record.created_by) == (
        "appeal", str(appeal.pk), 60, second,
    )  # fmt: skip
    run_pipeline()
    appeal.refresh_from_db()
    assert (appeal.state, appeal.outcome_record) == ("partly", record)
    assert [entry.amount for entry in client.get(url("appeal", appeal)).context["outcome"]] == [2]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"minutes": ""}, "none is given"),
        ({"happened_on": "2001-01-01"}, "in no points year"),
        ({"text": " "}, "required"),
        ({"activity": ""}, "required"),
    ],
)
def test_a_missing_record_has_to_make_sense(world, sign_in, changes, says):
    response = sign_in("alice").post(NEW, missing(world, **changes))
    assert says in response.text
    assert not Appeal.objects.exists()


def test_missing_until_days_after_the_year(world, sign_in, settings):
    settings.APPEAL_DAYS = (today() - world.year.end_date).days - 1
    assert "The deadline for this appeal was" in sign_in("alice").post(NEW, missing(world)).text
    settings.APPEAL_DAYS += 1
    assert sign_in("alice").post(NEW, missing(world)).status_code == 302


def test_a_record_without_points_can_be_appealed_against(world, second, sign_in):
    enter_record(
        employee=world.people["alice"], activity=world.activities["project"], happened_on=world.year.start_date,
        actor=world.users["helen"],
    )  # fmt: skip
    run_pipeline()
    record = LearningRecord.objects.get()
    client = sign_in("alice")
    assert list(client.get(NEW).context["silent"]) == [record]
    client.post(f"{NEW}?record={record.pk}", {"text": "It was for R&D"})
    appeal = Appeal.objects.get()
    assert appeal.record == record
    data = {"state": "upheld", "amount": "30", "category": world.categories["sharing"].pk, "answer": "True."}
    assert "You entered" in sign_in("helen").post(url("decide_appeal", appeal), data).text
    sign_in("hugo").post(url("decide_appeal", appeal), data)
    assert Appeal.objects.get().outcome_entry.amount == 30


# --- evidence ---------------------------------------------------------------------------------------------------------
def test_evidence_is_told_by_content_and_downloaded_only(world, sign_in):
    entry = line(world)
    client = sign_in("alice")
    for name, content in [
        ("page.pdf", b"<html><script>alert(1)</script>"), ("a.svg", b"<svg/>"), ("cut.png", PNG[:9]), ("x.exe", b"MZ"),
    ]:  # fmt: skip
        assert "no PDF, PNG or JPEG" in hand_in(client, entry, evidence=upload(name, content)).text
    hand_in(client, entry, evidence=upload('../"list\r\n.html', PNG))
    appeal = Appeal.objects.get()
    assert appeal.evidence.name.startswith("appeals/")
    assert appeal.evidence_name.endswith(".png")
    response = client.get(url("appeal_evidence", appeal))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == PNG
    assert sign_in("helen").get(url("appeal_evidence", appeal)).status_code == 200
    for stranger, status in [("carol", 404), ("bob", 404), ("charlie", 403)]:
        assert sign_in(stranger).get(url("appeal_evidence", appeal)).status_code == status
    assert client.get(f"/media/{appeal.evidence.name}").status_code == 404


def test_evidence_has_a_size(world, sign_in, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    entry = line(world)
    big = upload("big.pdf", b"%PDF-" + b"0" * 1024 * 1024 + b"%%EOF")
    assert "larger than 1 MB" in hand_in(sign_in("alice"), entry, evidence=big).text
    assert not Appeal.objects.exists()


# --- lists ------------------------------------------------------------------------------------------------------------
def test_lists_search_filter_sort_and_export(world, second, sign_in):
    hand_in(sign_in("alice"), line(world))
    sign_in("carol").post(NEW, missing(world, text="Mine too"))
    client, page = sign_in("helen"), reverse("training:appeals")

    def names(**query):
        return [row.record.employee.name for row in client.get(page, query).context["list"].table.page.object_list]

    assert names(sort="employee") == ["Alice", "Carol"]
    assert names(q="carol") == ["Carol"]
    assert names(state="upheld") == []
    assert names(state="open", year=world.year.pk, sort="-employee") == ["Carol", "Alice"]
    text = b"".join(client.get(page, {"export": "csv", "q": "carol"}).streaming_content).decode()
    assert "Carol,E003,Online course · Python" in text
    mine = sign_in("carol").get(reverse("training:my_appeals"))
    assert [row.record.employee.name for row in mine.context["list"].table.page.object_list] == ["Carol"]


def test_a_preview_of_points_changes_nothing(world, second, sign_in):
    entry = line(world, "dave")
    hand_in(sign_in("dave"), entry)
    appeal, before = Appeal.objects.get(), LedgerEntry.objects.count()
    data = {"state": "upheld", "amount": "95", "category": entry.category_id, "answer": ""}
    response = sign_in("hugo").post(url("preview_appeal", appeal), data)
    assert (response.context["effect"].before, response.context["effect"].after) == (5, 100)
    assert LedgerEntry.objects.count() == before
    data["amount"] = ""
    assert "State how many points" in sign_in("hugo").post(url("preview_appeal", appeal), data).text


def test_the_home_page_says_what_waits_for_whom(world, second, sign_in):
    hand_in(sign_in("alice"), line(world))

    def steps(name):
        return [step.text for step in sign_in(name).get("/").context["home"].steps]

    assert "Decide on 1 appeal" in steps("hugo")
    assert not any("appeal" in text.lower() for text in steps("audrey"))
    world.users["bob"].groups.add(Group.objects.get(name="hr_admin"))
    Appeal.objects.update(employee=world.people["bob"])
    assert not any("Decide" in text for text in steps("bob"))


def test_home_counts_just_what_one_may_decide(world, second, sign_in):
    """What ``why_not`` says of every appeal, and what home counts, are the same."""
    enter_record(
        employee=world.people["bob"], activity=world.activities["workshop"], happened_on=world.year.start_date,
        actor=second,
    )  # fmt: skip
    hand_in(sign_in("alice"), line(world))
    run_pipeline()
    hand_in(sign_in("bob"), LedgerEntry.objects.filter(employee=world.people["bob"]).latest("pk"))
    sign_in("carol").post(NEW, missing(world))
    record = LearningRecord.objects.get(employee=world.people["bob"])
    Appeal.objects.create(
        employee=world.people["bob"],
        year=world.year,
        record=record,
        text="No points",
        deadline=world.year.end_date,
    )
    counts = {}
    for name in ("helen", "hugo"):
        user = world.users[name]
        counts[name] = sum(not why_not(appeal, user) for appeal in Appeal.objects.all())
        assert set(appeals_to_decide(user)) == {appeal for appeal in Appeal.objects.all() if not why_not(appeal, user)}
        (step,) = [one.text for one in sign_in(name).get("/").context["home"].steps if "appeal" in one.text]
        assert step.startswith(f"Decide on {counts[name]} appeal")
    assert counts["hugo"] < Appeal.objects.count() == 4
    assert counts["helen"] < 4


def test_the_form_offers_no_activities_of_drafts(world, sign_in):
    client = sign_in("carol")

    def offered():
        return set(client.get(NEW).context["form"].fields["activity"].queryset)

    draft = create_policy(code="draft", name="Draft", actor=world.users["helen"])
    new = Activity.objects.create(
        code="dream", name="Dream", category=world.activities["online"].category, measure="times"
    )
    course = Course.objects.create(code="d1", name="Dreaming", activity=new)
    assert new in offered()
    Rule.objects.create(policy=draft, activity=new, code="dream-1")
    assert new not in offered()
    assert world.activities["online"] in offered()
    assert course not in client.get(NEW).context["form"].fields["course"].queryset
    client.post(NEW, missing(world, activity=new.pk, count="1"))
    assert not Appeal.objects.exists()
    draft.is_active = True
    draft.save()
    assert new in offered()
    assert course in client.get(NEW).context["form"].fields["course"].queryset
