"""Faults of a newcomer's files: what was silently wrong is a doubt."""

from __future__ import annotations

import datetime as dt

import pytest

from hrsuite.lib.errors import BadInput
from migration.cleaning import clean, find_table
from migration.services.cleansing import clean_files
from migration.services.mapping import read_mapping
from migration.services.saying import say
from tests.migration.files import csv_file

TODAY = dt.date(2026, 11, 26)
HEADINGS = ["Employee ID", "Name", "Hire Date", "Department", "Rating", "Level"]


def people(size=40):
    levels, places = ("Staff", "Senior", "Manager"), ("Sales", "Finance", "Research")
    names = [f"Ann {chr(65 + n % 26)}{chr(97 + n // 26)}" for n in range(size)]
    days = [f"2020-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(size)]
    return [
        [f"E{n:04d}", names[n], days[n], places[n % 3], str(n % 5 + 1), levels[n % 3]] for n in range(size)
    ]  # fmt: skip


def cleaned(rows):
    return clean(find_table(list(enumerate([HEADINGS, *rows], 1))), today=TODAY)


@pytest.mark.parametrize("stray", ["x", "5", "?", "call back!"])
def test_a_stray_cell_behind_a_row_is_asked_about_and_glued_to_nothing(stray):
    rows = people()
    found = cleaned([*rows[:20], [*rows[20], stray], *rows[21:]])
    assert [(one.row, one.column) for one in found.doubts] == [(22, "")]
    assert stray in str(found.doubts[0].reason)
    assert [cells for _number, cells in found.rows] == rows


def test_empty_cells_before_a_row_are_glued_to_nothing():
    rows = people()
    found = cleaned([*rows[:20], ["", "", *rows[20]], *rows[21:]])
    assert not any("," in cell for _number, cells in found.rows for cell in cells)
    assert found.rows[20][1] == rows[20] or any(one.row == 22 for one in found.doubts)


@pytest.mark.parametrize("odd", [["150"], ["150", "180"], ["150", "-5"], ["150", "180", "1000"]])
def test_scores_beyond_their_scale_are_asked_about_however_many_they_are(odd):
    rows = [["Employee ID", "Score"], *([f"E{n:03d}", str(55 + n)] for n in range(44))]
    rows += [[f"E9{n}0", value] for n, value in enumerate(odd)]
    found = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    assert {one.value for one in found.doubts if one.rule == "out_of_range"} == set(odd)


@pytest.mark.parametrize("vast", ["9" * 400, "1E+400", "1e999"])
def test_a_score_beyond_all_numbers_is_asked_about(vast):
    rows = [["Employee ID", "Score"], *([f"E{n:03d}", str(55 + n)] for n in range(44)), ["E900", vast]]
    found = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    assert [one.row for one in found.doubts] == [46]


def test_another_currency_than_that_of_the_column_is_asked_about():
    rows = [["Employee ID", "Salary"], *([f"E{n:03d}", f"${3000 + n}"] for n in range(20))]
    rows += [["E100", "€2,800"], ["E101", "HK$9000"], ["E102", "USD 3100"]]
    found = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    asked = {one.value: one.candidates for one in found.doubts}
    assert asked["HK$9000"] == ("9000",)
    assert "2800" in asked["€2,800"]
    assert len(asked) == 2
    assert found.rows[-1][1][1] == "3100"


def test_a_cell_with_its_own_unit_is_asked_about_where_the_mapping_says_the_unit():
    rows = [["Employee ID", "Date", "Duration(Days)"]]
    rows += [[f"E{n:03d}", "2026-03-14", str(n % 4 + 1)] for n in range(12)]
    rows += [["E100", "2026-03-14", "16 hours"], ["E101", "2026-03-14", "4:00"]]
    text = "columns: {employee_no: Employee ID, happened_on: Date, hours: Duration(Days)}\nunits: {hours: 8}"
    table = clean_files([("a.csv", csv_file(rows))], kind="records", mapping=read_mapping(text))[0]
    assert [row[2] for _number, row in table.cleaned.rows[:4]] == ["8", "16", "24", "32"]
    asked = {one.value: one.candidates for one in table.doubts if one.column == "hours"}
    assert asked == {"16 hours": ("16", "128"), "4:00": ("4", "32")}


def test_m_beside_h_is_no_man():
    rows = [["Employee ID", "Name", "Hire Date", "Sexo", "Gender"]]
    rows += [[f"E{n:03d}", f"Ana {chr(65 + n)}", "2020-03-14", "x", "HM"[n % 2]] for n in range(10)]
    table = clean_files([("a.csv", csv_file(rows))], kind="employees")[0]
    assert {one.value: one.candidates for one in table.doubts if one.value == "M"} == {"M": ("female", "male")}


def test_a_date_column_that_nobody_can_read_is_still_one():
    rows = [["Employee ID", "Name", "Hire date"]]
    rows += [[f"E{n:03d}", f"Ann {chr(65 + n)}", f"{n + 1} VIII 2021"] for n in range(20)]
    table = clean_files([("a.csv", csv_file(rows))], kind="employees")[0]
    assert table.mapping["hire_date"] == "Hire date"
    assert len([one for one in table.doubts if one.column == "hire_date"]) == 20


def test_rows_with_another_separator_are_taken_apart_where_their_cells_fit():
    lines = [",".join(row) for row in [HEADINGS, *people(30)]] + [";".join(row) for row in people(60)[30:]]
    table = clean_files([("a.csv", "\n".join(lines).encode())])[0]
    plain = clean_files([("a.csv", "\n".join(line.replace(";", ",") for line in lines).encode())])[0]
    assert list(table.cleaned.rows) == list(plain.cleaned.rows)
    assert any("another sign" in say(note) for note in table.cleaned.notes)


def test_rows_with_another_separator_are_asked_about_however_many_they_are():
    lines = [",".join(row) for row in [HEADINGS, *people(30)]] + [";".join(row[::-1]) for row in people(60)[30:]]
    table = clean_files([("a.csv", "\n".join(lines).encode())])[0]
    assert {one.row for one in table.doubts if one.column == ""} == set(range(32, 62))


def test_a_number_in_small_letters_among_capitals_is_asked_about():
    rows = people()
    rows[12][0] = "e0012"
    assert [(one.row, one.value, one.candidates) for one in cleaned(rows).doubts] == [(14, "e0012", ("E0012", "e0012"))]
    mixed = [[f"Ab{n:02d}x", *row[1:]] for n, row in enumerate(people())]
    assert not cleaned(mixed).doubts


@pytest.mark.parametrize("cell", ["Anna <anna@x.com>; Ben <ben@x.com>", "a@x.com <b@y.com>"])
def test_of_two_addresses_none_is_taken(cell):
    rows = [["Employee ID", "Email"], *([f"E{n:03d}", f"p{n}@x.com"] for n in range(20)), ["E900", cell]]
    found = clean(find_table(list(enumerate(rows, 1))), today=TODAY)
    assert [one.value for one in found.doubts] == [cell]
    one = clean(find_table(list(enumerate([*rows[:-1], ["E900", "Anna <anna@x.com>"]], 1))), today=TODAY)
    assert (one.rows[-1][1][1], one.doubts) == ("anna@x.com", [])


def test_two_remarks_are_not_for_thousands_of_rows():
    rows = [["Employee ID", "Day", "Remark"]]
    said = {0: "on leave", 900: "late"}
    rows += [[f"E{n:05d}", f"2026-03-{n % 28 + 1:02d}", said.get(n, "")] for n in range(2000)]
    assert not clean(find_table(list(enumerate(rows, 1))), today=TODAY).doubts


def test_an_ampersand_in_a_word_is_no_web_code():
    lines = ["id;dept;pay", *(f"{n};Ops&Sales;1,5" for n in range(9))]
    (table,) = clean_files([("a.csv", "\n".join(lines).encode())])
    assert table.layout.headings == ["id", "dept", "pay"]


@pytest.mark.parametrize("said", ["hex", "base64", "rot13", "punycode", "klingon"])
def test_an_encoding_that_is_none_is_refused_in_words(said):
    with pytest.raises(BadInput):
        clean_files([("a.csv", "id,name\n1,Müller\n".encode("cp1252"))], mapping=read_mapping(f"encoding: {said}"))


def test_an_amount_split_at_its_comma_is_whole_again():
    head = ["Name", "Title", "Annual Salary", "Gross Pay"]
    rows = [[f"Ann {chr(65 + n)}", "Clerk", f"$ {n + 31},390.17", f"$ {n + 27},415.48"] for n in range(26)]
    lines = [",".join(head), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    lines[3] = f'"Ann C","Clerk",$ 33,390.17,"{rows[2][3]}"'
    lines[9] = '"Ann I","Clerk","$ 39,390.17",$ 35,415.48'
    (table,) = clean_files([("a.csv", "\n".join(lines).encode())])
    assert not table.doubts
    assert [row[2:] for _number, row in table.cleaned.rows] == [
        [f"{n + 31}390.17", f"{n + 27}415.48"] for n in range(26)
    ]


def test_a_number_behind_a_name_that_is_there_twice_is_asked_about():
    rows = people()
    rows[20][1] = f"{rows[4][1]} (2)"
    assert [(one.row, one.candidates) for one in cleaned(rows).doubts] == [(22, (rows[4][1], rows[20][1]))]
