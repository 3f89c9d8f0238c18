"""What commands refuse says where, what, and how to mend it; nothing that a person wrote is passed over in silence."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from tests.migration.files import xlsx_file

STAFF = "Employee ID,Name,Hire date,Department\nE1,Ann,2020-01-13,Sales\nE2,Bo,2021-01-14,HR\n"


@pytest.fixture
def clean(tmp_path, monkeypatch):
    """``clean(options, name=content…)`` is (exit status, what is printed, the clean table)."""
    monkeypatch.chdir(tmp_path)

    def call(options, **files):
        for name, content in {"staff_csv": STAFF, **files}.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name.replace("_", ".")).write_bytes(data)
        out, err, status = io.StringIO(), io.StringIO(), 0
        given = options.split() if "--out" in options else [*options.split(), "--out", "clean.csv"]
        try:
            call_command("import_file", *given, stdout=out, stderr=err)
        except SystemExit as stop:
            status = stop.code
        table = tmp_path / "clean.csv"
        return status, err.getvalue() + out.getvalue(), table.read_text() if table.exists() else ""

    return call


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("columns: {employe_no: Employee ID}", ["columns (employe_no)", "Is employee_no meant?"]),
        ("kind: salaries", ["The mapping is for salaries"]),
        ("kind: staff", ["kind (staff)", "Use one of: assignments"]),
        ("constants: {foo: bar}", ["constants (foo)", "Fields of employees"]),
        ("heading_row: 99", ["heading_row (99)", "Name the row with the headings"]),
        ("dates: {hire_date: dd/mm/yyyy}", ["hire_date (dd/mm/yyyy)", "%d/%m/%Y"]),
        ("columns: {employee_no: Employee ID\n  name: x", ["no valid YAML: expected ',' or '}', but got ':' (2:7)."]),
        ("columns:\n\tname: x", ["(2:1)"]),
        ("units: {hire_date: 8}", ["units (hire_date): This field holds no numbers."]),
        ('dates: {name: "%d.%m.%Y"}', ["dates (name): This field holds no days."]),
        ("columns: {name: [Name]}", ["name (['Name']): Only one value can stand here."]),
        ("values: {department: {HR: [a, b]}}", ["HR (['a', 'b']): Only one value can stand here."]),
        ("- a", ["must be keys with values, such as kind: employees"]),
    ],
)
def test_what_is_wrong_in_a_mapping_is_said(clean, mapping, said):
    status, text, _table = clean("staff.csv --as employees --mapping m.yaml", m_yaml=mapping)
    assert status == 2
    assert all(one in text for one in said)
    assert "unicode string" not in text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("gone.csv", ["file (gone.csv): There is no such file. Look at its name and folder."]),
        ("staff.csv --as employees --mapping gone.yaml", ["file (gone.yaml): There is no such file."]),
        (".", ["This is a folder. Name the files in it."]),
        ("staff.csv --out clean.xlsx", ["--out (clean.xlsx): This option writes a csv. Name it clean.csv."]),
        ("staff.csv --report r.csv", ["--report (r.csv): This option writes a workbook (xlsx). Name it r.xlsx."]),
        ("staff.csv --decide a.xlsx", ["--decide (a.xlsx)"]),
    ],
)
def test_what_is_wrong_with_a_file_is_said(clean, options, said):
    status, text, _table = clean(options, a_xlsx=b"answers")
    assert status == 2
    assert all(one in text for one in said)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("departmnt: {HR: People}", "(departmnt): No table has this column, so its words would serve nothing."),
        ("Hire dat: {red: blue}", "--terms (Hire dat): No table has this column"),
        ("department: {HR: [a, b]}", "--terms (department: HR): A word has one meaning, such as M: male."),
    ],
)  # fmt: skip
def test_words_that_would_serve_nothing_are_said(clean, terms, said):
    status, text, _table = clean("staff.csv --as employees --terms t.yaml", t_yaml=terms)
    assert status == 2
    assert said in text


@pytest.mark.parametrize("column", ["department", "Department", "DEPARTMENT", "*", "course", "Colour", "部门"])
def test_words_of_fields_columns_and_other_kinds_are_taken(clean, column):
    status, _text, table = clean("staff.csv --as employees --terms t.yaml", t_yaml=f'"{column}": {{HR: People}}')
    assert status == 0
    assert ("People" in table) == (column not in ("course", "Colour"))


def test_a_kind_that_the_columns_do_not_serve_is_said(clean):
    status, text, _table = clean("staff.csv --as salaries")
    assert status == 0
    assert "No column serves what rows of salaries need: amount, start_date." in text
    assert "No column serves" not in clean("staff.csv --as employees")[1]


def test_the_mapping_says_the_kind(clean):
    _status, _text, table = clean("staff.csv --mapping m.yaml", m_yaml="kind: employees")
    assert table.startswith("source_row,employee_no,name,hire_date,department")


def test_two_columns_of_a_heading_are_named(clean):
    twice = "Employee ID,Name,Name,Hire date\nE1,Ann,Lee,2020-01-13\nE2,Bo,Fox,2021-01-14\n"
    _status, text, table = clean("twice.csv --as employees", twice_csv=twice)
    assert "Several columns have the heading Name: the first is called so, the next Name (2)." in text
    assert table.startswith("source_row,employee_no,name,Name (2),hire_date")


def test_a_column_that_serves_two_fields_is_there_twice(clean):
    mapping = "columns: {employee_no: Employee ID, email: Name, name: Name}"
    _status, _text, table = clean("staff.csv --as employees --mapping m.yaml", m_yaml=mapping)
    headings, first, *_rest = table.splitlines()
    said = dict(zip(headings.split(","), first.split(","), strict=True))
    assert (said["email"], said["name"], said["employee_no"]) == ("Ann", "Ann", "E1")


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_few_rows_without_headings_are_rows(clean, count):
    rows = "".join(
        f"E{n},{name},2020-01-{n:02d}\n" for n, name in enumerate(["Ann", "Bo", "Cy", "Di", "Ed"][:count], 13)
    )
    _status, text, table = clean("rows.csv", rows_csv=rows)
    assert len(table.splitlines()) == count + 1
    assert "The table has no headings" in text
    # days over marks and hours are headings
    _status, _text, table = clean("days.csv", days_csv="Name,2020-01-13,2020-01-14\nAnn,8,7\nBo,8,8\n")
    assert table.splitlines()[0] == "source_row,Name,2020-01-13,2020-01-14"


def test_a_workbook_that_is_none_says_so(clean):
    assert "does not fit the ending .xlsx" in clean("fake.xlsx", fake_xlsx=STAFF)[1]
    assert "does not fit the ending .csv" in clean("fake.csv", fake_csv=xlsx_file([["a", "b"], [1, 2]]))[1]
