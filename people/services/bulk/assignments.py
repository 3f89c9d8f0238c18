"""Where many people work, from when to when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from people.models import Assignment, Employee, User
from people.services.bulk.places import Missing, Places, storable
from people.services.changes import people_changed

CHUNK = 5000
DAY = dt.timedelta(days=1)

_UPDATE = """
-- a row of given is an assignment as it shall be
UPDATE people_assignment AS a
SET department_id = given.department_id, position_id = given.position_id, level_id = given.level_id,
    is_head = given.is_head, end_date = given.end_date
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[], %s::date[])
    AS given (id, department_id, position_id, level_id, is_head, end_date)
WHERE a.id = given.id
"""


@dataclass(frozen=True)
class AssignmentRow:
    """Department, position and level of a person from a day to a day, each by code or name.

    Without ``start_date`` the row states the present place: a person without assignments begins there with the hire
    date, everybody else must be there already. Without ``end_date`` it is open. ``is_head`` None says nothing, and an
    empty department, position or level neither: what held before goes on.
    """

    row: int
    employee_no: str
    department: str
    position: str
    level: str
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    is_head: bool | None = None
    #: what the department belongs to and the band of the level, where the file says so
    parent: str = ""
    band: str = ""


class Said(NamedTuple):
    """Where an earlier file let somebody begin, without a day."""

    employee_id: int
    department_id: int
    position_id: int
    level_id: int


@dataclass
class _Line:
    """The assignments of one person, oldest first, as they are and as the file changes them."""

    employee: Employee
    held: list[Assignment]
    touched: dict[int, Assignment] = field(default_factory=dict)
    #: ids of those that get shorter: they must be written first, for the sake of the no-overlap constraint
    shortened: set[int] = field(default_factory=set)
    new: list[Assignment] = field(default_factory=list)

    def touch(self, assignment: Assignment) -> None:
        if assignment.pk:
            self.touched[assignment.pk] = assignment


@dataclass
class _Plan:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    #: of the unchanged: rows that say again what a file said before their person moved on
    overtaken: int = 0
    #: numbers of the rows of created and changed
    written: set[int] = field(default_factory=set)
    problems: list[RowProblem] = field(default_factory=list)
    said: Mapping[int, Sequence[Said]] = field(default_factory=dict)


def save_assignments(
    *,
    rows: Sequence[AssignmentRow],
    actor: User | None,
    missing: Missing | None = None,
    said: Collection[Said] = (),
    places: Places | None = None,
) -> Outcome:
    """Save dated assignments, or change nothing and raise BadRows with every problem.

    A row that begins later than the open assignment ends that one the day before (a transfer); a row that begins on
    the same day corrects it; anything else that would overlap is a problem. ``missing`` says which departments,
    positions and levels may be created. ``said`` is what earlier files stated without a day: a row that says it again
    changes nothing, wherever its person works by now. ``places``: what :func:`ready_places` made of more rows
    than these, in the transaction of the caller.
    """
    with transaction.atomic():
        places = places or ready_places(rows=rows, missing=missing or Missing())
        lines = _lines({row.employee_no.strip() for row in rows})
        plan = _Plan(said=_by_person(said))
        for row in sorted(rows, key=lambda row: (row.start_date or dt.date.min, row.row)):
            _take(row, lines, places, plan, missing or Missing())
        if plan.problems:
            raise BadRows(sorted(plan.problems, key=lambda problem: problem.row))
        _write(lines, actor)
    written = frozenset(plan.written)
    return Outcome(plan.created, plan.changed, plan.unchanged, overtaken=plan.overtaken, written=written)


def ready_places(*, rows: Sequence[AssignmentRow], missing: Missing) -> Places:
    """Departments, positions and levels, with those created that ``rows`` name and ``missing`` allows."""
    places = Places()
    places.create_missing(rows, missing)
    return places


def _by_person(said: Collection[Said]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        found[one.employee_id].append(one)
    return found


def overtaken_note(count: int) -> tuple[str, ...]:
    """What to say of rows that came again after their people moved on."""
    if not count:
        return ()
    note = ngettext(
        "%(count)s row says again where an earlier import let its person begin, who works elsewhere by now and stays "
        "there: a move back needs its day in a column for the assignment's start.",
        "%(count)s rows say again where an earlier import let their people begin, who work elsewhere by now and stay "
        "there: a move back needs its day in a column for the assignment's start.",
        count,
    )
    return (note % {"count": count},)


def _lines(numbers: set[str]) -> dict[str, _Line]:
    """Employee number -> line; the employees are held until the end of the transaction."""
    wanted = [number for number in numbers if storable(number)]
    people = list(Employee.objects.select_for_update(of=("self",)).filter(employee_no__in=wanted).order_by("pk"))
    held: dict[int, list[Assignment]] = defaultdict(list)
    for one in Assignment.objects.filter(employee__in=[person.pk for person in people]).order_by("start_date"):
        held[one.employee_id].append(one)
    return {person.employee_no: _Line(person, held[person.pk]) for person in people}


def _take(row: AssignmentRow, lines: Mapping[str, _Line], places: Places, plan: _Plan, missing: Missing) -> None:
    """Fit one row into its person's line, or note what stands against it."""
    line = lines.get(row.employee_no.strip())
    place = _place(row, line, places, missing)
    problems = []
    if line is None:
        problems.append(
            RowProblem(
                row.row, "employee_no", row.employee_no, _("There is no employee with this number."),
                _("Correct the number, or import the employee first."),
            )
        )  # fmt: skip
    for directory in (places.department, places.position, places.level):
        if place[f"{directory.column}_id"] is None:
            problems.append(directory.problem(row.row, getattr(row, directory.column)))
    if line and not problems:
        problems += _date_problems(row, line.employee)
        checks = (
            places.parent_problem(row.row, row.department, row.parent),
            places.band_problem(row.row, place["level_id"] or 0, row.band) if row.level.strip() else None,
        )
        problems += [one for one in checks if one]
    if line is None or problems:
        plan.problems += problems
        return
    if row.start_date is None:
        _take_present(row, line, place, places, plan)
    else:
        _take_dated(row, row.start_date, line, place, plan)


