"""Personal data of many people at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from people.models import Assignment, Attribute, Employee, User
from people.selectors import attributes_of, today
from people.services.accounts import deactivate_account
from people.services.attributes import merged, read_values
from people.services.bulk.places import storable
from people.services.changes import people_changed

EARLIEST_HIRE = dt.date(1950, 1, 1)
EARLIEST_BIRTH = dt.date(1900, 1, 1)
FAR_AHEAD = dt.timedelta(days=366)
CHUNK = 5000
_LENGTHS = {"employee_no": 40, "name": 120, "education": 60, "email": 254}
_FIELDS = ("name", "gender", "birth_date", "email", "education", "hire_date", "exit_date")

_UPDATE = """
-- a row of given is an employee with all personal fields as they shall be
UPDATE people_employee AS e
SET name = given.name, gender = given.gender, birth_date = given.birth_date, email = given.email,
    education = given.education, hire_date = given.hire_date, exit_date = given.exit_date,
    attributes = given.attributes
FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::date[], %s::date[], %s::jsonb[]
) AS given (id, name, gender, birth_date, email, education, hire_date, exit_date, attributes)
WHERE e.id = given.id
"""
_MOVE_ENDS = """
-- assignments follow: a new last working day ends what was open or ended with the old one
UPDATE people_assignment AS a
SET end_date = moved.new_exit
FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS moved (employee_id, old_exit, new_exit)
WHERE a.employee_id = moved.employee_id AND a.end_date IS NOT DISTINCT FROM moved.old_exit
"""
_MOVE_STARTS = """
-- assignments follow: the first one begins with the new hire date where it began with the old one
UPDATE people_assignment AS a
SET start_date = moved.new_hire
FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS moved (employee_id, old_hire, new_hire)
WHERE a.employee_id = moved.employee_id AND a.start_date = moved.old_hire
"""


@dataclass(frozen=True)
class EmployeeRow:
    """A person as a file states them. None (and empty text) says nothing: what is known stays.

    A new person needs a number, a name and a hire date. ``exit_date`` is the last working day. ``attributes`` (by code)
    are merged into the ones that are known; declared ones are checked against their type.
    """

    row: int
    employee_no: str
    name: str | None = None
    hire_date: dt.date | None = None
    exit_date: dt.date | None = None
    gender: str | None = None
    birth_date: dt.date | None = None
    email: str | None = None
    education: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Plan:
    new: list[Employee] = field(default_factory=list)
    changed: list[Employee] = field(default_factory=list)
    #: employee, day before, day after
    hires: list[tuple[Employee, dt.date, dt.date]] = field(default_factory=list)
    exits: list[tuple[Employee, dt.date | None, dt.date]] = field(default_factory=list)
    #: those about whom conditions of policies may know something new
    told: set[int] = field(default_factory=set)
    unchanged: int = 0
    #: numbers of the rows of new and changed
    written: set[int] = field(default_factory=set)
    problems: list[RowProblem] = field(default_factory=list)


def save_employees(*, rows: Sequence[EmployeeRow], actor: User | None) -> Outcome:
    """Create and change employees, field by field, or change nothing and raise BadRows with every problem."""
    with transaction.atomic():
        known = _known({row.employee_no.strip() for row in rows})
        rows, problems = _with_values(rows)
        plan = _plan(rows, known)
        plan.problems += problems
        plan.problems += _assignment_problems(rows, plan)
        if plan.problems:
            raise BadRows(sorted(plan.problems, key=lambda problem: problem.row))
        _write(plan, actor)
    return Outcome(len(plan.new), len(plan.changed), plan.unchanged, written=frozenset(plan.written))


def _known(numbers: set[str]) -> dict[str, Employee]:
    """The employees of these numbers, held until the end of the transaction."""
    found = Employee.objects.select_for_update(of=("self",)).filter(
        employee_no__in=[number for number in numbers if storable(number)]
    )
    return {one.employee_no: one for one in found.order_by("pk")}


def _with_values(rows: Sequence[EmployeeRow]) -> tuple[list[EmployeeRow], list[RowProblem]]:
    """The rows with their attributes as they are stored."""
    declared = attributes_of(Attribute.Owner.EMPLOYEE) if any(row.attributes for row in rows) else {}
    done, problems = [], []
    for row in rows:
        values, wrong = read_values(declared, row.attributes)
        problems += [RowProblem(row.row, one.field, one.value, one.message, one.mend) for one in wrong]
        done.append(replace(row, attributes=values) if row.attributes else row)
    return done, problems


def _plan(rows: Sequence[EmployeeRow], known: Mapping[str, Employee]) -> _Plan:
    plan = _Plan()
    first: dict[str, EmployeeRow] = {}
    for row in rows:
        number = row.employee_no.strip()
        if number in first:
            if replace(row, row=0) != replace(first[number], row=0):
                plan.problems.append(_twice(row, first[number].row))
            else:
                plan.unchanged += 1
            continue
        first[number] = row
        employee = known.get(number)
        problems = list(_problems(row, employee))
        if problems:
            plan.problems += problems
        elif employee is None:
            plan.new.append(_new(row))
            plan.written.add(row.row)
        else:
            _change(employee, row, plan)
    return plan


def _twice(row: EmployeeRow, other: int) -> RowProblem:
    return RowProblem(
        row.row, "employee_no", row.employee_no,
        _("Row %(row)s has the same employee number and says something else.") % {"row": other},
        _("Remove one of the two rows, or correct its number."),
    )  # fmt: skip


def _stated(row: EmployeeRow) -> dict[str, Any]:
    """The fields that the row says something about."""
    values = {name: getattr(row, name) for name in _FIELDS}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _problems(row: EmployeeRow, employee: Employee | None) -> list[RowProblem]:
    stated = _stated(row)
    problems = [*_text_problems(row, stated)]
    if not row.employee_no.strip():
        problems.append(RowProblem(row.row, "employee_no", "", _("The employee number is missing."), _("Enter it.")))
    if employee is None:
        for name in ("name", "hire_date"):
            if name not in stated:
                problems.append(
                    RowProblem(
                        row.row, name, "", _("A new employee needs this."), _("Fill the cell, or correct the number.")
                    )
                )
    return problems or _date_problems(row, stated, employee)


def _text_problems(row: EmployeeRow, stated: Mapping[str, Any]) -> list[RowProblem]:
    problems = []
    for name, longest in _LENGTHS.items():
        value = row.employee_no.strip() if name == "employee_no" else stated.get(name, "")
        if len(value) > longest:
            message = _("Longer than %(longest)s characters.") % {"longest": longest}
            problems.append(RowProblem(row.row, name, value[:60], message, _("Shorten it.")))
        elif not storable(value):
            message = _("Contains a character that cannot be stored.")
            problems.append(RowProblem(row.row, name, repr(value[:60]), message, _("Type the text again.")))
    if "gender" in stated and stated["gender"] not in Employee.Gender.values:
        problems.append(
            RowProblem(row.row, "gender", stated["gender"], _("Not a known gender."), _("Use female, male or other."))
        )
    if "email" in stated and not problems:
        try:
            validate_email(stated["email"])
        except ValidationError:
            message = _("This is no e-mail address.")
            problems.append(
                RowProblem(row.row, "email", stated["email"], message, _("Correct it, or leave the cell empty."))
            )
    return problems


def _date_problems(row: EmployeeRow, stated: Mapping[str, Any], employee: Employee | None) -> list[RowProblem]:
    hired = stated.get("hire_date") or (employee.hire_date if employee else None)
    left = stated.get("exit_date") or (employee.exit_date if employee else None)
    born = stated.get("birth_date") or (employee.birth_date if employee else None)
    problems = []
    if hired and not EARLIEST_HIRE <= hired <= today() + FAR_AHEAD:
        problems.append(
            RowProblem(
                row.row, "hire_date", hired, _("This hire date cannot be right."),
                _("Enter a day between 1950 and a year from now."),
            )
        )  # fmt: skip
    if hired and left and left < hired:
        column = "exit_date" if "exit_date" in stated else "hire_date"
        problems.append(
            RowProblem(
                row.row, column, stated.get(column), _("The last working day is before the hire date %(day)s.")
                % {"day": hired}, _("Correct one of the two days."),
            )
        )  # fmt: skip
    if born and not EARLIEST_BIRTH <= born <= min(hired or today(), today()):
        problems.append(
            RowProblem(
                row.row, "birth_date", born, _("This birth date cannot be right."),
                _("Enter a day before the hire date, or leave the cell empty."),
            )
        )  # fmt: skip
    return problems


def _new(row: EmployeeRow) -> Employee:
    return Employee(employee_no=row.employee_no.strip(), attributes=merged({}, row.attributes), **_stated(row))


def _change(employee: Employee, row: EmployeeRow, plan: _Plan) -> None:
    differing = {name: value for name, value in _stated(row).items() if getattr(employee, name) != value}
    attributes = merged(employee.attributes, row.attributes)
    if not differing and attributes == employee.attributes:
        plan.unchanged += 1
        return
    if "hire_date" in differing:
        plan.hires.append((employee, employee.hire_date, differing["hire_date"]))
    if "exit_date" in differing:
        plan.exits.append((employee, employee.exit_date, differing["exit_date"]))
    for name, value in differing.items():
        setattr(employee, name, value)
    if attributes != employee.attributes or {"education", "gender"} & set(differing):
        plan.told.add(employee.pk)
    employee.attributes = attributes
    plan.changed.append(employee)
    plan.written.add(row.row)


def _assignment_problems(rows: Sequence[EmployeeRow], plan: _Plan) -> list[RowProblem]:
    """New hire and exit dates must leave every assignment inside the employment, and none empty."""
    moved = {one.pk: one for one, *_days in [*plan.hires, *plan.exits]}
    if not moved:
        return []
    old_hires = {one.pk: old for one, old, _new in plan.hires}
    old_exits = {one.pk: old for one, old, _new in plan.exits}
    row_of = {row.employee_no.strip(): row.row for row in reversed(rows)}
    problems = []
    held = Assignment.objects.filter(employee__in=moved).order_by("employee_id", "start_date")
    for employee_id, start, end in held.values_list("employee_id", "start_date", "end_date"):
        employee = moved[employee_id]
        begins = employee.hire_date if start == old_hires.get(employee_id) else start
        row = row_of[employee.employee_no]
        mend = _("Correct the assignment first.")
        if begins < employee.hire_date or (end and begins > end):
            message = _("An assignment from %(start)s would lie outside the employment.") % {"start": start}
            problems.append(RowProblem(row, "hire_date", employee.hire_date, message, mend))
        elif employee.exit_date and begins > employee.exit_date:
            message = _("An assignment begins on %(day)s, after the last working day.") % {"day": start}
            problems.append(RowProblem(row, "exit_date", employee.exit_date, message, mend))
        elif employee.exit_date and end and end > employee.exit_date and end != old_exits.get(employee_id):
            message = _("An assignment ends on %(day)s, after the last working day.") % {"day": end}
            problems.append(RowProblem(row, "exit_date", employee.exit_date, message, mend))
    return problems


def _write(plan: _Plan, actor: User | None) -> None:
    created = Employee.objects.bulk_create(plan.new, batch_size=CHUNK)
    changed = plan.changed
    with connection.cursor() as cursor:
        for start in range(0, len(changed), CHUNK):
            cursor.execute(_UPDATE, _columns(changed[start : start + CHUNK]))
        if plan.exits:
            cursor.execute(
                _MOVE_ENDS,
                [
                    [one.pk for one, *_d in plan.exits],
                    [old for _e, old, _n in plan.exits],
                    [n for *_d, n in plan.exits],
                ],
            )
        if plan.hires:
            cursor.execute(
                _MOVE_STARTS,
                [
                    [one.pk for one, *_d in plan.hires],
                    [old for _e, old, _n in plan.hires],
                    [n for *_d, n in plan.hires],
                ],
            )
    _switch_off_accounts([one for one, *_days in plan.exits], actor)
    affected = {one.pk for one in created} | {one.pk for one, *_days in [*plan.hires, *plan.exits]} | plan.told
    people_changed(employee_ids=affected, actor=actor, cause=_("Employees imported"))


def _columns(employees: Sequence[Employee]) -> list[list[Any]]:
    names = ("pk", "name", "gender", "birth_date", "email", "education", "hire_date", "exit_date")
    columns: list[list[Any]] = [[getattr(one, name) for one in employees] for name in names]
    columns.append([json.dumps(one.attributes, ensure_ascii=False) for one in employees])
    return columns


def _switch_off_accounts(leavers: Sequence[Employee], actor: User | None) -> None:
    """Those who are gone already cannot sign in any more. Few have accounts, so one by one."""
    gone = [one.pk for one in leavers if one.exit_date and one.exit_date < today()]
    others = User.objects.filter(employee__in=gone, is_active=True)
    if actor:
        # nobody locks themselves out in the middle of an import
        others = others.exclude(pk=actor.pk)
    for user in others:
        deactivate_account(user=user, actor=actor)
