"""Rows whose identifiers a spreadsheet destroyed, and signs of currencies where they have nothing to do."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column, table

TRAININGS = ["Employee ID", "Course", "Training date", "Hours", "Score"]
RECORDS = [
    [f"E{1000 + n}", ("Safety", "Excel")[n % 2], f"2023-{1 + n % 12:02d}-{1 + n % 28:02d}", str(1 + n % 4), str(60 + n)]
    for n in range(40)
]
STAFF = ["Employee ID", "Name", "Department", "Hire date", "Salary"]
PEOPLE = [
    [
        f"E{1000 + n}", f"Ann {chr(65 + n % 26)}{chr(97 + n // 26)}oe", ("Sales", "HR")[n % 2],
        f"20{10 + n % 10}-{1 + n % 12:02d}-{1 + n % 28:02d}", str(5000 + n * 37),
    ]
    for n in range(40)
]  # fmt: skip
LOST = ["#REF!", "#N/A", "#####"]


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("score", ["80", "90"])
def test_events_of_lost_numbers_are_not_the_same(lost, score):
    rows = [list(row) for row in RECORDS]
    rows[3], rows[17] = [lost, "Safety", "2023-05-05", "2", "80"], [lost, "Safety", "2023-05-05", "2", score]
    columns, result = table(TRAININGS, *rows)
    assert asked(result) == [(5, "Employee ID", lost), (19, "Employee ID", lost)]
    assert {one.rule for one in result.doubts} == {"spreadsheet_errors"}
    assert len(columns["Score"]) == len(rows)


@pytest.mark.parametrize("lost", LOST)
def test_persons_of_lost_numbers_are_no_copies(lost):
    rows = [list(row) for row in PEOPLE]
    rows[3] = [lost, *PEOPLE[3][1:]]
    rows[17] = [lost, *PEOPLE[3][1:]]
    _columns, result = table(STAFF, *rows)
    assert not result.dropped
    assert {(one.row, one.value) for one in result.doubts if one.rule == "spreadsheet_errors"} == {
        (5, lost),
        (19, lost),
    }


def test_copies_whose_number_is_there_go_though_another_cell_is_lost():
    rows = [list(row) for row in PEOPLE]
    rows[3][4] = "#REF!"
    _columns, result = table(STAFF, *rows, rows[3])
    assert [(one.row, one.rule) for one in result.dropped] == [(42, "duplicates")]


@pytest.mark.parametrize(
    ("heading", "cell", "number"),
    [
        ("Hours", "$4", "4"),
        ("Score", "¥88", "88"),
        ("积分", "€5", "5"),
        ("出勤天数", "¥21", "21"),
        ("Points", "US$7", "7"),
    ],
)
def test_money_where_something_else_is_counted_is_asked(heading, cell, number):
    usual = [str(1 + n % 90) for n in range(60)]
    _cells, result = column(heading, cell, before=usual)
    assert asked(result) == [(62, heading, cell)]
    assert number in result.doubts[0].candidates


def test_a_foreign_currency_in_a_chinese_column_is_asked():
    usual = [str(4000 + n * 100) for n in range(60)]
    _cells, result = column("基本工资", "$5000", before=usual)
    assert asked(result) == [(62, "基本工资", "$5000")]
    cells, result = column("基本工资", "¥5000", "￥6000", before=usual)
    assert (cells, result.doubts) == (["5000", "6000"], [])
    _cells, result = column("Salary", "$5000", before=[f"¥{one}" for one in usual])
    assert asked(result, "numbers") == [(62, "Salary", "$5000")]


@pytest.mark.parametrize("heading", ["Base salary", "Bonus", "Hourly pay", "Cost per day"])
def test_a_sign_among_plain_amounts_of_money_is_no_doubt(heading):
    usual = [str(4000 + n * 100) for n in range(60)]
    cells, result = column(heading, "$5000", "$6,000", before=usual)
    assert (cells, result.doubts) == (["5000", "6000"], [])
