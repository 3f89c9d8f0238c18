"""What a spreadsheet would calculate stays text in every csv that we write; everything else is as it was."""

from __future__ import annotations

import csv
import time

import pytest
from django.core.management import call_command

from hrsuite.lib.export import csv_cell, safe
from migration.services import clean_output
from migration.services.records import unquoted
from tests.migration.files import csv_file

CALCULATED = [
    "=1+1", "@SUM(A1)", "\t=1", "\r=1", "-A1+B1", "+5-3", "-5-3*A1", "-A1", "+$B$2", "-2+3+cmd|' /C calc'!A0",
    "+\ncmd|' /C calc'!A0", "+SUM(1,2)", "-Sheet1!A1", "--5", "+1-451", "-138-1234567", "- 5 - 3", "+5%*2", "-1/2",
    "-.5+.5", "+A1:B2", "-1.5e3*2", "+5^2", "+A1&B1",
]  # fmt: skip
PLAIN = [
    "", "-5", "+5", "-5.00", "+1,250.50", "-5%", "- 5 000,00", "+1.5e3", "+49 151 2345678", "+1-451-555-0100",
    "+1 (451) 555-0100", "+86 138 0013 8000", "+49/151/2345678", "-", "--", "- none", "-A", "+B", "-N/A-",
    "+3 days", "Ann", "5-3", "A1+B1", "'x",
]  # fmt: skip


@pytest.mark.parametrize("text", CALCULATED)
def test_what_is_calculated_gets_a_mark_that_imports_take_off(text):
    assert safe(text) == csv_cell(text) == f"'{text}"
    assert unquoted(safe(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_phones_and_words_stay(text):
    assert safe(text) == csv_cell(text) == text


def test_there_is_one_rule():
    assert clean_output.safe is safe


def test_long_texts_take_no_time():
    start = time.monotonic()
    for text in ("+" * 30_000, "-1" * 15_000 + "x", "+" + "1 " * 15_000 + "x", "-A1" * 9_000 + "?"):
        safe(text)
    assert time.monotonic() - start < 2


def test_a_clean_file_holds_no_formula(tmp_path):
    remarks = ["-A1+B1", "+5-3", "-5", "+49 151 2345678", "- later"]
    rows = [["Employee ID", "Remark"], *([f"E{n:02d}", text] for n, text in enumerate(remarks))]
    (tmp_path / "a.csv").write_bytes(csv_file(rows))
    call_command("import_file", str(tmp_path / "a.csv"), "--out", str(tmp_path / "c.csv"))
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        found = [row["Remark"] for row in csv.DictReader(file)]
    assert found == ["'-A1+B1", "'+5-3", "-5", "+49 151 2345678", "- later"]


def test_candidates_with_a_sign_are_read_as_they_are():
    assert clean_output._candidates(["-5000", "5000"]) == "-5000 | 5000"
    assert clean_output._candidates(["-5-3", "5"]) == "'-5-3 | 5"
    assert clean_output._candidates(["-cmd", "' /C calc'!A0"]).startswith("'")
