"""Rows that slipped among columns of numbers: one question for a row, with what it may have been, and its answer."""

from __future__ import annotations

import random

import pytest

from migration.cleaning import read_decisions
from tests.migration.cleaning.tables import asked, table

TRAININGS = ["Employee ID", "Course", "Training date", "Hours", "Score", "Points"]
RECORDS = [
    [
        f"E{1000 + n}", ("Safety", "Excel", "Quality")[n % 3], f"2023-{1 + n % 12:02d}-{1 + n % 28:02d}",
        str((1, 2, 4, 8)[n % 4]), str(55 + n * 7 % 45), str(1 + n * 3 % 10),
    ]
    for n in range(60)
]  # fmt: skip
APPLICANTS = ["Applicant ID", "Name", "Phone number", "Years of experience", "Desired salary", "Zip code"]
PEOPLE = [
    [
        str(1001 + n), f"Ann {chr(65 + n % 26)}{chr(97 + n // 26)}oe", f"{201 + n}5550{n + 100}", str(n % 15),
        f"{30000 + n * 977}.{10 + n}", str(10009 + n * 1013),
    ]
    for n in range(60)
]  # fmt: skip
WAGES = ["Employee ID", "Name", "Zip code", "Hourly rate", "Hours", "Rating"]
PAID = [
    [row[0], row[1], row[5], f"{15 + n % 50}.{n % 9}5", str(20 + n % 20), str(1 + n % 5)]
    for n, row in enumerate(PEOPLE)
]


def told(heads, row, truth):
    """The candidate that says what is otherwise in ``truth``."""
    row = [*row, *[""] * (len(heads) - len(row))]
    return "; ".join(f"{head}={one}" for head, was, one in zip(heads, row, truth, strict=False) if was != one)


def with_row(heads, rows, row, hints=None):
    return table(heads, *rows[:20], row, *rows[21:], hints=hints)


@pytest.mark.parametrize("place", [3, 4])
def test_a_number_that_lacks_and_moves_the_others_is_one_question(place):
    row = [*RECORDS[20][:place], *RECORDS[20][place + 1 :], ""]
    columns, result = with_row(TRAININGS, RECORDS, row)
    truth = [*RECORDS[20][:place], "", *RECORDS[20][place + 1 :]]
    (doubt,) = result.doubts
    if doubt.column:
        assert (doubt.column, [columns[head][20] for head in TRAININGS]) == (TRAININGS[place], truth)
    else:
        assert {told(TRAININGS, row, truth), "keep", "drop"} <= set(doubt.candidates)


@pytest.mark.parametrize("place", [3, 4, 5])
def test_a_number_that_is_there_twice_goes_or_is_asked(place):
    """The row has a cell too many; where the last one fell off, that value is lost."""
    row = [*RECORDS[20][:place], RECORDS[20][place - 1], *RECORDS[20][place:]]
    columns, result = with_row(TRAININGS, RECORDS, row)
    is_right = [columns[head][20] for head in TRAININGS] == RECORDS[20]
    assert is_right or told(TRAININGS, row[:6], RECORDS[20]) in result.doubts[0].candidates
    assert len(result.doubts) <= 1


@pytest.mark.parametrize(
    ("heads", "rows", "place"),
    [(APPLICANTS, PEOPLE, 2), (APPLICANTS, PEOPLE, 3), (WAGES, PAID, 2), (WAGES, PAID, 3)],
)
def test_numbers_of_other_columns_are_never_taken_in_silence(heads, rows, place):
    """A phone in years of experience, a zip code as an hourly rate."""
    lost = [*rows[20][:place], "", *rows[20][place + 1 :]]
    for row in ([*rows[20][:place], *rows[20][place + 1 :]], [*rows[20][:place], *rows[20][place + 1 :], ""]):
        columns, result = with_row(heads, rows, row)
        (doubt,) = result.doubts
        moved = [columns[head][20] for head in heads] == lost and doubt.column == heads[place]
        assert moved or told(heads, row, lost) in doubt.candidates
    part = [*rows[20][:place], "", rows[20][place], *rows[20][place + 2 :]]
    columns, result = with_row(heads, rows, part)
    assert {one.row for one in result.doubts} == {22}


