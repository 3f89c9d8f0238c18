"""Sheets as people make them: summaries beside, titles between the rows, signatures below, marks in the headings."""

from __future__ import annotations

import pytest

from migration.cleaning import clean, find_table
from migration.cleaning.meanings import bare_heading, meaning_of
from migration.services.cleansing import clean_files
from tests.migration.cleaning.dirt import TODAY
from tests.migration.files import xlsx_file

HEADINGS = ["Employee ID", "Name", "Hire date", "Department", "Over time"]
ROWS = [
    [
        f"E{n}", f"Ann Lee{chr(65 + n % 26)}", f"2020-01-{n % 27 + 1:02d}", ["Sales", "HR"][n % 2],
        ["No", "Yes"][n % 3 == 0],
    ]
    for n in range(100, 130)
]  # fmt: skip


def laid(*rows):
    return find_table(list(enumerate(rows, 1)))


def test_headings_that_come_again_in_another_spelling_are_no_row():
    again = ["Employee ID", "Name ", "Hire date", "department", "Over time"]
    layout = laid(HEADINGS, *ROWS[:5], again, *ROWS[5:])
    assert (layout.headings, layout.start) == (HEADINGS, 1)


SUMMARY = [["Department", "Headcount"], ["Sales", 15], ["HR", 15], ["Total", 30]]


@pytest.mark.parametrize("start", [0, 1, 12, 27])
def test_a_summary_beside_the_rows_is_a_table_of_its_own(start):
    """Beside the first rows, in the middle, and beyond the last one."""
    rows = [list(row) for row in ROWS] + [[] for _n in range(3)]
    for place, cells in enumerate(SUMMARY[: len(rows) - start], start):
        rows[place] = [*(rows[place] or [None] * 5), None, None, *cells]
    layout = laid(HEADINGS, *(row for row in rows if row))
    assert (layout.headings, [row[:5] for _number, row in layout.body]) == (HEADINGS, ROWS)
    (apart,) = layout.others
    assert apart.headings == SUMMARY[0]
    result = clean(layout, today=TODAY)
    assert result.doubts == []
    assert any("was not read" in str(note) for note in result.notes)


def test_a_cell_or_two_beyond_the_rows_are_still_asked_about():
    for beyond in ([(4, [None, "see file"])], [(4, ["x"]), (5, ["y"])]):
        rows = [list(row) for row in ROWS]
        for place, cells in beyond:
            rows[place] += cells
        result = clean(laid(HEADINGS, *rows), today=TODAY)
        assert [one.row for one in result.doubts] == [place + 2 for place, _cells in beyond]


PEOPLE = [[row[0], row[1], row[2], row[4]] for row in ROWS]
COLUMNS = [HEADINGS[0], HEADINGS[1], HEADINGS[2], HEADINGS[4]]


@pytest.mark.parametrize(("said", "heading"), [("{}", "Group"), ("Department: {}", "Department")])
def test_titles_between_the_rows_become_a_column(said, heading):
    title = lambda name: [said.format(name), None, None, None]  # noqa: E731 - a row of the table below
    rows = [title("Sales"), *PEOPLE[:12], title("Human Resources"), *PEOPLE[12:20], title("Finance"), *PEOPLE[20:]]
    layout = laid(COLUMNS, *rows)
    result = clean(layout, today=TODAY)
    assert result.headings == [*COLUMNS, heading]
    assert [cells[:4] for _row, cells in result.rows] == PEOPLE
    assert [cells[4] for _row, cells in result.rows] == ["Sales"] * 12 + ["Human Resources"] * 8 + ["Finance"] * 10
    assert ([one.row for one in result.dropped], result.doubts, result.total) == ([2, 15, 24], [], 33)
    assert any(heading in str(note) for note in result.notes)


def test_titles_that_a_column_says_too_are_left_out():
    rows = sorted(ROWS, key=lambda row: row[3])
    layout = laid(HEADINGS, ["HR"], *rows[:15], ["Sales"], *rows[15:])
    result = clean(layout, today=TODAY)
    assert (result.headings, [cells for _row, cells in result.rows]) == (HEADINGS, rows)
    assert [one.row for one in result.dropped] == [2, 18]


@pytest.mark.parametrize(
    "rows",
    [
        [*PEOPLE[:9], ["Sales"], *PEOPLE[9:20], ["HR"], *PEOPLE[20:]],
        [["Europe"], ["Sales"], *PEOPLE[:9], ["HR"], *PEOPLE[9:]],
        [["E900"], *PEOPLE[:9], ["E901"], *PEOPLE[9:]],
    ],
    ids=["the first rows have none", "two levels", "rows that lack the rest"],
)
def test_what_may_be_a_row_is_asked_about(rows):
    result = clean(laid(COLUMNS, *rows), today=TODAY)
    assert result.headings == COLUMNS
    assert len(result.rows) == len(rows)


@pytest.mark.parametrize("words", ["Checked by", "Approved by:", "Signature", "Reviewed by"])
def test_signatures_below_are_no_rows(words):
    result = clean(laid(HEADINGS, *ROWS, [words, None, "Ann Lee"]), today=TODAY)
    assert len(result.rows) == len(ROWS)
    assert [one.rule for one in result.dropped] == ["notes"]


@pytest.mark.parametrize("mark", ["{}*", "* {}", "{} (required)", "{}（必填）", "{} [optional]"])
def test_marks_of_what_must_be_filled_in_are_no_part_of_a_heading(mark):
    assert bare_heading(mark.format("Hire date")) == "Hire date"
    assert meaning_of(mark.format("Hire date")) == "hire_date"
    headings = [mark.format(heading) for heading in HEADINGS]
    (table,) = clean_files([("a.xlsx", xlsx_file([headings, *ROWS]))], kind="employees")
    assert table.mapping["employee_no"] == headings[0]
    assert table.cleaned.headings[:4] == ["employee_no", "name", "hire_date", "department"]
