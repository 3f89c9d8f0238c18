"""Where the engine's booking meets the rest of the suite: closing a year, other rankings, people who left."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from people.models import Employee
from people.services.attributes import declare_attribute
from people.services.changes import people_changed
from tests.training.test_engine_booking import MORE, learn
from training.models import LedgerEntry, PointsYear, SnapshotLine, Standing
from training.selectors.why import why
from training.selectors.years import apart_from_standings
from training.services.booking import SliceFailed, book, book_next_slice
from training.services.closing import close_year
from training.services.policy_file import export_policy, import_policy, parse
from training.services.records import adjust_points, void_record
from training.services.work import queue_points, queue_points_for_all, queue_points_for_days

pytestmark = pytest.mark.django_db


def in_force(world: Any, **more: Any) -> None:
    """The case company's policy with more sections."""
    document = yaml.safe_load(export_policy(world.policy)) | more
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)


@pytest.fixture
def ranked(world: Any) -> Any:
    """Bob has 15 points and the first prize, Dave 10."""
    in_force(world, **MORE)
    world.records = [
        learn(world, "bob", "online", 1, minutes=240),
        learn(world, "bob", "workshop", 2, count=2),
        learn(world, "dave", "exam", 3, score=Decimal(80), passed=True),
    ]
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    return world


def standing(world: Any, name: str) -> Standing:
    return Standing.objects.get(employee=world.people[name], year=world.year)


# --- closing ----------------------------------------------------------------------------------------------------------
def test_a_year_is_closed_with_the_ranks_of_what_is_booked_last(ranked):
    void_record(record=ranked.records[1], reason="entered twice", actor=None)

    close_year(year=ranked.year, reason="over", actor=None)
    run_pipeline()

    bob, dave = standing(ranked, "bob"), standing(ranked, "dave")
    assert (bob.total, bob.detail["rank"], "first_prize" in bob.outcomes) == (5, 2, False)
    assert (dave.total, dave.detail["rank"], "first_prize" in dave.outcomes) == (10, 1, True)


def test_a_snapshot_keeps_status_outcomes_and_place(ranked):
    snapshot = close_year(year=ranked.year, reason="over", actor=None)

    bob = SnapshotLine.objects.get(snapshot=snapshot, employee=ranked.people["bob"])
    assert (bob.detail["status"], bob.detail["rank"]) == ("learner", 1)
    assert sorted(bob.detail["outcomes"]) == ["first_prize", "not_eligible_for_raise"]
    # what only the ranking needs says more of the person than the snapshot should
    assert "kept" not in bob.detail
    assert apart_from_standings(snapshot) == 0
    with pytest.raises(DatabaseError, match="closed year"), transaction.atomic():
        Standing.objects.update(status="better")


# --- what needs everybody ---------------------------------------------------------------------------------------------
def test_other_statuses_and_prizes_alone_reach_everybody(ranked):
    more = MORE | {
        "statuses": [{"name": "pupil", "when": {"total": {"above": 0}}}],
        "outcomes": [{"name": "second_prize", "when": {"rank": 2}}],
    }
    in_force(ranked, **more)
    run_pipeline()

    bob, dave = standing(ranked, "bob"), standing(ranked, "dave")
    assert (bob.status, dave.status) == ("pupil", "pupil")
    assert (bob.outcomes, list(dave.outcomes)) == ({}, ["second_prize"])


def test_a_ranking_that_is_dropped_leaves_nothing(ranked):
    in_force(ranked, **{**MORE, "ranking": None, "outcomes": [], "statuses": []})
    run_pipeline()

    bob = standing(ranked, "bob")
    assert (bob.status, bob.outcomes) == ("", {})
    assert not {"rank", "ranked", "kept"} & set(bob.detail)


@pytest.mark.django_db(transaction=True)
def test_a_slice_of_several_lots_locks_in_the_order_of_a_refresh(ranked):
    """Somebody refreshes ranks and is at the first person: the booking must not hold anybody behind."""
    first, last = sorted([ranked.people["bob"].pk, ranked.people["dave"].pk])
    for name in ("bob", "dave"):
        learn(ranked, name, "workshop", 7, count=1)
    # the later person's lot comes first
    queue_points(employee_ids=[last], year=ranked.year, cause="one", actor=None)
    queue_points(employee_ids=[first], year=ranked.year, cause="two", actor=None)
    answers: list[Any] = []

    def book_all() -> None:
        try:
            answers.append(book_next_slice(follow_up=lambda ids, year_id: None))
        except SliceFailed as error:
            answers.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        Standing.objects.select_for_update().get(employee=first, year=ranked.year)
        booking = threading.Thread(target=book_all)
        booking.start()
        booking.join(2)
        assert not answers
        Standing.objects.select_for_update(nowait=True).get(employee=last, year=ranked.year)
    booking.join(30)
    assert answers[0].standings == 2


