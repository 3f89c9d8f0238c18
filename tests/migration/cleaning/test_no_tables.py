"""Files that hold no rows, or texts beside tables: said for what they are."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.management import call_command

from hrsuite.lib.errors import BadInput
from migration.services.records import is_prose, read_records
from tests.migration.files import csv_file

HEADINGS = ["Employee ID", "Name", "Start date"]
ROWS = [HEADINGS, ["001", "Ann Lee", "25/03/2015"], ["002", "Bo Fox", "13/01/2016"]]
README = "Export of the old HR system.\nMade by Ann, on request, for the new one.\n\nAsk her.\n"


def run(command, *arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


def test_headings_alone_are_no_table(tmp_path):
    path = tmp_path / "head.csv"
    path.write_bytes(csv_file([HEADINGS]))
    status, text = run("import_file", path, "--as", "employees", "--out", tmp_path / "c.csv")
    assert (status, "There are headings, but no rows." in text, (tmp_path / "c.csv").exists()) == (2, True, False)
    # beside a table they are said
    full = tmp_path / "full.csv"
    full.write_bytes(csv_file(ROWS))
    status, text = run("import_file", path, full, "--as", "employees", "--out", tmp_path / "c.csv")
    assert (status, "There are headings, but no rows." in text) == (0, True)


@pytest.mark.parametrize("name", ["readme.txt", "hint.txt"])
def test_a_text_to_be_read_is_passed_over_and_named(tmp_path, name):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, README)
        archive.writestr("staff.csv", csv_file(ROWS))
        archive.writestr("more.txt", csv_file(ROWS, separator="\t"))
    status, text = run("import_file", path, "--as", "employees", "--out", tmp_path / "c.csv", "--json")
    tables = json.loads(text)["tables"]
    assert (status, [one["file"] for one in tables]) == (0, ["staff.csv", "more.txt"])
    assert f"Passed over, as they hold no table: {name}." in tables[0]["notes"]
    assert name in run("inspect_file", path)[1]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (README, True), ("导出说明\n本文件由人事系统导出，仅供参考。\n", True), ("a;b\n1;2\n3;4\n", False),
        ("No   Name        Hired\n" + "".join(f"00{n}  Ann Lee     201{n}\n" for n in range(9)), False),
        ("Report, 2024\n\na,b,c\n1,2,3\n4,5,6\n", False),
    ],
)  # fmt: skip
def test_what_prose_is(text, answer):
    assert is_prose(text) is answer


def test_a_vast_cell_is_no_quotation_mark():
    text = "Employee no,Name\nE1," + "A" * 2_000_000 + "\nE2,Bo\n"
    with pytest.raises(BadInput, match="A cell of line 2 is longer than"):
        read_records("long.csv", text, ",")
    with pytest.raises(BadInput, match="never closed"):
        read_records("open.csv", 'Employee no,Name\nE1,"' + "A" * 2_000_000, ",")


def test_a_kind_that_there_is_none_of_is_answered_with_the_words_to_type(tmp_path, capsys):
    path = tmp_path / "full.csv"
    path.write_bytes(csv_file(ROWS))
    with pytest.raises(Exception, match="employees") as caught:
        call_command("import_file", str(path), "--as", "nonsense")
    assert "Kind." not in str(caught.value)
