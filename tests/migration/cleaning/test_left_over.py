"""Headings, splits and names that a table shows by itself."""

from __future__ import annotations

import pytest

from migration.cleaning import clean, find_table
from tests.migration.cleaning.dirt import TODAY
from tests.migration.cleaning.tables import asked, column, table


def test_a_row_that_comes_twice_below_is_no_heading():
    rows = [
        ["group", "pain_free"],
        *[["treatment", "yes"]] * 10,
        *[["treatment", "no"]] * 33,
        *[["control", "no"]] * 40,
    ]
    layout = find_table(list(enumerate(rows, 1)))
    assert layout.headings == ["group", "pain_free"]
    assert len(clean(layout, today=TODAY).rows) == 83


def test_headings_over_every_row_of_a_pay_slip_are_still_left_out():
    rows = [line for n in range(20) for line in (["工号", "姓名", "实发工资"], [f"10{n:02d}", "张三", str(5000 + n)])]
    layout = find_table(list(enumerate(rows, 1)))
    assert layout.headings == ["工号", "姓名", "实发工资"]
    assert len(clean(layout, today=TODAY).rows) == 20


def test_words_over_groups_of_equal_headings_are_part_of_them():
    rows = [["", "", "Planned", "", "Actual", ""], ["Staff ID", "Name", "Hours", "Score", "Hours", "Score"]]
    rows += [[f"E{n}", f"Bob {n}", "2", "80", "3", "90"] for n in range(5)]
    layout = find_table(list(enumerate(rows, 1)))
    assert layout.headings == [
        "Staff ID", "Name", "Planned/Hours", "Planned/Score", "Actual/Hours", "Actual/Score",
    ]  # fmt: skip
    # a title has one cell, and words that tell nothing apart are none of the headings
    rows[0] = ["", "", "Planned", "", "", ""]
    assert find_table(list(enumerate(rows, 1))).headings[2:4] == ["Hours", "Score"]


def _split(*last, headings=("Staff ID", "Name", "Salary", "Department")):
    rows = [[f"E{n}", "Ann Lee", str(900 + n), "Sales"][: len(headings)] for n in range(20)]
    layout = find_table(list(enumerate([list(headings), *rows, list(last)], 1)))
    return clean(layout, today=TODAY)


def test_an_amount_split_at_its_comma_is_whole_again():
    result = _split("E90", "Bo Fox", "1", "234", "Sales")
    assert result.rows[-1] == (22, ["E90", "Bo Fox", "1234", "Sales"])
    assert not result.doubts


def test_an_amount_split_beyond_the_last_heading_is_asked_with_the_whole():
    result = _split("E90", "Bo Fox", "1", "234", headings=("Staff ID", "Name", "Salary"))
    assert [(one.row, one.column, one.value, one.candidates) for one in result.doubts] == [
        (22, "Salary", "1", ("1234",))
    ]
    # no part of a number
    result = _split("E90", "Bo Fox", "911", "23", headings=("Staff ID", "Name", "Salary"))
    assert [(one.row, one.column) for one in result.doubts] == [(22, "")]


FIRST, LAST = ["Ann", "Bob", "Cy", "Di", "Eve", "Flo"], ["Lee", "Roy", "Dow", "Fox", "Gray", "Hill"]


def test_first_and_last_name_in_each_others_column_are_asked():
    rows = [[f"E{n}", FIRST[n % 6], LAST[n * 5 // 6 % 6]] for n in range(30)]
    result = table(["Staff ID", "First name", "Last name"], *rows, ["E90", "Gray", "Eve"])[1]
    assert {(one.row, one.column): one.candidates for one in result.doubts} == {
        (32, "First name"): ("Eve", "Gray"), (32, "Last name"): ("Gray", "Eve"),
    }  # fmt: skip
    # names that are both
    rows[0], rows[1] = ["E0", "Gray", "Lee"], ["E1", "Ann", "Eve"]
    assert not table(["Staff ID", "First name", "Last name"], *rows, ["E90", "Gray", "Eve"])[1].doubts


@pytest.mark.parametrize("cell", ["5-May", "May 5", "5月5日", "5th May"])
def test_a_day_without_its_year_is_asked_with_the_years_of_the_others(cell):
    result = column("Hire date", cell, before=["2020-01-03", "2020-02-14", "2021-07-30"])[1]
    assert [(one.value, one.candidates) for one in result.doubts] == [(cell, ("2020-05-05", "2021-05-05"))]
    assert asked(column("Hire date", cell, before=[f"20{n}-01-03" for n in range(10, 24)])[1]) == [
        (16, "Hire date", cell)
    ]


def test_headings_that_come_twice_in_a_row_further_down_are_still_the_headings():
    rows = [[f"E{n:03}", f"Ann {chr(65 + n)}", "Sales", str(30 + n)] for n in range(20)]
    head = ["Employee ID", "Name", "Department", "Age"]
    _columns, result = table(head, *rows[:4], head, head, *rows[4:])
    assert [cells for _row, cells in result.rows] == rows
