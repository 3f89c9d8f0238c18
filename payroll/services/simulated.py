"""Whose raise recommendation turns by a draft of a points policy. Nothing is written.

Every open review of the simulated year is ranked twice, by the points before and after, with the rules of
payroll/rules.py, which are those of payroll/sql/rank.sql.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from payroll.models import CompensationReview, RaiseRecommendation, Salary
from payroll.rules import Place, places_by_points, reasons_against
from payroll.selectors import visible_recommendations, visible_reviews
from people.models import Employee
from performance.models import TieRule
from performance.rules import head_count
from training.models import ChangeEffect, Simulation

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """What a review asks of somebody's year."""

    points: Decimal = Decimal(0)
    has_target: bool = False
    met: bool | None = None
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flip:
    """Somebody whose recommendation turns in a review; ``now`` and ``then`` are the places before and after."""

    review: CompensationReview
    employee: Employee
    department: str
    before: Decimal
    after: Decimal
    now: Place
    then: Place
    reasons: list[str]
    is_decided: bool

    @property
    def gains(self) -> bool:
        return self.then.recommended


def raise_flips(user: Any, simulation: Simulation) -> list[Flip]:
    """Of the people and reviews that ``user`` may see: those who lose a recommendation first."""
    figures = _figures(simulation)
    reviews = visible_reviews(user).filter(year=simulation.year_id, status=CompensationReview.Status.DRAFT)
    found = [flip for review in reviews for flip in _flips(user, review, figures)]
    return sorted(found, key=lambda flip: (flip.gains, flip.review.name, -flip.before, flip.employee.employee_no))


def _figures(simulation: Simulation) -> dict[int, tuple[Figures, Figures]]:
    rows = ChangeEffect.objects.filter(simulation=simulation).only(
        "employee", "before", "after", "required_before", "required_after", "met_before", "met_after",
        "outcomes_before", "outcomes_after",
    )  # fmt: skip
    return {
        row.employee_id: (
            Figures(row.before, row.required_before is not None, row.met_before, tuple(row.outcomes_before)),
            Figures(row.after, row.required_after is not None, row.met_after, tuple(row.outcomes_after)),
        )
        for row in rows
    }


def _flips(user: Any, review: CompensationReview, figures: dict[int, tuple[Figures, Figures]]) -> Iterator[Flip]:
    nothing = Figures(), Figures()
    members = list(RaiseRecommendation.objects.filter(review=review).values_list("employee_id", "employee__exit_date"))
    paid = _paid(review)
    points: list[dict[int, Decimal]] = [{}, {}]
    against: list[dict[int, list[str]]] = [{}, {}]
    for employee_id, exit_date in members:
        for side, one in enumerate(figures.get(employee_id, nothing)):
            points[side][employee_id] = one.points
            against[side][employee_id] = reasons_against(
                points=one.points,
                has_target=one.has_target,
                target_met=one.met,
                needs_target=review.needs_target,
                salary=Decimal(1) if employee_id in paid else None,
                exit_date=exit_date,
                effective_date=review.effective_date,
                outcomes=one.outcomes,
            )
    places = head_count(review.share, len(members), review.rounding)
    now, then = (
        places_by_points(
            points[side],
            eligible={key for key, reasons in against[side].items() if not reasons},
            places=places,
            include_ties=review.ties == TieRule.INCLUDE,
        )
        for side in (0, 1)
    )
    turned = [key for key in now if now[key].recommended != then[key].recommended]
    for row in visible_recommendations(user).filter(review=review, employee__in=turned):
        pk = row.employee_id
        yield Flip(
            review=review,
            employee=row.employee,
            # annotated by the selector
            department=row.department_name or "",  # type: ignore[attr-defined]
            before=points[0][pk],
            after=points[1][pk],
            now=now[pk],
            then=then[pk],
            reasons=against[1][pk],
            is_decided=row.status != RaiseRecommendation.Status.DRAFT,
        )


def _paid(review: CompensationReview) -> set[int]:
    """Who has a salary on the eve of the raise."""
    eve = review.effective_date - DAY
    rows = Salary.objects.filter(Q(end_date__isnull=True) | Q(end_date__gte=eve), start_date__lte=eve)
    members = RaiseRecommendation.objects.filter(review=review).values("employee")
    return set(rows.filter(employee__in=members).values_list("employee_id", flat=True))
