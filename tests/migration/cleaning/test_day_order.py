"""Days of a row that stand in the wrong order, or in each other's column."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from migration.cleaning.id_numbers import check_digit
from migration.cleaning.work import Hints
from tests.migration.cleaning.tables import table

ROWS = 60


def pairs(first, apart, seed=5):
    """(a day from the year ``first`` on, one ``apart`` at most later) of each row."""
    numbers = random.Random(seed)
    found = []
    for _ in range(ROWS):
        day = dt.date(first, 1, 1) + dt.timedelta(numbers.randrange(900))
        found.append((day, day + dt.timedelta(1 + numbers.randrange(apart))))
    return found


def cleaned(headings, rows, *, wrong=(), hints=None):
    """The table with the last two cells of the rows ``wrong`` exchanged."""
    given = [
        [f"E{1000 + place}", *(one.isoformat() for one in (reversed(row) if place in wrong else row))]
        for place, row in enumerate(rows)
    ]
    columns, result = table(["EmpID", *headings], *given, hints=hints)
    return columns, {(one.row - 2, one.column): one for one in result.doubts}


@pytest.mark.parametrize(
    "headings",
    [
        ("Enrolled On", "Completed On"), ("Date of hire", "LastPerformanceReview_Date"), ("Course start", "Course end"),
        ("报名日期", "完成日期"), ("Start date", "Exit date"), ("Review date", "Termination date"),
        ("Hire date", "Training date"), ("Training date", "Exit date"), ("Applied on", "Start date"),
    ],
)  # fmt: skip
def test_days_in_the_wrong_order_are_both_asked_about_with_the_exchange_first(headings):
    rows = pairs(2020, 90)
    _columns, asked = cleaned(headings, rows, wrong={7, 30})
    assert set(asked) == {(place, heading) for place in (7, 30) for heading in headings}
    for place in (7, 30):
        firsts = tuple(asked[place, heading].candidates[0] for heading in headings)
        assert firsts == tuple(day.isoformat() for day in rows[place])


@pytest.mark.parametrize("headings", [("Due date", "Completed on"), ("Enrolled on", "Next review"), ("Seen", "Noted")])
def test_what_is_planned_or_says_nothing_of_its_stage_has_no_order(headings):
    _columns, asked = cleaned(headings, pairs(2020, 90), wrong={7, 30})
    assert not asked


def test_where_one_row_in_ten_has_them_the_other_way_round_there_is_no_order():
    _columns, asked = cleaned(("Enrolled On", "Completed On"), pairs(2020, 90), wrong=set(range(0, ROWS, 10)))
    assert not asked


def test_an_exchange_that_leaves_years_between_is_not_offered():
    rows = pairs(2020, 30)
    begun = rows[9][0]
    rows[9] = (begun, begun.replace(year=begun.year - 1) + dt.timedelta(10))
    _columns, asked = cleaned(("Enrolled On", "Completed On"), rows)
    assert asked[9, "Completed On"].candidates[-1] == rows[9][1].replace(year=begun.year).isoformat()
    assert begun.isoformat() not in asked[9, "Completed On"].candidates


BIRTHS = [day for day, _later in pairs(1970, 10)]
HIRES = [day for day, _later in pairs(2015, 10, seed=6)]


def test_a_birth_and_a_hire_in_each_others_column_are_put_back():
    columns, asked = cleaned(("DOB", "Hire date"), list(zip(BIRTHS, HIRES, strict=True)), wrong={4})
    assert not asked
    assert columns["DOB"][4] == BIRTHS[4].isoformat()
    assert columns["Hire date"][4] == HIRES[4].isoformat()


def test_so_they_are_where_years_have_two_digits_and_the_column_another_form():
    rows = [
        [f"E{place}", born.strftime("%d-%m-%Y"), hired.strftime("%d-%b-%y")]
        for place, (born, hired) in enumerate(zip(BIRTHS, HIRES, strict=True))
    ]
    rows[4][1:] = reversed(rows[4][1:])
    columns, result = table(["EmpID", "DOB", "Start date"], *rows)
    assert not result.doubts
    assert (columns["DOB"], columns["Start date"]) == (
        [one.isoformat() for one in BIRTHS], [one.isoformat() for one in HIRES],
    )  # fmt: skip


def test_in_a_small_table_they_are_asked_about():
    rows = list(zip(BIRTHS, HIRES, strict=True))[:6]
    _columns, asked = cleaned(("DOB", "Hire date"), rows, wrong={4})
    assert {key: one.candidates[0] for key, one in asked.items()} == {
        (4, "DOB"): BIRTHS[4].isoformat(), (4, "Hire date"): HIRES[4].isoformat(),
    }  # fmt: skip


def test_an_id_number_tells_the_birth_in_a_small_table():
    rows = []
    for place in range(4):
        number = f"110101{BIRTHS[place]:%Y%m%d}001"
        rows.append([f"N{place}", number + check_digit(number), BIRTHS[place].isoformat(), HIRES[place].isoformat()])
    rows[2][2:] = reversed(rows[2][2:])
    columns, result = table(["工号", "身份证号", "出生日期", "入职日期"], *rows)
    assert not result.doubts
    assert (columns["出生日期"][2], columns["入职日期"][2]) == (BIRTHS[2].isoformat(), HIRES[2].isoformat())


def test_a_birth_in_a_wrong_year_is_not_exchanged():
    """A spreadsheet took 1965 for 2065, or somebody wrote the year of the hire."""
    rows = [[f"E{place}", one.isoformat(), HIRES[place].isoformat()] for place, one in enumerate(BIRTHS)]
    rows[3][1] = BIRTHS[3].replace(year=2016, day=1).isoformat()
    columns, result = table(["EmpID", "DOB", "Hire date"], *rows)
    assert columns["Hire date"] == [one.isoformat() for one in HIRES]
    assert [(one.row, one.column) for one in result.doubts] == [(5, "DOB")]


def test_the_rule_can_be_switched_off():
    rows = list(zip(BIRTHS, HIRES, strict=True))
    columns, asked = cleaned(("DOB", "Hire date"), rows, wrong={4}, hints=Hints(off=frozenset({"exchanged_days"})))
    assert columns["DOB"][4] == HIRES[4].isoformat()
    assert (4, "DOB") in asked


def test_days_that_have_nothing_to_do_with_the_hire_are_noted_once():
    rows = pairs(2018, 400)
    given = [
        [f"E{1000 + place}", *(one.isoformat() for one in (reversed(row) if place % 2 else row))]
        for place, row in enumerate(rows)
    ]
    result = table(["EmpID", "Hire Date", "Date"], *given)[1]
    assert not result.doubts
    assert [note.values["count"] for note in result.notes if "nothing to do" in note.text] == [ROWS // 2]
    few = [[number, day, other] if place else [number, other, day] for place, (number, day, other) in enumerate(
        [f"E{1000 + place}", *(one.isoformat() for one in row)] for place, row in enumerate(rows)
    )]  # fmt: skip
    assert {one.row for one in table(["EmpID", "Hire Date", "Date"], *few)[1].doubts} == {2}
