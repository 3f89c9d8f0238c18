"""Long leaves: begun, ended, taken back. What a policy asks for follows, because points work is queued."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, Outcome, RowProblem
from people.models import Employee, Leave, User
from people.services.changes import people_changed

LONGEST_KIND, LONGEST_REASON = 40, 300


@dataclass(frozen=True)
class LeaveRow:
    """A leave as a file states it. The same person and first day is the same leave."""

    row: int
    employee_no: str
    kind: str
    start_date: dt.date
    end_date: dt.date | None = None
    reason: str = ""


def add_leave(
    *,
    employee: Employee,
    kind: str,
    start_date: dt.date,
    end_date: dt.date | None,
    actor: User | None,
    reason: str = "",
) -> Leave:
    """Enter a leave; without ``end_date`` it goes on until somebody ends it."""
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=employee.pk)
        leave = Leave(
            employee=employee, kind=kind.strip(), start_date=start_date, end_date=end_date, reason=reason.strip()
        )
        _check(leave, list(employee.leaves.all()))
        leave.save()
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("Leave from %s") % start_date)
    return leave


def change_leave(
    *, leave: Leave, kind: str, start_date: dt.date, end_date: dt.date | None, actor: User | None, reason: str = ""
) -> Leave:
    """Correct a leave, or end it."""
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=leave.employee_id)
        leave = Leave.objects.select_for_update().get(pk=leave.pk)
        leave.employee = employee
        leave.kind, leave.reason = kind.strip(), reason.strip()
        leave.start_date, leave.end_date = start_date, end_date
        _check(leave, list(employee.leaves.exclude(pk=leave.pk)))
        leave.save()
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("Leave from %s") % start_date)
    return leave


def delete_leave(*, leave: Leave, actor: User | None) -> None:
    """It never was. The history keeps what was said."""
    with transaction.atomic():
        employee = Employee.objects.select_for_update().get(pk=leave.employee_id)
        start = leave.start_date
        leave.delete()
        people_changed(employee_ids=[employee.pk], actor=actor, cause=_("Leave from %s taken back") % start)


def _check(leave: Leave, others: Sequence[Leave]) -> None:
    employee = leave.employee
    if not leave.kind or len(leave.kind) > LONGEST_KIND or "\x00" in leave.kind:
        raise BadInput("kind", leave.kind, _("A leave needs its kind."), _("Write a word, such as parental or sick."))
    if len(leave.reason) > LONGEST_REASON or "\x00" in leave.reason:
        raise BadInput(
            "reason", leave.reason[:60], _("Longer than %(longest)s characters.") % {"longest": LONGEST_REASON},
            _("Shorten it."),
        )  # fmt: skip
    if leave.end_date and leave.end_date < leave.start_date:
        raise BadInput(
            "end_date", leave.end_date, _("This is before the first day."), _("Correct one of the two days.")
        )
    if leave.start_date < employee.hire_date:
        raise BadInput(
            "start_date", leave.start_date, _("This is before the hire date %(day)s.") % {"day": employee.hire_date},
            _("Enter that day or a later one."),
        )  # fmt: skip
    if employee.exit_date and leave.start_date > employee.exit_date:
        raise BadInput(
            "start_date", leave.start_date, _("The employee left on %(day)s, before this day.")
            % {"day": employee.exit_date}, _("Enter an earlier day, or undo the departure."),
        )  # fmt: skip
    for other in others:
        if _overlap(leave, other):
            span = {
                "start": date_format(other.start_date),
                "end": date_format(other.end_date) if other.end_date else "…",
            }
            raise BadInput(
                "start_date", leave.start_date, _("Overlaps the leave from %(start)s to %(end)s.") % span,
                _("Correct the days so that one ends before the other begins."),
            )  # fmt: skip


def _overlap(one: Leave, other: Leave) -> bool:
    last = dt.date.max
    return one.start_date <= (other.end_date or last) and other.start_date <= (one.end_date or last)


def save_leaves(*, rows: Sequence[LeaveRow], actor: User | None) -> Outcome:
    """Save leaves, or change nothing and raise BadRows with every problem. The same file twice changes nothing."""
    new: dict[int, Leave] = {}
    changed: dict[int, Leave] = {}
    unchanged = 0
    problems: list[RowProblem] = []
    with transaction.atomic():
        numbers = {row.employee_no.strip() for row in rows if "\x00" not in row.employee_no}
        found = Employee.objects.select_for_update(of=("self",)).filter(employee_no__in=numbers).order_by("pk")
        people = {one.employee_no: one for one in found}
        held: dict[int, list[Leave]] = defaultdict(list)
        for leave in Leave.objects.filter(employee__in=people.values()).order_by("start_date"):
            held[leave.employee_id].append(leave)
        for row in sorted(rows, key=lambda row: row.start_date):
            employee = people.get(row.employee_no.strip())
            if employee is None:
                problems.append(_unknown(row))
                continue
            one = next((one for one in held[employee.pk] if one.start_date == row.start_date), None)
            wanted = (row.kind.strip(), row.end_date or (one.end_date if one else None), row.reason.strip())
            if one and (one.kind, one.end_date, wanted[2] and one.reason) == wanted:
                unchanged += 1
                continue
            leave = one or Leave(start_date=row.start_date)
            leave.employee = employee
            leave.kind, leave.end_date, leave.reason = wanted[0], wanted[1], wanted[2] or leave.reason
            try:
                _check(leave, [other for other in held[employee.pk] if other is not one])
            except BadInput as error:
                problems.append(RowProblem(row.row, error.field, error.value, error.message, error.mend))
                continue
            if one is None:
                held[employee.pk].append(leave)
            if leave.pk is None:
                new[id(leave)] = leave
            else:
                changed[leave.pk] = leave
        if problems:
            raise BadRows(sorted(problems, key=lambda problem: problem.row))
        # first days stay, so those that end earlier now make room for the new ones
        Leave.objects.bulk_update(changed.values(), ["kind", "end_date", "reason"], batch_size=1000)
        Leave.objects.bulk_create(new.values(), batch_size=1000)
        touched = {leave.employee_id for leave in (*new.values(), *changed.values())}
        people_changed(employee_ids=touched, actor=actor, cause=_("Leaves imported"))
    return Outcome(created=len(new), changed=len(changed), unchanged=unchanged)


def _unknown(row: LeaveRow) -> RowProblem:
    return RowProblem(
        row.row, "employee_no", row.employee_no, _("There is no employee with this number."),
        _("Correct the number, or import the employee first."),
    )  # fmt: skip
