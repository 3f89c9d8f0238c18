"""People come, change, move and go. Every change of place ends with ``people_changed``, so that points follow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from hrsuite.lib.retry import is_taken
from people.models import Assignment, Attribute, Department, Employee, Level, Position, User
from people.selectors import attributes_of, today
from people.services.accounts import deactivate_account
from people.services.attributes import merged, read_values
from people.services.changes import people_changed

#: what ``change_employee`` may set
CHANGEABLE = frozenset({"employee_no", "name", "gender", "birth_date", "email", "education", "hire_date", "attributes"})
#: what conditions of policies may ask for, so that points follow
ASKED_FOR = frozenset({"hire_date", "attributes", "education", "gender", "birth_date"})
EARLIEST_HIRE = dt.date(1950, 1, 1)
FAR_AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True)
class Place:
    """Where somebody works: department, position, level, and whether they head the department."""

    department: Department
    position: Position
    level: Level
    is_head: bool = False

    def of(self, assignment: Assignment) -> bool:
        """``assignment`` is this place."""
        return (assignment.department_id, assignment.position_id, assignment.level_id, assignment.is_head) == (
            self.department.pk,
            self.position.pk,
            self.level.pk,
            self.is_head,
        )

    def as_fields(self) -> dict[str, Any]:
        return {
            "department": self.department,
            "position": self.position,
            "level": self.level,
            "is_head": self.is_head,
        }


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")


def create_employee(
    *, employee_no: str, name: str, hire_date: dt.date, place: Place, actor: User, **details: Any
) -> Employee:
    """Enter a new person with the first assignment, from the hire date on. ``details``: see CHANGEABLE."""
    _check_number(employee_no, None)
    _check_hire_date(hire_date)
    with transaction.atomic():
        employee = Employee(employee_no=employee_no.strip(), name=name.strip(), hire_date=hire_date)
        _set_fields(employee, details)
        try:
            with transaction.atomic():
                employee.save()
        except IntegrityError as error:
            if not is_taken(error):
                raise
            raise _number_taken(employee_no) from error
        Assignment.objects.create(employee=employee, start_date=hire_date, **place.as_fields())
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("New employee %s") % employee.employee_no)
    return employee


def change_employee(*, employee: Employee, actor: User, **changes: Any) -> bool:
    """Set the named personal fields. A new hire date moves the start of the first assignment along. Returns whether
    anything changed."""
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=employee.pk)
        if "employee_no" in changes:
            _check_number(changes["employee_no"], employee)
        old_hire_date = employee.hire_date
        changed = _set_fields(employee, changes)
        if not changed:
            return False
        if "hire_date" in changed:
            _move_hire_date(employee, old_hire_date)
        employee.save(update_fields=changed)
        if ASKED_FOR & set(changed):
            cause = _("Hire date changed") if "hire_date" in changed else _("Attributes changed")
            people_changed(employee_ids=[employee.pk], actor=actor, cause=cause)
    return True


def _set_fields(employee: Employee, values: dict[str, Any]) -> list[str]:
    """Assign what differs; the names that did."""
    if unknown := set(values) - CHANGEABLE:
        raise ValueError(f"Not fields of an employee that may be set: {sorted(unknown)}")
    changed = []
    for name, value in values.items():
        value = value.strip() if isinstance(value, str) else value
        if name == "attributes":
            value = _merged_attributes(employee, value)
        if getattr(employee, name) != value:
            setattr(employee, name, value)
            changed.append(name)
    return changed


def _merged_attributes(employee: Employee, stated: Any) -> dict[str, Any]:
    """What is known with what is stated by code; None and empty text take a value away."""
    values, problems = read_values(attributes_of(Attribute.Owner.EMPLOYEE), stated)
    if problems:
        raise problems[0]
    return merged(employee.attributes, values)


def _check_number(employee_no: str, employee: Employee | None) -> None:
    taken = Employee.objects.filter(employee_no=employee_no.strip())
    if employee is not None:
        taken = taken.exclude(pk=employee.pk)
    if taken.exists():
        raise _number_taken(employee_no)


def _number_taken(employee_no: str) -> BadInput:
    return BadInput(
        "employee_no",
        employee_no,
        _("Another employee has this number."),
        _("Enter a number that is not in use, or open the existing employee."),
    )


def _check_hire_date(hire_date: dt.date) -> None:
    if not EARLIEST_HIRE <= hire_date <= today() + FAR_AHEAD:
        raise BadInput(
            "hire_date",
            hire_date,
            _("This hire date cannot be right."),
            _("Enter a day between 1950 and a year from now."),
        )


def _move_hire_date(employee: Employee, old: dt.date) -> None:
    _check_hire_date(employee.hire_date)
    if employee.exit_date and employee.hire_date > employee.exit_date:
        raise BadInput(
            "hire_date",
            employee.hire_date,
            _("This is after the last working day."),
            _("Enter a day on or before %(day)s.") % {"day": _day(employee.exit_date)},
        )
    first = Assignment.objects.select_for_update().filter(employee=employee).order_by("start_date").first()
    if first is None:
        return
    if first.end_date and employee.hire_date > first.end_date:
        raise BadInput(
            "hire_date",
            employee.hire_date,
            _("The first assignment ends before this day."),
            _("Enter a day on or before %(day)s.") % {"day": _day(first.end_date)},
        )
    if first.start_date == old or first.start_date < employee.hire_date:
        first.start_date = employee.hire_date
        first.save(update_fields=["start_date"])


def transfer_employee(*, employee: Employee, place: Place, start_date: dt.date, actor: User) -> Assignment:
    """From ``start_date`` on the person works at ``place``: the present assignment ends the day before.

    An assignment that begins on that very day is corrected instead. Raises BadInput where the day lies outside the
    employment, a later assignment would overlap, or nothing would change.
    """
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=employee.pk)
        _check_within_employment(employee, start_date)
        held = list(Assignment.objects.select_for_update().filter(employee=employee).order_by("start_date"))
        _check_no_later(held, start_date)
        current = next((a for a in reversed(held) if a.end_date is None or a.end_date >= start_date), None)
        if current and place.of(current):
            raise BadInput(
                "department",
                current.department.name,
                _("The employee has exactly this assignment already."),
                _("Change the department, the position, the level or the lead."),
            )
        assignment = _begin(employee, current, place, start_date)
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("Transfer from %s") % start_date)
    return assignment


def _check_within_employment(employee: Employee, start_date: dt.date) -> None:
    if start_date < employee.hire_date:
        raise BadInput(
            "start_date",
            start_date,
            _("This is before the hire date."),
            _("Enter %(day)s or a later day.") % {"day": _day(employee.hire_date)},
        )
    if employee.exit_date and start_date > employee.exit_date:
        raise BadInput(
            "start_date",
            start_date,
            _("The employee has left before this day."),
            _("Enter a day on or before %(day)s, or undo the departure first.") % {"day": _day(employee.exit_date)},
        )


def _check_no_later(held: list[Assignment], start_date: dt.date) -> None:
    later = next((a for a in held if a.start_date > start_date), None)
    if later is not None:
        raise BadInput(
            "start_date",
            start_date,
            _("Another assignment begins on %(day)s and would overlap.") % {"day": _day(later.start_date)},
            _("Enter that day or a later one."),
        )


def _begin(employee: Employee, current: Assignment | None, place: Place, start_date: dt.date) -> Assignment:
    if current and current.start_date == start_date:
        for name, value in place.as_fields().items():
            setattr(current, name, value)
        current.save(update_fields=[*place.as_fields()])
        return current
    if current:
        current.end_date = start_date - dt.timedelta(days=1)
        current.save(update_fields=["end_date"])
    return Assignment.objects.create(
        employee=employee, start_date=start_date, end_date=employee.exit_date, **place.as_fields()
    )


def record_departure(*, employee: Employee, last_day: dt.date, reason: str, actor: User) -> None:
    """The person leaves: ``last_day`` is the last working day. Assignments end with it; the account dies after it."""
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=employee.pk)
        _check_departure(employee, last_day)
        employee.exit_date = last_day
        employee.attributes = {**employee.attributes, "exit_reason": reason.strip()}
        employee.save(update_fields=["exit_date", "attributes"])
        Assignment.objects.filter(employee=employee, end_date__isnull=True).update(end_date=last_day)
        if employee.user and employee.user.is_active and last_day < today():
            deactivate_account(user=employee.user, actor=actor)
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("Leaves after %s") % last_day)


def _check_departure(employee: Employee, last_day: dt.date) -> None:
    if employee.exit_date:
        raise BadInput(
            "last_day",
            employee.exit_date,
            _("A departure is recorded already."),
            _("Undo it first, then enter the new day."),
        )
    if last_day < employee.hire_date:
        raise BadInput(
            "last_day",
            last_day,
            _("This is before the hire date."),
            _("Enter %(day)s or a later day.") % {"day": _day(employee.hire_date)},
        )
    later = Assignment.objects.filter(employee=employee, start_date__gt=last_day).order_by("start_date").first()
    if later:
        raise BadInput(
            "last_day",
            last_day,
            _("An assignment begins on %(day)s, after this day.") % {"day": _day(later.start_date)},
            _("Enter that day or a later one."),
        )
    if Assignment.objects.filter(employee=employee, end_date__gt=last_day).exists():
        raise BadInput(
            "last_day",
            last_day,
            _("An assignment ends after this day."),
            _("Enter the end of the last assignment or a later day."),
        )


def undo_departure(*, employee: Employee, actor: User) -> None:
    """Take a departure back: the assignment that ended with it is open again. The account stays as it is."""
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=employee.pk)
        if employee.exit_date is None:
            raise BadInput("last_day", "", _("No departure is recorded."), _("There is nothing to undo."))
        Assignment.objects.filter(employee=employee, end_date=F("employee__exit_date")).update(end_date=None)
        employee.exit_date = None
        employee.attributes = {key: value for key, value in employee.attributes.items() if key != "exit_reason"}
        employee.save(update_fields=["exit_date", "attributes"])
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("Departure taken back"))
