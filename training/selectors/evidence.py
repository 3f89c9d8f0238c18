"""People and their records as the policy engine reads them: whole, in lots of constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from people.models import Assignment, Department, Employee
from training.models import EntryKind, LearningRecord, LedgerEntry, RecordStatus
from training.rules.engine import Adjustment, Person, Post, Record
from training.rules.engine.values import Span

LOT = 1000
#: columns of an employee that conditions may ask for like an attribute
OWN = ("education", "gender")

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
    lines = _department_lines()
    numbers = list(people.order_by("employee_no").values_list("pk", flat=True))
    for start in range(0, len(numbers), LOT):
        for _pk, evidence in _lot(numbers[start : start + LOT], lines):
            yield evidence


def evidence_by_id(ids: Sequence[int]) -> Iterator[tuple[int, Evidence]]:
    """The evidence of these employees with their ids, on staff or not."""
    lines = _department_lines()
    for start in range(0, len(ids), LOT):
        yield from _lot(ids[start : start + LOT], lines)


def _lot(ids: Sequence[int], lines: dict[int, tuple[str, ...]]) -> Iterator[tuple[int, Evidence]]:
    posts, records, adjustments = _posts(ids, lines), _records(ids), _adjustments(ids)
    for employee in Employee.objects.filter(pk__in=ids).order_by("employee_no"):
        own = {name: value for name in OWN if (value := getattr(employee, name))}
        person = Person(
            employee_no=employee.employee_no,
            hire_date=employee.hire_date,
            exit_date=employee.exit_date,
            attributes={**own, **employee.attributes},
            posts=tuple(posts[employee.pk]),
        )
        yield employee.pk, (person, records[employee.pk], adjustments[employee.pk])


def _department_lines() -> dict[int, tuple[str, ...]]:
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
    rows = LearningRecord.objects.filter(employee__in=ids, status=RecordStatus.ACTIVE).values_list(
        "employee_id", "pk", "activity__code", "happened_on", "minutes", "count", "score", "passed", "course__code",
        "title", "source", "attributes",
    )  # fmt: skip
    for employee, pk, activity, day, minutes, count, score, passed, course, title, source, attributes in rows:
        found[employee].append(
            Record(pk, activity, day, minutes, count, score, passed, course or "", title, source, attributes or {})
        )
    return found


def _adjustments(ids: Sequence[int]) -> dict[int, list[Adjustment]]:
    found: dict[int, list[Adjustment]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(employee__in=ids, kind=EntryKind.ADJUSTMENT)
    for employee, year, category, amount in rows.values_list("employee_id", "year__name", "category__code", "amount"):
        found[employee].append(Adjustment(year, category, amount))
    return found
