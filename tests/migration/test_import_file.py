"""The command: every kind and encoding comes in, every bad input is refused with a reason and changes nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from migration.models import ImportBatch
from payroll.models import Salary
from people.models import Assignment, Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file, digest, xlsx_file
from training.models import LearningRecord, PointsWork

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """``run(name, data, kind, ...)`` is (exit status, report or printed text)."""

    def command(name, data, kind, *options, as_json=True):
        path = tmp_path / name
        path.write_bytes(data)
        out, err = io.StringIO(), io.StringIO()
        status = 0
        try:
            call_command(
                "import_file",
                str(path),
                "--as",
                kind,
                *options,
                *(["--json"] if as_json else []),
                stdout=out,
                stderr=err,
            )
        except SystemExit as stop:
            status = stop.code
        return status, json.loads(out.getvalue()) if as_json else out.getvalue() + err.getvalue()

    return command


def day(world, month=3, number=1):
    return dt.date(world.year.start_date.year, month, number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_employees_come_in_from_text_of_any_encoding(world, run, encoding, separator):
    data = csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES], encoding, separator)
    status, report = run("staff.csv", data, "employees")
    assert (status, report["created"], report["problems"]) == (0, 2, [])
    assert Employee.objects.get(employee_no="N2").name == "李娜"
    held = Assignment.objects.get(employee__employee_no="N2")
    assert (held.department.code, held.position.code, held.level.code) == ("RD", "ENGINEER", "L1")
    assert held.start_date == dt.date(2024, 4, 1)
    assert PointsWork.objects.filter(employee__employee_no="N1").exists()


def test_employees_come_in_from_a_workbook_and_the_same_file_again_changes_nothing(world, run):
    rows = [["Staff list 2026"], [], EMPLOYEE_HEADINGS, ["N1", "Wang", dt.date(2024, 3, 1), "SALES", "REP", "L1"]]
    data = xlsx_file(rows)
    assert run("staff.xlsx", data, "employees")[1]["created"] == 1
    before = digest()
    status, report = run("staff.xlsx", data, "employees")
    assert (status, report["created"], report["changed"], report["unchanged"]) == (0, 0, 0, 1)
    assert digest() == before


def test_a_dry_run_reports_the_same_and_writes_nothing(world, run):
    data = csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])
    before = digest()
    status, report = run("staff.csv", data, "employees", "--dry-run")
    assert (status, report["status"], report["created"]) == (0, "checked", 2)
    assert digest() == before


def test_records_scores_kpi_and_salaries_come_in(world, run):
    when = day(world)
    records = csv_file([RECORD_HEADINGS, ["E001", "Online course", when, "1.5", "Excel", "R1"]], "gb18030")
    assert run("records.csv", records, "records")[1]["created"] == 1
    record = LearningRecord.objects.get(source_id="R1")
    assert (record.minutes, record.activity.code, record.title) == (90, "online", "Excel")
    scores = xlsx_file(
        [["工号", "考试", "考试日期", "成绩"], ["E001", "Safety", when, 59.5], ["E002", "Safety", when, 60]]
    )
    assert run("scores.xlsx", scores, "scores")[1]["created"] == 2
    passed = LearningRecord.objects.filter(activity__code="exam").order_by("employee__employee_no")
    assert [(one.score, one.passed) for one in passed] == [(Decimal("59.50"), False), (Decimal("60.00"), True)]
    pay = csv_file([["工号", "月薪", "生效日期"], ["E001", "￥12,500.50", when]])
    assert run("pay.csv", pay, "salaries")[1]["created"] == 1
    assert Salary.objects.get().amount == Decimal("12500.50")


BAD_RECORDS = {
    "unknown employee": (["NOBODY", "online", "{day}", "1", "", "X"], "Employee no", "NOBODY"),
    "unknown activity": (["E001", "juggling", "{day}", "1", "", "X"], "Activity", "juggling"),
    "malformed date": (["E001", "online", "2026-13-45", "1", "", "X"], "Date", "2026-13-45"),
    "ambiguous date": (["E001", "online", "3/4/2026", "1", "", "X"], "Date", "3/4/2026"),
    "malformed number": (["E001", "online", "{day}", "some", "", "X"], "Hours", "some"),
    "number out of range": (["E001", "online", "{day}", "-1.5", "", "X"], "Hours", "-1.50"),
    "missing date": (["E001", "online", "", "1", "", "X"], "Date", ""),
    "no hours": (["E001", "online", "{day}", "", "", "X"], "Hours", ""),
    "before hire": (["E001", "online", "2001-01-01", "1", "", "X"], "Date", "2001-01-01"),
    "after departure": (["E002", "online", "{day}", "1", "", "X"], "Date", "{day}"),
    "repeated source id": (["E001", "online", "{day}", "7", "", "R1"], "Source ID", "R1"),
}


@pytest.fixture
def bad_world(world, run):
    """Bob has left, and record R1 is known."""
    Employee.objects.filter(employee_no="E002").update(exit_date=day(world, 1, 31))
    data = csv_file([RECORD_HEADINGS, ["E001", "online", day(world), "1", "", "R1"]])
    assert run("known.csv", data, "records")[0] == 0
    return world


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_a_bad_record_is_named_and_changes_nothing(bad_world, run, name):
    row, column, value = BAD_RECORDS[name]
    today = str(day(bad_world))
    row = [cell.replace("{day}", today) for cell in row]
    good = ["E003", "online", today, "1", "", "GOOD"]
    data = csv_file([RECORD_HEADINGS, good, row])
    before = digest()
    status, report = run("records.csv", data, "records")
    assert (status, report["status"], report["refused"]) == (1, "refused", 1)
    problem = report["problems"][0]
    assert (problem["row"], problem["column"]) == (3, column)
    assert (problem["value"] or "") == value.replace("{day}", today)
    assert problem["message"]
    assert problem["mend"]
    assert digest() == before


def test_good_rows_alone_come_in_where_asked_for_and_the_batch_keeps_the_rest(bad_world, run):
    today = str(day(bad_world))
    rows = [[cell.replace("{day}", today) for cell in row] for row, _column, _value in BAD_RECORDS.values()]
    good = ["E003", "online", day(bad_world, 3, 13).isoformat(), "1", "", "GOOD"]
    status, report = run("records.csv", csv_file([RECORD_HEADINGS, *rows, good]), "records", "--skip-bad")
    # what stays out is no success
    assert (status, report["status"], report["created"], report["refused"]) == (1, "imported", 1, len(BAD_RECORDS))
    batch = ImportBatch.objects.get(pk=report["batch"])
    assert (batch.created, batch.refused) == (1, len(BAD_RECORDS))
    assert {problem["row"] for problem in batch.problems} == set(range(2, 2 + len(BAD_RECORDS)))


BAD_PLACES = {
    "unknown department": (["N9", "A", "2024-03-01", "Moon", "REP", "L1"], "部门", "Moon"),
    "exit before hire": (["N9", "A", "2024-03-01", "SALES", "REP", "L1", "2024-01-01"], "离职日期", "2024-01-01"),
    "number twice": (["N1", "B", "2024-03-01", "SALES", "REP", "L1"], "姓名", "B"),
    "moved without a day": (["E001", "Alice", "", "RD", "REP", "L1"], "部门", "RD"),
}


@pytest.mark.parametrize("name", BAD_PLACES)
def test_a_bad_employee_is_named_and_changes_nothing(world, run, name):
    row, column, value = BAD_PLACES[name]
    before = digest()
    data = csv_file([[*EMPLOYEE_HEADINGS, "离职日期"], *EMPLOYEES, row])
    status, report = run("staff.csv", data, "employees")
    problems = [(one["row"], one["column"], one["value"]) for one in report["problems"]]
    assert (4, column, value) in problems
    # of two days, and two rows, that contradict each other both are named
    rows = {"exit before hire": [4, 4], "number twice": [2, 4]}.get(name, [4])
    assert [one[0] for one in problems] == rows
    assert (status, report["refused"]) == (1, len(set(rows)))
    assert digest() == before


def test_overlapping_assignments_are_refused(world, run):
    headings = ["Employee no", "Department", "Position", "Level", "Start date", "End date"]
    hired = world.people["alice"].hire_date
    rows = [
        ["E001", "SALES", "REP", "L1", hired, hired + dt.timedelta(60)],
        ["E001", "RD", "REP", "L1", hired + dt.timedelta(30), ""],
    ]
    before = digest()
    status, report = run("moves.csv", csv_file([headings, *rows]), "assignments")
    assert (status, report["problems"][0]["column"]) == (1, "Start date")
    assert digest() == before


def test_the_same_event_twice_without_an_id_is_a_doubt(world, run):
    row = ["E001", "online", day(world), "1"]
    status, report = run("records.csv", csv_file([RECORD_HEADINGS[:4], row, row]), "records")
    assert (status, report["problems"][0]["row"]) == (1, 3)


def test_the_table_for_people_says_counts_and_mends(world, run):
    data = csv_file([RECORD_HEADINGS, ["NOBODY", "online", day(world), "1", "", "X"]])
    status, text = run("records.csv", data, "records", as_json=False)
    assert status == 1
    assert "refused, nothing written" in text
    assert "row 2, Employee no “NOBODY”" in text


def test_a_mapping_renames_translates_converts_and_passes_over(world, run, tmp_path):
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        """
kind: records
columns: {employee_no: Who, course: "", happened_on: When, hours: Days, title: What, source_id: "{Who}/{When}/{What}"}
constants: {activity: workshop, source: old}
values: {title: {XL: Excel}}
dates: {happened_on: ["%d-%b-%y"]}
units: {hours: 8}
skip: [{column: Outcome, not_in: [Completed]}]
attributes: {place: Where}
""",
        encoding="utf-8",
    )
    year = str(world.year.start_date.year)[2:]
    rows = [
        ["E001", f"3-Jul-{year}", "2", "XL", "Completed ", "Oslo"],
        ["E001", f"4-Jul-{year}", "1", "B", "Failed", ""],
    ]
    data = csv_file([["Who", "When", "Days", "What", "Outcome", "Where"], *rows])
    status, report = run("old.csv", data, "records", "--mapping", str(mapping))
    assert (status, report["created"], report["passed_over"], report["problems"]) == (0, 1, 1, [])
    record = LearningRecord.objects.get()
    assert (record.minutes, record.title, record.source, record.attributes) == (960, "Excel", "old", {"place": "Oslo"})
    assert record.source_id == f"E001/20{year}-07-03/XL"


@pytest.mark.parametrize(
    "text",
    [
        "columns: [",
        "colums: {}",
        "columns: {shoe_size: A}",
        "columns: {name: Nowhere}",
        "kind: kpi",
        "create: [moons]",
        "skip: [1]",
        "units: {hire_date: 8}",
        "columns: {name: [姓名]}",
    ],
)
def test_a_wrong_mapping_is_unusable(world, run, tmp_path, text):
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    before = digest()
    data = csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])
    status, report = run("staff.csv", data, "employees", "--mapping", str(tmp_path / "map.yaml"))
    assert (status, report["status"]) == (2, "unusable")
    assert report["problems"][0]["message"]
    assert digest() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--set", "shoe_size=43"], "There is no such field."),
        (["--terms", "departmnt: {a: b}"], "Is department meant?"),
    ],
)
def test_what_would_serve_nothing_is_unusable(world, run, tmp_path, options, said):
    if options[0] == "--terms":
        (tmp_path / "terms.yaml").write_text(options[1], encoding="utf-8")
        options = ["--terms", str(tmp_path / "terms.yaml")]
    status, report = run("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]), "employees", *options)
    assert (status, report["status"], report["problems"][0]["column"]) == (2, "unusable", options[0])
    assert said in report["problems"][0]["message"] + report["problems"][0]["mend"]


def test_missing_places_are_created_where_the_mapping_says_so(world, run, tmp_path):
    (tmp_path / "map.yaml").write_text("create: [departments, levels]\nbands: {Wizard: senior}", encoding="utf-8")
    data = csv_file([EMPLOYEE_HEADINGS, ["N1", "A", "2024-03-01", "Moon base", "REP", "Wizard"]])
    status, report = run("staff.csv", data, "employees", "--mapping", str(tmp_path / "map.yaml"))
    assert (status, report["created"]) == (0, 1)
    assert Assignment.objects.get(employee__employee_no="N1").level.band == "senior"


def test_kpi_scores_come_in(world, run):
    from performance.services import BandPlan, PartPlan, create_cycle

    create_cycle(
        name="Annual", points_year=world.year, start_date=world.year.start_date, end_date=world.year.end_date,
        parts=[PartPlan("kpi", "KPI", Decimal(90)), PartPlan("training", "Training", Decimal(10), "training")],
        bands=[BandPlan("A", "Good", Decimal(80)), BandPlan("B", "Fair", Decimal(0))],
        actor=world.users["helen"],
    )  # fmt: skip
    data = xlsx_file([["工号", "KPI得分"], ["E001", 88.5]])
    assert run("kpi.xlsx", data, "kpi")[1]["created"] == 1
    before = digest()
    assert run("kpi.xlsx", data, "kpi")[1]["unchanged"] == 1
    assert digest() == before
    status, report = run("kpi.xlsx", xlsx_file([["工号", "KPI得分"], ["E001", 188.5]]), "kpi")
    assert (status, report["problems"][0]["column"]) == (1, "KPI得分")


def test_cells_are_cleaned_on_their_way_in_and_doubts_are_refused(world, run):
    headings = ["Employee ID", "Name", "Hire date", "Department", "Position", "Level", "Exit date"]
    rows = [
        ["Ｎ０１", "\u00a0Ann\u3000Lee ", "25/03/2019", "SALES", "REP", "L1", "N/A-StillEmployed"],
        ["N02", "Bo Fox", "04/05/2019", "SALES", "REP", "L1", "-"],
    ]
    status, report = run("staff.csv", csv_file([headings, *rows]), "employees")
    assert (status, report["created"], report["problems"]) == (0, 2, [])
    ann, bo = Employee.objects.filter(employee_no__startswith="N0").order_by("employee_no")
    assert (ann.employee_no, ann.name, str(ann.hire_date), ann.exit_date) == ("N01", "Ann Lee", "2019-03-25", None)
    assert str(bo.hire_date) == "2019-05-04"
    rows = [["N10", "Cy", "04/05/2019", "SALES", "REP", "L1", ""], ["N11", "Di", "#####", "SALES", "REP", "L1", ""]]
    status, report = run("more.csv", csv_file([headings, *rows]), "employees")
    assert status == 1
    assert [(one["row"], one["column"]) for one in report["problems"]] == [(2, "Hire date"), (3, "Hire date")]


def test_a_page_of_explanations_is_not_the_table_and_a_workbook_tells_what_was_refused(world, run, tmp_path):
    good = [[f"X{number:02d}", f"Ann {chr(65 + number)}", "2020-03-25", "SALES", "REP", "L1"] for number in range(30)]
    data = xlsx_file([["Read me first"]], [EMPLOYEE_HEADINGS, *good, ["X99", "Bo", "soon", "SALES", "REP", "L1"]])
    target = tmp_path / "report.xlsx"
    status, report = run("staff.xlsx", data, "employees", "--dry-run", "--report", str(target))
    assert (status, report["rows"], [one["row"] for one in report["problems"]]) == (1, 31, [32])
    refused = list(load_workbook(target)["Refused rows"].values)
    assert refused[1][1:4] == ("X99", "Bo", "soon")


@pytest.mark.parametrize(
    ("yes", "no"), [("Passed", "Failed"), ("Pass", "Fail"), ("合格", "不合格"), ("通过", "未通过"), ("Y", "N")]
)
def test_who_passed_comes_in_under_the_words_of_exams(world, run, yes, no):
    when = day(world)
    rows = [["E001", "Safety", when, 90, yes], ["E002", "Safety", when, 20, no]]
    data = csv_file([["工号", "考试", "考试日期", "成绩", "是否通过"], *rows])
    status, report = run("scores.csv", data, "scores")
    assert (status, report["created"], report["problems"]) == (0, 2, [])
    found = LearningRecord.objects.filter(activity__code="exam").order_by("employee__employee_no")
    assert [one.passed for one in found] == [True, False]


@pytest.mark.parametrize("rows", [1, 2])
def test_records_of_nobody_are_refused_as_a_file(world, run, rows):
    data = csv_file([["Date", "Course", "Hours"], *[[day(world), "Excel", 2]] * rows])
    status, text = run("records.csv", data, "records", as_json=False)
    assert status == 2
    assert "employee_no" in text
    assert "No column was recognised" in text