def _place(row: AssignmentRow, line: _Line | None, places: Places, missing: Missing) -> dict[str, int | None]:
    """Ids of department, position and level; what the row leaves out is what held before, or the unstated one."""
    held = line.held if line else []
    before = [one for one in held if row.start_date is None or one.start_date <= row.start_date]
    last = before[-1] if before else None
    place: dict[str, int | None] = {}
    may_create = {"department": missing.departments, "position": missing.positions, "level": missing.levels}
    for name, allowed in may_create.items():
        directory, text = getattr(places, name), getattr(row, name)
        if text.strip():
            place[f"{name}_id"] = directory.find(text)
        elif last:
            place[f"{name}_id"] = getattr(last, f"{name}_id")
        else:
            place[f"{name}_id"] = directory.unstated(may_create=allowed)
    return place


def _date_problems(row: AssignmentRow, employee: Employee) -> list[RowProblem]:
    start, end = row.start_date, row.end_date
    problems = []
    if start and start < employee.hire_date:
        message = _("This is before the hire date %(day)s.") % {"day": employee.hire_date}
        problems.append(RowProblem(row.row, "start_date", start, message, _("Enter that day or a later one.")))
    if start and employee.exit_date and start > employee.exit_date:
        message = _("The employee left on %(day)s, before this day.") % {"day": employee.exit_date}
        problems.append(
            RowProblem(row.row, "start_date", start, message, _("Enter an earlier day, or undo the departure."))
        )
    if end and end < (start or employee.hire_date):
        message = _("The assignment would end before it begins.")
        problems.append(RowProblem(row.row, "end_date", end, message, _("Correct one of the two days.")))
    elif end and employee.exit_date and end > employee.exit_date:
        message = _("The employee left on %(day)s, before this day.") % {"day": employee.exit_date}
        problems.append(
            RowProblem(row.row, "end_date", end, message, _("Leave the cell empty, or enter an earlier day."))
        )
    return problems


def _take_present(row: AssignmentRow, line: _Line, place: Mapping[str, Any], places: Places, plan: _Plan) -> None:
    if not line.held:
        _add(row, line.employee.hire_date, line, place, plan)
        return
    last = line.held[-1]
    if all(getattr(last, name) == value for name, value in place.items()):
        _correct(row, last, line, place, plan)
        return
    stated = [f"{name}_id" for name in ("department", "position", "level") if getattr(row, name).strip()]
    earlier = plan.said.get(line.employee.pk, ())
    if any(all(getattr(one, name) == place[name] for name in stated) for one in earlier):
        plan.unchanged += 1
        plan.overtaken += 1
        return
    plan.problems.append(_elsewhere(row, last, place, places))


