"""Compensation reviews: eligibility before ranking, the line, and what follows the pipeline."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from payroll import rules
from payroll.models import CompensationReview, RaiseRecommendation, Salary
from payroll.services import mark_reviews_stale, refresh_stale_reviews
from people.selectors import today
from performance.rules import head_count, top
from tests.performance.company import eighty_managers, hire, stand


def pay(employee, amount):
    return Salary.objects.create(employee=employee, amount=amount, start_date=dt.date(2020, 1, 1))


def make_review(world, **changes):
    values = {
        "name": "Annual raise",
        "year": world.year,
        "band": "middle",
        "population_date": today(),
        "effective_date": dt.date(world.year.end_date.year + 1, 1, 1),
        "share": 20,
        "raise_percent": 5,
    }
    return CompensationReview.objects.create(**{**values, **changes})


def refresh(world):
    mark_reviews_stale(year_id=world.year.pk)
    return refresh_stale_reviews()


def recommended(review):
    return set(review.recommendations.filter(recommended=True).values_list("employee_id", flat=True))


def test_top_twenty_percent_of_eighty_are_sixteen(world):
    managers = eighty_managers(world)
    for employee in managers:
        pay(employee, 10_001)
    review = make_review(world)
    assert refresh(world) == 1
    assert review.recommendations.count() == 80
    assert recommended(review) == {employee.pk for employee in managers[:16]}
    best = review.recommendations.get(employee=managers[0])
    # 10,001 + 5 % = 10,501.05
    assert (best.rank, best.population, best.old_amount, best.new_amount) == (
        1,
        80,
        Decimal(10001),
        Decimal("10501.05"),
    )
    below = review.recommendations.get(employee=managers[16])
    assert (below.rank, below.recommended, below.new_amount, below.percent) == (17, False, None, 0)


def test_missed_target_is_not_eligible_and_takes_no_place(world):
    managers = eighty_managers(world)
    for employee in managers:
        pay(employee, 10_000)
    stand(world, managers[0], 280, required=300)
    review = make_review(world)
    refresh(world)
    missed = review.recommendations.get(employee=managers[0])
    assert (missed.eligible, missed.reasons, missed.rank) == (False, ["target_missed"], None)
    # still 20 % of 80: the seventeenth moves up
    assert recommended(review) == {employee.pk for employee in managers[1:17]}


@pytest.mark.parametrize(("ties", "count"), [("include", 17), ("exclude", 15)])
def test_ties_at_the_line(world, ties, count):
    managers = eighty_managers(world)
    for employee in managers:
        pay(employee, 10_000)
    stand(world, managers[16], 280 - 2 * 15)
    review = make_review(world, ties=ties)
    refresh(world)
    assert recommended(review) == {employee.pk for employee in managers[:count]}


def test_population_is_frozen_once_its_day_has_passed(world):
    eighty_managers(world)
    review = make_review(world, population_date=today() + dt.timedelta(days=1))
    refresh(world)
    late = hire(world, 900)
    refresh(world)
    assert review.recommendations.count() == 81
    CompensationReview.objects.update(population_date=today() - dt.timedelta(days=1))
    later = hire(world, 901)
    refresh(world)
    members = set(review.recommendations.values_list("employee_id", flat=True))
    assert late.pk in members
    assert later.pk not in members


def test_decided_rows_only_drift(world):
    managers = eighty_managers(world)
    for employee in managers:
        pay(employee, 10_000)
    review = make_review(world)
    refresh(world)
    row = review.recommendations.get(employee=managers[15])
    RaiseRecommendation.objects.filter(pk=row.pk).update(
        status="rejected", decided_by=world.users["paul"], decided_at="2026-01-01T00:00Z"
    )
    stand(world, managers[40], 500)
    refresh(world)
    row.refresh_from_db()
    assert (row.recommended, row.rank, row.drifted) == (True, 16, True)
    stand(world, managers[40], 150)
    refresh(world)
    row.refresh_from_db()
    assert row.drifted is False


def test_closed_reviews_stay(world):
    managers = eighty_managers(world)
    review = make_review(world)
    refresh(world)
    CompensationReview.objects.update(status="closed")
    stand(world, managers[40], 500)
    assert refresh(world) == 0
    assert review.recommendations.get(employee=managers[40]).points == Decimal(200)
    # history holds what people did, not every booking
    assert review.events.count() == 2


@pytest.mark.parametrize("seed", range(4))
def test_sql_and_rules_agree(world, seed):
    dice = random.Random(seed)
    people = [world.people["bob"], world.people["dave"], *(hire(world, number) for number in range(40))]
    review = make_review(
        world,
        share=dice.choice([10, 20, 33]),
        rounding=dice.choice(["half_up", "up", "down"]),
        ties=dice.choice(["include", "exclude"]),
        needs_target=dice.random() < 0.7,
        raise_percent=Decimal(dice.randrange(1, 2000)) / 100,
    )
    facts, salaries = {}, {}
    for person in people:
        standing = stand(world, person, dice.randrange(0, 12) * 10, required=dice.choice([30, 60, None]))
        standing.outcomes = {"not_eligible_for_raise": {}} if dice.random() < 0.2 else {"gift": {}}
        standing.save()
        salaries[person.pk] = Decimal(dice.randrange(100, 9_999_999)) / 100 if dice.random() < 0.9 else None
        if salaries[person.pk]:
            pay(person, salaries[person.pk])
        person.exit_date = dice.choice([None, None, None, today()])
        person.save()
        facts[person.pk] = standing
    refresh(world)
    reasons = {
        person.pk: rules.reasons_against(
            points=facts[person.pk].total,
            has_target=facts[person.pk].target_id is not None,
            target_met=facts[person.pk].met,
            needs_target=review.needs_target,
            salary=salaries[person.pk],
            exit_date=person.exit_date,
            effective_date=review.effective_date,
            outcomes=facts[person.pk].outcomes,
        )
        for person in people
    }
    rows = {row.employee_id: row for row in review.recommendations.all()}
    assert {key: row.reasons for key, row in rows.items()} == reasons
    eligible = {key: facts[key].total for key in rows if not reasons[key]}
    winners = top(eligible, head_count(Decimal(review.share), len(people), review.rounding), review.ties)
    assert recommended(review) == winners
    for key in winners:
        assert rows[key].new_amount == rules.raised(salaries[key], review.raise_percent)


def test_a_new_review_opens_at_once(world, sign_in):
    form = {
        "name": "Raises", "year": world.year.pk, "band": "middle", "share": "20", "raise_percent": "5",
        "population_date": today().isoformat(), "effective_date": f"{today().year + 1}-01-01",
    }  # fmt: skip
    page = sign_in("paul").get("/payroll/reviews/new/").context["form"]
    form |= {name: page.fields[name].choices[0][0] for name in ("rounding", "ties")}
    answer = sign_in("paul").post("/payroll/reviews/new/", form)
    assert answer["Location"] == f"/payroll/reviews/{CompensationReview.objects.get().pk}/"
