"""A change of a policy: drafted, simulated, applied as one batch, reversed by one; hand-worked numbers."""

from __future__ import annotations

import datetime as dt
import html
import threading
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrsuite.lib.errors import BadInput
from hrsuite.pipeline import run_pipeline
from training.models import (
    BookingBatch,
    ChangeEffect,
    LearningRecord,
    LedgerEntry,
    PointsWork,
    Policy,
    PolicyChange,
    Rule,
    RuleVersion,
    Simulation,
    Standing,
    Target,
)
from training.services.booking import book_next_slice
from training.services.changes import (
    apply_change,
    draft_change,
    request_simulation,
    reverse_change,
    simulate_next_lot,
    work_off,
)
from training.services.changes.documents import spans, spliced
from training.services.closing import close_year
from training.services.policies import Terms, add_version
from training.services.policy_file import export_policy, import_policy, parse
from training.services.work import queue_points_for_all

pytestmark = pytest.mark.django_db
#: what makes the engine book instead of the set-based SQL; it moves nobody's points
ENGINE = {
    "limits": [{"name": "online a month", "activity": "online", "at_most": 50, "per": "month"}],
    "ranking": {"by": "total"},
    "statuses": [
        {"name": "excellent", "when": {"total": {"from": 18}}},
        {"name": "learner", "when": {"rank": {"from": 1}}},
    ],
    "outcomes": [{"name": "first_prize", "when": {"rank": 1}}],
}


def document(world: Any) -> dict[str, Any]:
    world.policy.refresh_from_db()
    return yaml.safe_load(export_policy(world.policy))


def text_of(said: dict[str, Any]) -> str:
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False)


def rule_in(said: dict[str, Any], code: str) -> dict[str, Any]:
    return next(rule for rule in said["rules"] if rule["code"] == code)


def learn(world: Any, name: str, activity: str, number: int, **said: Any) -> LearningRecord:
    return LearningRecord.objects.create(
        employee=world.people[name], activity=world.activities[activity],
        happened_on=said.pop("on", world.year.start_date), source="test", source_id=f"{name}{number}", **said,
    )  # fmt: skip


@pytest.fixture
def learned(world: Any) -> Any:
    """Bob: 4 hours online (8 points) and two workshops (10). Dave: an exam (10). Erin: 3 hours online (6) in August."""
    august = world.year.start_date.replace(month=8)
    learn(world, "bob", "online", 1, minutes=240)
    learn(world, "bob", "workshop", 2, count=2)
    learn(world, "dave", "exam", 3, score=Decimal(80), passed=True)
    learn(world, "erin", "online", 4, minutes=180, on=august)
    return world


@pytest.fixture(params=["sql", "engine"])
def booked(learned: Any, request: Any) -> Any:
    if request.param == "engine":
        import_policy(file=parse(text_of(document(learned) | ENGINE)), actor=None)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    learned.year.refresh_from_db()
    learned.policy.refresh_from_db()
    assert learned.year.by_engine is (request.param == "engine")
    return learned


def totals(world: Any) -> dict[str, Decimal]:
    rows = Standing.objects.filter(year=world.year).values_list("employee__name", "total")
    return {name.lower(): total for name, total in rows if total}


def figures(world: Any) -> list[Any]:
    rows = Standing.objects.filter(year=world.year).order_by("employee_id")
    return list(
        rows.values_list(
            "employee_id", "total", "full_total", "required", "met", "categories", "missing", "status", "outcomes"
        )
    )


def sums(world: Any) -> dict[tuple[int, int | None], Decimal]:
    found: dict[tuple[int, int | None], Decimal] = {}
    for line in LedgerEntry.objects.filter(year=world.year):
        key = line.employee_id, line.category_id
        found[key] = found.get(key, Decimal(0)) + line.amount
    return {key: value for key, value in found.items() if value}


def more_for_online(world: Any) -> dict[str, Any]:
    """3 points an hour from July on; workshops 4; middle managers need 120."""
    said = document(world)
    rule_in(said, "online")["versions"].append(
        {"from": world.year.start_date.replace(month=7), "points": 3, "basis": "per_hour"}
    )
    rule_in(said, "workshop")["versions"][0]["points"] = 4
    said["targets"][0]["total"] = 120
    return said


