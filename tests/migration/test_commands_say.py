"""What the commands say of an import: its number, what it changes, and how it ended."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from openpyxl import load_workbook

from migration.models import ImportBatch
from migration.selectors import stored
from payroll.models import Salary
from people.models import Assignment, Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file
from training.models import Activity, Course, LearningRecord

pytestmark = pytest.mark.django_db


def run(command, *arguments):
    """(exit status, what was printed, what was complained about)"""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def written(tmp_path, rows, name="staff.csv"):
    path = tmp_path / name
    path.write_bytes(csv_file(rows))
    return path


@pytest.fixture
def staff(tmp_path):
    return written(tmp_path, [EMPLOYEE_HEADINGS, *EMPLOYEES])


def test_the_number_that_is_said_takes_the_import_back(world, staff):
    status, text, _err = run("import_file", staff, "--as", "employees")
    number = re.search(r"imported as number (\d+)", text)[1]
    assert (status, ImportBatch.objects.get().pk) == (0, int(number))
    status, text, _err = run("undo_import", "--list")
    line = next(one for one in text.splitlines() if one.split("\t")[0] == number)
    assert (status, "staff.csv" in line, "employees" in line, "2 new" in line) == (0, True, True, True)
    # looking needs no reason, doing does
    assert run("undo_import", number, "--dry-run")[0] == 0
    status, _text, err = run("undo_import", number)
    assert (status, "--reason" in err, Employee.objects.filter(employee_no="N1").exists()) == (2, True, True)
    assert run("undo_import", number, "--reason", "wrong file")[0] == 0
    assert not Employee.objects.filter(employee_no="N1").exists()
    assert run("undo_import", "--list")[1].splitlines()[0].endswith("undone")


def test_who_names_no_import_or_an_unknown_one_is_told_of_the_list(world):
    for arguments in ([], ["999999", "--dry-run"]):
        status, _text, err = run("undo_import", *arguments)
        assert (status, "undo_import --list" in err) == (2, True)


def test_a_dry_run_has_no_number(world, staff):
    _status, text, _err = run("import_file", staff, "--as", "employees", "--dry-run")
    assert "number" not in text
    assert json.loads(run("import_file", staff, "--as", "employees", "--dry-run", "--json")[1])["batch"] is None


def changed_staff(tmp_path):
    """Known staff: one with another name and address, one as before, and somebody new."""
    rows = [[*EMPLOYEE_HEADINGS, "邮箱"], *([*one, ""] for one in EMPLOYEES)]
    run("import_file", written(tmp_path, rows, "before.csv"), "--as", "employees")
    rows[1][1], rows[1][-1] = "王小伟", "wei@example.com"
    return written(tmp_path, [*rows, ["N3", "赵六", "2024-05-01", "SALES", "REP", "L1", ""]], "after.csv")


def test_a_dry_run_tells_what_changes_in_words_in_json_and_as_a_sheet(world, tmp_path):
    after = changed_staff(tmp_path)
    target = tmp_path / "report.xlsx"
    status, text, _err = run("import_file", after, "--as", "employees", "--dry-run", "--report", target)
    assert (status, "1 row would change:" in text) == (0, True)
    line = next(one for one in text.splitlines() if "row 2, N1:" in one)
    assert "姓名 “王伟” -> “王小伟”" in line
    assert "邮箱 “” -> “wei@example.com”" in line
    assert "入职日期" not in line
    told = json.loads(run("import_file", after, "--as", "employees", "--dry-run", "--json")[1])["changes"]
    assert [(one["row"], one["status"], one["who"]["employee_no"]) for one in told] == [
        (2, "changed", "N1"), (4, "new", "N3"),
    ]  # fmt: skip
    assert told[0]["fields"] == {
        "name": {"old": "王伟", "new": "王小伟"}, "email": {"old": "", "new": "wei@example.com"},
    }  # fmt: skip
    assert told[1]["fields"]["name"] == {"old": None, "new": "赵六"}
    lines = list(load_workbook(target)["Rows to import"].values)[1:]
    assert (2, "Changed", "N1", "姓名", "王伟", "王小伟") in lines
    assert {line[2] for line in lines} == {"N1", "N3"}
    assert Employee.objects.get(employee_no="N1").name == "王伟"


def test_control_totals_are_told_by_dry_runs_and_imports_alike(world, tmp_path):
    when = world.year.start_date
    pay = written(tmp_path, [["工号", "月薪", "生效日期"], ["E001", "12500.50", when], ["E003", "9000", when]])
    for options in (["--dry-run"], []):
        target = tmp_path / "report.xlsx"
        _status, text, _err = run("import_file", pay, "--as", "salaries", *options, "--report", target)
        assert "Sum of monthly amounts 0.00 + 21500.50 = 21500.50 (adds up)" in text
        assert ("Sum of monthly amounts", 0, 21500.5, 21500.5, "adds up") in load_workbook(target)[
            "Control totals"
        ].values
        Salary.objects.all().delete()
    report = json.loads(run("import_file", pay, "--as", "salaries", "--dry-run", "--json")[1])
    assert {"name": "amount", "before": "0.00", "added": "21500.50", "after": "21500.50"} in report["totals"]
    assert Salary.objects.count() == 0


def test_a_refused_dry_run_says_how_the_rest_is_told(world, tmp_path):
    after = changed_staff(tmp_path)
    with after.open("a", encoding="utf-8") as file:
        file.write("N4,钱七,soon,SALES,REP,L1,\n")
    status, text, _err = run("import_file", after, "--as", "employees", "--dry-run")
    assert (status, "--skip-bad" in text, "would change:" in text) == (1, True, False)
    status, text, _err = run("import_file", after, "--as", "employees", "--dry-run", "--skip-bad")
    assert (status, "1 row would change:" in text) == (1, True)
    assert Employee.objects.get(employee_no="N1").name == "王伟"


RECORDS = [["Employee no", "Course", "Date", "Hours"], ["E001", "Excel for all", "2026-03-02", "2"]]


def test_a_course_that_would_be_created_is_not_said_to_be_missing(world, tmp_path):
    path = written(tmp_path, RECORDS, "records.csv")
    status, _text, err = run("import_file", path, "--as", "records", "--create-missing")
    assert (status, "no such course" in err, "Use one of: " in err, "--set activity=CODE" in err) == (
        1,
        False,
        True,
        True,
    )
    # where none may be created it is missing, too
    LearningRecord.objects.create(
        employee=world.people["alice"], activity=Activity.objects.get(code="online"), happened_on=world.year.start_date,
        minutes=60, source="x", source_id="1",
    )  # fmt: skip
    course = Course.objects.create(code="C", name="C", activity=Activity.objects.get(code="online"))
    assert "no such course" in run("import_file", path, "--as", "records")[2]
    course.delete()
    Activity.objects.update(is_active=False)
    err = run("import_file", path, "--as", "records")[2]
    assert ("policy import FILE" in err, "–." in err) == (True, False)
    Activity.objects.update(is_active=True)
    assert run("import_file", path, "--as", "records", "--create-missing", "--set", "activity=online")[0] == 0


def test_of_a_place_that_differs_the_cell_and_what_is_known_are_named(world, tmp_path):
    run("import_file", written(tmp_path, [EMPLOYEE_HEADINGS, ["N1", "A", "2024-03-01", "SALES", "REP", "L1"]]), "--as",
        "employees")  # fmt: skip
    moved = written(tmp_path, [EMPLOYEE_HEADINGS, ["N1", "A", "2024-03-01", "SALES", "Engineer", "L1"]], "moved.csv")
    status, _text, err = run("import_file", moved, "--as", "employees")
    assert status == 1
    known = Assignment.objects.get(employee__employee_no="N1").position.name
    assert "row 2, 岗位 “Engineer”: Known since 2024-03-01" in err
    assert f"position “{known}”, here “Engineer”" in err
    assert "department" not in err


def test_a_message_of_many_rows_is_said_once_and_json_keeps_them_all(world, tmp_path):
    rows = [["E001", "juggling", f"2026-03-{day:02d}", "1"] for day in range(1, 29)]
    path = written(tmp_path, [["Employee no", "Activity", "Date", "Hours"], *rows, ["E001", "online", "soon", "1"]])
    _status, _text, err = run("import_file", path, "--as", "records")
    lines = [line for line in err.splitlines() if "juggling" in line]
    assert [line.split("“")[0].strip() for line in lines] == ["28 rows (2, 3, 4, 5, 6 …), Activity"]
    assert "row 30, Date “soon”" in err
    assert len(json.loads(run("import_file", path, "--as", "records", "--json")[1])["problems"]) == 29


@pytest.mark.parametrize("target", ["--out", "--doubts"])
def test_refused_rows_are_not_promised_where_nothing_is_imported(staff, tmp_path, target):
    written, refused = tmp_path / "written.csv", tmp_path / "refused.xlsx"
    status, _text, err = run("import_file", staff, "--as", "employees", target, written, "--refused", refused)
    assert status == 2
    assert "--refused" in err
    assert "--report" in err
    assert not written.exists()
    assert not refused.exists()


def test_who_is_entered_while_it_is_looked_stops_no_import(world):
    """Between the query for people and the one for where they work."""
    place = Assignment.objects.first()
    entered = []

    def enter(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not entered and sql.startswith("SELECT") and 'FROM "people_employee"' in sql:
            entered.append(True)
            new = Employee.objects.create(employee_no="N77", name="Late", hire_date="2024-01-01")
            Assignment.objects.create(
                employee=new, department=place.department, position=place.position, level=place.level,
                start_date="2024-01-01",
            )  # fmt: skip
        return answer

    with connection.execute_wrapper(enter):
        found = stored("employees", [(2, {"employee_no": "N77"})])
    assert (entered, found) == ([True], {})


def test_who_reads_no_further_gets_no_traceback(tmp_path):
    """As ``inspect_file … | head -1``, which has enough and goes."""
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file([["Name", "Day"], ["Ann", "2024-01-02"]]))
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "manage.py", "inspect_file", str(path)]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), said) == (141, b"")
