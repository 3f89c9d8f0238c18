"""inspect_file and import_file --out: files in, files out, no database."""

# ruff: noqa: E501 - tables read as rows

from __future__ import annotations

import csv
import io
import json
import resource
import zipfile

import openpyxl
import pytest
from django.core.management import call_command
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.migration.files import csv_file, xlsx_file
from tests.migration.test_reading import SHEET, with_sheet

HEADINGS = ["Employee ID", "First name", "Last name", "Start date", "Exit date", "Department", "Sex", "Remark"]
ROWS = [
    ["00101", "Ann", "Lee", "25/03/2015", "N/A-StillEmployed", "Sales", "F", "=1+1"],
    ["00102", "Bo", "Fox", "13/01/2016", "", "销管", "M ", "+1-555-0100"],
    ["00103", "Cy", "Ray", "30/07/2017", "28/02/2020", "Sales", "男", "@x"],
    ["00104", "Di", "Day", "22/11/2018", "#####", "Finance", "女", "ok"],
]


@pytest.fixture
def run(tmp_path):
    """``run(command, {name: content}, options…)`` is (exit status, printed text); files are written to the folder."""

    def call(command, files, *options):
        for name, content in files.items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err, status = io.StringIO(), io.StringIO(), 0
        paths = [str(tmp_path / name) for name in files if not name.endswith(".yaml")]
        try:
            call_command(
                command, *paths, *(one.replace("{}", str(tmp_path)) for one in options), stdout=out, stderr=err
            )
        except SystemExit as stop:
            status = stop.code
        return status, out.getvalue() + err.getvalue()

    return call


def table_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_cleaning_alone_writes_three_files(run, tmp_path):
    status, text = run("import_file", {"staff.csv": csv_file([HEADINGS, *ROWS])}, "--as", "employees", "--out", "{}/clean.csv",
                       "--doubts", "{}/doubts.csv", "--report", "{}/report.xlsx", "--json")  # fmt: skip
    report = json.loads(text)
    assert (status, report["status"], report["doubts"]) == (1, "doubts", 1)
    assert report["tables"][0]["mapping"]["name"] == "{First name} {Last name}"
    first, second, third, fourth = table_of(tmp_path / "clean.csv")
    assert (first["source_row"], first["employee_no"], first["hire_date"], first["exit_date"]) == (
        "2",
        "00101",
        "2015-03-25",
        "",
    )
    assert [row["gender"] for row in (first, second, third, fourth)] == ["female", "male", "male", "female"]
    assert (first["name"], first["First name"]) == ("Ann Lee", "Ann")
    # text stays text in a spreadsheet, and a phone number is none of its business
    assert [row["Remark"] for row in (first, second, third)] == ["'=1+1", "+1-555-0100", "'@x"]
    (doubt,) = table_of(tmp_path / "doubts.csv")
    assert (doubt["row"], doubt["column"], doubt["value"], doubt["rule"]) == (
        "5",
        "exit_date",
        "#####",
        "spreadsheet_errors",
    )
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Summary", "Changes", "Doubts", "Left out", "Refused rows"]
    refused = list(book["Refused rows"].values)
    assert (refused[0][1:], refused[1][1]) == (tuple(HEADINGS), "00104")


def test_terms_and_answers(run, tmp_path):
    files = {
        "staff.csv": csv_file([HEADINGS, *ROWS]),
        "t.yaml": "department: {销管: 销售管理}",
        "d.yaml": 'decisions:\n- {column: exit_date, value: "#####", answer: empty}',
    }
    status, _text = run(
        "import_file", files, "--as", "employees", "--out", "{}/c.csv", "--terms", "{}/t.yaml", "--decide", "{}/d.yaml"
    )
    assert status == 0
    assert [row["department"] for row in table_of(tmp_path / "c.csv")] == ["Sales", "销售管理", "Sales", "Finance"]


