"""What a closed year leaves to the next one stands in its newest snapshot: nothing that changes later moves it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pgtrigger
import pytest
import yaml
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from people.models import User
from people.selectors import today
from people.services.attributes import declare_attribute
from people.services.changes import people_changed
from training.models import Category, LearningRecord, LedgerEntry, Standing, YearSnapshot
from training.selectors.years import apart_from_standings
from training.services.closing import close_year, decide_reopening, request_reopening
from training.services.policy_file import export_policy, import_policy, parse
from training.services.work import queue_points_for_all

pytestmark = pytest.mark.django_db

CARRY = [
    {"of": "total", "into": "course", "at_most": 20},
    {"of": "sharing", "into": "sharing"},
]


def load(document: dict[str, Any]) -> None:
    import_policy(file=parse(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)), actor=None)


def document_of(world: Any, **more: Any) -> dict[str, Any]:
    """Ten points a year, two of them for sharing; another year follows."""
    document = yaml.safe_load(export_policy(world.policy))
    first, last = world.year.start_date, world.year.end_date
    following = {"name": "next", "start": first.replace(year=first.year + 1), "end": last.replace(year=last.year + 1)}
    document["years"] = [year for year in document["years"] if year["name"] != "next"] + [following]
    goal = {"name": "all", "year": world.year.name, "total": 10, "pro_rata": "none"}
    document["targets"] = [goal | {"requirements": [{"category": "sharing", "minimum": 2}]}]
    return document | more


@pytest.fixture
def company(world: Any) -> Any:
    """Bob: three workshops (15) and a lecture (15)."""
    declare_attribute(owner="employee", code="fte", type="number", actor=None)
    world.policy.targets.all().delete()
    for number, (activity, count) in enumerate((("workshop", 3), ("lecture", 1))):
        LearningRecord.objects.create(
            employee=world.people["bob"], activity=world.activities[activity], happened_on=world.year.start_date,
            source="test", source_id=str(number), count=count,
        )  # fmt: skip
    user = User.objects.create(username="hugo", email="hugo@example.com")
    user.groups.add(Group.objects.get(name="hr_admin"))
    world.users["hugo"] = user
    return world


def carried(world: Any) -> dict[str, Decimal]:
    lines = LedgerEntry.objects.filter(year__name="next", employee=world.people["bob"], kind="carry_over")
    found: dict[str, Decimal] = {}
    for line in lines.select_related("category"):
        found[line.category.code] = found.get(line.category.code, Decimal(0)) + line.amount
    return {code: amount for code, amount in found.items() if amount}


def recount() -> None:
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()


def close(world: Any) -> YearSnapshot:
    world.year.refresh_from_db()
    snapshot = close_year(year=world.year, reason="Over", actor=world.users["helen"])
    world.year.refresh_from_db()
    return snapshot


def half_time(world: Any) -> None:
    """Bob is asked half as much, whatever the year."""
    bob = world.people["bob"]
    bob.attributes = {"fte": "0.5"}
    bob.save(update_fields=["attributes"])
    people_changed(employee_ids=[bob.pk], actor=None, cause="Half time")


def one_more_rule(document: dict[str, Any], world: Any) -> None:
    """Seven points besides for every workshop, from the first day of the closed year on."""
    version = {"from": world.year.start_date, "basis": "per_event", "points": 7}
    document["rules"].append({"code": "more", "activity": "workshop", "adds": True, "versions": [version]})


def test_it_stays_whatever_changes_and_moves_with_the_next_snapshot(company):
    document = document_of(company, carry_over=CARRY)
    document["targets"][0]["pro_rata"] = {"joiners": "none", "leavers": "none", "attribute": "fte"}
    load(document)
    recount()
    assert carried(company) == {"course": 20, "sharing": 13}
    assert close(company).number == 1
    run_pipeline()

    # all of these would move the sums of the closed year
    half_time(company)
    document["carry_over"][0]["at_most"] = 30
    one_more_rule(document, company)
    load(document)
    recount()
    assert carried(company) == {"course": 20, "sharing": 13}
    assert Standing.objects.get(year__name="next", employee=company.people["bob"]).total == 33
    assert not apart_from_standings(YearSnapshot.objects.get())
    out = StringIO()
    call_command("points", "--policy", company.policy.code, "--period", "next", "--json", stdout=out)
    [bob] = [one for one in json.loads(out.getvalue())["employees"] if one["name"] == "Bob"]
    assert bob["total"] == 33

    # reopened: the snapshot holds until the next one
    asked = request_reopening(
        year=company.year, reason="Late", until=today() + dt.timedelta(days=3), actor=company.users["helen"]
    )
    decide_reopening(reopening=asked, approve=True, answer="", actor=company.users["hugo"])
    run_pipeline()
    assert Standing.objects.get(year=company.year, employee=company.people["bob"]).required == 5
    assert carried(company) == {"course": 20, "sharing": 13}

    assert close(company).number == 2
    run_pipeline()
    assert carried(company) == {"course": 30, "sharing": 14}
    entry = LedgerEntry.objects.filter(year__name="next", category__code="course").latest("id")
    assert entry.batch.cause == f"Points year {company.year.name} closed, version 2"


def test_a_year_booked_by_one_statement_leaves_what_its_snapshot_says(company):
    load(document_of(company))
    recount()
    assert not company.year.by_engine
    close(company)
    assert not company.year.by_engine

    document = document_of(company, carry_over=CARRY)
    one_more_rule(document, company)
    load(document)
    recount()
    assert carried(company) == {"course": 20, "sharing": 13}
    half_time(company)
    run_pipeline()
    assert carried(company) == {"course": 20, "sharing": 13}


def test_snapshots_may_name_categories_that_were_removed_before_they_stayed(company):
    load(document_of(company))
    recount()
    snapshot = close(company)
    line = snapshot.lines.get(employee=company.people["bob"])
    line.categories["987654"] = ["3.00", "3.00"]
    line.detail.setdefault("minimums", {})["987654"] = "5.00"
    with pgtrigger.ignore():
        line.save(update_fields=["categories", "detail"])

    load(document_of(company, carry_over=CARRY))
    recount()
    assert carried(company) == {"course": 20, "sharing": 13}


def test_whoever_is_not_in_the_snapshot_has_nothing_carried(company):
    document = document_of(company, carry_over=CARRY)
    bob = company.people["bob"]
    LearningRecord.objects.filter(employee=bob).update(status="voided")
    bob.hire_date = company.year.end_date + dt.timedelta(days=1)
    bob.save(update_fields=["hire_date"])
    load(document)
    recount()
    close(company)

    # found later: he was there all along
    LearningRecord.objects.filter(employee=bob).update(status="active")
    bob.hire_date = company.year.start_date
    bob.save(update_fields=["hire_date"])
    recount()
    assert carried(company) == {}


def test_misses_in_a_row_and_months_are_those_of_the_snapshot(company):
    document = document_of(company, carry_over=[{"of": "total", "into": "course", "earned_in_last_months": 12}])
    goal = document["targets"][0]
    goal["pro_rata"] = {"joiners": "none", "leavers": "none", "attribute": "fte"}
    goal["total"] = 40
    document["targets"].append({"name": "then", "year": "next", "total": 1, "pro_rata": "none"})
    document["outcomes"] = [{"name": "lowest_bonus_band", "when": {"missed_in_a_row": {"from": 2}}}]
    load(document)
    recount()
    close(company)
    half_time(company)
    run_pipeline()

    standing = Standing.objects.get(year__name="next", employee=company.people["bob"])
    # twenty would have been reached with thirty, with ten to carry
    assert (standing.total, list(standing.outcomes)) == (0, ["lowest_bonus_band"])


def test_what_a_cap_took_off_is_that_of_the_snapshot(company):
    carry = [{"of": "sharing", "above": "cap"}]
    document = document_of(company)
    document["targets"][0]["requirements"] = [{"category": "sharing", "minimum": 2, "cap": 6}]
    load(document)
    recount()
    # nobody carries anything yet: what the cap took off is worked out, until a snapshot has it
    close(company)
    document["carry_over"] = carry
    load(document)
    recount()
    assert carried(company) == {"sharing": 9}

    asked = request_reopening(
        year=company.year, reason="Late", until=today() + dt.timedelta(days=3), actor=company.users["helen"]
    )
    decide_reopening(reopening=asked, approve=True, answer="", actor=company.users["hugo"])
    run_pipeline()
    close(company)
    version = {"from": company.year.start_date, "basis": "per_event", "points": 7}
    document["rules"].append({"code": "more", "activity": "lecture", "adds": True, "versions": [version]})
    load(document)
    recount()
    assert carried(company) == {"sharing": 9}


def test_a_minimum_of_another_name_than_its_category_is_carried_by_a_later_policy(company):
    """Nobody carried anything when the year was closed; a requirement called like a category is none of it."""
    document = document_of(company, statuses=[{"name": "good", "when": {"total": {"from": 1}}}])
    document["targets"][0]["requirements"] = [
        {"name": "Share what you know", "category": "sharing", "minimum": 2},
        {"name": "workshop", "activity": "lecture", "measure": "times", "minimum": 1},
    ]
    load(document)
    recount()
    close(company)
    document["carry_over"] = [{"of": "sharing"}, {"of": "workshop"}]
    one_more_rule(document, company)
    load(document)
    recount()
    assert carried(company) == {"sharing": 13}


def test_a_category_that_a_closed_year_names_stays(company, sign_in):
    """The group of all kinds of learning, left empty after the year was closed, still tells what it carried."""
    group = Category.objects.create(code="group", name="All learning")
    unused = Category.objects.create(code="unused", name="Unused")
    company.categories["sharing"].parent = group
    company.categories["sharing"].save()
    document = document_of(company)
    load(document)
    recount()
    close(company)
    company.categories["sharing"].parent = None
    company.categories["sharing"].save()

    client = sign_in("helen")
    page = client.post(reverse("training:remove_category", args=[group.pk]), {"go": "1"}).content.decode()
    assert f"The snapshots of closed years name “All learning”: {company.year.name}." in page
    assert "Give it another name" in page
    assert Category.objects.filter(pk=group.pk).exists()
    assert client.post(reverse("training:remove_category", args=[unused.pk]), {"go": "1"}).status_code == 302
    assert not Category.objects.filter(pk=unused.pk).exists()
