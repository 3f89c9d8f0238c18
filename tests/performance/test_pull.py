"""Training scores reach appraisals by themselves, and stop at what a person signed or typed."""

from __future__ import annotations

import random
import threading
from decimal import Decimal

import pytest
from django.db import connection

from performance import rules
from performance.models import Appraisal, AppraisalCycle, AppraisalPart, CyclePart, GradeBand
from performance.services import pull_training_scores
from tests.performance.company import hire, stand
from tests.performance.plan import case_cycle
from training.services.booking import book, book_next_slice
from training.services.records import enter_record


@pytest.fixture
def cycle(world):
    cycle = AppraisalCycle.objects.create(
        name="Annual",
        points_year=world.year,
        start_date=world.year.start_date,
        end_date=world.year.end_date,
        max_grade_if_missed="B",
    )
    CyclePart.objects.create(cycle=cycle, code="kpi", name="KPI", weight=90)
    CyclePart.objects.create(cycle=cycle, code="training", name="Training", weight=10, source="training")
    for grade, lowest in [("S", 90), ("A", 80), ("B", 70), ("C", 0)]:
        GradeBand.objects.create(cycle=cycle, grade=grade, name=grade, min_score=lowest)
    return cycle


def pull(world, *names):
    return pull_training_scores(employee_ids=[world.people[name].pk for name in names], year_id=world.year.pk)


def part_of(world, name, code):
    return AppraisalPart.objects.get(appraisal__employee=world.people[name], part__code=code)


def test_training_is_ten_percent_of_the_appraisal(world, cycle):
    stand(world, world.people["bob"], 50)
    pull(world, "bob")
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=80)
    pull(world, "bob")
    appraisal = Appraisal.objects.get(employee=world.people["bob"])
    # 80 x 90 % + 50 x 10 %, and the missed target holds the grade at B
    assert (appraisal.final_score, appraisal.grade, appraisal.target_met) == (Decimal(77), "B", False)
    assert part_of(world, "bob", "training").pulled_score == Decimal(50)


def test_without_target_the_part_is_not_applicable(world, cycle):
    stand(world, world.people["alice"], 50, required=None)
    pull(world, "alice")
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=85)
    pull(world, "alice")
    appraisal = Appraisal.objects.get(employee=world.people["alice"])
    assert part_of(world, "alice", "training").state == "not_applicable"
    assert (appraisal.final_score, appraisal.grade, appraisal.target_met) == (Decimal(85), "A", None)


def test_signed_and_typed_scores_stay(world, cycle):
    stand(world, world.people["bob"], 50)
    stand(world, world.people["dave"], 50)
    pull(world, "bob", "dave")
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=80)
    pull(world, "bob", "dave")
    Appraisal.objects.filter(employee=world.people["bob"]).update(
        status="signed", signed_at="2026-01-01T00:00Z", signed_by=world.users["helen"]
    )
    AppraisalPart.objects.filter(appraisal__employee=world.people["dave"], part__code="training").update(
        is_locked=True, score=60
    )
    stand(world, world.people["bob"], 100)
    stand(world, world.people["dave"], 100)
    pull(world, "bob", "dave")
    bob, dave = part_of(world, "bob", "training"), part_of(world, "dave", "training")
    assert (bob.score, bob.pulled_score) == (Decimal(50), Decimal(100))
    assert (dave.score, dave.pulled_score) == (Decimal(60), Decimal(100))
    assert Appraisal.objects.get(employee=world.people["bob"]).final_score == Decimal(77)
    assert Appraisal.objects.get(employee=world.people["dave"]).final_score == Decimal(78)


def test_a_second_pull_changes_nothing(world, cycle):
    stand(world, world.people["bob"], 50)
    assert pull(world, "bob") == 1
    before = AppraisalPart.objects.values_list("updated_at", flat=True)[0]
    assert pull(world, "bob") == 0
    assert AppraisalPart.objects.values_list("updated_at", flat=True)[0] == before


def test_not_booked_yet_is_missing_and_never_zero(world, cycle):
    pull(world, "bob")
    assert part_of(world, "bob", "training").state == "missing"
    assert Appraisal.objects.get(employee=world.people["bob"]).final_score is None


def test_sql_and_rules_agree(world, cycle):
    """Two hundred people with random scores: the statement and the pure functions give the same."""
    dice = random.Random(7)
    people = [hire(world, number) for number in range(200)]
    standings = {}
    for person in people:
        required = dice.choice([None, 100, 33, "66.67"])
        points = Decimal(dice.randrange(-500, 15000)) / 100
        standings[person.pk] = stand(world, person, points, required=required)
    pull_training_scores(employee_ids=None, year_id=world.year.pk)
    for part in AppraisalPart.objects.filter(part__code="kpi"):
        if dice.random() < 0.9:
            part.state, part.score = "scored", Decimal(dice.randrange(0, 10001)) / 100
            part.save()
    pull_training_scores(employee_ids=None, year_id=world.year.pk)
    bands = {band.grade: band.min_score for band in cycle.bands.all()}
    for appraisal in Appraisal.objects.filter(employee__in=people).prefetch_related("parts__part"):
        standing = standings[appraisal.employee_id]
        parts = {part.part.code: part for part in appraisal.parts.all()}
        assert parts["training"].score == rules.training_score(standing.total, standing.required)
        score = rules.final_score(rules.Part(p.part.weight, p.state, p.score) for p in parts.values())
        assert appraisal.final_score == score
        assert appraisal.grade == rules.grade_of(score, bands, target_met=standing.met, best_if_missed="B")


@pytest.mark.django_db(transaction=True)
def test_a_cycle_opened_while_points_are_booked_has_their_scores(world):
    bob = world.people["bob"]
    book(employee_ids=[bob.pk], year_id=world.year.pk, cause="test", actor_id=None)
    enter_record(
        employee=bob, activity=world.activities["online"], happened_on=world.year.start_date, minutes=300, actor=None
    )
    pulled, opened = threading.Event(), threading.Event()

    def slowly(employee_ids, year_id):
        pull_training_scores(employee_ids=employee_ids, year_id=year_id)
        pulled.set()
        opened.wait(1)

    def worker():
        try:
            while book_next_slice(follow_up=slowly):
                pass
        finally:
            connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    assert pulled.wait(20)
    case_cycle(world)
    opened.set()
    thread.join(20)
    part = AppraisalPart.objects.get(appraisal__employee=bob, part__code="training")
    assert (part.state, part.score) == ("scored", 10)
