"""Several files by command: kinds told or looked at, their order, exit statuses; a second time changes nothing."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from migration.models import ImportBatch
from migration.services.templates import save_template
from people.models import Employee
from tests.migration.files import RECORD_HEADINGS, csv_file, digest, xlsx_file
from training.models import Course, LearningRecord

pytestmark = pytest.mark.django_db

PEOPLE = [
    ["工号", "姓名", "入职日期", "部门", "岗位", "职级"],
    ["J1", "Jia", "2024-03-01", "Sales", "Sales representative", "Staff"],
]
COURSES = [["课程编码", "课程名称", "课程类型"], ["C1", "Safety", "Online course"]]
LEAVERS = [["工号", "离职日期", "离职原因"], ["J1", "2025-06-30", "moved"]]


def records(world, *more):
    day = world.year.start_date.isoformat()
    return [[*RECORD_HEADINGS, "Course"], ["E001", "", day, 1, "", "R1", "C1"], *more]


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_file", *map(str, arguments), "--json", stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_files_in_any_order_come_in_in_the_order_of_their_kinds_and_again_change_nothing(world, tmp_path):
    for name, rows in [("a.csv", records(world)), ("b.csv", LEAVERS), ("c.csv", PEOPLE), ("d.csv", COURSES)]:
        (tmp_path / name).write_bytes(csv_file(rows))
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv", "d.csv")]
    before = digest()
    code, reports = run(*files, "--dry-run")
    assert code == 0
    assert {one["status"] for one in reports} == {"checked"}
    assert digest() == before
    code, reports = run(*files)
    assert code == 0
    assert [one["kind"] for one in reports] == ["employees", "courses", "departures", "records"]
    assert {one["status"] for one in reports} == {"imported"}
    assert Employee.objects.get(employee_no="J1").exit_date.isoformat() == "2025-06-30"
    assert LearningRecord.objects.get(source_id="R1").course == Course.objects.get(code="C1")
    done = digest()
    code, reports = run(*files)
    assert (code, [one["created"] + one["changed"] for one in reports]) == (0, [0, 0, 0, 0])
    assert digest() == done


def test_a_zip_and_a_workbook_of_several_sheets_bring_all_their_tables(world, tmp_path):
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("lessons.csv", csv_file(records(world)))
        archive.writestr("book.xlsx", xlsx_file(COURSES, PEOPLE))
    code, reports = run(tmp_path / "old.zip")
    assert code == 0
    assert [one["kind"] for one in reports] == ["employees", "courses", "records"]
    assert ImportBatch.objects.count() == 3


def test_a_refused_table_stops_those_that_lean_on_it(world, tmp_path):
    (tmp_path / "people.csv").write_bytes(csv_file([*PEOPLE, ["J2", "No day", "", "Sales", "", ""]]))
    (tmp_path / "records.csv").write_bytes(csv_file(records(world)))
    (tmp_path / "courses.csv").write_bytes(csv_file(COURSES))
    files = [tmp_path / name for name in ("records.csv", "people.csv", "courses.csv")]
    before = digest()
    code, reports = run(*files, "--refused", tmp_path / "mend.xlsx")
    assert (code, reports["kind"], reports["status"]) == (1, "employees", "refused")
    assert digest() == before
    assert load_workbook(tmp_path / "mend.xlsx").active.max_row == 2
    # the good rows alone
    code, reports = run(*files, "--skip-bad")
    assert (code, [one["refused"] for one in reports]) == (1, [1, 0, 0])


def test_what_nobody_can_tell_must_be_said(world, tmp_path):
    (tmp_path / "x.csv").write_bytes(csv_file([["colour", "taste"], ["red", "sweet"]]))
    code, report = run(tmp_path / "x.csv")
    assert (code, report["status"], report["problems"][0]["column"]) == (2, "unusable", "--as")
    # a single table waits for a word
    (tmp_path / "c.csv").write_bytes(csv_file(COURSES))
    code, report = run(tmp_path / "c.csv")
    assert (code, "--as courses" in report["problems"][0]["mend"]) == (2, True)
    # a kind for each file
    (tmp_path / "y.csv").write_bytes(csv_file(LEAVERS))
    (tmp_path / "z.csv").write_bytes(csv_file(PEOPLE))
    code, reports = run(f"departures={tmp_path / 'y.csv'}", f"employees={tmp_path / 'z.csv'}")
    assert (code, [one["kind"] for one in reports]) == (0, ["employees", "departures"])


def test_what_came_in_before_a_file_that_cannot_be_used_is_told(world, tmp_path):
    (tmp_path / "people.csv").write_bytes(csv_file(PEOPLE))
    # nothing says whose pay it is
    (tmp_path / "pay.csv").write_bytes(csv_file([["From", "Amount"], ["2026-01-01", "9000"]]))
    files = [f"employees={tmp_path / 'people.csv'}", f"salaries={tmp_path / 'pay.csv'}"]
    before = digest()
    code, answer = run(*files, "--dry-run")
    assert (code, answer["status"], "done" in answer) == (2, "unusable", False)
    assert digest() == before
    code, answer = run(*files)
    assert (code, answer["status"]) == (2, "unusable")
    assert [(one["kind"], one["status"], one["created"]) for one in answer["done"]] == [("employees", "imported", 1)]
    assert Employee.objects.filter(employee_no="J1").exists()


@pytest.mark.parametrize("option", ["--report", "--refused", "--out", "--doubts"])
def test_a_report_that_cannot_be_written_is_said_before_anything_is_imported(world, tmp_path, option):
    (tmp_path / "people.csv").write_bytes(csv_file(PEOPLE))
    before = digest()
    target = tmp_path / "nowhere" / ("clean.csv" if option in ("--out", "--doubts") else "report.xlsx")
    code, answer = run(tmp_path / "people.csv", "--as", "employees", option, target)
    assert (code, answer["problems"][0]["column"], answer["problems"][0]["value"]) == (2, option, str(target))
    assert digest() == before


def test_a_template_says_what_a_file_of_its_headings_is(world, tmp_path):
    headings = ["Wrkr", "Who", "Bgn"]
    (tmp_path / "a.csv").write_bytes(csv_file([headings, ["K1", "Kim", "2024-03-01"]]))
    (tmp_path / "b.csv").write_bytes(csv_file(PEOPLE))
    code, report = run(tmp_path / "a.csv", "--dry-run")
    assert (code, report["problems"][0]["column"]) == (2, "--as")
    mapping = {"columns": {"employee_no": "Wrkr", "name": "Who", "hire_date": "Bgn"}}
    save_template(name="Old", kind="employees", headings=headings, mapping=mapping, actor=None)
    code, report = run(tmp_path / "a.csv", "--dry-run")
    assert (code, report["problems"][0]["mend"]) == (2, "They look like employees: --as employees.")
    code, reports = run(tmp_path / "a.csv", tmp_path / "b.csv", "--dry-run", "--skip-bad")
    assert [one["kind"] for one in reports] == ["employees", "employees"]
    assert "Mapped as in the template Old." in reports[0]["notes"]
