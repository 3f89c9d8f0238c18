"""Columns whose heading says too little: what stands below tells days from counts, and posts from forms of address."""

from __future__ import annotations

import pytest

from migration.cleaning.numbers import within
from migration.cleaning.types import guess
from migration.services.cleansing import clean_files
from migration.services.matching import Seen, suggest
from migration.services.saying import say
from tests.migration.files import csv_file, xlsx_file


def _clean(rows, kind=""):
    (table,) = clean_files([("a.csv", csv_file(rows))], kind=kind)
    return table


def _column(table, name):
    place = [one.name for one in table.cleaned.columns].index(name)
    return [cells[place] for _number, cells in table.cleaned.rows]


# --- days under headings without a word for one -----------------------------------------------------------------------
def test_completed_and_enrolled_in_digits_are_days():
    rows = [[f"E{n:03}", str(44703 + n), f"202304{n + 1:02}", 70 + n] for n in range(28)]
    table = _clean([["employee_id", "enrolled", "completed", "score"], *rows])
    # a spreadsheet counts 44703 as 22 May 2022
    assert _column(table, "enrolled")[:2] == ["2022-05-22", "2022-05-23"]
    assert _column(table, "completed") == [f"2023-04-{n + 1:02}" for n in range(28)]
    assert not table.doubts


@pytest.mark.parametrize(
    ("heading", "cells", "type_"),
    [
        ("completed", [str(n % 12) for n in range(40)], "number"),
        ("Completed", ["Yes", "No"] * 20, "truth"),
        ("Left", ["Yes", "No"] * 20, "truth"),
        ("Left", [str(44703 + n) for n in range(40)], "date"),
        ("enrolled", [str(20 + n) for n in range(40)], "number"),
        ("started", [str(2000 + n % 20) for n in range(40)], "number"),
    ],
)
def test_the_cells_tell_days_from_counts_and_answers(heading, cells, type_):
    assert guess(heading, cells)[0] == type_


# --- numbers of employees under a heading that only says number ------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "pattern", "meaning"),
    [
        ("ID", "E1{:03}", "employee_no"), ("No.", "emp-{:04}", "employee_no"), ("序号", "EMP{:03}", "employee_no"),
        ("ID", "{}", "record_no"), ("ID", "R{:04}", "record_no"), ("ID", "EX-{:04}", "record_no"),
    ],
)  # fmt: skip
def test_letters_tell_numbers_of_employees_from_those_of_records(heading, pattern, meaning):
    assert guess(heading, [pattern.format(n) for n in range(40)])[1] == meaning


def test_numbers_of_employees_are_read_where_their_heading_says_number_only():
    rows = [[f"E1{n:03}", f"Ann {chr(65 + n)}ox", "Sales", f"2019-03-{n + 1:02}"] for n in range(20)]
    table = _clean([["ID", "Name", "Department", "Hire date"], *rows], "employees")
    assert table.mapping["employee_no"] == "ID"


# --- fields -----------------------------------------------------------------------------------------------------------
def test_the_day_of_a_record_is_when_it_was_completed():
    columns = [Seen("employee_id", "id", "employee_no"), Seen("enrolled", "date", ""), Seen("completed", "date", "")]
    assert suggest("records", columns)["happened_on"] == "completed"
    assert suggest("records", [one for one in columns if one.name != "completed"])["happened_on"] == "enrolled"
    told = [Seen("completed", "truth", "") if one.name == "completed" else one for one in columns]
    assert suggest("records", told)["happened_on"] == "enrolled"


def test_pay_days_begin_salaries():
    columns = [Seen("工号", "id", "employee_no"), Seen("工资", "number", "salary"), Seen("发放日期", "date", "")]
    assert suggest("salaries", columns)["start_date"] == "发放日期"


@pytest.mark.parametrize(("words", "is_position"), [(["Mr", "Mrs", "Ms.", "Dr"], False), (["Clerk", "Nurse"], True)])
def test_forms_of_address_are_no_positions(words, is_position):
    rows = [[f"E{n:03}", f"Ann Lee {n}", words[n % len(words)]] for n in range(40)]
    table = _clean([["Employee no", "Name", "Title"], *rows], "employees")
    assert table.mapping.get("position") == ("Title" if is_position else None)


@pytest.mark.parametrize(
    ("kind", "field", "heading"),
    [("employees", "position", "Job Titles"), ("employees", "employee_no", "Payroll No"),
     ("candidates", "stage", "面试状态")],
)  # fmt: skip
def test_headings_of_public_files_serve_their_fields(kind, field, heading):
    rows = [[f"E{n:03}", f"张{n}"] for n in range(20)]
    assert _clean([[heading, "姓名"], *rows], kind).mapping[field] == heading


# --- spans among numbers ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("15-20K", ("15000", "20000")),
        ("15K-20K", ("15000", "20000")),
        ("3-5年", ("3", "5")),
        ("1~1.5万", ("10000", "15000")),
    ],
)
def test_both_ends_of_a_span_are_candidates(text, ends):
    assert within(text) == ends


# --- sheets -----------------------------------------------------------------------------------------------------------
def test_sheets_that_are_not_read_are_named():
    head = ["Employee no", "Score"]
    book = xlsx_file([head, ["E1", 5], ["E2", 6]], [head, ["E3", 7]], [], [head, ["E4", 8]])
    (table,) = clean_files([("a.xlsx", book)])
    # an empty sheet has nothing to lose
    assert [say(one) for one in table.cleaned.notes] == ["Only sheet Sheet was read, not: Sheet1, Sheet3."]
