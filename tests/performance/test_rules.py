"""Scores, grades and top shares: tables worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance import rules
from performance.rules import MISSING, NOT_APPLICABLE, SCORED, Part

BANDS = {"S": Decimal(90), "A": Decimal(80), "B": Decimal(70), "C": Decimal(0)}


@pytest.mark.parametrize(
    ("points", "required", "score"),
    [
        ("100", "100", "100.00"),
        ("50", "100", "50.00"),
        ("130", "100", "100.00"),  # no more than 100
        ("0", "100", "0.00"),
        ("-5", "100", "0.00"),  # adjustments may take more than there is
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("66.67", "66.67", "100.00"),
        ("0.005", "100", "0.01"),  # half up
        ("50", "0", None),
        ("50", None, None),
    ],
)
def test_training_score(points, required, score):
    given = None if required is None else Decimal(required)
    assert rules.training_score(Decimal(points), given) == (None if score is None else Decimal(score))


@pytest.mark.parametrize(
    ("parts", "score"),
    [
        # 80 x 90 % + 50 x 10 %
        ([("90", SCORED, "80"), ("10", SCORED, "50")], "77.00"),
        ([("70", SCORED, "80"), ("20", SCORED, "90"), ("10", SCORED, "100")], "84.00"),
        # the weight of what is not applicable goes to the others
        ([("90", SCORED, "80"), ("10", NOT_APPLICABLE, None)], "80.00"),
        ([("60", SCORED, "80"), ("30", SCORED, "95"), ("10", NOT_APPLICABLE, None)], "85.00"),
        ([("90", MISSING, None), ("10", SCORED, "100")], None),
        ([("90", NOT_APPLICABLE, None), ("10", NOT_APPLICABLE, None)], None),
        ([("90", SCORED, "0"), ("10", SCORED, "0")], "0.00"),
        ([("33.33", SCORED, "70"), ("66.67", SCORED, "71")], "70.67"),
    ],
)
def test_final_score(parts, score):
    made = [Part(Decimal(weight), state, None if value is None else Decimal(value)) for weight, state, value in parts]
    assert rules.final_score(made) == (None if score is None else Decimal(score))


def test_weights_are_redistributed():
    parts = [Part(Decimal(60), SCORED, Decimal(80)), Part(Decimal(30), MISSING), Part(Decimal(10), NOT_APPLICABLE)]
    assert rules.effective_weights(parts) == [Decimal("66.67"), Decimal("33.33"), Decimal(0)]


@pytest.mark.parametrize(
    ("score", "met", "best", "grade"),
    [
        ("95", True, "B", "S"),
        ("90", True, "B", "S"),
        ("89.99", True, "B", "A"),
        ("95", False, "B", "B"),  # capped
        ("75", False, "B", "B"),
        ("10", False, "B", "C"),  # a cap lifts nobody
        ("95", False, "", "S"),  # only flagged
        ("95", None, "B", "S"),  # no target, none missed
        (None, True, "B", ""),
    ],
)
def test_grade(score, met, best, grade):
    given = None if score is None else Decimal(score)
    assert rules.grade_of(given, BANDS, target_met=met, best_if_missed=best) == grade


@pytest.mark.parametrize(
    ("share", "population", "rounding", "count"),
    [
        ("10", 80, "half_up", 8),
        ("20", 80, "half_up", 16),
        ("10", 85, "half_up", 9),  # 8.5
        ("10", 84, "half_up", 8),
        ("10", 81, "up", 9),
        ("10", 89, "down", 8),
        ("10", 4, "half_up", 0),
        ("10", 4, "up", 1),
        ("100", 7, "half_up", 7),
        ("20", 0, "up", 0),
    ],
)
def test_head_count(share, population, rounding, count):
    assert rules.head_count(Decimal(share), population, rounding) == count


@pytest.mark.parametrize(
    ("points", "places", "ties", "chosen"),
    [
        ([50, 40, 30], 2, "include", {0, 1}),
        ([50, 40, 40, 30], 2, "include", {0, 1, 2}),
        ([50, 40, 40, 30], 2, "exclude", {0}),
        ([50, 40, 40, 30], 3, "exclude", {0, 1, 2}),
        ([50, 50, 50], 1, "include", {0, 1, 2}),
        ([50, 50, 50], 1, "exclude", set()),
        ([50], 0, "include", set()),
    ],
)
def test_top(points, places, ties, chosen):
    assert rules.top({key: Decimal(value) for key, value in enumerate(points)}, places, ties) == chosen
