"""Payroll files: dated salaries, all or nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from hrsuite.lib.errors import BadRows, Outcome
from payroll.models import Salary
from payroll.services import SalaryRow, save_salaries


def save(world, *rows):
    made = [SalaryRow(number, *row) for number, row in enumerate(rows, 2)]
    return save_salaries(rows=made, actor=world.users["paul"])


def kept(world, name="alice"):
    rows = Salary.objects.filter(employee=world.people[name]).order_by("start_date")
    return [(int(row.amount), str(row.start_date), str(row.end_date or "")) for row in rows]


def day(text):
    return dt.date.fromisoformat(text)


def test_each_salary_ends_the_one_before(world):
    no = world.people["alice"].employee_no
    outcome = save(world, (no, Decimal(9000), day("2025-01-01")), (no, Decimal(8000), day("2024-01-01")))
    assert outcome == Outcome(created=2)
    assert kept(world) == [(8000, "2024-01-01", "2024-12-31"), (9000, "2025-01-01", "")]
    # one in the middle, later on
    assert save(world, (no, Decimal(8500), day("2024-07-01"))) == Outcome(created=1)
    assert kept(world) == [
        (8000, "2024-01-01", "2024-06-30"), (8500, "2024-07-01", "2024-12-31"), (9000, "2025-01-01", ""),
    ]  # fmt: skip
    # the same file again changes nothing
    assert save(world, (no, Decimal(8500), day("2024-07-01"))) == Outcome(unchanged=1)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("E999", Decimal(1), "2025-01-01"), "employee_no", "Nobody has this employee number"),
        (("E001", Decimal(0), "2025-01-01"), "amount", "more than 0"),
        (("E001", Decimal("1.005"), "2025-01-01"), "amount", "two decimal places"),
        (("E001", Decimal(9), "2001-01-01"), "start_date", "before the hire date"),
        (("E001", Decimal(9), "2025-01-01", "yuan"), "currency", "no currency code"),
        (("E001", Decimal(7000), "2024-06-01"), "start_date", "Row 2 has a salary of the same person"),
        (("E002", Decimal(7000), "2024-06-01"), "amount", "Another salary begins on this day"),
    ],
)
def test_bad_rows_are_named_and_nothing_is_written(world, row, column, words):
    Salary.objects.create(employee=world.people["bob"], amount=6000, start_date=day("2024-06-01"))
    number, amount, start, *rest = row
    with pytest.raises(BadRows) as refused:
        save(world, ("E001", Decimal(8000), day("2024-06-01")), (number, amount, day(start), *rest))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert problem.mend
    assert not kept(world)
