"""Reopening a closed year takes two people, and closing it again makes the next snapshot."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from people.models import Notification, User
from people.selectors import today
from training.models import Correction, Standing, YearReopening, YearSnapshot
from training.selectors.years import apart_from_standings, changes_between
from training.services.closing import close_year
from training.services.corrections import accept_correction
from training.services.records import RecordRow, save_records
from training.services.work import queue_points_for_all


@pytest.fixture
def second(world) -> User:
    """Another HR admin."""
    user = User.objects.create(username="hugo", email="hugo@example.com")
    user.groups.add(Group.objects.get(name="hr_admin"))
    world.users["hugo"] = user
    return user


@pytest.fixture
def closed(world):
    queue_points_for_all(cause="test", actor=None)
    close_year(year=world.year, reason="Over", actor=world.users["helen"])
    world.year.refresh_from_db()
    return world.year


def ask(client, year, **data):
    until = (today() + dt.timedelta(days=7)).isoformat()
    return client.post(
        reverse("training:request_reopening", args=[year.pk]), {"reason": "A file came late", "until": until} | data
    )


def test_a_second_person_approves_and_accepted_records_count(world, second, closed, sign_in):
    row = RecordRow(1, "E001", "workshop", world.year.start_date, source="lms", source_id="1")
    save_records(rows=[row], actor=None, cause="Import")
    correction = accept_correction(correction=Correction.objects.get(), reason="Proved", actor=world.users["helen"])
    assert correction.state == "accepted"
    assert ask(sign_in("helen"), closed).status_code == 302
    asked = YearReopening.objects.get()
    page = reverse("training:reopening", args=[asked.pk])
    url = reverse("training:decide_reopening", args=[asked.pk])
    assert Notification.objects.filter(user=second, url=page).count() == 1
    assert not Notification.objects.filter(user=world.users["helen"]).exists()
    # whoever asked cannot approve
    assert "A second person has to approve it." in sign_in("helen").post(url, {"decision": "approve"}, follow=True).text
    closed.refresh_from_db()
    assert closed.status == "closed"
    assert sign_in("hugo").post(url, {"decision": "approve"}).status_code == 302
    closed.refresh_from_db()
    correction.refresh_from_db()
    assert (closed.status, closed.closing_until) == ("closing", today() + dt.timedelta(days=7))
    assert (correction.state, correction.record.source_id) == ("saved", "1")
    run_pipeline()
    assert Standing.objects.get(employee=world.people["alice"], year=closed).total == 5
    response = sign_in("hugo").post(reverse("training:close_year", args=[closed.pk]), {"reason": "Late file is in"})
    assert response.status_code == 302
    new, old = YearSnapshot.objects.order_by("-number")
    assert (new.number, old.number, new.made_by) == (2, 1, second)
    assert not apart_from_standings(new)
    assert [(line.employee, line.change) for line in changes_between(old, new)] == [(world.people["alice"], 5)]
    page = sign_in("audrey").get(reverse("training:snapshot", args=[new.pk]))
    assert "Alice" in page.text
    assert "Carol" not in page.text
    export = b"".join(sign_in("audrey").get(page.request["PATH_INFO"], {"export": "csv"}).streaming_content)
    assert b"E001" in export


@pytest.mark.parametrize(
    "judged", [{"status": "silver"}, {"outcomes": {"award": {"value": None, "amount": 50}}}], ids=["status", "outcome"]
)
def test_whoever_is_only_judged_otherwise_changed_too(world, second, closed, sign_in, judged):
    old = YearSnapshot.objects.get()
    lines = list(old.lines.all())
    new = YearSnapshot.objects.get()
    new.pk, new.number = None, 2
    new.save()
    for line in lines:
        line.pk, line.snapshot = None, new
        line.detail = line.detail | (judged if line.employee == world.people["bob"] else {})
        line.save()
    assert [line.employee for line in changes_between(old, new)] == [world.people["bob"]]
    page = sign_in("audrey").get(reverse("training:snapshot", args=[new.pk]))
    assert judged.get("status", "Bob") in page.text


def test_refusing_needs_a_reason_and_leaves_it_closed(world, second, closed, sign_in):
    ask(sign_in("helen"), closed)
    assert "asked for this already" in ask(sign_in("hugo"), closed).text
    url = reverse("training:decide_reopening", args=[YearReopening.objects.get().pk])
    assert "The reason is missing." in sign_in("hugo").post(url, {"decision": "refuse"}, follow=True).text
    sign_in("hugo").post(url, {"decision": "refuse", "answer": "Too late"})
    asked = YearReopening.objects.get()
    closed.refresh_from_db()
    assert (asked.state, asked.answer, closed.status) == ("refused", "Too late", "closed")
    assert ask(sign_in("helen"), closed).status_code == 302


def test_the_database_wants_four_eyes_too(world, second, closed):
    helen = world.users["helen"]
    asked = YearReopening.objects.create(year=closed, requested_by=helen, reason="x", until=today())
    decided = {"state": "approved", "decided_at": asked.requested_at}
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        YearReopening.objects.update(approved_by=helen, **decided)
    assert YearReopening.objects.update(approved_by=second, **decided) == 1


def test_the_command_asks_and_approves(world, second, closed):
    out = StringIO()
    until = (today() + dt.timedelta(days=3)).isoformat()
    call_command("year", "reopen", closed.name, "--reason=Late", f"--until={until}", "--actor=helen", stdout=out)
    with pytest.raises(CommandError, match="second person"):
        call_command("year", "reopen", closed.name, "--approve", "--actor=helen", stdout=out)
    call_command("year", "reopen", closed.name, "--approve", "--actor=hugo", stdout=out)
    closed.refresh_from_db()
    assert closed.status == "closing"