def test_one_answer_serves_the_row():
    rows = [[*row[:4], row[5], ""] if n in (20, 40) else row for n, row in enumerate(RECORDS)]
    _columns, result = table(TRAININGS, *rows)
    assert asked(result) == [(22, "", "22"), (42, "", "42")]
    candidate = told(TRAININGS, rows[20], [*RECORDS[20][:4], "", RECORDS[20][5]])
    for answer in (candidate, "first"):
        hints = read_decisions(
            f"row,column,value,candidates,reason,rule,answer,file\n22,,22,,,shifted_rows,{answer},\n"
        )
        columns, result = table(TRAININGS, *rows, hints=hints)
        assert [columns[head][20] for head in TRAININGS] == [*RECORDS[20][:4], "", RECORDS[20][5]]
        assert asked(result) == [(42, "", "42")]
    everything = read_decisions("decisions:\n- {rule: shifted_rows, answer: first}")
    columns, result = table(TRAININGS, *rows, hints=everything)
    assert columns["Points"][40] == RECORDS[40][5]
    assert not result.doubts
    columns, result = table(TRAININGS, *rows, hints=read_decisions("decisions:\n- {rule: shifted_rows, answer: drop}"))
    assert len(result.rows) == len(rows) - 2
    _columns, result = table(TRAININGS, *rows, hints=read_decisions("decisions:\n- {rule: shifted_rows, answer: kepp}"))
    assert len(result.doubts) == 2


def test_a_moved_row_is_cleaned_as_the_others():
    row = [*RECORDS[20][:2], "3/14/2023", " 4 h", "7", ""]
    hints = read_decisions("decisions:\n- {rule: shifted_rows, answer: first}")
    columns, result = with_row(TRAININGS, RECORDS, row, hints)
    assert [columns[head][20] for head in TRAININGS] == [*RECORDS[20][:2], "2023-03-14", "4", "", "7"]
    assert not result.doubts


def test_tables_that_lack_numbers_by_nature_are_not_asked_about():
    rows = [
        ["" if (n * 7 + place) % 23 == 0 and place > 2 else cell for place, cell in enumerate(row)]
        for n, row in enumerate(RECORDS)
    ]
    assert not table(TRAININGS, *rows)[1].doubts
    assert not table(TRAININGS, *RECORDS)[1].doubts


@pytest.mark.parametrize("name", ["Smith, John", "陈, 建"])
def test_an_unquoted_comma_in_a_name_is_mended(name):
    rows = [[row[0], name if n == 20 else row[1], *row[2:]] for n, row in enumerate(PEOPLE)]
    columns, result = with_row(APPLICANTS, PEOPLE, [PEOPLE[20][0], *name.split(","), *PEOPLE[20][2:]])
    assert [columns[head][20] for head in APPLICANTS] == rows[20]
    assert not result.doubts


def test_digits_with_a_comma_between_are_not_put_together_in_silence():
    """76 and 3 may be 76,3, or 3 is there twice."""
    _columns, result = with_row(TRAININGS, RECORDS, [*RECORDS[20][:4], "76", "3", "3"])
    assert asked(result) == [(22, "", "22")]
    assert "keep" in result.doubts[0].candidates


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_cell_that_is_there_twice_in_front_of_others_goes(place):
    """Nobody joins an address, a day or a number to the one beside."""
    columns, result = with_row(WAGES, PAID, [*PAID[20][:place], PAID[20][place], *PAID[20][place:]])
    assert [columns[head][20] for head in WAGES] == PAID[20]
    assert not result.doubts


def test_no_candidate_says_nothing():
    _columns, result = with_row(TRAININGS, RECORDS, [*RECORDS[20], RECORDS[20][5]])
    assert asked(result) == [(22, "", "22")]
    assert "" not in result.doubts[0].candidates


