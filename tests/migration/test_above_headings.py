"""Lines above the headings, as reports have them, are no rows: what is not read is said, with where it stands."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from migration.services import import_file
from tests.migration.files import csv_file, xlsx_file
from tests.migration.test_sheets_of_one_table import YEAR, book

TITLE, FILTER = "Training hours of 2025", "Filter: status is active"
LINES = f"1 “{TITLE}”; 3 “{FILTER}”"
HEADINGS = ["Employee no", "Activity", "Date", "Hours"]


def report(days=range(13, 19), *, filtered_by=FILTER):
    rows = [[f"E00{n % 5 + 1}", "online", f"2025-03-{n}", 1.5] for n in days]
    return [[TITLE], [], [filtered_by], HEADINGS, *rows]


@pytest.fixture
def cleaned(tmp_path):
    """``cleaned(name, data, options…)`` is what the command prints on both of its streams."""

    def call(name, data, *options):
        (tmp_path / name).write_bytes(data)
        out, err = io.StringIO(), io.StringIO()
        call_command(
            "import_file", str(tmp_path / name), "--as", "records", *options, stdout=out, stderr=err
        )  # fmt: skip
        return out.getvalue(), err.getvalue()

    return call


@pytest.mark.parametrize(("name", "make"), [("a.csv", csv_file), ("a.xlsx", xlsx_file)])
def test_cleaning_alone_says_which_lines_above_the_headings_were_not_read(cleaned, tmp_path, name, make):
    written = ["--out", str(tmp_path / "clean.csv")]
    said, _errors = cleaned(name, make(report()), *written)
    assert f"Not read, above the headings: {LINES}." in said
    told = json.loads(cleaned(name, make(report()), *written, "--json")[0])
    assert [one for one in told["tables"][0]["notes"] if "above" in one] == [f"Not read, above the headings: {LINES}."]
    assert (tmp_path / "clean.csv").read_text().splitlines()[1].startswith("5,E004,online")


def test_a_table_on_standard_output_leaves_the_note_to_the_other_stream(cleaned):
    _table, errors = cleaned("a.csv", csv_file(report()), "--out", "/dev/stdout")
    assert LINES in errors


def test_long_lines_are_cut_and_many_are_counted_out(cleaned, tmp_path):
    lines = [[f"Remark {n} on this report"] for n in range(1, 15)]
    rows = [["x" * 61], *lines, HEADINGS, *report()[4:]]
    said, _errors = cleaned("a.csv", csv_file(rows), "--out", str(tmp_path / "clean.csv"))
    assert f"headings: 1 “{'x' * 60}…”; 2 “Remark 1 on this report”;" in said
    assert said.partition("headings: ")[2].partition(".\n")[0].endswith("; 12 “Remark 11 on this report” …")


def test_a_table_without_such_lines_says_nothing(cleaned, tmp_path):
    said, _errors = cleaned("a.csv", csv_file(report()[3:]), "--out", str(tmp_path / "clean.csv"))
    assert "above" not in said


def test_lines_of_sheets_that_are_one_table_are_named_with_their_sheet(cleaned, tmp_path):
    said, _errors = cleaned("year.xlsx", book(**YEAR), "--out", str(tmp_path / "clean.csv"))
    assert "below the rows of the sheets: Jan!1 “Training”; Jan!11 “Note: by HR”; Feb!1 “Training”;" in said


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["compared", "large", "streamed"])
def test_an_import_says_so_however_large_the_file_is(world, monkeypatch, size):
    if size != "compared":
        monkeypatch.setattr("migration.services.sources.LARGE", -1)
    monkeypatch.setattr("migration.services.streaming.stream.FROM_BYTES", 0 if size == "streamed" else 1 << 40)
    result = import_file(name="a.csv", data=csv_file(report()), kind="records", actor=None, dry_run=True)
    assert f"Not read, above the headings: {LINES}." in result.notes
    assert result.rows == 6
