"""Learning paths: who sees them, how far people are, and what is still open.

Everything is worked out from records and assignments as they are, for a day: today, or the last day of a year that is
over. Each read is a constant number of queries, however many people, paths and records there are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, FloatField, IntegerField, Prefetch, QuerySet, Value, When
from django.utils.translation import gettext as _

from hrsuite.lib.sql import whole_tables
from people.models import Employee
from people.selectors import employee_of, people_list, today
from training.models import LearningPath, PathItem, PointsYear
from training.selectors.catalogue import visible_courses
from training.selectors.policies import SCOPE, current_year
from training.selectors.visible import people_with
from training.sql import load

VIEW, SEE_PEOPLE = "training.view_paths", "training.view_completion"

_OPEN = """
SELECT employee_id, path_id, item_id, minimum, have, since, due_on, expired_on
FROM need
WHERE NOT is_done
ORDER BY due_on NULLS LAST, path_id, item_id, employee_id
"""
_BEHIND = """
SELECT DISTINCT employee_id FROM need WHERE NOT is_done AND (NOT %(late)s OR due_on < %(day)s)
"""
_BY_PATH = """
SELECT path_id, count(*), count(*) FILTER (WHERE all_done), count(*) FILTER (WHERE late)
FROM (
    -- a member of a path
    SELECT path_id, employee_id, bool_and(is_done) AS all_done, bool_or(NOT is_done AND due_on < %(day)s) AS late
    FROM need
    GROUP BY path_id, employee_id
) AS member
GROUP BY path_id
"""
_BY_DEPARTMENT = """
SELECT d.name, count(*), count(*) FILTER (WHERE all_done), count(*) FILTER (WHERE late)
FROM (
    -- a member of the path
    SELECT employee_id, bool_and(is_done) AS all_done, bool_or(NOT is_done AND due_on < %(day)s) AS late
    FROM need
    GROUP BY employee_id
) AS member
JOIN people_assignment AS a
    ON a.employee_id = member.employee_id AND a.start_date <= %(day)s AND coalesce(a.end_date, 'infinity') >= %(day)s
