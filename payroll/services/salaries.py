"""Dated salaries in bulk: the rows of a payroll file, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from hrsuite.lib.nudge import nudge_after_commit
from payroll.models import Salary
from payroll.rules import CENT
from payroll.services.reviews import mark_reviews_stale
from people.models import Employee, User
from training.services.work import PIPELINE_TASK

_CUT = """
UPDATE payroll_salary AS s
SET end_date = cut.day - 1
FROM (
    -- a salary in force: the first new one that begins within it
    SELECT old.id, min(given.day) AS day
    FROM payroll_salary AS old
    JOIN unnest(%(employees)s::bigint[], %(days)s::date[]) AS given (employee_id, day)
        ON given.employee_id = old.employee_id AND given.day > old.start_date
        AND given.day <= coalesce(old.end_date, 'infinity')
    GROUP BY old.id
) AS cut
WHERE s.id = cut.id
"""

_ADD = """
WITH given AS (
    SELECT * FROM unnest(
        %(employees)s::bigint[], %(days)s::date[], %(amounts)s::numeric[], %(currencies)s::text[], %(reasons)s::text[]
    ) AS given (employee_id, day, amount, currency, reason)
),
edge AS (
    -- a day on which a salary of these people begins, old or new
    SELECT employee_id, day FROM given
    UNION ALL
    SELECT employee_id, start_date FROM payroll_salary WHERE employee_id = ANY(%(employees)s)
)
INSERT INTO payroll_salary (employee_id, amount, currency, start_date, end_date, reason, created_by_id, created_at)
SELECT
    given.employee_id, given.amount, given.currency, given.day,
    (SELECT min(edge.day) - 1 FROM edge WHERE edge.employee_id = given.employee_id AND edge.day > given.day),
    given.reason, %(actor)s, now()
FROM given
"""


@dataclass(frozen=True)
class SalaryRow:
    """Monthly pay from ``start_date`` until the next salary of the person begins."""

    row: int
    employee_no: str
    amount: Decimal
    start_date: dt.date
    currency: str = "CNY"
    reason: str = ""


def save_salaries(*, rows: Sequence[SalaryRow], actor: User | None) -> Outcome:
    """Write dated salaries; each ends the one before it. Raises :class:`BadRows` with every problem, writing nothing.

    The same amount from the same day again is left as it is; another amount from that day is refused.
    """
    with transaction.atomic():
        # old amounts of draft raises are read from salaries; reviews are locked before people, as decisions do
        mark_reviews_stale()
        numbers = {row.employee_no for row in rows}
        locked = Employee.objects.filter(employee_no__in=numbers).order_by("id").select_for_update(no_key=True)
        employees = {employee.employee_no: employee for employee in locked}
        there = {
            (salary.employee_id, salary.start_date): salary
            for salary in Salary.objects.filter(employee__in=employees.values())
        }
        problems: list[RowProblem] = []
        fresh: dict[tuple[int, dt.date], SalaryRow] = {}
        seen: dict[tuple[str, dt.date], int] = {}
        for row in rows:
            problem = _check(row, employees, there, seen)
            if problem is not None:
                problems.append(problem)
                continue
            key = (employees[row.employee_no].pk, row.start_date)
            seen[row.employee_no, row.start_date] = row.row
            if key not in there:
                fresh[key] = row
        if problems:
            raise BadRows(problems)
        if fresh:
            _write(fresh, actor)
        return Outcome(created=len(fresh), unchanged=len(rows) - len(fresh))


def _check(
    row: SalaryRow,
    employees: dict[str, Employee],
    there: dict[tuple[int, dt.date], Salary],
    seen: dict[tuple[str, dt.date], int],
) -> RowProblem | None:
    def bad(column: str, value: object, message: str, mend: str) -> RowProblem:
        return RowProblem(row.row, column, value, message, mend)

    employee = employees.get(row.employee_no)
    if employee is None:
        return bad(
            "employee_no",
            row.employee_no,
            _("Nobody has this employee number."),
            _("Import the employee first, or mend the number."),
        )
    if row.amount <= 0:
        return bad("amount", row.amount, _("A salary is more than 0."), _("Mend the amount, or leave the row out."))
    if row.amount != row.amount.quantize(CENT) or row.amount >= Decimal(10) ** 12:
        return bad(
            "amount", row.amount, _("An amount has two decimal places and twelve digits at most."), _("Round it.")
        )
    if not (len(row.currency) == 3 and row.currency.isalpha() and row.currency.isupper()):
        return bad("currency", row.currency, _("This is no currency code."), _("Use three letters, such as CNY."))
    if row.start_date < employee.hire_date:
        return bad(
            "start_date",
            row.start_date,
            _("This is before the hire date, %(day)s.") % {"day": employee.hire_date},
            _("Use the hire date or a later day."),
        )
    if employee.exit_date and row.start_date > employee.exit_date:
        return bad(
            "start_date",
            row.start_date,
            _("This is after the last working day, %(day)s.") % {"day": employee.exit_date},
            _("Leave the row out."),
        )
    if (row.employee_no, row.start_date) in seen:
        return bad(
            "start_date",
            row.start_date,
            _("Row %(row)s has a salary of the same person from the same day.")
            % {"row": seen[row.employee_no, row.start_date]},
            _("Keep one of the two rows."),
        )
    old = there.get((employee.pk, row.start_date))
    if old is not None and (old.amount, old.currency) != (row.amount, row.currency):
        return bad(
            "amount",
            row.amount,
            _("Another salary begins on this day already."),
            _("Use the day on which the new amount begins."),
        )
    return None


def _write(fresh: dict[tuple[int, dt.date], SalaryRow], actor: User | None) -> None:
    values: dict[str, Any] = {
        "employees": [key[0] for key in fresh],
        "days": [key[1] for key in fresh],
        "amounts": [row.amount for row in fresh.values()],
        "currencies": [row.currency for row in fresh.values()],
        "reasons": [row.reason for row in fresh.values()],
        "actor": actor.pk if actor else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CUT, values)
        cursor.execute(_ADD, values)
    nudge_after_commit(PIPELINE_TASK)
