"""Places by points within a population: a year, and all or some departments and bands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from people.models import Department, DepartmentClosure, Employee
from people.selectors import current_assignments, employee_of, today
from training.models import PointsYear, Standing

CENT = Decimal("0.01")


def population(
    user: Any, year: PointsYear, *, department: Department | None = None, band: str = ""
) -> QuerySet[Standing]:
    """Standings of those on staff; names and points in it are open to all who may see the ranking."""
    if not user.has_perm("training.view_ranking"):
        return Standing.objects.none()
    rows = Standing.objects.filter(year=year).exclude(employee__in=Employee.objects.filter(exit_date__lt=today()))
    if department:
        below = DepartmentClosure.objects.filter(ancestor=department).values("descendant_id")
        rows = rows.filter(department__in=below)
    if band:
        rows = rows.filter(employee__in=current_assignments().filter(level__band=band).values("employee_id"))
    return rows


def listed(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """With what the columns show."""
    return rows.select_related("employee", "department").defer("categories", "missing").order_by("-total", "pk")


_ABOVE = """
SELECT width_bucket(total, %s::numeric[]), count(*) FROM ({rows}) AS population GROUP BY 1
"""


def places(rows: QuerySet[Standing], totals: Iterable[Decimal]) -> dict[Decimal, int]:
    """Total -> place within ``rows``; equal totals share a place. One pass over the population."""
    steps = sorted(set(totals))
    if not steps:
        return {}
    sql, params = rows.order_by().values("total").query.sql_with_params()
    with connection.cursor() as cursor:
        # the smallest total above a step begins its bucket
        cursor.execute(_ABOVE.format(rows=sql), [[step + CENT for step in steps], *params])
        counts = dict(cursor.fetchall())
    return {
        step: 1 + sum(count for bucket, count in counts.items() if bucket > number) for number, step in enumerate(steps)
    }


@dataclass(frozen=True)
class OwnPlace:
    standing: Standing
    place: int
    people: int


def own_place(user: Any, rows: QuerySet[Standing]) -> OwnPlace | None:
    """Where the user stands in the population; None for those who are not in it."""
    employee = employee_of(user)
    standing = rows.filter(employee=employee).first() if employee else None
    if standing is None:
        return None
    return OwnPlace(standing, places(rows, [standing.total])[standing.total], rows.count())