# --- people who left --------------------------------------------------------------------------------------------------
def test_whoever_left_before_gets_no_standing_of_later_years(ranked):
    first, carol = ranked.year.start_date, ranked.people["carol"]
    last = PointsYear.objects.create(
        name="last", start_date=first.replace(year=first.year - 1), end_date=first - dt.timedelta(days=1)
    )
    Standing.objects.filter(employee=carol).delete()
    Employee.objects.filter(pk=carol.pk).update(exit_date=first - dt.timedelta(days=30))

    queue_points_for_days(pairs=[(carol.pk, first - dt.timedelta(days=40))], cause="test", actor=None)
    queue_points(employee_ids=[carol.pk], year=last, cause="test", actor=None)
    run_pipeline()

    assert [one.year for one in Standing.objects.filter(employee=carol)] == [last]


def test_an_exit_date_that_was_wrong_takes_target_and_place_away(ranked):
    bob = ranked.people["bob"]
    Employee.objects.filter(pk=bob.pk).update(exit_date=ranked.year.start_date - dt.timedelta(days=1))
    people_changed(employee_ids=[bob.pk], actor=None, cause="left earlier")
    run_pipeline()

    assert (standing(ranked, "bob").required, "rank" in standing(ranked, "bob").detail) == (None, False)
    assert standing(ranked, "dave").detail["rank"] == 1


# --- the ledger says what the account says ----------------------------------------------------------------------------
def test_the_rounding_of_the_total_leaves_other_buckets_alone(world):
    document = yaml.safe_load(export_policy(world.policy))
    document["policy"]["rounding"] = {"step": 1, "mode": "down", "of": "total"}
    next(one for one in document["categories"] if one["code"] == "course")["in_total"] = False
    document["targets"] = [{"name": "all", "year": world.year.name, "total": 10}]
    world.policy.targets.all().delete()
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)
    for number in range(3):
        learn(world, "bob", "online", number, minutes=10)
    learn(world, "bob", "workshop", 9, count=2)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()

    lines = LedgerEntry.objects.filter(employee=world.people["bob"]).values_list("category__code", "amount")
    # three thirds in a bucket of its own
    assert sum(amount for code, amount in lines if code == "course") == 1
    assert sum(amount for code, amount in lines if code != "course") == standing(world, "bob").total == 10


def test_an_adjustment_that_a_breach_voids_is_taken_back_in_the_ledger(ranked, sign_in):
    in_force(ranked, **MORE, breaches=[{"when": {"activity": "exam"}, "voids": "period", "name": "fraud"}])
    dave, exams = ranked.people["dave"], ranked.categories["exam"]
    adjust_points(employee=dave, year=ranked.year, category=exams, amount=Decimal(7), reason="talk", actor=None)
    run_pipeline()

    lines = LedgerEntry.objects.filter(employee=dave)
    assert sum(lines.values_list("amount", flat=True)) == standing(ranked, "dave").total == 0
    assert (void := lines.get(kind="void")).amount == -7
    assert "Voided by a breach: fraud." in sign_in("dave").get(reverse("training:entry", args=[void.pk])).text

    again = book(employee_ids=[dave.pk], year_id=ranked.year.pk, cause="test", actor_id=None)
    assert (again.entries, again.standings) == (0, 0)
    void_record(record=ranked.records[2], reason="no fraud", actor=None)
    run_pipeline()
    assert sum(lines.values_list("amount", flat=True)) == standing(ranked, "dave").total == 7


# --- why --------------------------------------------------------------------------------------------------------------
def test_why_a_rule_counts_knows_conditions_and_what_counts_besides(world):
    declare_attribute(owner="record", code="mode", type="text", actor=None)
    first = {"from": world.year.start_date, "basis": "per_time", "points": 5}
    rules = [one for one in yaml.safe_load(export_policy(world.policy))["rules"] if one["activity"] != "workshop"]
    rules += [
        {"code": "remote", "activity": "workshop", "versions": [first | {"points": 3, "when": {"mode": "online"}}]},
        {"code": "plain", "activity": "workshop", "versions": [first]},
        {"code": "extra", "activity": "workshop", "adds": True, "versions": [first | {"points": 1}]},
    ]
    world.rules["workshop"].delete()
    in_force(world, rules=rules)
    here = learn(world, "bob", "workshop", 1)
    there = learn(world, "bob", "workshop", 2, attributes={"mode": "online"})
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()

    def told(record: Any, code: str) -> Any:
        return why(LedgerEntry.objects.get(record=record, rule_version__rule__code=code))

    assert [one.version.rule.code for one in told(here, "plain").rivals] == ["plain"]
    online = told(there, "remote")
    assert [(one.version.rule.code, one.wins) for one in online.rivals] == [("remote", True), ("plain", False)]
    assert "with a condition comes first" in online.rivals[1].reason
    assert not any(told(*said).moved_on for said in [(here, "plain"), (there, "remote"), (here, "extra")])