def test_apply_books_one_batch_and_reverse_brings_everything_back(booked):
    helen = booked.users["helen"]
    assert totals(booked) == {"bob": 18, "dave": 10, "erin": 6}
    before, before_sums, policy_before = figures(booked), sums(booked), export_policy(booked.policy)
    first_day = booked.year.start_date
    change = draft_change(
        policy=booked.policy, text=text_of(more_for_online(booked)), reason="Online counts more", from_day=first_day,
        actor=helen,
    )  # fmt: skip
    assert export_policy(booked.policy) == policy_before
    assert not PointsWork.objects.exists()

    lines = LedgerEntry.objects.count()
    apply_change(change=change, actor=helen)
    run_pipeline()

    change.refresh_from_db()
    # Erin: 3 hours at 3 points; Bob: workshops 2 x 4 instead of 2 x 5
    assert totals(booked) == {"bob": 16, "dave": 10, "erin": 9}
    batch = change.batch
    assert (batch.cause, batch.actor, batch.points) == ("Online counts more", helen, 1)
    assert batch.entries == batch.lines.count() == LedgerEntry.objects.count() - lines == 4
    assert Target.objects.get().total == 120

    reverse_change(change=change, reason="Not agreed", actor=booked.users["helen"])
    run_pipeline()

    change.refresh_from_db()
    assert change.state == "reversed"
    booked.policy.refresh_from_db()
    assert export_policy(booked.policy) == policy_before
    assert (figures(booked), sums(booked)) == (before, before_sums)
    assert (change.reversal_batch.reverses, change.reversal_batch.points) == (batch, -1)
    assert change.reversal_batch.lines.count() == change.reversal_batch.entries == 4
    # the same rows again, and what the change brought is still there for its lines
    assert RuleVersion.objects.filter(rule__code="workshop").count() == 1
    assert RuleVersion.everything.filter(rule__code="workshop").count() == 2
    queue_points_for_all(cause="again", actor=None)
    run_pipeline()
    assert BookingBatch.objects.count() == 3


# --- drafts -----------------------------------------------------------------------------------------------------------
def draft(client: Any, world: Any, said: dict[str, Any], **fields: str) -> Any:
    url = reverse("training:draft_change", args=[world.policy.pk])
    return client.post(url, {"text": text_of(said), "reason": "Online counts more", **fields})


def test_a_draft_asks_for_a_day_where_booked_terms_change(booked, sign_in):
    client = sign_in("helen")
    said = more_for_online(booked)
    page = draft(client, booked, said)
    assert "Points are booked under 1 version that would say something else: workshop" in page.text
    assert not PolicyChange.objects.exists()
    july = booked.year.start_date.replace(month=7)
    assert draft(client, booked, said, from_day=july.isoformat()).status_code == 302
    change = PolicyChange.objects.get()
    assert (change.state, change.created_by) == ("draft", booked.users["helen"])
    # Bob's workshops were in January: they stay
    versions = rule_in(yaml.safe_load(change.document), "workshop")["versions"]
    assert [(one["from"].month, one["points"]) for one in versions] == [(1, 5), (7, 4)]
    assert RuleVersion.objects.filter(rule__code="workshop").count() == 1
    assert not PointsWork.objects.exists()
    client.post(reverse("training:apply_change", args=[change.pk]), {"sure": "1"})
    run_pipeline()
    assert totals(booked) == {"bob": 18, "dave": 10, "erin": 9}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda said: said["rules"][0].update(activity="exams"), "Did you mean"),
        (lambda said: said["policy"].update(code="other"), "This is the file of another policy."),
        (lambda said: said.update(limit=[]), "Unknown field."),
        (lambda said: said["years"][0].update(status="closed"), "does not open or close points years"),
        (lambda said: None, "Nothing differs"),
        (lambda said: rule_in(said, "workshop").update({"for": {"band": "middle"}}), "whom and what it is for stays"),
    ],
)
def test_a_draft_is_checked_like_a_file(learned, sign_in, spoil, words):
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    said = document(learned)
    spoil(said)
    page = draft(sign_in("helen"), learned, said, from_day=learned.year.start_date.isoformat())
    assert words in page.text
    assert not PolicyChange.objects.exists()
    assert draft(sign_in("helen"), learned, said, reason="").status_code == 200


