"""Words of other columns, numbers that are strange where they stand, and what only the column can tell."""

from __future__ import annotations

import pytest

from tests.migration.cleaning.tables import asked, column, table

SIZE = 120
MEASURED = ["Worker ID", "Distance", "Weight", "Height", "Load", "Mass index", "Absent hours"]
PEOPLE = [
    [
        str(10001 + n), str(5 + n % 30), str(56 + n % 50), str(163 + n % 30), f"{200 + n % 90}.{n % 9 + 1}",
        str(19 + n % 9), str(n % 5),
    ]
    for n in range(SIZE)
]  # fmt: skip
PAY = ["Name", "Unit", "Time", "Paid by", "Hours", "Salary", "Rate"]


def paid(n):
    hourly = n % 4 == 0
    return [
        f"Ann {chr(65 + n % 26)}{chr(97 + n // 26)}o", ("POLICE", "FIRE", "WATER")[n % 3], "F" if n % 9 else "P",
        "Hourly" if hourly else "Salary", "40" if hourly else "", "" if hourly else f"${40000 + n * 12}.00",
        f"${20 + n / 10:.2f}" if hourly else "",
    ]  # fmt: skip


def kept(columns, headings, index):
    return [columns[name][index] for name in headings]


@pytest.mark.parametrize("place", [1, 2, 3])
def test_numbers_that_slipped_to_the_right_go_back(place):
    rows = [list(row) for row in PEOPLE]
    rows[50] = [*rows[50][:place], "", *rows[50][place:-1]]
    columns, result = table(MEASURED, *rows)
    assert kept(columns, MEASURED[:-1], 50) == [
        PEOPLE[50][0], *[str(float(one)).removesuffix(".0") for one in PEOPLE[50][1:-1]],
    ]  # fmt: skip
    assert [(row, name) for row, name, _value in asked(result)] == [(52, "Absent hours")]


def test_numbers_that_slipped_to_the_left_are_all_put_right_or_asked():
    rows = [list(row) for row in PEOPLE]
    rows[50] = [*rows[50][:1], *rows[50][2:], ""]
    columns, result = table(MEASURED, *rows)
    questions = {name: one.candidates for one in result.doubts for name in [one.column] if one.row == 52}
    for name, truth in zip(MEASURED, PEOPLE[50], strict=True):
        assert name in questions or columns[name][50] == truth
    assert {one.row for one in result.doubts} == {52}


def test_one_number_that_lacks_makes_no_slip():
    rows = [list(row) for row in PEOPLE]
    rows[50][2] = ""
    columns, _result = table(MEASURED, *rows[:50], rows[50], *rows[51:])
    assert kept(columns, MEASURED[:4], 50) == rows[50][:4]


def test_several_rows_that_slipped_alike_make_no_new_word():
    rows = [paid(n) for n in range(200)]
    slipped = [21, 42, 63, 105, 126]
    for n in slipped:
        rows[n] = [*rows[n][:1], *rows[n][2:], ""]
    columns, result = table(PAY, *rows)
    for n in slipped:
        assert kept(columns, PAY[2:5], n) == paid(n)[2:5]
    assert {(row, name) for row, name, _value in asked(result)} == {(n + 2, "Unit") for n in slipped}


def test_levels_of_numbers_show_what_is_no_level():
    _cells, result = column("Education", "999", before=["1", "2", "3", "4", "5"] * 12)
    assert [one.rule for one in result.doubts] == ["out_of_range"]


def test_a_word_of_its_own_case_yields_to_the_case_of_the_column():
    usual = [f"town_{n}" for n in range(20) for _time in range(3)]
    assert column("Branch", "town_77", "Town_77", before=usual)[0] == ["town_77", "town_77"]


def test_gender_under_a_longer_heading():
    assert column("gender_full", "F", "女", before=["Male", "Female"] * 10)[0] == ["Female", "Female"]


def test_points_stay_among_a_few_whole_numbers():
    loads = [f"{200 + n % 11}.{550 + n % 11}" for n in range(300)]
    cells, result = column("Work load", *loads, "52", "17", "18", "25", "36", "47")
    assert (cells[:300], result.doubts) == (loads, [])


STAFF = ["Name", "Job", "Unit", "Hired", "Salary", "Gross"]


def hired(n, name):
    return [
        name, ("CLERK", "DRIVER", "COOK")[n % 3], ("FIRE", "WATER")[n % 2], f"20{10 + n % 10}-0{1 + n % 9}-15",
        str(40000 + n * 91), str(39000 + n * 83),
    ]  # fmt: skip


LAST, FIRST = ("Lee", "Fox", "Day", "Poe", "Ray", "Orr"), ("Ann", "Bo", "Cy", "Di", "Ed")
CITY = [hired(n, f"{LAST[n % 6]}, {FIRST[n % 5]}") for n in range(30)]


def test_a_person_without_number_who_is_there_twice():
    again = ["LEE, ANN", *CITY[0][1:4], "47000", CITY[0][5]]
    _columns, result = table(STAFF, *CITY, again)
    assert [(one.row, one.rule) for one in result.doubts if not one.column] == [(len(CITY) + 2, "near_duplicates")]
    namesake = ["Lee, Ann", "COOK", "WATER", "2015-02-15", "51234", "50000"]
    assert table(STAFF, *CITY, namesake)[1].doubts == []


def test_a_second_row_that_hardly_differs_where_everybody_has_one():
    headings = ["Employee ID", "Training date", "Course", "Trainer", "Cost"]
    rows = [
        [
            str(1001 + n), f"2023-0{1 + n % 9}-1{n % 7 + 3}", ("Safety", "Excel")[n % 2],
            f"Ann {chr(65 + n % 26)}oe", f"{100 + n * 7}.5",
        ]
        for n in range(80)
    ]  # fmt: skip
    again = [*rows[7][:1], "2023-11-20", *rows[7][2:]]
    _columns, result = table(headings, *rows, again)
    assert [(one.row, one.column) for one in result.doubts] == [(9, "Training date"), (82, "Training date")]
    other = [rows[7][0], "2023-11-20", "Safety", "Bo Fox", "10.5"]
    assert table(headings, *rows, other)[1].doubts == []


def test_cells_that_lack_at_the_end_by_nature_are_no_slips():
    rows = [hired(n, f"Poe{n}, Ann") for n in range(240)]
    for n in (3, 40, 77, 120, 170, 199):
        rows[n][5] = ""
    assert table(STAFF, *rows)[1].doubts == []


def test_lost_numbers_are_nobodys():
    rows = [["#####" if n in (3, 9) else row[0], *row[1:]] for n, row in enumerate(PEOPLE)]
    result = table(["Worker ID", *MEASURED[1:]], *rows)[1]
    assert {one.rule for one in result.doubts} == {"spreadsheet_errors"}


def test_cells_that_lack_here_and_there_move_nothing():
    rows = [list(row) for row in PEOPLE]
    for n in range(0, SIZE, 11):
        rows[n][1 + n % 5] = rows[n][2 + n % 5] = ""
    columns, result = table(MEASURED, *rows)
    assert not [one for one in result.changes if one.rule == "shifted_rows"]
    assert [columns["Height"][n] for n in range(SIZE)] == [row[3] for row in rows]
    assert result.doubts == []
