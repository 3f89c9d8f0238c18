"""Who may get a raise and how much, as pure functions. The SQL beside the services does the same; a test compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
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
