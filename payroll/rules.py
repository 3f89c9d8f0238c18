"""Who may get a raise and how much, as pure functions. The SQL beside the services does the same; a test compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")

LEFT = "left"
NO_SALARY = "no_salary"
NO_TARGET = "no_target"
TARGET_MISSED = "target_missed"
NO_POINTS = "no_points"
#: the points policy says so
POLICY_OUTCOME = "policy_outcome"
#: the outcome of a policy that bars from a raise
NOT_ELIGIBLE = "not_eligible_for_raise"


def reasons_against(
    *,
    points: Decimal,
    has_target: bool,
    target_met: bool | None,
    needs_target: bool,
    salary: Decimal | None,
    exit_date: dt.date | None,
    effective_date: dt.date,
    outcomes: Container[str] = (),
) -> list[str]:
    """Codes of why somebody is not eligible for a raise; empty for the eligible. Asked before anybody is ranked.

    Somebody without points cannot be among the top by points, even where few have any.
    """
    reasons = []
    if exit_date is not None and exit_date < effective_date:
        reasons.append(LEFT)
    if salary is None:
        reasons.append(NO_SALARY)
    if needs_target and not has_target:
        reasons.append(NO_TARGET)
    if needs_target and has_target and target_met is not True:
        reasons.append(TARGET_MISSED)
    if points <= 0:
        reasons.append(NO_POINTS)
    if NOT_ELIGIBLE in outcomes:
        reasons.append(POLICY_OUTCOME)
    return reasons


def raised(amount: Decimal, percent: Decimal) -> Decimal:
    """``amount`` with ``percent`` on top, two places, half up."""
    return (amount * (100 + percent) / 100).quantize(CENT, ROUND_HALF_UP)


def percent_of(old: Decimal, new: Decimal) -> Decimal:
    """By how many percent ``new`` is above ``old``, two places."""
    return ((new - old) * 100 / old).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Place:
    """Where somebody stands in a review: the rank among the eligible, and whether a raise is recommended."""

    rank: int | None
    recommended: bool


def places_by_points(
    points: Mapping[int, Decimal], *, eligible: Container[int], places: int, include_ties: bool
) -> dict[int, Place]:
    """Rank the eligible by points. At the last place ties are all recommended, or none of those who are level.

    The same as payroll/sql/rank.sql; keys are the members of the population.
    """
    chosen = sorted((key for key in points if key in eligible), key=lambda key: -points[key])
    found = {key: Place(None, False) for key in points}
    start = 0
    while start < len(chosen):
        end = start
        while end < len(chosen) and points[chosen[end]] == points[chosen[start]]:
            end += 1
        # from start + 1 to end they are level
        is_in = start + 1 <= places if include_ties else end <= places
        found.update({key: Place(start + 1, is_in) for key in chosen[start:end]})
        start = end
    return found