def _elsewhere(row: AssignmentRow, last: Assignment, place: Mapping[str, Any], places: Places) -> RowProblem:
    """Says which of the cells differ from what is known, and what that is."""
    differing = [
        directory
        for directory in (places.department, places.position, places.level)
        if place[f"{directory.column}_id"] != getattr(last, f"{directory.column}_id")
    ]
    known = "; ".join(
        _("%(field)s “%(known)s”, here “%(new)s”")
        % {
            "field": one.model._meta.verbose_name,
            "known": one.name_of(getattr(last, f"{one.column}_id")),
            "new": getattr(row, one.column).strip(),
        }
        for one in differing
    )
    column = differing[0].column
    return RowProblem(
        row.row, column, getattr(row, column),
        _("Known since %(day)s: %(known)s.") % {"day": last.start_date, "known": known},
        _("State the day of the transfer in a column for the assignment's start, or correct the cell."),
    )  # fmt: skip


def _take_dated(row: AssignmentRow, start: dt.date, line: _Line, place: Mapping[str, Any], plan: _Plan) -> None:
    same_day = next((one for one in line.held if one.start_date == start), None)
    if same_day:
        _correct(row, same_day, line, place, plan)
        return
    before = next((one for one in reversed(line.held) if one.start_date < start), None)
    after = next((one for one in line.held if one.start_date > start), None)
    end = row.end_date or line.employee.exit_date
    if after and (end is None or end >= after.start_date):
        plan.problems.append(_overlap(row, after))
        return
    if before and (before.end_date is None or before.end_date >= start):
        if before.end_date not in (None, line.employee.exit_date):
            plan.problems.append(_overlap(row, before))
            return
        before.end_date = start - DAY
        line.touch(before)
        line.shortened.add(before.pk or 0)
    _add(row, start, line, place, plan)


def _overlap(row: AssignmentRow, other: Assignment) -> RowProblem:
    span = {"start": other.start_date, "end": other.end_date or "…"}
    return RowProblem(
        row.row, "start_date", row.start_date,
        _("Overlaps the assignment from %(start)s to %(end)s.") % span,
        _("Correct the days so that one ends before the other begins."),
    )  # fmt: skip


def _add(row: AssignmentRow, start: dt.date, line: _Line, place: Mapping[str, Any], plan: _Plan) -> None:
    end = row.end_date or line.employee.exit_date
    one = Assignment(employee=line.employee, start_date=start, end_date=end, is_head=bool(row.is_head), **place)
    line.new.append(one)
    line.held.append(one)
    line.held.sort(key=lambda held: held.start_date)
    plan.created += 1
    plan.written.add(row.row)


def _correct(row: AssignmentRow, one: Assignment, line: _Line, place: Mapping[str, Any], plan: _Plan) -> None:
    wanted = dict(place)
    if row.is_head is not None:
        wanted["is_head"] = row.is_head
    if row.end_date is not None:
        wanted["end_date"] = row.end_date
    differing = {name: value for name, value in wanted.items() if getattr(one, name) != value}
    if not differing:
        plan.unchanged += 1
        return
    if one.pk is None or one.pk in line.touched:
        plan.problems.append(
            RowProblem(
                row.row, "start_date", row.start_date,
                _("Another row of the file begins on the same day and says something else."),
                _("Remove one of the two rows, or correct its day."),
            )
        )  # fmt: skip
        return
    after = next((other for other in line.held if other.start_date > one.start_date), None)
    if after and "end_date" in differing and differing["end_date"] >= after.start_date:
        plan.problems.append(_overlap(row, after))
        return
    if "end_date" in differing and (one.end_date is None or differing["end_date"] < one.end_date):
        line.shortened.add(one.pk)
    for name, value in differing.items():
        setattr(one, name, value)
    plan.written.add(row.row)
    line.touch(one)
    plan.changed += 1


def _write(lines: Mapping[str, _Line], actor: User | None) -> None:
    touched = [(one, one.pk in line.shortened) for line in lines.values() for one in line.touched.values()]
    # the shorter ones make room for the others
    _update([one for one, is_shorter in touched if is_shorter])
    _update([one for one, is_shorter in touched if not is_shorter])
    Assignment.objects.bulk_create([one for line in lines.values() for one in line.new], batch_size=CHUNK)
    affected = [line.employee.pk for line in lines.values() if line.touched or line.new]
    people_changed(employee_ids=affected, actor=actor, cause=_("Assignments imported"))


def _update(assignments: Sequence[Assignment]) -> None:
    names = ("pk", "department_id", "position_id", "level_id", "is_head", "end_date")
    with connection.cursor() as cursor:
        for start in range(0, len(assignments), CHUNK):
            chunk = assignments[start : start + CHUNK]
            cursor.execute(_UPDATE, [[getattr(one, name) for one in chunk] for name in names])
