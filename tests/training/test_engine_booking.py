"""Policies that say more than columns can: booked by the engine, difference by difference, with what follows."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db.models.fields.json import KT
from django.urls import reverse

from hrsuite.pipeline import refresh_rankings, run_pipeline
from training.models import LearningRecord, LedgerEntry, PointsWork, PointsYear, Standing
from training.services.booking import book
from training.services.closing import close_year
from training.services.policy_file import export_policy, import_policy, parse
from training.services.records import void_record
from training.services.work import queue_points_for_all

pytestmark = pytest.mark.django_db

#: what is added to the case company's policy
MORE = {
    "limits": [{"name": "online a month", "activity": "online", "at_most": 5, "per": "month"}],
    "ranking": {"by": "total"},
    "statuses": [
        {"name": "excellent", "when": {"total": {"from": 30}}},
        {"name": "learner", "when": {"total": {"above": 0}}},
    ],
    "outcomes": [
        {"name": "not_eligible_for_raise", "when": {"met": False}},
        {"name": "first_prize", "when": {"rank": 1}, "value": "gift"},
    ],
}


def learn(world: Any, name: str, activity: str, number: int, **said: Any) -> LearningRecord:
    return LearningRecord.objects.create(
        employee=world.people[name], activity=world.activities[activity], happened_on=world.year.start_date,
        source="test", source_id=f"{name}{number}", **said,
    )  # fmt: skip


@pytest.fixture
def booked(world: Any) -> Any:
    """Bob: 4 hours online (8 points, 5 of them counted) and two workshops; Dave: an exam."""
    document = yaml.safe_load(export_policy(world.policy)) | MORE
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    import_policy(file=parse(text), actor=None)
    world.records = [
        learn(world, "bob", "online", 1, minutes=240),
        learn(world, "bob", "workshop", 2, count=2),
        learn(world, "dave", "exam", 3, score=Decimal(80), passed=True),
    ]
    queue_points_for_all(cause="test", actor=world.users["helen"])
    run_pipeline()
    return world


def standing(world: Any, name: str) -> Standing:
    return Standing.objects.get(employee=world.people[name], year=world.year)


def test_limits_statuses_ranks_and_outcomes_are_booked(booked):
    bob, dave = standing(booked, "bob"), standing(booked, "dave")

    assert (bob.total, bob.full_total, bob.status) == (15, 18, "learner")
    assert bob.detail["rank"] == 1
    assert bob.outcomes == {
        "not_eligible_for_raise": {"value": None, "amount": None},
        "first_prize": {"value": "gift", "amount": None},
    }
    assert (dave.total, dave.status) == (10, "learner")
    assert PointsYear.objects.get(pk=booked.year.pk).by_engine
    line = LedgerEntry.objects.get(record=booked.records[0])
    assert (line.amount, line.full_amount, line.reason) == (5, 8, "limit:online\xa0a\xa0month")
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == 25


def test_figures_are_kept_digit_by_digit(world):
    """100 minutes are 1.666… hours: the database has all digits, not those of a binary fraction."""
    document = yaml.safe_load(export_policy(world.policy)) | MORE
    hours = {"name": "hours", "measure": "hours", "minimum": 2}
    for target in document["targets"]:
        target["requirements"] = [hours]
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)
    learn(world, "bob", "online", 1, minutes=100)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    found = Standing.objects.filter(employee=world.people["bob"]).annotate(
        counted=KT("detail__requirements__0__counted")
    )
    assert [one.counted for one in found] == ["1.666666666666666666666666667"]


def test_targets_of_their_own_are_booked_and_closed(world):
    """A total of 1 times an attribute of 120: the share asked is 120."""
    document = yaml.safe_load(export_policy(world.policy)) | MORE
    document["attributes"] = [{"owner": "employee", "code": "asked", "type": "number"}]
    for target in document["targets"]:
        target |= {"total": 1, "pro_rata": {"attribute": "asked"}, "requirements": []}
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)
    world.people["bob"].attributes = {"asked": "120"}
    world.people["bob"].save()
    learn(world, "bob", "workshop", 1, count=2)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    assert not PointsWork.objects.exists()
    assert (standing(world, "bob").required, standing(world, "bob").share) == (120, 120)
    snapshot = close_year(year=world.year, reason="Over", actor=None)
    assert snapshot.lines.get(employee=world.people["bob"]).share == 120


def test_a_second_booking_writes_nothing(booked):
    before = LedgerEntry.objects.count()
    ids = [person.pk for person in booked.people.values()]

    again = book(employee_ids=ids, year_id=booked.year.pk, cause="test", actor_id=None)

    assert (again.entries, again.standings) == (0, 0)
    assert LedgerEntry.objects.count() == before
    assert refresh_rankings() == 0


def test_a_voided_record_gives_room_and_turns_the_ranking(booked):
    void_record(record=booked.records[1], reason="entered twice", actor=booked.users["helen"])
    run_pipeline()

    bob, dave = standing(booked, "bob"), standing(booked, "dave")
    assert (bob.total, bob.detail["rank"], "first_prize" in bob.outcomes) == (5, 2, False)
    assert (dave.total, dave.detail["rank"], "first_prize" in dave.outcomes) == (10, 1, True)
    assert [entry.kind for entry in LedgerEntry.objects.filter(record=booked.records[1])] == ["award", "reversal"]


def test_the_ledger_gives_what_the_command_works_out(booked):
    out = StringIO()
    common = ["points", "--policy", booked.policy.code, "--period", booked.year.name, "--json"]
    call_command(*common, stdout=out)
    fresh = {row["employee_no"]: row for row in json.loads(out.getvalue())["employees"]}
    out = StringIO()
    call_command(*common, "--booked", stdout=out)
    kept = {row["employee_no"]: row for row in json.loads(out.getvalue())["employees"]}

    names = (
        "total",
        "raw_total",
        "required",
        "met",
        "missing",
        "status",
        "rank",
        "outcomes",
        "requirements",
        "formula",
    )
    for number, row in fresh.items():
        row["outcomes"].sort(key=lambda one: one["name"])
        assert {name: row[name] or None for name in names} == {name: kept[number][name] or None for name in names}


def test_surplus_is_carried_into_the_next_year_and_follows_late_records(world):
    document = yaml.safe_load(export_policy(world.policy))
    first, last = world.year.start_date, world.year.end_date
    document["years"].append(
        {"name": "next", "start": first.replace(year=first.year + 1), "end": last.replace(year=last.year + 1)}
    )
    document["targets"] = [{"name": "all", "year": world.year.name, "total": 10, "pro_rata": "none"}]
    document["carry_over"] = [{"of": "total", "into": "course", "at_most": 4}]
    world.policy.targets.all().delete()
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)
    record = learn(world, "bob", "workshop", 1, count=3)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()

    carried = LedgerEntry.objects.get(year__name="next", employee=world.people["bob"])
    assert (carried.kind, carried.amount, carried.category.code) == ("carry_over", 4, "course")
    assert Standing.objects.get(year__name="next", employee=world.people["bob"]).total == 4

    void_record(record=record, reason="entered twice", actor=world.users["helen"])
    assert PointsWork.objects.filter(year__name="next").exists()
    run_pipeline()
    assert sum(LedgerEntry.objects.filter(year__name="next").values_list("amount", flat=True)) == 0


def test_pages_show_status_requirements_and_why(booked, sign_in):
    client = sign_in("bob")

    page = client.get(reverse("training:my_points")).text
    why = client.get(reverse("training:entry", args=[LedgerEntry.objects.get(record=booked.records[0]).pk])).text

    assert "learner" in page
    assert "Not eligible for a raise" in page
    assert "Place 1 of 2" in page
    assert "4 × 2 = 8" in why
    assert "Limit of the policy: online a month." in why