DAY_NUMBERS = st.integers(0, 40)
BEGIN = dt.date(2026, 1, 1)


@st.composite
def rules(draw: Any) -> dict[str, Any]:
    """A rule of up to four versions, some with an end before the next begins."""
    starts = sorted(draw(st.sets(DAY_NUMBERS, min_size=1, max_size=4)))
    versions = []
    for start, following in zip(starts, [*starts[1:], 60], strict=True):
        said = {"from": BEGIN + dt.timedelta(start), "points": draw(st.integers(1, 2)), "basis": "per_time"}
        if draw(st.booleans()):
            said["until"] = BEGIN + dt.timedelta(draw(st.integers(start, following - 1)))
        versions.append(said)
    return {"code": "r", "activity": "a", "versions": versions}


def points_on(rule: dict[str, Any] | None, day: dt.date) -> int | None:
    return next((span.says["points"] for span in spans(rule) if span.start <= day <= span.end), None)


@given(old=rules(), new=st.none() | rules(), day=DAY_NUMBERS)
def test_until_the_eve_of_the_day_the_old_terms_hold_then_the_new(old, new, day):
    first = BEGIN + dt.timedelta(day)
    said = spliced({"rules": [old]}, {"rules": [new] if new else []}, first, {"r"})["rules"]
    found = said[0] if said else None
    for number in range(45):
        at = BEGIN + dt.timedelta(number)
        assert points_on(found, at) == points_on(old if at < first else new, at), at


# --- simulation -------------------------------------------------------------------------------------------------------
def test_the_simulation_shows_who_gains_and_loses(booked, sign_in):
    client = sign_in("helen")
    said = more_for_online(booked)
    said["targets"][0] |= {"total": 8, "requirements": []}
    draft(client, booked, said, from_day=booked.year.start_date.isoformat())
    change = PolicyChange.objects.get()
    url = reverse("training:policy_change", args=[change.pk])
    page = client.get(url)
    assert (page.context["sums"].gain, page.context["sums"].gained) == (1, 3)
    assert (page.context["sums"].lose, page.context["sums"].lost) == (1, -2)
    # Bob 16 and Dave 10 of 8 needed, where 100 were missed
    assert (page.context["sums"].met, page.context["sums"].missed) == (2, 0)
    # with statuses: Bob had 18 and was excellent
    judged = 1 if booked.year.by_engine else 0
    assert page.context["sums"].judged == judged
    assert [name for name in ("Bob", "Dave", "Erin", "Alice") if f">{name}<" in page.text] == ["Bob", "Dave", "Erin"]
    assert ("excellent → learner" in page.text) is bool(judged)
    assert ">Alice<" in client.get(url, {"show": "all"}).text
    assert ">Erin<" not in client.get(url, {"show": "lose"}).text
    exported = client.get(url, {"show": "gain", "export": "csv"})
    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Erin,E005,R&D laboratory,6")
    # what was worked out is what is booked
    client.post(reverse("training:apply_change", args=[change.pk]), {"sure": "1"})
    run_pipeline()
    effects = ChangeEffect.objects.filter(simulation__change=change)
    assert {one.employee_id: (one.after, one.met_after, one.status_after) for one in effects} == {
        row.employee_id: (row.total, row.met, row.status) for row in Standing.objects.filter(year=booked.year)
    }
    assert "Batch" in client.get(url).text


