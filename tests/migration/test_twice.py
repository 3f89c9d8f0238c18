"""A zip of people, their transfers, records and departures: imported a second time it changes and refuses nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.management import call_command

from migration.models import ImportBatch, ImportedRow, ImportJobTable, UploadTable
from migration.services.jobs import run_jobs, start_import
from migration.services.uploads import add_upload
from people.models import Assignment, Employee
from tests.migration.files import EMPLOYEE_HEADINGS, RECORD_HEADINGS, csv_file, digest
from training.models import LearningRecord

pytestmark = pytest.mark.django_db
PLACES = ("Sales", "R&D", "Headquarters")
COUNT = 40
TABLES = 4


def day(world, month, number=1):
    return world.year.start_date.replace(month=month, day=number).isoformat()


def archive(world, people=None):
    """40 people; every second moved, every fourth twice, every tenth left; three records each."""
    hired = dt.date(world.year.start_date.year - 1, 1, 1)
    numbers = range(1, COUNT + 1)
    people = people or [
        [f"Z{n:02}", f"Person {n}", hired + dt.timedelta(n), PLACES[n % 3], "Engineer", "Staff"] for n in numbers
    ]
    moves = [[f"Z{n:02}", PLACES[(n + 1) % 3], "Engineer", "Staff", day(world, 3)] for n in numbers if n % 2 == 0]
    moves += [[f"Z{n:02}", PLACES[(n + 2) % 3], "Engineer", "Staff", day(world, 7)] for n in numbers if n % 4 == 0]
    records = [
        [f"Z{n:02}", "Online course", day(world, 2, k + 1), 2, "Safety", f"Z{n}-{k}"] for n in numbers for k in range(3)
    ]
    gone = [[f"Z{n:02}", day(world, 10, 31)] for n in numbers if n % 10 == 0]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("records.csv", csv_file([RECORD_HEADINGS, *records]))
        made.writestr("left.csv", csv_file([["工号", "离职日期"], *gone]))
        made.writestr("moves.csv", csv_file([["工号", "部门", "岗位", "职级", "开始日期"], *moves]))
        made.writestr("people.csv", csv_file([EMPLOYEE_HEADINGS, *people]))
    return target.getvalue()


def by_command(path, *options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_file", str(path), "--json", *options, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def by_pages(world, path):
    """As the worker does it after a person started it."""
    actor = world.users["oscar"]
    upload = add_upload(files=[(path.name, path.read_bytes())], actor=actor)
    job = start_import(tables=list(UploadTable.objects.filter(file__upload=upload)), actor=actor)
    run_jobs()
    job.refresh_from_db()
    rows = ImportJobTable.objects.filter(job=job).order_by("position")
    return job.status, list(rows.values_list("kind", "status", "refused"))


def test_the_same_zip_again_changes_and_refuses_nothing_by_command_and_by_pages(world, tmp_path):
    path = tmp_path / "old.zip"
    path.write_bytes(archive(world))
    code, reports = by_command(path)
    assert (code, [one["created"] for one in reports]) == (0, [COUNT, 30, 4, 120]), reports
    assert Assignment.objects.filter(employee__employee_no="Z04").count() == 3
    before, journal = digest(), ImportedRow.objects.count()
    code, reports = by_command(path)
    assert (code, len(reports)) == (0, TABLES)
    for one in reports:
        assert (one["created"], one["changed"], one["refused"], one["problems"]) == (0, 0, 0, [])
        assert one["unchanged"] == one["rows"]
    # it does not pass in silence that people work elsewhere by now
    assert "20 rows say again where an earlier import let their people begin" in " ".join(reports[0]["notes"])
    assert digest() == before
    status, tables = by_pages(world, path)
    assert (status, {state for _kind, state, _refused in tables}) == ("done", {"unchanged"})
    assert [refused for *_others, refused in tables] == [0] * TABLES
    assert ImportedRow.objects.count() == journal
    assert ImportBatch.objects.count() == TABLES


def test_first_by_pages_then_by_command(world, tmp_path):
    path = tmp_path / "old.zip"
    path.write_bytes(archive(world))
    status, tables = by_pages(world, path)
    assert (status, {state for _kind, state, _refused in tables}) == ("done", {"imported"})
    counts = Employee.objects.count(), Assignment.objects.count(), LearningRecord.objects.count()
    journal = ImportedRow.objects.count()
    code, reports = by_command(path)
    assert (code, {(one["created"], one["changed"], one["refused"]) for one in reports}) == (0, {(0, 0, 0)})
    assert (Employee.objects.count(), Assignment.objects.count(), LearningRecord.objects.count()) == counts
    assert ImportedRow.objects.count() == journal


def test_what_no_import_has_said_is_still_asked_for(world, tmp_path):
    (tmp_path / "old.zip").write_bytes(archive(world))
    assert by_command(tmp_path / "old.zip")[0] == 0
    # Z04 began in research, nobody ever said it of Z02, who began at headquarters and is in sales by now
    (tmp_path / "new.csv").write_bytes(csv_file([["工号", "部门"], ["Z02", "R&D"], ["Z04", "R&D"]]))
    before = digest()
    code, report = by_command(tmp_path / "new.csv", "--as", "employees")
    assert (code, [(one["row"], one["value"]) for one in report["problems"]]) == (1, [(2, "R&D")])
    assert "State the day of the transfer" in report["problems"][0]["mend"]
    assert digest() == before
