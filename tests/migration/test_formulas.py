"""Formulas that the program which wrote a workbook did not calculate: one question for all that are alike."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import call_command

from migration.cleaning import Hints
from migration.services.cleansing import clean_files
from tests.migration.files import xlsx_file

HEADINGS = ["Employee ID", "Salary", "Bonus", "Total", "Share"]
ROWS = [[f"E{n}", 5000 + n, 100, f"=B{n}+C{n}", f"=C{n}/$B$2+LOG10(9)"] for n in range(2, 42)]


def test_formulas_of_a_column_are_one_question(tmp_path):
    (table,) = clean_files([("pay.xlsx", xlsx_file([HEADINGS, *ROWS]))])
    assert len(table.doubts) == 80
    said = {one.column: {doubt.value for doubt in table.doubts if doubt.column == one.column} for one in table.doubts}
    assert said == {"Total": {"=B?+C?"}, "Share": {"=C?/$B$2+LOG10(9)"}}
    # the cells stand as they are in the file
    assert table.cleaned.rows[0][1][3] == "=B2+C2"
    (tmp_path / "pay.xlsx").write_bytes(xlsx_file([HEADINGS, *ROWS]))
    err = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command(
            "import_file", str(tmp_path / "pay.xlsx"), "--out", str(tmp_path / "out.csv"), "--doubts",
            str(tmp_path / "doubts.csv"), stdout=io.StringIO(), stderr=err,
        )  # fmt: skip
    assert stop.value.code == 1
    (line,) = [line for line in err.getvalue().splitlines() if "Total" in line]
    assert "40 rows (2, 3, 4, 5, 6 …)" in line
    assert "open the file in a spreadsheet program, save it, and send it again" in line
    doubts = list(csv.DictReader((tmp_path / "doubts.csv").open(encoding="utf-8")))
    assert {one["value"] for one in doubts if one["column"] == "Total"} == {"'=B?+C?"}


def test_one_answer_serves_them():
    answers = {("spreadsheet_errors", "Total", "=B?+C?"): "empty", ("spreadsheet_errors", "Share", "*"): "keep"}
    (table,) = clean_files([("pay.xlsx", xlsx_file([HEADINGS, *ROWS]))], hints=Hints(answers=answers))
    assert not table.doubts
    assert [cells[3:] for _row, cells in table.cleaned.rows][:2] == [["", ROWS[0][4]], ["", ROWS[1][4]]]


def test_numbers_between_formulas_are_read_as_numbers():
    rows = [[*row[:3], row[3] if n % 3 == 0 else "5,100.50", 1] for n, row in enumerate(ROWS)]
    (table,) = clean_files([("pay.xlsx", xlsx_file([HEADINGS, *rows]))])
    assert {cells[3] for _row, cells in table.cleaned.rows if not cells[3].startswith("=")} == {"5100.50"}
    assert len(table.doubts) == 14