def test_large_companies_are_worked_out_by_the_pipeline(learned, sign_in, monkeypatch):
    monkeypatch.setattr("training.services.changes.simulate.AT_ONCE", 0)
    monkeypatch.setattr("training.services.changes.simulate.LOT", 4)
    client = sign_in("helen")
    draft(client, learned, document(learned) | ENGINE)
    change = PolicyChange.objects.get()
    url = reverse("training:policy_change", args=[change.pk])
    assert "0 of 6 people are worked out" in client.get(url).text
    assert simulate_next_lot()
    assert "4 of 6 people are worked out" in client.get(url).text
    assert simulate_next_lot()
    assert not simulate_next_lot()
    page = client.get(url)
    # all get a status; the first in the ranking a prize
    assert (page.context["sums"].judged, page.context["sums"].gain) == (2, 0)
    assert "First prize" in page.text
    client.post(reverse("training:simulate_change", args=[change.pk]), {"year": learned.year.name})
    assert Simulation.objects.get().done == 0


def test_a_failed_simulation_says_so_and_holds_nothing_up(learned, sign_in, monkeypatch):
    draft(sign_in("helen"), learned, document(learned) | ENGINE)
    change = PolicyChange.objects.get()
    Simulation.objects.update(finished_at=None, last_id=0)
    run_pipeline()
    assert Simulation.objects.get().error
    text = sign_in("helen").get(reverse("training:policy_change", args=[change.pk])).text
    assert "could not be worked out" in text
    # the reason is in the log, under this number
    assert f"simulation {Simulation.objects.get().pk}" in text
    assert Simulation.objects.get().error not in html.unescape(text)
    assert "Error:" not in text


def test_people_see_their_own_and_no_drafts(learned, sign_in):
    draft(sign_in("helen"), learned, more_for_online(learned))
    change = PolicyChange.objects.get()
    url = reverse("training:policy_change", args=[change.pk])
    assert sign_in("audrey").get(url).status_code == 200
    assert sign_in("bob").get(url).status_code == 404
    sign_in("helen").post(reverse("training:apply_change", args=[change.pk]), {"sure": "1"})
    text = sign_in("bob").get(url, {"show": "all"}).text
    assert ">Alice<" in text
    assert ">Erin<" not in text


# --- apply and reverse ------------------------------------------------------------------------------------------------
def test_what_was_built_on_is_reversed_first(learned, sign_in):
    client = sign_in("helen")
    draft(client, learned, more_for_online(learned), reason="First")
    first = PolicyChange.objects.get()
    draft(client, learned, more_for_online(learned), reason="Twin")
    twin = PolicyChange.objects.exclude(pk=first.pk).get()
    client.post(reverse("training:apply_change", args=[first.pk]), {"sure": "1"})
    # the other draft is outdated now
    page = client.post(reverse("training:apply_change", args=[twin.pk]), {"sure": "1"}, follow=True)
    assert "was changed after this draft was made" in page.text
    twin.refresh_from_db()
    assert twin.state == "draft"
    client.post(reverse("training:discard_change", args=[twin.pk]), {"sure": "1"})
    said = document(learned)
    rule_in(said, "exam")["versions"][0]["points"] = 12
    draft(client, learned, said, reason="Second")
    second = PolicyChange.objects.get(reason="Second")
    client.post(reverse("training:apply_change", args=[second.pk]), {"sure": "1"})
    url = reverse("training:reverse_change", args=[first.pk])
    assert f"Change #{second.pk} (Second) was applied on top" in client.post(url, {"reason": "No"}).text
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(reverse("training:reverse_change", args=[second.pk]), {"reason": "No"}).status_code == 302
    # edited directly meanwhile
    rule = Rule.objects.get(code="lecture")
    add_version(
        rule=rule,
        terms=Terms("per_time", Decimal(1)),
        start_date=learned.year.end_date,
        actor=None,
    )
    assert "edited after this change was applied" in client.post(url, {"reason": "No"}).text
    RuleVersion.objects.filter(rule=rule, start_date=learned.year.end_date).delete()
    RuleVersion.objects.filter(rule=rule).update(end_date=None)
    assert client.post(url, {"reason": "No"}).status_code == 302
    run_pipeline()
    assert totals(learned) == {"bob": 18, "dave": 10, "erin": 6}
    listed = sign_in("audrey").get(reverse("training:policy_changes"), {"state": "reversed"}).text
    assert [word in listed for word in (">First<", ">Second<", ">Twin<")] == [True, True, False]


