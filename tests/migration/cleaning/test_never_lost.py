"""Rows and headings of clean tables that are never lost, whatever words they hold."""

from __future__ import annotations

import random

import pytest

from migration.cleaning import clean, find_table
from migration.services.records import separator_of
from tests.migration.cleaning.dirt import TODAY
from tests.migration.cleaning.tables import asked, column

ANSWERS = ["Strongly agree", "Agree", "Disagree"]


def cleaned(*rows):
    return clean(find_table(list(enumerate(rows, 1))), today=TODAY)


def survey(rows, seed=1):
    draw = random.Random(seed)
    return [["Sales" if draw.random() < 0.5 else "HR", *draw.choices(ANSWERS, k=3)] for _row in range(rows)]


@pytest.mark.parametrize("heading", ["No", "No.", "序号", "#", "S/N"])
def test_people_who_answer_alike_are_not_the_same_row(heading):
    rows = [[str(number), *cells] for number, cells in enumerate(survey(120), 1)]
    result = cleaned([heading, "Department", "Q1", "Q2", "Q3"], *rows)
    assert len({tuple(row[1:]) for row in rows}) < len(rows)
    assert [cells for _number, cells in result.rows] == rows
    assert not result.dropped
    assert not result.doubts


def test_a_row_that_came_twice_with_its_number_is_left_out():
    rows = [[str(number), *cells] for number, cells in enumerate(survey(60), 1)]
    result = cleaned(["No", "Department", "Q1", "Q2", "Q3"], *rows, rows[7], rows[30])
    assert [one.row for one in result.dropped] == [62, 63]


def test_a_number_of_the_line_hides_no_copy_of_a_person():
    people = [[f"E{number:03d}", f"Person {number}", "Sales"] for number in range(40)]
    rows = [[str(number), *cells] for number, cells in enumerate([*people, people[4]], 1)]
    assert [one.row for one in cleaned(["No", "Employee ID", "Name", "Department"], *rows).dropped] == [42]


@pytest.mark.parametrize("names", [["Family history", "Benefits"], ["Fire safety", "First aid", "GDPR", "Union"]])
@pytest.mark.parametrize("first", ["No", "Yes"])
def test_words_of_the_first_rows_are_no_headings(names, first):
    draw = random.Random(3)
    rows = [[f"E{number:03d}", *draw.choices(["No", "Yes", "Maybe"], k=len(names))] for number in range(90)]
    rows[0][1:] = [first] * len(names)
    found = find_table(list(enumerate([["EmpID", *names], *rows], 1)))
    assert (found.headings, len(found.body)) == (["EmpID", *names], 90)


@pytest.mark.parametrize("word", ["Answer", "Anything else to tell", "评价", "Reason for leaving"])
def test_a_column_of_words_alone_keeps_its_heading(word):
    """A table of one column: its rows come again as whole rows, its heading does not."""
    words = [[["Career change", "Salary", "Manager"][number * 7 % 3]] for number in range(30)]
    result = cleaned([word], *words)
    assert [column.name for column in result.columns] == [word]
    assert [cells for _number, cells in result.rows] == words


@pytest.mark.parametrize("place", [3, 13, 32])
def test_headings_that_come_twice_running_take_no_rows_with_them(place):
    draw = random.Random(5)
    headings = ["Name", "Job Titles", "Department", "Full or Part-Time"]
    rows = [
        [f"Name {number}", draw.choice(["Sergeant", "Officer"]), draw.choice(["Fire", "Water"]), draw.choice("FP")]
        for number in range(60)
    ]
    result = cleaned(headings, *rows[:place], headings, headings, *rows[place:])
    assert [cells for _number, cells in result.rows] == rows


@pytest.mark.parametrize("longer", [1, 2, 6])
def test_a_few_lines_with_a_cell_more_change_no_separator(longer):
    lines = ["No;Name;First;Born;Pay;FTE", *[f"00{n};Smith;Ann;04.12.1985;57.690,{n};0,5" for n in range(10, 40)]]
    lines[2 : 2 + longer] = [f";{line}" for line in lines[2 : 2 + longer]]
    assert separator_of("\n".join(lines)) == ";"


def test_commas_inside_texts_separate_nothing_where_headings_have_semicolons():
    assert separator_of("a,b\n" + "1,2;3\n" * 20) == ","
    assert separator_of("a;b\n" + "1,2;3\n" * 20) == ";"


def test_a_slip_of_the_sign_makes_no_measure_a_thousand_times_as_large():
    draw = random.Random(2)
    measures = [f"{draw.randint(200, 380)}.{draw.randint(100, 999)}" for _row in range(95)]
    slips = ["228,379", "221,332", "330,548"]
    cells, result = column("Work load Average/day", *measures, *slips)
    assert cells == [*measures, *slips]
    assert [(one.value, one.candidates) for one in result.doubts] == [
        (slip, (slip.replace(",", "."), slip.replace(",", ""))) for slip in slips
    ]


def test_three_digits_behind_the_point_of_a_few_amounts_are_asked_about():
    amounts = [f"${n},{n + 100}.00" for n in range(60, 98)] + [f"${n}.50" for n in range(30, 50)]
    cells, result = column("Base Salary", *amounts, "146.626")
    assert cells[-1] == "146.626"
    assert [(one.value, one.candidates) for one in result.doubts] == [("146.626", ("146626", "146.626"))]


def test_scores_far_beyond_all_others_are_asked_about_however_they_are_called():
    scores = [str(40 + n * 7 % 61) for n in range(119)]
    for heading in ("语文", "Exam", "Score"):
        result = column(heading, *scores, "850")[1]
        assert [(one.value, one.candidates) for one in result.doubts] == [("850", ("85",))]
    many = ["633", "850", "1000", "105"] * 5
    assert {value for _row, _name, value in asked(column("Score", *scores[:80], *many)[1])} == set(many)


def test_counts_that_differ_much_are_of_any_size():
    years = [str(n % 8) for n in range(100)]
    assert not column("Years here", *years, "31", "40")[1].doubts


def test_headings_that_come_again_in_a_small_table_take_no_rows_with_them():
    headings = ["Employee no", "Activity", "Course", "Date", "Hours", "Source ID"]
    rows = [
        [f"A{n:04}", "Workshop", "Lean production", f"2026-0{n}-16", "1:30" if n % 2 else "4", f"F-{n}"]
        for n in range(1, 7)
    ]
    table = [["Training export", *[""] * 5], [""] * 6, headings, *rows[:3], headings, *rows[3:]]
    layout = find_table(list(enumerate(table, 1)))
    assert (layout.start, layout.headings) == (3, headings)
    found = clean(layout, today=TODAY)
    assert [cells[0] for _number, cells in found.rows] == [row[0] for row in rows]
