"""Files at the edge of what a spreadsheet or an archive can hold: told in words, quickly, and without a wrong row."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from dataclasses import asdict

import pytest
from django.http import HttpRequest
from django.utils import timezone
from openpyxl import load_workbook

from hrsuite.lib.disk import TemporaryFiles
from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.lib.export import write_xlsx
from migration.cleaning.decisions import BadAnswerError, read_decisions
from migration.models import Upload, UploadTable
from migration.rules import BesideRow
from migration.services import content, import_file, saving, sources
from migration.services.jobs import run_jobs, start_import
from migration.services.mapping import Mapping, read_mapping
from migration.services.refused import rows_as_json, workbook_of
from migration.services.streaming import stream
from migration.services.uploads import add_upload, sweep_uploads
from people.models import Employee
from tests.migration.cleaning.tables import column
from tests.migration.files import EMPLOYEE_HEADINGS, RECORD_HEADINGS, csv_file, xlsx_file
from training.models import Course, LearningRecord

pytestmark = pytest.mark.django_db

PLACED = ["Employee no", "Name", "Hire date", "Department", "Position", "Level"]


# --- workbooks --------------------------------------------------------------------------------------------------------
def with_number(number):
    """A workbook whose second row has this for a hire date, as it stands in the XML."""
    rows = [EMPLOYEE_HEADINGS, ["N1", "Wang", "2024-03-01", "SALES", "REP", "L1"]]
    book = zipfile.ZipFile(io.BytesIO(xlsx_file([*rows, ["N2", "Li", 12345678.5, "SALES", "REP", "L1"]])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in book.namelist():
            made.writestr(name, book.read(name).replace(b"12345678.5", number))
    return target.getvalue()


@pytest.mark.parametrize("number", [b"NaN", b"1e400", b"-1e400"])
def test_a_number_that_is_none_refuses_its_row_alone(world, number):
    report = import_file(name="a.xlsx", data=with_number(number), kind="employees", actor=None, skip_bad=True)
    assert (report.status, report.created, report.refused) == ("imported", 1, 1)
    assert [one.row for one in report.problems] == [3]
    # and the row can be had back
    assert workbook_of(report.refused_rows, [])[0][1][1] == "Li"


def test_refused_rows_of_a_table_beside_another_keep_their_reasons():
    row = BesideRow.of(3, 1)
    problem = RowProblem(row, "Name", "", "This cell is empty.", "Fill it.")
    kept = rows_as_json(["No", "Name"], {row: ["N2", ""]}, [problem], Mapping())
    sheet, _title = workbook_of(kept, [asdict(problem)])
    assert sheet[1][2:] == [3, "Name: This cell is empty.", "Fill it."]


@pytest.mark.parametrize("given", ["'%d%d'", "['%Q']", "[[a]]"])
def test_a_format_that_reads_nothing_is_refused_with_its_mapping(given):
    with pytest.raises(BadInput):
        read_mapping(f"dates: {{hire_date: {given}}}")


def test_a_workbook_opens_whatever_stands_in_its_cells():
    target = io.BytesIO()
    write_xlsx([["Name"], ["a\x07b\x1f"], ["\ud800c\ufffe"], ["=1+1"], ["line\nbreak\ttab"], ["x" * 40_000]], target)
    cells = [row[0].value for row in load_workbook(target).active]
    assert cells[:5] == ["Name", "ab", "c", "=1+1", "line\nbreak\ttab"]
    assert cells[5] == "x" * 32_767


# --- archives ---------------------------------------------------------------------------------------------------------
def archive(*files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in files:
            made.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("is_large", [True, False])
def test_files_of_one_name_in_two_folders_are_two_files(world, monkeypatch, is_large):
    if is_large:
        for module, name in ((content, "LONG"), (sources, "LARGE"), (sources, "BEGINNING"), (stream, "FROM_BYTES")):
            monkeypatch.setattr(module, name, 30)
    day = world.year.start_date.replace(month=3).isoformat()
    years = [
        csv_file([RECORD_HEADINGS, *([f"E00{n % 6 + 1}", "Workshop", day, "", f"{year} {n}", f"{year}-{n}"]
                                     for n in range(100))])
        for year in (2024, 2025)
    ]  # fmt: skip
    packed = archive(*((f"{year}/records.csv", data) for year, data in zip((2024, 2025), years, strict=True)))
    add_upload(files=[("all.zip", packed)], actor=world.users["oscar"], kind="records")
    tables = list(UploadTable.objects.all())
    assert [str(table) for table in tables] == ["2024/records.csv", "2025/records.csv"]
    job = start_import(tables=tables, actor=world.users["oscar"])
    run_jobs()
    assert set(job.tables.values_list("status", "rows")) == {("imported", 100)}
    assert LearningRecord.objects.filter(source_id__startswith="2025-").count() == 100
    assert job.tables.values("batch__sha256").distinct().count() == 2


def test_names_that_are_there_twice_and_very_long_ones_are_told_apart():
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = archive(("a.csv", b"1"), ("a.csv", b"2"), ("b.csv", b"3"), (f"{'长' * 80}/{'x' * 300}.csv", b"4"))
    found = dict(sources.members_of("z.zip", packed))
    assert found == {"a.csv": b"1", "a 2.csv": b"2", "b.csv": b"3", f"{'x' * 300}.csv": b"4"}
    for title, data in found.items():
        # a table keeps 255 signs of the name
        assert sources.member_of("z.zip", packed, title[-255:]) == data


# --- mappings and answers ---------------------------------------------------------------------------------------------
LEVELS = ", ".join(f"&{new} [*{old}, *{old}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True))
BOMB = f"kind: [&a [x, x], {LEVELS}]"


@pytest.mark.parametrize("text", [BOMB, "kind: " + "[" * 5000, "columns: {a: &x b, c: *x}"])
def test_texts_that_unfold_or_nest_without_end_are_refused_in_words(text):
    with pytest.raises(BadInput, match="no valid YAML"):
        read_mapping(text)
    with pytest.raises(BadAnswerError, match="no valid YAML"):
        read_decisions(text)


# --- many bad rows ----------------------------------------------------------------------------------------------------
def test_all_bad_bands_are_found_at_once(world, monkeypatch):
    tries = []
    save = saving.save
    monkeypatch.setattr(saving, "save", lambda *args, **kwargs: tries.append(1) or save(*args, **kwargs))
    names = [f"{first} {last}" for first in ("Ann", "Bo", "Cleo", "Dan", "Eve") for last in
             ("Adams", "Brown", "Clark", "Davis", "Evans", "Foster", "Green", "Hill", "Irwin", "Jones")]  # fmt: skip
    rows = [
        [f"B{n}", name, f"2024-03-{n % 28 + 1:02}", "SALES", "REP", "L1", f"odd {n}" if n < 40 else "staff"]
        for n, name in enumerate(names)
    ]
    report = import_file(
        name="a.csv", data=csv_file([[*PLACED, "Band"], *rows]), kind="employees", actor=None, skip_bad=True
    )
    assert (report.status, report.created, report.refused, len(tries)) == ("imported", 10, 40, 2)


def test_courses_whose_names_begin_alike_are_all_created(world):
    names = [f"Introduction to the quality management of plant {n}" for n in range(3)]
    rows = [["E001", "Workshop", world.year.start_date, "", "", f"R{n}", name] for n, name in enumerate(names)]
    report = import_file(
        name="r.csv", data=csv_file([[*RECORD_HEADINGS, "Course"], *rows]), kind="records", actor=None,
        mapping=Mapping(create=frozenset({"courses"})),
    )  # fmt: skip
    assert (report.status, report.created, [str(one) for one in report.problems]) == ("imported", 3, [])
    assert set(Course.objects.values_list("name", flat=True)) >= set(names)
    assert len({code.casefold() for code in Course.objects.values_list("code", flat=True)}) == Course.objects.count()


# --- counts -----------------------------------------------------------------------------------------------------------
def test_a_row_that_changes_the_person_and_one_that_changes_the_place_both_count(world):
    alice, carol = (Employee.objects.get(employee_no=number) for number in ("E001", "E003"))
    start = world.year.start_date.isoformat()
    rows = [
        ["E001", "Renamed", alice.hire_date, "SALES", "REP", "L1", ""],
        ["E003", carol.name, carol.hire_date, "RD", "ENGINEER", "L1", start],
        ["E005", "Erin", alice.hire_date, "RD-LAB", "ENGINEER", "L1", ""],
    ]
    report = import_file(
        name="a.csv", data=csv_file([[*PLACED, "Assignment start"], *rows]), kind="employees", actor=None
    )
    assert (report.status, report.created, report.changed, report.unchanged) == ("imported", 0, 2, 1)


# --- what waits, and what is left behind ------------------------------------------------------------------------------
def test_an_upload_whose_time_is_over_stays_while_an_import_waits_for_it(world):
    rows = [RECORD_HEADINGS, ["E001", "Workshop", world.year.start_date, "", "t", "R1"]]
    upload = add_upload(files=[("a.csv", csv_file(rows))], actor=world.users["oscar"], kind="records")
    job = start_import(tables=list(UploadTable.objects.all()), actor=world.users["oscar"])
    Upload.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    assert sweep_uploads() == 0
    run_jobs()
    job.refresh_from_db()
    assert job.status == "done"
    assert sweep_uploads() == 1
    assert not Upload.objects.filter(pk=upload.pk).exists()


def test_a_file_on_its_way_in_has_no_name_on_the_disk(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    handler = TemporaryFiles(HttpRequest())
    handler.new_file("file", "salaries.csv", "text/csv", 9, None, {})
    handler.receive_data_chunk(b"E001,", 0)
    handler.receive_data_chunk(b"9000", 5)
    assert list(tmp_path.iterdir()) == []
    file = handler.file_complete(9)
    assert (file.name, file.size, file.read()) == ("salaries.csv", 9, b"E001,9000")
    handler.upload_interrupted()
    assert file.closed


# --- cells without end ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "usual", "cell"),
    [
        ("Salary", "1,200", "0" * 200_000 + "x"), ("Hire date", "2023-01-05", "(" * 200_000),
        ("Email", "a@b.co", "a@" + "." * 200_000 + " x"), ("Email", "a@b.co", "'" * 200_000 + "x"),
    ],
)  # fmt: skip
def test_cells_that_are_far_too_long_are_asked_about_at_once(heading, usual, cell):
    began = time.process_time()
    _cells, result = column(heading, cell, before=[usual] * 30)
    assert [(one.column, len(one.value)) for one in result.doubts] == [(heading, len(cell))]
    # they took minutes
    assert time.process_time() - began < 20
