"""Whose raise recommendation turns by a draft of a points policy: ranked by the rules of rank.sql."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.urls import reverse

from hrsuite.pipeline import run_pipeline
from payroll import services
from payroll.models import RaiseRecommendation, Salary
from payroll.rules import Place, places_by_points
from people.selectors import today
from training.models import LearningRecord, PolicyChange, Simulation
from training.services.policy_file import export_policy
from training.services.work import queue_points_for_all

pytestmark = pytest.mark.django_db


def recommended() -> dict[str, bool]:
    rows = RaiseRecommendation.objects.values_list("employee__name", "recommended")
    return {name.lower(): value for name, value in rows}


@pytest.fixture
def company(world: Any) -> Any:
    """Bob 18 points, Dave 10, Erin 6, all paid; a review that raises the top third of six people."""
    day = world.year.start_date
    for number, (name, activity, said) in enumerate(
        [
            ("bob", "online", {"minutes": 240}),
            ("bob", "workshop", {"count": 2}),
            ("dave", "exam", {"score": Decimal(80), "passed": True}),
            ("erin", "online", {"minutes": 180}),
        ]
    ):
        LearningRecord.objects.create(
            employee=world.people[name], activity=world.activities[activity], happened_on=day, source="test",
            source_id=str(number), **said,
        )  # fmt: skip
    for employee in world.people.values():
        Salary.objects.create(employee=employee, amount=9000, start_date=employee.hire_date)
    queue_points_for_all(cause="test", actor=None)
    run_pipeline()
    world.review = services.create_review(
        name="Raises", year=world.year, population_date=today(), effective_date=dt.date(today().year + 1, 1, 1),
        share=Decimal("33.33"), raise_percent=Decimal(5), needs_target=False, actor=None,
    )  # fmt: skip
    return world


def test_flips_are_shown_and_come_true(company, sign_in):
    assert sorted(name for name, value in recommended().items() if value) == ["bob", "dave"]
    said = yaml.safe_load(export_policy(company.policy))
    # Erin 9 instead of 6 points, Dave 5 instead of 10
    for code, points in (("online", 3), ("exam", 5)):
        next(rule for rule in said["rules"] if rule["code"] == code)["versions"][0]["points"] = points
    client = sign_in("helen")
    client.post(
        reverse("training:draft_change", args=[company.policy.pk]),
        {"text": yaml.safe_dump(said, sort_keys=False), "reason": "Try", "from_day": "2000-01-01"},
    )
    change, simulation = PolicyChange.objects.get(), Simulation.objects.get()
    url = reverse("payroll:simulated_raises", args=[simulation.pk])
    flips = services.raise_flips(company.users["helen"], simulation)
    assert [(flip.employee.name, flip.before, flip.after, flip.now, flip.then) for flip in flips] == [
        ("Dave", 10, 5, Place(2, True), Place(3, False)),
        ("Erin", 6, 9, Place(3, False), Place(2, True)),
    ]
    assert "newly recommended" in client.get(url).text
    assert ">Dave<" in client.get(url, headers={"HX-Request": "true", "HX-Target": "raises"}).text
    assert url in client.get(reverse("training:policy_change", args=[change.pk])).text
    # those who may not read drafts do not find it; those who may not see raises are refused
    assert sign_in("paul").get(url).status_code == 404
    assert sign_in("oscar").get(url).status_code == 403
    client.post(reverse("training:apply_change", args=[change.pk]), {"sure": "1"})
    run_pipeline()
    assert sorted(name for name, value in recommended().items() if value) == ["bob", "erin"]
    # a manager sees the own people only
    assert [flip.employee.name for flip in services.raise_flips(company.users["dave"], simulation)] == ["Erin"]


@pytest.mark.parametrize(
    ("include_ties", "expected"),
    [
        (True, {1: Place(1, True), 2: Place(2, True), 3: Place(2, True), 4: Place(4, False), 5: Place(None, False)}),
        (False, {1: Place(1, True), 2: Place(2, False), 3: Place(2, False), 4: Place(4, False), 5: Place(None, False)}),
    ],
)
def test_ties_at_the_last_place(include_ties, expected):
    points = {number: Decimal(value) for number, value in {1: 30, 2: 20, 3: 20, 4: 10, 5: 40}.items()}
    assert places_by_points(points, eligible={1, 2, 3, 4}, places=2, include_ties=include_ties) == expected
