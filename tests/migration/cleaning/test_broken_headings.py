"""Headings that go on in a second row because their columns were narrow, without a merged cell."""

# ruff: noqa: E501 - tables read as rows

from __future__ import annotations

import pytest

from migration.cleaning import find_table

PEOPLE = [
    [f"E{1000 + n}", f"Ann {name}", "Sales", f"2019-0{n % 9 + 1}-14", 40000 + 311 * n, 60 + n]
    for n, name in enumerate(["Fox", "Ray", "Lee", "Hill", "Wood", "King", "Cook", "Bell"])
]
BROKEN = ["Employee ID", "Employee Name", "Dept", "Hire Date", "Annual Salary", "Score"]


def found(*headings):
    layout = find_table([*enumerate([*headings, *PEOPLE], 1)])
    return layout.headings, layout.start, layout.heading_rows, [cells[0] for _number, cells in layout.body]


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        ([["Employee", "Employee", "Dept", "Hire", "Annual", "Score"], ["ID", "Name", "", "Date", "Salary", ""]], BROKEN),
        ([["Employee", "Full", "Department", "Date of", "Base", "Training"], ["No", "Name", "", "Birth", "Salary", "Score"]],
         ["Employee No", "Full Name", "Department", "Date of Birth", "Base Salary", "Training Score"]),
        ([["员工", "员工", "所属", "入职", "基本", "考试"], ["编号", "姓名", "部门", "日期", "工资", "成绩"]],
         ["员工编号", "员工姓名", "所属部门", "入职日期", "基本工资", "考试成绩"]),
    ],
)  # fmt: skip
def test_a_heading_goes_on_in_the_row_below(headings, names):
    people = [row[0] for row in PEOPLE]
    assert found(*headings) == (names, 1, 2, people)
    # a title above them stays one
    assert found(["Staff of 2024", *[""] * 5], *headings) == (names, 2, 2, people)


def test_a_heading_that_the_lower_row_lacks_comes_from_the_upper_one():
    above, below = ["x", "x", "Unit", "x", "x", "Points"], ["ID", "Name", "", "Date", "Salary", ""]
    names, start, count, people = found(above, below)
    assert (names, start, count) == (["ID", "Name", "Unit", "Date", "Salary", "Points"], 1, 2)
    assert people == [row[0] for row in PEOPLE]


@pytest.mark.parametrize(
    "above",
    [
        ["Personal", "", "Job", "", "", "Training"],
        ["Personal", "Personal", "Job", "Job", "Job", "Training"],
        ["Staff list", "", "", "", "", ""],
        ["Staff list", "", "", "", "", "Page 1"],
    ],
)
def test_words_over_groups_and_titles_are_no_part_of_a_heading(above):
    own = ["Employee ID", "Name", "Department", "Hire Date", "Salary", "Score"]
    names, _start, _count, people = found(above, own)
    assert names == own
    assert people == [row[0] for row in PEOPLE]


def test_a_first_row_of_words_is_no_heading():
    rows = [["E1000", "Ann Fox", "", "on leave", "none", 61], *PEOPLE[1:]]
    layout = find_table([*enumerate([BROKEN, *rows], 1)])
    assert (layout.headings, len(layout.body)) == (BROKEN, len(rows))