def test_rules_and_targets_that_are_left_out_go_and_come_back(booked, sign_in):
    client = sign_in("helen")
    before, policy_before = figures(booked), export_policy(booked.policy)
    said = document(booked)
    said["rules"] = [rule for rule in said["rules"] if rule["code"] != "exam"]
    said["rules"].append(
        {
            "code": "exam-new", "activity": "exam",
            "versions": [{"from": booked.year.start_date, "points": 7, "basis": "per_pass"}],
        }
    )  # fmt: skip
    said["targets"] = []
    assert "exam" in draft(client, booked, said).text
    draft(client, booked, said, from_day=booked.year.start_date.replace(year=2000).isoformat())
    change = PolicyChange.objects.get()
    apply_change(change=change, actor=None)
    run_pipeline()
    assert totals(booked) == {"bob": 18, "dave": 7, "erin": 6}
    assert not Standing.objects.filter(met__isnull=False).exists()
    assert "exam-new" in client.get(reverse("training:policy_change", args=[change.pk])).text
    client.post(reverse("training:reverse_change", args=[change.pk]), {"reason": "No"})
    run_pipeline()
    booked.policy.refresh_from_db()
    assert (figures(booked), export_policy(booked.policy)) == (before, policy_before)
    assert Rule.objects.get(code="exam").pk == booked.rules["exam"].pk
    # once more the same: the withdrawn rule returns
    again = draft_change(
        policy=booked.policy, text=text_of(said), reason="Again", from_day=booked.year.start_date.replace(year=2000),
        actor=None,
    )  # fmt: skip
    apply_change(change=again, actor=None)
    run_pipeline()
    assert totals(booked) == {"bob": 18, "dave": 7, "erin": 6}
    assert Rule.everything.filter(code="exam-new").count() == 1


def test_work_that_waits_is_booked_into_the_batch_of_the_change(learned):
    run_pipeline()
    change = draft_change(policy=learned.policy, text=text_of(more_for_online(learned)), reason="More", actor=None)
    queue_points_for_all(cause="records", actor=None)
    apply_change(change=change, actor=None)
    run_pipeline()
    change.refresh_from_db()
    assert set(LedgerEntry.objects.values_list("batch", flat=True)) == {change.batch_id}
    assert (change.batch.entries, change.batch.points) == (4, 16 + 10 + 9)


def test_a_policy_that_is_not_in_force_books_nothing(learned, sign_in):
    learned.policy.is_active = False
    learned.policy.save()
    client = sign_in("helen")
    draft(client, learned, more_for_online(learned))
    change = PolicyChange.objects.get()
    page = client.get(reverse("training:policy_change", args=[change.pk]))
    assert "not in force" in page.text
    assert page.context["sums"].gain == 1
    client.post(reverse("training:apply_change", args=[change.pk]), {"sure": "1"})
    change.refresh_from_db()
    assert (change.state, change.batch) == ("applied", None)
    assert not PointsWork.objects.exists()


