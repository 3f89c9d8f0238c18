"""Booking, case by case. Random cases stand in test_booking_reference.py."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from hrsuite.pipeline import run_pipeline
from people.models import Assignment
from tests.training.reference import actual, expect
from tests.world import World
from training.models import (
    LearningRecord,
    LedgerEntry,
    PointsWork,
    PointsYear,
    Rule,
    RuleVersion,
    Standing,
    Target,
    TargetRequirement,
)
from training.services.booking import SliceFailed, book, book_next_slice
from training.services.work import queue_points, queue_points_for_days

pytestmark = pytest.mark.django_db


def day(world: World, month: int, date: int = 10) -> dt.date:
    return dt.date(world.year.start_date.year, month, date)


def record(world: World, who: str, activity: str, month: int = 3, **values: Any) -> LearningRecord:
    number = LearningRecord.objects.count()
    return LearningRecord.objects.create(
        employee=world.people[who],
        activity=world.activities[activity],
        happened_on=values.pop("on", day(world, month)),
        source="test",
        source_id=str(number),
        **values,
    )


def rule(world: World, activity: str, rate: str, *, basis: str = "per_time", **scope: Any) -> RuleVersion:
    row = Rule.objects.create(
        policy=world.policy, activity=world.activities[activity], code=f"more-{Rule.objects.count()}", **scope
    )
    return RuleVersion.objects.create(
        rule=row, number=1, basis=basis, rate=Decimal(rate), start_date=day(world, 1, 1).replace(year=2000)
    )


def book_all(world: World) -> int:
    ids = [person.pk for person in world.people.values()]
    written = book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None).entries
    wanted, found = expect(world.year), actual(world.year)
    assert found.ledger == wanted.ledger
    assert found.standings == wanted.standings
    assert book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None).entries == 0
    return written


def counted(of: LearningRecord) -> Decimal:
    return sum((entry.amount for entry in of.entries.all()), Decimal(0))


def standing(world: World, who: str) -> Standing:
    return Standing.objects.get(employee=world.people[who], year=world.year)


# --- which rule wins ----------------------------------------------------------------------------------
def test_the_most_specific_scope_wins_then_priority_then_the_newest(world):
    """Each rule that is added for Erin is more specific than the one before, and the next one wins at once."""
    workshop = record(world, "erin", "workshop")
    steps: list[tuple[str, dict[str, Any]]] = [
        ("11", {"band": "staff"}),
        ("12", {"level": world.levels["L1"]}),
        ("13", {"department": world.departments["HQ"]}),
        ("14", {"department": world.departments["RD-LAB"]}),
        ("15", {"position": world.positions["ENGINEER"]}),
        ("16", {"employee": world.people["erin"]}),
        # of equals the higher priority, and of those the newest
        ("17", {"employee": world.people["erin"], "priority": 1}),
        ("18", {"employee": world.people["erin"], "priority": 1}),
    ]
    book_all(world)
    assert counted(workshop) == 5
    for rate, scope in steps:
        rule(world, "workshop", rate, **scope)
        book_all(world)
        assert counted(workshop) == Decimal(rate), scope
    # a less specific rule changes nothing, however high its priority
    rule(world, "workshop", "99", department=world.departments["HQ"], priority=100)
    book_all(world)
    assert counted(workshop) == 18


def test_a_specific_rule_of_nothing_gives_nothing(world):
    workshop = record(world, "erin", "workshop")
    rule(world, "workshop", "0", department=world.departments["RD"])
    book_all(world)
    assert not workshop.entries.exists()


def test_the_assignment_of_the_day_decides(world):
    alice = world.people["alice"]
    Assignment.objects.filter(employee=alice).update(end_date=day(world, 6, 30))
    Assignment.objects.create(
        employee=alice,
        department=world.departments["RD"],
        position=world.positions["RD-MGR"],
        level=world.levels["L3"],
        start_date=day(world, 7, 1),
    )
    before, after = record(world, "alice", "project", month=6), record(world, "alice", "project", month=7)
    book_all(world)
    assert (counted(before), counted(after)) == (0, 30)


def test_a_new_version_counts_from_its_day_and_an_old_record_keeps_its_rate(world):
    old, new = record(world, "alice", "workshop", month=3), record(world, "alice", "workshop", month=9)
    world.rules["workshop"].versions.update(end_date=day(world, 6, 30))
    RuleVersion.objects.create(
        rule=world.rules["workshop"], number=2, basis="per_time", rate=8, start_date=day(world, 7, 1)
    )
    book_all(world)
    assert (counted(old), counted(new)) == (5, 8)


# --- how much -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("rounding", "points"), [("half_up", "0.67"), ("down", "0.66")])
def test_one_rounding_setting(world, settings, rounding, points):
    settings.POINTS_ROUNDING = rounding
    course = record(world, "alice", "online", minutes=20)
    book_all(world)
    assert counted(course) == Decimal(points)


def test_what_rounds_to_nothing_is_not_booked(world):
    world.rules["online"].versions.update(rate=Decimal("0.01"))
    record(world, "alice", "online", minutes=1)
    assert book_all(world) == 0


def test_caps_take_off_in_order_of_the_day_and_the_entry_says_which(world):
    world.rules["online"].versions.update(max_per_record=6, max_per_year=14)
    TargetRequirement.objects.filter(category=world.categories["course"]).update(cap=13, minimum=0)
    hours = {"minutes": 4 * 60}
    late = record(world, "bob", "online", month=9, **hours)
    early = record(world, "bob", "online", month=1, **hours)
    middle = record(world, "bob", "online", month=5, **hours)
    book_all(world)
    assert [counted(one) for one in (early, middle, late)] == [6, 6, 1]
    assert [entry.reason for entry in LedgerEntry.objects.order_by("record__happened_on")] == [
        "record",
        "record",
        f"record year category:{world.categories['course'].pk}",
    ]
    assert standing(world, "bob").full_total == 24


def test_raising_a_cap_releases_points_and_writes_only_the_difference(world):
    world.rules["workshop"].versions.update(max_per_year=12)
    records = [record(world, "alice", "workshop", month=month) for month in (1, 2, 3)]
    book_all(world)
    world.rules["workshop"].versions.update(max_per_year=100)
    assert book_all(world) == 1
    assert list(records[2].entries.order_by("id").values_list("kind", "amount", "full_amount")) == [
        ("award", 2, 5),
        ("recount", 3, 0),
    ]


def test_a_cap_that_moves_within_the_year_looks_at_what_counted(world):
    """10 may count until June, 20 in all from July on: 10 of the first 30 counted, so there is room for 10 more."""
    world.rules["workshop"].versions.update(max_per_year=10, end_date=day(world, 6, 30))
    RuleVersion.objects.create(
        rule=world.rules["workshop"], number=2, basis="per_time", rate=5, max_per_year=20, start_date=day(world, 7, 1)
    )
    for month in (1, 1, 2, 2, 3, 3):
        record(world, "alice", "workshop", month=month)
    after = [record(world, "alice", "workshop", month=month) for month in (7, 8, 9)]
    book_all(world)
    assert [counted(one) for one in after] == [5, 5, 0]


def test_the_ledger_cannot_be_changed(world):
    record(world, "alice", "workshop")
    book_all(world)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        LedgerEntry.objects.update(amount=1000)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        LedgerEntry.objects.all().delete()


# --- targets ------------------------------------------------------------------------------------------
def test_a_leaver_is_asked_for_their_months_and_keeps_the_last_seat(world):
    Target.objects.update(pro_rata="months")
    bob = world.people["bob"]
    bob.exit_date = day(world, 3, 15)
    bob.save()
    Assignment.objects.filter(employee=bob).update(end_date=day(world, 3, 15))
    book_all(world)
    found = standing(world, "bob")
    assert (found.required, found.share) == (25, Decimal("0.25"))
    assert found.department == world.departments["SALES"]


def test_a_promotion_in_july_asks_for_half_of_the_managers_target(world):
    Target.objects.update(pro_rata="months")
    alice = world.people["alice"]
    Assignment.objects.filter(employee=alice).update(end_date=day(world, 6, 30))
    Assignment.objects.create(
        employee=alice,
        department=world.departments["SALES"],
        position=world.positions["SALES-MGR"],
        level=world.levels["L3"],
        start_date=day(world, 7, 1),
    )
    book_all(world)
    assert standing(world, "alice").required == 50
    # somebody whose history begins in the middle of the year was always asked for the whole
    Assignment.objects.filter(employee=world.people["bob"]).update(start_date=day(world, 7, 1))
    book_all(world)
    assert standing(world, "bob").required == 100


def test_who_was_not_there_in_the_year_has_no_target(world):
    bob = world.people["bob"]
    bob.exit_date = world.year.start_date - dt.timedelta(days=1)
    bob.save()
    book_all(world)
    found = standing(world, "bob")
    assert (found.target, found.required, found.met) == (None, None, None)


def test_a_closed_year_is_left_alone(world):
    workshop = record(world, "alice", "workshop")
    PointsYear.objects.update(status="closing")
    book_all(world)
    assert counted(workshop) == 5
    PointsYear.objects.update(status="closed")
    LearningRecord.objects.update(status="voided")
    ids = [world.people["alice"].pk]
    assert book(employee_ids=ids, year_id=world.year.pk, cause="test", actor_id=None).entries == 0
    assert queue_points(employee_ids=ids, year=PointsYear.objects.get(), cause="test", actor=None) == 0
    pairs = [(ids[0], day(world, 3))]
    assert queue_points_for_days(pairs=pairs, cause="test", actor=None) == 0


# --- work that fails ----------------------------------------------------------------------------------
def test_a_row_that_fails_soon_stands_alone_waits_and_holds_up_nobody(world, monkeypatch, caplog):
    """The pipeline ends although Bob's booking always fails; everybody else's is done."""
    bob = world.people["bob"].pk

    def pull(*, employee_ids: list[int], year_id: int) -> None:
        if bob in employee_ids:
            raise ValueError("bad \x00 row")

    monkeypatch.setattr("hrsuite.pipeline.pull_training_scores", pull)
    for name in world.people:
        record(world, name, "workshop")
    queue_points(
        employee_ids=[person.pk for person in world.people.values()], year=world.year, cause="test", actor=None
    )
    for _ in range(4):
        run_pipeline()
        PointsWork.objects.update(next_try_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    left = PointsWork.objects.get()
    assert left.employee_id == bob
    assert "bad" in left.error
    assert LedgerEntry.objects.count() == len(world.people) - 1
    with pytest.raises(CommandError, match=r"The points of 1 employee could not be booked: .*bad"):
        call_command("book_points")
    # it is never given up: once the reason is gone it books by itself
    PointsWork.objects.update(attempts=30, next_try_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    monkeypatch.undo()
    run_pipeline()
    assert not PointsWork.objects.exists()
    assert LedgerEntry.objects.count() == len(world.people)


def test_failed_work_waits_longer_each_time(world):
    queue_points(employee_ids=[world.people["bob"].pk], year=world.year, cause="test", actor=None)

    def fail(employee_ids: object, year_id: int) -> None:
        raise ValueError

    waits = []
    for _ in range(12):
        with pytest.raises(SliceFailed):
            book_next_slice(follow_up=fail)
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM next_try_at - now()) FROM training_pointswork")
            waits.append(round(cursor.fetchone()[0]))
            cursor.execute("UPDATE training_pointswork SET next_try_at = now()")
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 3600
    assert not LedgerEntry.objects.exists()
