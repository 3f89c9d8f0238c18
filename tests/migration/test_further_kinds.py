"""One table, several kinds: a row holds the person, the salary, the rating and the departure, as public tables do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportJob, UploadTable
from migration.services.choices import choices_of
from migration.services.further import add_further, proposals
from migration.services.jobs import run_jobs
from migration.services.uploads import add_upload
from payroll.models import Salary
from people.models import Employee
from people.rules import PAYROLL
from performance.models import Rating
from tests.migration.files import csv_file
from tests.migration.test_pages import check, send, step, url
from tests.migration.test_undo import dump

pytestmark = pytest.mark.django_db

HEADINGS = [
    "Employee_Name", "EmpID", "Salary", "Position", "Department", "Sex", "DateofHire", "DateofTermination",
    "TermReason", "PerformanceScore", "LastPerformanceReview_Date", "Level",
]  # fmt: skip
ROWS = [
    ["Lee, Ann", "9001", "62506", "Sales representative", "Sales", "F", "7/5/2021", "", "N/A-StillEmployed", "Exceeds",
     "1/17/2024", "Staff"],
    ["Li, Bo", "9002", "104437", "Sales representative", "Sales", "M ", "3/30/2020", "6/16/2023", "career change",
     "Fully Meets", "2/24/2023", "Staff"],
    ["Wu, Cai", "9003", "64955", "Sales representative", "Sales", "F", "7/5/2020", "", "N/A-StillEmployed",
     "Fully Meets", "1/25/2024", "Staff"],
]  # fmt: skip
DATA = csv_file([HEADINGS, *ROWS])


@pytest.fixture
def oscar(world, sign_in):
    """Oscar, who may import pay as well."""
    world.users["oscar"].groups.add(Group.objects.get(name=PAYROLL))
    return sign_in("oscar")


def choose(client, page, **more):
    """Send the page Look as it stands, with ``more``."""
    page = client.get(url("look", page))
    said = {}
    for _table, _about, form in page.context["tables"]:
        said |= {field.html_name: field.value() for field in form if field.value()}
    return client.post(url("look", page), {**said, **more}, follow=True)


def offered(page):
    return [(one.kind, one.own) for one in page.context["tables"][0][1]["proposals"]]


def brought(page):
    return [one.kind for one in page.context["tables"][0][1]["further"]]


def main_of(page):
    return page.context["tables"][0][0]


def test_one_table_brings_people_departures_ratings_and_salaries(world, oscar):
    before = dump()
    page = send(oscar, "hr.csv", DATA)
    assert step(page) == "look"
    assert main_of(page).kind == "employees"
    assert offered(page) == [
        ("departures", ["TermReason"]),
        ("ratings", ["PerformanceScore", "LastPerformanceReview_Date"]),
        ("salaries", ["Salary"]),
    ]
    assert "This table also has columns of:" in page.content.decode()
    for kind in ("departures", "ratings", "salaries"):
        page = choose(oscar, page, add=f"{main_of(page).pk}:{kind}")
        assert step(page) == "look"
    assert (offered(page), brought(page)) == ([], ["departures", "ratings", "salaries"])
    labels = {column["name"]: column["label"] for column in page.context["tables"][0][1]["columns"]}
    assert (labels["TermReason"], labels["Salary"]) == ("Departures: Reason", "Salaries: Amount")
    page = choose(oscar, page)
    # a salary begins some day, of which the table has no column
    assert step(page) == "map"
    kinds = {one["table"].kind: one for one in page.context["tables"]}
    assert [bool(one["missing"]) for one in kinds.values()] == [False, False, False, True]
    assert not {"Salary", "TermReason", "PerformanceScore"} & set(kinds["employees"]["left_out"])
    said = {field.html_name: field.value() or "" for one in kinds.values() for field in one["form"]}
    column = next(
        field.html_name for column, field in kinds["salaries"]["form"].rows() if column["name"] == "DateofHire"
    )
    page = oscar.post(url("map", page), {**said, column: "start_date"}, follow=True)
    assert step(page) == "check"
    page = check(oscar, page)
    assert [one["problems"] for one in page.context["tables"]] == [[], [], [], []]
    reports = [(one["table"].kind, one["report"]) for one in page.context["tables"]]
    assert [(kind, one.created + one.changed, one.unchanged, one.refused) for kind, one in reports] == [
        ("employees", 3, 0, 0), ("departures", 1, 0, 0), ("ratings", 3, 0, 0), ("salaries", 3, 0, 0),
    ]  # fmt: skip
    oscar.post(url("start", page), {"import": "1"})
    run_jobs()
    job = ImportJob.objects.get()
    assert (job.status, job.message) == ("done", "")
    shown = oscar.get(reverse("migration:job", args=[job.pk])).content.decode()
    assert all(label in shown for label in ("Employees", "Departures", "Ratings", "Salaries"))
    bo = Employee.objects.get(employee_no="9002")
    assert (str(bo.exit_date), bo.attributes["exit_reason"]) == ("2023-06-16", "career change")
    assert "exit_reason" not in Employee.objects.get(employee_no="9001").attributes
    paid = {one.employee.employee_no: int(one.amount) for one in Salary.objects.filter(employee__employee_no__gt="9")}
    assert paid == {"9001": 62506, "9002": 104437, "9003": 64955}
    assert Rating.objects.filter(employee__employee_no__in=paid).count() == 3
    # the same file again is known, of every kind
    again = send(oscar, "hr.csv", DATA)
    add_further(table=UploadTable.objects.order_by("-pk")[0], kind="departures", actor=world.users["oscar"])
    oscar.post(url("start", again), {"import": "1"})
    run_jobs()
    states = ImportJob.objects.first().tables.values_list("kind", "status")
    assert list(states) == [("employees", "unchanged"), ("departures", "unchanged")]
    assert ImportBatch.objects.count() == 4
    # and all of it can be taken back together
    answer = oscar.post(reverse("migration:undo_job", args=[job.pk]), {"reason": "wrong file"})
    assert answer.status_code == 302
    after = {name: rows for name, rows in dump().items() if not name.startswith("migration_")}
    assert after == {name: rows for name, rows in before.items() if not name.startswith("migration_")}


def test_a_further_kind_can_be_removed_and_follows_its_table(world, oscar):
    page = send(oscar, "hr.csv", DATA)
    key = f"{main_of(page).pk}:ratings"
    page = choose(oscar, page, add=key)
    assert brought(page) == ["ratings"]
    # once is enough
    page = choose(oscar, page, add=key)
    assert "no further columns of that kind" in page.content.decode()
    assert brought(page) == ["ratings"]
    page = choose(oscar, page, remove=key)
    assert brought(page) == []
    assert "ratings" in dict(offered(page))
    page = choose(oscar, page, add=key)
    # rows that are ratings themselves need not be so once more
    page = choose(oscar, page, **{f"table-{main_of(page).pk}-kind": "ratings"})
    assert UploadTable.objects.get().kind == "ratings"


def test_a_table_that_is_left_out_takes_its_further_kinds_along(oscar):
    page = send(oscar, "hr.csv", DATA)
    number = main_of(page).pk
    page = choose(oscar, page, add=f"{number}:ratings")
    oscar.post(url("look", page), {f"table-{number}-kind": "employees"})
    assert set(UploadTable.objects.values_list("is_skipped", flat=True)) == {True}


def test_what_somebody_may_not_import_is_neither_offered_nor_added(world, sign_in):
    page = send(sign_in("oscar"), "hr.csv", DATA)
    kinds = {kind for kind, _own in offered(page)}
    assert "salaries" not in kinds
    with pytest.raises(BadInput, match="no further columns"):
        add_further(table=main_of(page), kind="salaries", actor=world.users["oscar"])
    assert choose(sign_in("oscar"), page, add="999999:ratings").status_code == 404


@pytest.mark.parametrize(
    "rows",
    [
        [["工号", "姓名", "入职日期", "部门", "岗位", "职级"], ["N1", "王伟", "2024-03-01", "SALES", "REP", "L1"]],
        [["EmpID", "Name", "Hire date", "EngagementSurvey", "Absences"], ["N1", "Wei", "2024-03-01", "4.6", "3"]],
        [["EmpID", "Name", "Salary", "Start date"], ["E001", "Alice", "9000", "2024-03-01"]],
    ],
    ids=["people", "numbers of people", "a name to check a salary"],
)
def test_other_tables_are_offered_nothing(world, oscar, rows):
    upload = add_upload(files=[("a.csv", csv_file(rows))], actor=world.users["oscar"])
    (table,) = UploadTable.objects.filter(file__upload=upload)
    assert proposals(table, world.users["oscar"]) == []


def test_rows_without_a_departure_are_passed_over_and_counted(world, oscar):
    page = send(oscar, "hr.csv", DATA)
    further = add_further(table=main_of(page), kind="departures", actor=world.users["oscar"])
    assert choices_of(further).needs == ["exit_date"]
    page = check(oscar, page)
    report = page.context["tables"][1]["report"]
    assert [one["problems"] for one in page.context["tables"]] == [[], []]
    assert (report.rows, report.passed_over, report.refused) == (3, 2, 0)
    assert report.notes[0] == "2 rows say nothing of this kind."
    # what another kind takes is read
    assert report.notes[1] == "Columns not read: Salary, PerformanceScore, LastPerformanceReview_Date."


def test_many_columns_are_folded(oscar):
    headings = [*HEADINGS, *(f"Extra {number}" for number in range(288))]
    page = send(oscar, "wide.csv", csv_file([headings, *([*row, *["7"] * 288] for row in ROWS)]))
    page = oscar.get(url("look", page))
    about = page.context["tables"][0][1]
    assert (len(about["first"]), len(about["more"])) == (12, 288)
    assert "288 more columns" in page.content.decode()
    few = oscar.get(url("look", send(oscar, "hr.csv", DATA)))
    assert "more columns" not in few.content.decode()


PLACED = [
    ["Employee no", "Salary", "Effective date", "Department", "Position", "Level", "Leave type", "Leave start",
     "Leave end", "Exam date", "Exam score", "Exam"],
    ["E001", "9000", "2026-03-01", "R&D", "Engineer", "L1", "", "", "", "2026-02-03", "88", "Fire safety"],
    ["E002", "9100", "2026-03-01", "", "", "", "Parental leave", "2026-04-01", "2026-06-30", "", "", ""],
]  # fmt: skip


def test_raises_bring_posts_leaves_and_exams_along(world, oscar):
    page = send(oscar, "raises.csv", csv_file(PLACED), "salaries")
    page = oscar.get(url("look", page))
    assert dict(offered(page)) == {
        "assignments": ["Department", "Position", "Level"],
        "leaves": ["Leave type", "Leave start", "Leave end"],
        "scores": ["Exam date", "Exam score", "Exam"],
    }
    for kind in ("assignments", "leaves", "scores"):
        page = choose(oscar, page, add=f"{main_of(page).pk}:{kind}")
    assert brought(page) == ["assignments", "leaves", "scores"]
    page = check(oscar, page)
    reports = {one["table"].kind: one["report"] for one in page.context["tables"]}
    assert {kind: (one.created, one.passed_over, one.refused) for kind, one in reports.items()} == {
        "assignments": (1, 1, 0), "leaves": (1, 1, 0), "scores": (1, 1, 0), "salaries": (2, 0, 0),
    }  # fmt: skip


def test_a_type_and_a_day_alone_are_no_leave_and_no_exam(world, oscar):
    rows = [
        ["工号", "姓名", "入职日期", "类型", "开始日期", "日期", "分数"],
        ["N1", "王伟", "2024-03-01", "合同", "2024-03-01", "2024-03-01", "3"],
    ]
    page = oscar.get(url("look", send(oscar, "staff.csv", csv_file(rows), "employees")))
    assert not {"leaves", "scores"} & set(dict(offered(page)))
