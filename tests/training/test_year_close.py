"""Closing a points year: what is booked before, the snapshot, and that nothing moves it afterwards."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrsuite.lib.errors import BadInput
from hrsuite.pipeline import run_pipeline
from people.models import Assignment
from people.selectors import today
from training.models import PointsWork, SnapshotLine, Standing, YearSnapshot
from training.selectors.years import apart_from_standings, checksum_of, latest_snapshot
from training.services.closing import close_year
from training.services.records import RecordRow, adjust_points, save_records
from training.services.work import queue_points_for_all

FIGURES = ("employee_id", "department_id", "total", "full_total", "required", "share", "met", "categories", "missing")


def workshops(world, *who: str, since: int = 0) -> None:
    rows = [
        RecordRow(
            n, world.people[name].employee_no, "workshop", world.year.start_date, source="t", source_id=f"{since}-{n}"
        )
        for n, name in enumerate(who)
    ]
    save_records(rows=rows, actor=None, cause="test")


def url(name: str, world) -> str:
    return reverse(f"training:{name}", args=[world.year.pk])


def test_from_open_over_closing_to_closed_through_the_pages(world, sign_in):
    workshops(world, "alice", "bob")
    client = sign_in("helen")
    proposed = client.get(url("start_closing", world)).context["form"].initial["until"]
    assert proposed == max(today(), world.year.end_date) + dt.timedelta(days=14)
    until = today() + dt.timedelta(days=3)
    past = (today() - dt.timedelta(days=1)).isoformat()
    assert "This day is over" in client.post(url("start_closing", world), {"until": past}).text
    assert client.post(url("start_closing", world), {"until": until.isoformat()}).status_code == 302
    world.year.refresh_from_db()
    assert (world.year.status, world.year.closing_until) == ("closing", until)
    assert "are to be booked" in client.get(url("year", world)).text
    assert client.post(url("close_year", world), {"reason": ""}).status_code == 200
    assert client.post(url("close_year", world), {"reason": "All is in"}).status_code == 302
    world.year.refresh_from_db()
    snapshot = YearSnapshot.objects.get()
    assert (world.year.status, snapshot.number, snapshot.made_by) == ("closed", 1, world.users["helen"])
    # what waited is booked
    assert (snapshot.people, snapshot.points, snapshot.entries) == (len(world.people), 10, 2)
    assert (snapshot.with_target, snapshot.met) == (2, 0)
    line = SnapshotLine.objects.get(snapshot=snapshot, employee=world.people["bob"])
    assert (line.total, line.rank, line.target_name) == (5, 1, "Middle managers")
    version = world.rules["workshop"].versions.get()
    assert line.rules == {str(version.pk): [5, 5]}
    assert "All is in" in sign_in("audrey").get(url("year", world)).text
    assert world.year.name in sign_in("audrey").get(reverse("training:years")).text
    assert sign_in("audrey").post(url("close_year", world), {"reason": "x"}).status_code == 403


def test_failed_work_stands_against_closing(world, sign_in):
    workshops(world, "alice")
    PointsWork.objects.update(attempts=2)
    assert "could not be booked" in sign_in("helen").post(url("close_year", world), {"reason": "x"}).text
    assert not YearSnapshot.objects.exists()
    PointsWork.objects.update(attempts=0)
    assert sign_in("helen").post(url("close_year", world), {"reason": "x"}).status_code == 302


def test_nothing_moves_a_closed_year(world):
    workshops(world, "alice", "bob", "dave")
    run_pipeline()
    snapshot = close_year(year=world.year, reason="Over", actor=None)
    world.year.refresh_from_db()
    before = list(Standing.objects.order_by("pk").values())
    alice = world.people["alice"]
    Assignment.objects.filter(employee=alice).update(department=world.departments["RD"])
    queue_points_for_all(cause="Moved", actor=None)
    workshops(world, "alice", since=1)
    with pytest.raises(BadInput):
        adjust_points(
            employee=alice,
            year=world.year,
            category=world.categories["exam"],
            amount=Decimal(1),
            reason="x",
            actor=None,
        )
    run_pipeline()
    assert list(Standing.objects.order_by("pk").values()) == before
    assert apart_from_standings(snapshot) == 0
    # whatever comes past the services is stopped by the tables
    for change in (
        lambda: Standing.objects.update(total=1),
        lambda: SnapshotLine.objects.update(total=1),
        lambda: YearSnapshot.objects.update(points=1),
        lambda: SnapshotLine.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert checksum_of(snapshot) == snapshot.checksum
    with pytest.raises(BadInput, match="closed already"):
        close_year(year=world.year, reason="Again", actor=None)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.lists(st.sampled_from(["alice", "bob", "carol", "dave", "erin", "frank"]), max_size=12))
def test_a_snapshot_equals_the_standings(world, who):
    with transaction.atomic():
        workshops(world, *who)
        snapshot = close_year(year=world.year, reason="Over", actor=None)
        standings = set(map(str, Standing.objects.order_by("employee_id").values_list(*FIGURES)))
        lines = set(map(str, snapshot.lines.order_by("employee_id").values_list(*FIGURES)))
        assert lines == standings
        assert len(lines) == snapshot.people
        assert snapshot.points == 5 * len(who)
        assert apart_from_standings(snapshot) == 0
        assert checksum_of(snapshot) == snapshot.checksum
        transaction.set_rollback(True)


def test_the_snapshot_is_one_statement(world, django_assert_max_num_queries):
    workshops(world, "alice")
    run_pipeline()
    with django_assert_max_num_queries(20) as captured:
        close_year(year=world.year, reason="Over", actor=None)
    assert len([one for one in captured.captured_queries if "INTO training_snapshotline" in one["sql"]]) == 1
    assert connection.queries is not None


def test_the_command(world):
    out = StringIO()
    until = (today() + dt.timedelta(days=3)).isoformat()
    call_command("year", "closing", world.year.name, f"--until={until}", stdout=out)
    call_command("year", "status", world.year.name, stdout=out)
    assert until in out.getvalue()
    with pytest.raises(CommandError, match="nobody"):
        call_command("year", "close", world.year.name, "--reason=Over", "--actor=nobody", stdout=out)
    call_command("year", "close", world.year.name, "--reason=Over", "--actor=helen", stdout=out)
    snapshot = latest_snapshot(world.year)
    assert (snapshot.made_by, snapshot.reason) == (world.users["helen"], "Over")
    call_command("year", "status", stdout=out)
    assert "closed" in out.getvalue()
    with pytest.raises(CommandError, match="closed already"):
        call_command("year", "close", world.year.name, "--reason=Over", stdout=out)
    with pytest.raises(CommandError, match="no points year"):
        call_command("year", "status", "1950", stdout=out)
