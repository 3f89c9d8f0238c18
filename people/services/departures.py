"""Departures of many people at once: the rows of a list of leavers, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from people.models import Employee, User
from people.services.bulk import EmployeeRow, save_employees
from people.services.bulk.places import storable


@dataclass(frozen=True)
class DepartureRow:
    """``exit_date`` is the last working day. An empty ``reason`` says nothing: a known one stays."""

    row: int
    employee_no: str
    exit_date: dt.date
    reason: str = ""


def save_departures(*, rows: Sequence[DepartureRow], actor: User | None) -> Outcome:
    """Record who leaves when: assignments end with the day and accounts die after it.

    Raises BadRows with every problem, having written nothing. Whoever left already and has another day now counts as
    changed, everybody else as created.
    """
    with transaction.atomic():
        numbers = {row.employee_no.strip() for row in rows}
        known = dict(
            Employee.objects.filter(employee_no__in=[one for one in numbers if storable(one)]).values_list(
                "employee_no", "exit_date"
            )
        )
        problems = [
            RowProblem(
                row.row, "employee_no", row.employee_no, _("Nobody has this employee number."),
                _("Import the employee first, or mend the number."),
            )
            for row in rows
            if row.employee_no.strip() not in known
        ]  # fmt: skip
        problems += _twice(rows)
        bad = {one.row for one in problems}
        good = [row for row in rows if row.row not in bad]
        try:
            outcome = save_employees(rows=[_employee(row) for row in good], actor=actor)
        except BadRows as error:
            problems += error.problems
        if problems:
            raise BadRows(sorted(problems, key=lambda one: one.row))
    left = {row.employee_no.strip() for row in good if known[row.employee_no.strip()] is None}
    return Outcome(
        created=len(left), changed=outcome.created + outcome.changed - len(left), unchanged=outcome.unchanged
    )


def _twice(rows: Sequence[DepartureRow]) -> list[RowProblem]:
    first: dict[str, DepartureRow] = {}
    problems = []
    for row in rows:
        other = first.setdefault(row.employee_no.strip(), row)
        if replace(row, row=0) != replace(other, row=0):
            problems.append(
                RowProblem(
                    row.row, "employee_no", row.employee_no,
                    _("Row %(row)s has the same employee number and says something else.") % {"row": other.row},
                    _("Remove one of the two rows, or correct its number."),
                )
            )  # fmt: skip
    return problems


def _employee(row: DepartureRow) -> EmployeeRow:
    reason = row.reason.strip()
    attributes = {"exit_reason": reason} if reason else {}
    return EmployeeRow(row=row.row, employee_no=row.employee_no, exit_date=row.exit_date, attributes=attributes)