@pytest.mark.parametrize("places", [(1, 2), (3, 4), (1, 4)])
def test_two_cells_that_lack_are_one_question(places):
    short = [cell for place, cell in enumerate(RECORDS[20]) if place not in places]
    _columns, result = with_row(TRAININGS, RECORDS, short)
    assert asked(result) == [(22, "", "22")]
    lost = ["" if place in places else cell for place, cell in enumerate(RECORDS[20])]
    assert told(TRAININGS, short, lost) in result.doubts[0].candidates


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 8, 14])
@pytest.mark.parametrize("last", ["E-mail", "Exit date"])
def test_a_few_rows_that_nobody_filled_to_the_end_stand(count, last):
    """They show little of what their columns can hold."""
    rows = [
        [f"N{n}", f"{chr(65 + n)}nn {chr(75 + n)}ee", f"2024-0{1 + n % 9}-01", ["SALES", "R&D"][n % 2],
         ["REP", "Engineer", "Clerk"][n * 2 % 3], ["L1", "Staff"][n // 2 % 2], ""]
        for n in range(count)
    ]  # fmt: skip
    rows[0][-1] = "wei@example.com" if last == "E-mail" else "2025-01-31"
    columns, result = table(["Employee ID", "Name", "Hire date", "Department", "Position", "Level", last], *rows)
    assert not result.doubts
    assert [columns["Level"], columns[last]] == [[row[5] for row in rows], [row[6] for row in rows]]


SUBJECTS = ["Student ID", "Name", "Physics", "Chemistry", "Biology", "Average"]


def pupils(count):
    draw = random.Random(7)
    marks = [[draw.randint(60, 99) for _subject in range(3)] for _pupil in range(count)]
    return [
        [str(631707 + n), f"Pupil {chr(65 + n % 26)}{n}", *map(str, one), f"{sum(one) / 3:.1f}"]
        for n, one in enumerate(marks)
    ]


@pytest.mark.parametrize("place", [2, 3, 4])
def test_a_score_that_lacks_among_others_of_the_kind_is_no_slip(place):
    rows = pupils(300)
    row = [*rows[20][:place], "", *rows[20][place + 1 :]]
    columns, result = with_row(SUBJECTS, rows, row)
    assert not result.doubts
    assert columns[SUBJECTS[place]][20] == ""


def test_a_score_that_lacks_where_rows_slipped_is_asked_about():
    rows = pupils(300)
    row = [*rows[20][:3], "", *rows[20][4:]]
    slipped = [[one[0], *one[2:], ""] for one in rows[40:60]]
    _columns, result = table(SUBJECTS, *rows[:20], row, *rows[21:40], *slipped, *rows[60:])
    assert (22, "", "22") in asked(result)


def test_scores_that_are_equal_by_chance_are_no_slip():
    draw = random.Random(3)
    rows = [[*row[:2], *(str(draw.randint(30, 99)) for _subject in range(4))] for row in pupils(2000)]
    _columns, result = table(SUBJECTS, *rows)
    assert any(row[2] == row[3] for row in rows)
    assert not asked(result, "shifted_rows")


def test_a_number_and_a_word_that_came_never_before_stay_where_they_are():
    """Somebody unknown and a new word in rows without a name: nothing that slipped."""
    words = ["Workshop", "Online course", "Conference", "Reading"]
    rows = [
        [f"T{n:05}", f"N{n % 90:04}", f"Ann {chr(65 + n % 20)}ox", words[n % 4], "2025-06-15", str(n % 4 + 1)]
        for n in range(1200)
    ]
    rows[700][1:3], rows[900][2:4] = ["N0999", ""], ["", "Sailing trip"]
    _columns, result = table(["Record no", "Employee no", "Name", "Training type", "Date", "Hours"], *rows)
    assert not result.doubts
    assert [cells for _number, cells in result.rows] == rows