def test_a_list_of_doubts_comes_back_with_its_answers(run, tmp_path):
    files = {"staff.csv": csv_file([HEADINGS, *ROWS])}
    assert run("import_file", files, "--out", "{}/c.csv", "--doubts", "{}/d.csv")[0] == 1
    lines = table_of(tmp_path / "d.csv")
    lines[0]["answer"] = "2024-05-06"
    with (tmp_path / "d.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    status, _text = run("import_file", files, "--out", "{}/c.csv", "--decide", "{}/d.csv")
    assert (status, table_of(tmp_path / "c.csv")[3]["Exit date"]) == (0, "2024-05-06")


def test_a_mapping_names_columns_and_switches_rules(run, tmp_path):
    files = {
        "staff.csv": csv_file([HEADINGS, *ROWS]),
        "m.yaml": "kind: employees\ncolumns: {employee_no: Employee ID, department: Department}\nclean: {rules: {off: [placeholders]}}",
    }
    run("import_file", files, "--as", "employees", "--mapping", "{}/m.yaml", "--out", "{}/c.csv")
    row = table_of(tmp_path / "c.csv")[0]
    assert list(row)[:3] == ["source_row", "employee_no", "First name"]
    assert row["Exit date"] == "N/A-StillEmployed"


def test_records_of_the_departed_are_seen_across_files(run, tmp_path):
    staff = [
        ["Employee ID", "Name", "Hire date", "Exit date"],
        *[[f"E{n}", f"P{n}", "2015-01-20", "2020-01-20" if n == 3 else ""] for n in range(9)],
    ]
    trained = [
        ["Employee ID", "Training date", "Course"],
        *[[f"E{n}", "2021-05-13" if n != 5 else "2014-05-13", f"C{n}"] for n in range(9)],
    ]
    status, _text = run(
        "import_file",
        {"a.csv": csv_file(staff), "b.csv": csv_file(trained)},
        "--out",
        "{}/c.csv",
        "--doubts",
        "{}/d.csv",
    )
    assert status == 1
    assert [(one["row"], one["column"]) for one in table_of(tmp_path / "d.csv")] == [
        ("5", "Training date"),
        ("7", "Training date"),
    ]
    assert (tmp_path / "c-2.csv").exists()


def test_the_inventory(run):
    book = xlsx_file([], [["Report of 2025"], HEADINGS, *ROWS])
    status, text = run("inspect_file", {"a.xlsx": book}, "--json")
    empty, staff = json.loads(text)["tables"]
    assert (status, empty["blank"], staff["start"], staff["kind"], staff["rows"]) == (0, True, 2, "employees", 4)
    exits = next(one for one in staff["columns"] if one["name"] == "Exit date")
    assert (exits["type"], exits["field"], exits["empty"], exits["doubts"]) == ("date", "exit_date", 0.5, 1)
    assert (exits["least"], exits["greatest"]) == ("2020-02-28", "2020-02-28")
    assert "employee_no" in run("inspect_file", {"a.xlsx": book})[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(run, encoding, separator):
    status, text = run(
        "inspect_file",
        {
            "a.csv": csv_file(
                [["工号", "姓名", "部门"], ["E1", "王伟", "销售部"], ["E2", "李娜", "研发部"]], encoding, separator
            )
        },
        "--json",
    )
    (table,) = json.loads(text)["tables"]
    assert (status, table["encoding"], table["separator"]) == (0, encoding, separator)
    assert [one["field"] for one in table["columns"]] == ["employee_no", "name", "department"]


def test_western_letters_are_not_taken_for_chinese(run):
    data = "Employee ID;Name\n1;José García\n2;Zoë Müller\n3;Renée Élan\n".encode("cp1252")
    (table,) = json.loads(run("inspect_file", {"a.csv": data}, "--json")[1])["tables"]
    assert (table["encoding"], table["columns"][1]["examples"][0]) == ("cp1252", "José García")


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_zip_holds_several_files(run):
    data = zipped(
        {
            "a.csv": csv_file([HEADINGS, *ROWS]),
            "x/b.xlsx": xlsx_file([["ID", "Score"], ["1", 5]]),
            "__MACOSX/a.csv": b"\0",
            "read.me": b"x",
        }
    )
    status, text = run("inspect_file", {"all.zip": data}, "--json")
    assert (status, [one["file"] for one in json.loads(text)["tables"]]) == (0, ["a.csv", "b.xlsx"])


def test_days_of_a_book_that_counts_from_1904(run):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in [["Employee ID", "Hire date"], ["E1", 43469], ["E2", 43470], ["E3", 43471]]:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    (table,) = json.loads(run("inspect_file", {"a.xlsx": target.getvalue()}, "--json")[1])["tables"]
    assert table["columns"][1]["least"] == "2023-01-05"


def test_errors_and_formulas_of_a_workbook_are_not_taken_for_empty(run, tmp_path):
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>E{n}</t></is></c>{cell}</row>'
        for n, cell in enumerate(['<c r="B1" t="inlineStr"><is><t>Salary</t></is></c>', '<c r="B2"><f>A1*2</f></c>', '<c r="B3" t="e"><v>#REF!</v></c>', '<c r="B4"><f>6*7</f><v>42</v></c>', '<c r="B5"><v>5</v></c>'], 1)
    )  # fmt: skip
    status, _text = run(
        "import_file",
        {"a.xlsx": with_sheet(SHEET.format(f"<sheetData>{cells}</sheetData>"))},
        "--out",
        "{}/c.csv",
        "--doubts",
        "{}/d.csv",
    )
    assert (status, [one["row"] for one in table_of(tmp_path / "d.csv")]) == (1, ["2", "3"])
    assert [row["Salary"] for row in table_of(tmp_path / "c.csv")][2:] == ["42", "5"]


def test_headings_and_names_of_files_call_nothing_in_what_is_written(run, tmp_path):
    call, days = '=HYPERLINK("http://example.org")', [f"2020-01-{n:02}" for n in range(1, 13)]
    data = csv_file([[call, "Hire date"], *(["x", day] for day in days), ["y", "2020-31-31"]])
    other = csv_file([["Name", "@SUM(A1) date"], *(["x", day] for day in days), ["y", "2020-31-31"]])
    run("import_file", {"=1.csv": data, "b.csv": other}, "--doubts", "{}/d.csv", "--report", "{}/r.xlsx")
    doubts = table_of(tmp_path / "d.csv")
    assert {(one["column"], one["file"]) for one in doubts} == {("Hire date", "'=1.csv"), ("'@SUM(A1) date", "b.csv")}
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx") for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value == call} == {"s"}


def test_a_wide_table_is_read(run):
    data = csv_file([[f"Column {n}" for n in range(300)], ["x"] * 300, ["y"] * 300])
    status, text = run("inspect_file", {"a.csv": data}, "--json")
    assert (status, len(json.loads(text)["tables"][0]["columns"])) == (0, 300)


BOMB = zipped({"bomb.csv": b"0" * (450 * 1024 * 1024)})
HOSTILE = {
    "empty.csv": b"", "blank.csv": b"\n\n ,, \n", "empty.xlsx": b"", "text.xlsx": b"a,b\n1,2\n", "book.csv": xlsx_file([["a"]]),
    "cut.xlsx": xlsx_file([HEADINGS, *ROWS])[:3000], "bomb.zip": BOMB, "nothing.zip": zipped({"a.exe": b"MZ"}), "cut.zip": BOMB[:300],
    "sparse.xlsx": with_sheet(SHEET.format('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
    "entity.xlsx": with_sheet('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SHEET.format("<sheetData/>")[21:]),
    "quote.csv": b'a,b\n1,"2\n3,4\n', "wide.csv": csv_file([[f"c{n}" for n in range(600)], ["x"] * 600]), "a.pdf": b"%PDF-1.4",
    "nested.zip": zipped({"in.zip": zipped({"a.csv": b"a\n1\n"})}), "bytes.csv": bytes(range(256)) * 20,
    "locked.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_and_broken_files(run, tmp_path, name):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for command, options in (("inspect_file", ()), ("import_file", ("--out", "{}/c.csv", "--doubts", "{}/d.csv"))):
        status, text = run(command, {name: HOSTILE[name]}, *options)
        assert (status, bool(text.strip())) == (2, True)
        assert json.loads(run(command, {name: HOSTILE[name]}, *options, "--json")[1])["status"] == "unusable"
    assert not (tmp_path / "c.csv").exists()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600 * 1024


def test_bad_answers_are_named(run):
    files = {"staff.csv": csv_file([HEADINGS, *ROWS]), "d.yaml": "decisions:\n- {rule: nonsense, answer: x}"}
    status, text = run("import_file", files, "--out", "{}/c.csv", "--decide", "{}/d.yaml")
    assert status == 2
    assert "nonsense" in text
    assert run("import_file", {"staff.csv": files["staff.csv"]})[0] == 2
    assert run("import_file", {"staff.csv": files["staff.csv"]}, "--out", "/nowhere/c.csv")[0] == 2