JOIN people_department AS d ON d.id = a.department_id
GROUP BY d.id, d.name
ORDER BY count(*) FILTER (WHERE NOT all_done) DESC, count(*) DESC, d.name
"""


@dataclass(frozen=True)
class Gap:
    """An item that somebody has not fulfilled. ``due_on`` is None where it is never overdue."""

    employee_id: int
    path: LearningPath
    item: PathItem
    minimum: int
    have: int
    since: dt.date
    due_on: dt.date | None
    #: it was fulfilled once, until this day
    expired_on: dt.date | None
    overdue: bool

    @property
    def text(self) -> str:
        return item_text(self.item)


@dataclass(frozen=True)
class Progress:
    """How many people a path asks, how many have done all of it, and how many are overdue."""

    people: int = 0
    done: int = 0
    late: int = 0

    @property
    def behind(self) -> int:
        return self.people - self.done

    @property
    def share(self) -> float | None:
        return self.done / self.people if self.people else None


def visible_paths(user: Any) -> QuerySet[LearningPath]:
    """Paths are no secret for those who look after people; what one has to do oneself is in :func:`my_gaps`."""
    paths = _paths()
    return paths if user.has_perm(VIEW) else paths.none()


def paths_with_progress(user: Any, year: PointsYear, path: LearningPath | None = None) -> QuerySet[LearningPath]:
    """Visible paths with ``people``, ``done``, ``late`` and ``share`` of those whom the user may see.

    With a ``path`` the figures are of that one alone, which costs less.
    """
    found = progress_by_path(user, year, path)

    def number(name: str) -> Case:
        cases = [When(pk=pk, then=Value(getattr(progress, name))) for pk, progress in found.items()]
        return Case(*cases, default=Value(0), output_field=IntegerField())

    paths = visible_paths(user).annotate(people=number("people"), done=number("done"), late=number("late"))
    share = Case(
        When(people=0, then=Value(None)), default=F("done") * 1.0 / F("people"), output_field=FloatField(null=True)
    )
    return paths.annotate(share=share)


def people_on_path(user: Any, year: PointsYear, path: LearningPath) -> QuerySet[Employee]:
    """Who is behind on the path, with what the people list shows."""
    return people_list(user).filter(pk__in=people_behind(people_with(user, VIEW), year, path=path))


def _paths() -> QuerySet[LearningPath]:
    items = PathItem.objects.select_related("course", "activity", "category").order_by("pk")
    return LearningPath.objects.select_related(*SCOPE).prefetch_related(Prefetch("items", items))


def item_text(item: PathItem) -> str:
    """What is asked for, in words."""
    numbers = {"count": item.minimum, "name": str(item)}
    if item.course_id:
        return item.course.name if item.minimum == 1 else _("%(name)s, %(count)s times") % numbers  # type: ignore[union-attr]
    if item.skill:
        return _("%(count)s × any course of the skill %(name)s") % numbers
    return _("%(count)s × %(name)s") % numbers


def skills_in_catalogue(user: Any) -> list[str]:
    """Skills that courses on offer name."""
    courses = visible_courses(user).filter(is_active=True).exclude(skill="")
    return list(courses.order_by("skill").values_list("skill", flat=True).distinct())


# --- what is open -----------------------------------------------------------------------------------------------------
def day_of(year: PointsYear) -> dt.date:
    """The day that is asked about: today within the year, else its nearest day."""
    return max(min(today(), year.end_date), year.start_date)


def my_gaps(user: Any, year: PointsYear | None = None) -> list[Gap]:
    """What the user has to do still, in the running points year unless another is named."""
    year = year or current_year()
    own = employee_of(user)
    return open_items(Employee.objects.filter(pk=own.pk), year) if own and year else []


def gaps_of(user: Any, year: PointsYear, path: LearningPath | None = None) -> list[Gap]:
    """What the people have to do still whose completion the user may see."""
    return open_items(people_with(user, SEE_PEOPLE), year, path)


def gaps_of_person(user: Any, employee: Employee, year: PointsYear) -> list[Gap]:
    """What one of those people has to do still."""
    return open_items(people_with(user, SEE_PEOPLE).filter(pk=employee.pk), year)


def open_items(people: QuerySet[Employee], year: PointsYear, path: LearningPath | None = None) -> list[Gap]:
    """What ``people`` (those whom the user may see: the caller's duty) have to do still, the most urgent first."""
    statement, params = _statement(_OPEN, people, year, path)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    if not rows:
        return []
    paths = {one.pk: one for one in _paths().filter(pk__in={row[1] for row in rows})}
    items = {item.pk: item for one in paths.values() for item in one.items.all()}
    day = params["day"]
    return [
        Gap(
            employee_id, paths[path_id], items[item_id], minimum, have, since, due_on, expired_on,
            overdue=due_on is not None and due_on < day,
        )
        for employee_id, path_id, item_id, minimum, have, since, due_on, expired_on in rows
    ]  # fmt: skip


def people_behind(
    people: QuerySet[Employee], year: PointsYear, *, late: bool = False, path: LearningPath | None = None
) -> list[int]:
    """Ids of those of ``people`` with anything open, or overdue."""
    statement, params = _statement(_BEHIND, people, year, path)
    with whole_tables() as cursor:
        cursor.execute(statement, {**params, "late": late})
        return [row[0] for row in cursor.fetchall()]


def progress_by_path(user: Any, year: PointsYear, path: LearningPath | None = None) -> dict[int, Progress]:
    """Path id -> how far the people are whom the user may see."""
    statement, params = _statement(_BY_PATH, people_with(user, VIEW), year, path)
    with whole_tables() as cursor:
        cursor.execute(statement, params)
        return {path_id: Progress(*numbers) for path_id, *numbers in cursor.fetchall()}


def progress_by_department(user: Any, year: PointsYear, path: LearningPath) -> list[tuple[str, Progress]]:
    """Departments that people of the path work in, those with most people behind first."""
    statement, params = _statement(_BY_DEPARTMENT, people_with(user, VIEW), year, path)
    with whole_tables() as cursor:
        cursor.execute(statement, params)
        return [(name, Progress(*numbers)) for name, *numbers in cursor.fetchall()]


def _statement(
    query: str, people: QuerySet[Employee], year: PointsYear, path: LearningPath | None = None
) -> tuple[str, dict[str, Any]]:
    """The fragment with ``query`` behind it. Names and places do not mix, so the people's places get names."""
    try:
        inner, places = people.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        inner, places = "SELECT NULL::bigint WHERE false", ()
    names = [f"people_{number}" for number in range(len(places))]
    params: dict[str, Any] = dict(zip(names, places, strict=True))
    params |= {"day": day_of(year), "first": year.start_date, "last": year.end_date, "path": path.pk if path else None}
    named = inner % tuple(f"%({name})s" for name in names)
    return load("gaps").format(people=named) + query, params
