"""People and their records as the policy engine reads them: whole, in lots of constant queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, Value
from django.db.models.functions import NullIf

from people.models import Assignment, Department, Employee
from people.models import Leave as LongLeave
from training.models import EntryKind, LearningRecord, LedgerEntry, RecordStatus, TeamRecord
from training.rules.engine import Adjustment, Leave, Person, Post, Record
from training.rules.engine.values import Span
from training.selectors.settled import settled_years

LOT = 1000
#: columns of an employee that conditions may ask for like an attribute
OWN = ("education", "gender", "birth_date")

Evidence = tuple[Person, list[Record], list[Adjustment]]


def evidence_of(*, span: Span, employee_no: str = "") -> Iterator[Evidence]:
    """Everybody on staff on some day of ``span`` (or one of them) in order of their number, with all active records.

    Records of other years come along: carry-over and rolling windows look at them.
    """
    people = Employee.objects.on_staff(span.end) | Employee.objects.filter(
        hire_date__lte=span.end, exit_date__gte=span.start
    )
    if employee_no:
        people = people.filter(employee_no=employee_no)
    lines = department_lines()
    numbers = list(people.order_by("employee_no").values_list("pk", flat=True))
    for start in range(0, len(numbers), LOT):
        for _pk, evidence in _lot(numbers[start : start + LOT], lines):
            yield evidence


def evidence_by_id(ids: Sequence[int]) -> Iterator[tuple[int, Evidence]]:
    """The evidence of these employees with their ids, on staff or not."""
    lines = department_lines()
    for start in range(0, len(ids), LOT):
        yield from _lot(ids[start : start + LOT], lines)


def _lot(ids: Sequence[int], lines: dict[int, tuple[str, ...]]) -> Iterator[tuple[int, Evidence]]:
    posts, records, adjustments = _posts(ids, lines), _records(ids), _adjustments(ids)
    leaves, settled = _leaves(ids), settled_years(ids)
    for pk, record in team_shares(ids):
        records[pk].append(record)
    for employee in Employee.objects.filter(pk__in=ids).order_by("employee_no"):
        own = {name: str(value) for name in OWN if (value := getattr(employee, name))}
        person = Person(
            employee_no=employee.employee_no,
            hire_date=employee.hire_date,
            exit_date=employee.exit_date,
            attributes={**own, **employee.attributes},
            posts=tuple(posts[employee.pk]),
            leaves=tuple(leaves[employee.pk]),
            settled=settled[employee.pk],
        )
        yield employee.pk, (person, records[employee.pk], adjustments[employee.pk])


def _leaves(ids: Sequence[int]) -> dict[int, list[Leave]]:
    found: dict[int, list[Leave]] = defaultdict(list)
    for row in LongLeave.objects.filter(employee__in=ids).order_by("start_date"):
        found[row.employee_id].append(Leave(row.start_date, row.end_date, row.kind))
    return found


def department_lines() -> dict[int, tuple[str, ...]]:
    """Department id to its code and those above, its own first."""
    rows = {pk: (code, parent) for pk, code, parent in Department.objects.values_list("pk", "code", "parent_id")}
    found: dict[int, tuple[str, ...]] = {}
    for pk in rows:
        line, at = [], pk
        while at is not None:
            code, parent = rows[at]
            line.append(code)
            at = parent
        found[pk] = tuple(line)
    return found


def _posts(ids: Sequence[int], lines: dict[int, tuple[str, ...]]) -> dict[int, list[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    rows = Assignment.objects.filter(employee__in=ids).select_related("position", "level").order_by("start_date")
    for row in rows:
        found[row.employee_id].append(
            Post(
                start=row.start_date,
                end=row.end_date,
                departments=lines[row.department_id],
                position=row.position.code,
                level=row.level.code,
                band=str(row.level.band),
            )
        )
    return found


def _records(ids: Sequence[int]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    # most records state no attributes: nothing to decode
    stated = NullIf("attributes", Value({}, output_field=JSONField()))
    found_rows = LearningRecord.objects.filter(employee__in=ids, status=RecordStatus.ACTIVE).annotate(stated=stated)
    rows = found_rows.values_list(
        "employee_id", "pk", "activity__code", "happened_on", "minutes", "count", "score", "passed", "course__code",
        "title", "source", "stated",
    )  # fmt: skip
    for employee, pk, activity, day, minutes, count, score, passed, course, title, source, attributes in rows:
        found[employee].append(
            Record(pk, activity, day, minutes, count, score, passed, course or "", title, source, attributes or {})
        )
    return found


_SHARES = """
WITH
team AS MATERIALIZED (
    -- a team record that counts
    SELECT t.*, d.code AS department, act.code AS activity, coalesce(c.code, '') AS course
    FROM training_teamrecord AS t
    JOIN people_department AS d ON d.id = t.department_id
    JOIN training_activity AS act ON act.id = t.activity_id
    LEFT JOIN training_course AS c ON c.id = t.course_id
    WHERE t.status = 'active'
),
member AS (
    -- somebody on staff in the department or below it on that day, and how many they were
    SELECT team.id AS team_id, a.employee_id, count(*) OVER (PARTITION BY team.id) AS members
    FROM team
    JOIN people_departmentclosure AS below ON below.ancestor_id = team.department_id
    JOIN people_assignment AS a
        ON a.department_id = below.descendant_id AND a.start_date <= team.happened_on
        AND coalesce(a.end_date, 'infinity') >= team.happened_on
    JOIN people_employee AS e
        ON e.id = a.employee_id AND e.hire_date <= team.happened_on
        AND coalesce(e.exit_date, 'infinity') >= team.happened_on
)
SELECT
    member.employee_id, member.members, team.department, team.id, team.activity, team.happened_on, team.minutes,
    team.count, team.score, team.passed, team.course, team.title, team.source, team.attributes
FROM member
JOIN team ON team.id = member.team_id
WHERE member.employee_id = ANY(%s)
"""


def team_shares(ids: Sequence[int]) -> list[tuple[int, Record]]:
    """(employee, record) of the team records that these people share; their ids are negative, to be told apart."""
    if not TeamRecord.objects.filter(status=RecordStatus.ACTIVE).exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SHARES, [list(ids)])
        rows = cursor.fetchall()
    found = []
    for employee, members, department, pk, *content, attributes in rows:
        said: list[Any] = [*content, json.loads(attributes), (department, members)]
        found.append((employee, Record(-pk, *said)))
    return found


def team_records(department_id: int) -> list[Record]:
    """What a department itself achieved, at full points."""
    rows = TeamRecord.objects.filter(department=department_id, status=RecordStatus.ACTIVE).values_list(
        "pk", "activity__code", "happened_on", "minutes", "count", "score", "passed", "course__code", "title",
        "source", "attributes", "department__code",
    )  # fmt: skip
    return [
        Record(-pk, activity, day, minutes, count, score, passed, course or "", title, source, attributes, (code, 0))
        for pk, activity, day, minutes, count, score, passed, course, title, source, attributes, code in rows
    ]


def _adjustments(ids: Sequence[int]) -> dict[int, list[Adjustment]]:
    found: dict[int, list[Adjustment]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(employee__in=ids, kind=EntryKind.ADJUSTMENT)
    for employee, year, category, amount in rows.values_list("employee_id", "year__name", "category__code", "amount"):
        found[employee].append(Adjustment(year, category, amount))
    return found