def test_the_commands(learned, tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(text_of(more_for_online(learned)), encoding="utf-8")
    out = StringIO()
    call_command("policy", "change", str(path), "--reason=More", "--actor=helen", stdout=out)
    change = PolicyChange.objects.get()
    assert f"policy apply {change.pk}" in out.getvalue()
    call_command("policy", "apply", str(change.pk), "--actor=helen", stdout=out)
    run_pipeline()
    assert totals(learned) == {"bob": 16, "dave": 10, "erin": 9}
    call_command("policy", "reverse", str(change.pk), "--reason=No", stdout=out)
    run_pipeline()
    assert totals(learned) == {"bob": 18, "dave": 10, "erin": 6}
    with pytest.raises(CommandError, match="Only an applied change"):
        call_command("policy", "reverse", str(change.pk), "--reason=No", stdout=out)
    with pytest.raises(CommandError, match="no change 99999"):
        call_command("policy", "apply", "99999", stdout=out)
    path.write_text("policy: {code: case}\nrule: []\n", encoding="utf-8")
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("policy", "change", str(path), "--reason=More", stdout=out, stderr=out)


def test_closing_the_year_books_into_the_batch_as_well(learned):
    change = draft_change(policy=learned.policy, text=text_of(more_for_online(learned)), reason="More", actor=None)
    apply_change(change=change, actor=None)
    close_year(year=learned.year, reason="Over", actor=None)
    change.refresh_from_db()
    assert (change.batch.entries, change.batch.points) == (4, 16 + 10 + 9)
    # the closed year stays as it is
    with pytest.raises(BadInput, match="closed"):
        reverse_change(change=change, reason="No", actor=None)


@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_a_slice_in_progress(world):
    """Otherwise a slice could book by the new rules into a batch of its own."""
    change = draft_change(policy=world.policy, text=text_of(more_for_online(world)), reason="More", actor=None)
    queue_points_for_all(cause="test", actor=None)
    began, may_end, order = threading.Event(), threading.Event(), []

    def follow_up(*_args: Any) -> None:
        began.set()
        may_end.wait(20)
        order.append("slice")

    def book() -> None:
        try:
            book_next_slice(follow_up=follow_up)
        finally:
            connection.close()

    def apply() -> None:
        try:
            apply_change(change=change, actor=None)
            order.append("change")
        finally:
            connection.close()

    threads = [threading.Thread(target=book), threading.Thread(target=apply)]
    threads[0].start()
    assert began.wait(20)
    threads[1].start()
    threads[1].join(1)
    assert order == []
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert order[-1] == "change"
    change.refresh_from_db()
    assert change.state == "applied"


edits = st.fixed_dictionaries(
    {
        "online": st.sampled_from([None, {"points": 3}, {"points": 1, "max_per_year": 5}, {"max_per_record": 4}]),
        "workshop": st.sampled_from([None, "gone", {"points": 2}, {"points": 9, "max_per_year": 9}]),
        "exam": st.sampled_from([None, "gone", {"points": 12}]),
        "month": st.sampled_from([1, 7, 9]),
        "target": st.sampled_from([None, "gone", 8, 200]),
        "engine": st.booleans(),
        "from_day": st.sampled_from([dt.date(2000, 1, 1), None]),
    }
)


def edited(world: Any, edit: dict[str, Any]) -> dict[str, Any]:
    """The policy with these edits; terms begin with the month, from January in place."""
    said = document(world)
    for code in ("online", "workshop", "exam"):
        if edit[code] == "gone":
            said["rules"].remove(rule_in(said, code))
        elif edit[code] and edit["month"] == 1:
            rule_in(said, code)["versions"][0] |= edit[code]
        elif edit[code]:
            versions = rule_in(said, code)["versions"]
            day = world.year.start_date.replace(month=edit["month"])
            versions.append({**versions[0], "from": day, **edit[code]})
    if edit["target"] == "gone":
        said["targets"] = []
    elif edit["target"]:
        said["targets"][0] |= {"total": edit["target"], "requirements": []}
    return said | ENGINE if edit["engine"] else said


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=edits)
def test_simulated_is_booked_and_reversed_is_as_before(booked, edit):
    with transaction.atomic():
        before, policy_before = figures(booked), export_policy(booked.policy)
        day = edit["from_day"] or booked.year.start_date.replace(month=8)
        said = edited(booked, edit)
        if said != document(booked):
            change = draft_change(policy=booked.policy, text=text_of(said), reason="Try", from_day=day, actor=None)
            work_off(request_simulation(change=change, year=booked.year, actor=None))
            simulated = {
                one.employee_id: (one.after, one.met_after, one.status_after, one.outcomes_after)
                for one in ChangeEffect.objects.all()
            }
            apply_change(change=change, actor=None)
            run_pipeline()
            assert simulated == {
                row.employee_id: (row.total, row.met, row.status, sorted(row.outcomes))
                for row in Standing.objects.filter(year=booked.year)
            }
            reverse_change(change=change, reason="No", actor=None)
            run_pipeline()
            assert figures(booked) == before
            assert export_policy(Policy.objects.get(pk=booked.policy.pk)) == policy_before
        transaction.set_rollback(True)
