"""Ratings and candidates as files: by command and through the pages, twice, and taken back exactly."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from migration.models import ImportBatch, Kind, Term
from migration.services.inspecting import inspect_file
from migration.services.totals import reconciled
from people.models import Level
from performance.models import Rating
from recruitment.models import Application, Candidate
from recruitment.services import move_application
from tests.migration.files import EMPLOYEE_HEADINGS, csv_file
from tests.migration.test_batches import bring, downloaded
from tests.migration.test_kinds import counts
from tests.migration.test_pages import check, only, send, start, step, url
from tests.migration.test_several_files import run
from tests.migration.test_undo import assert_same, dump, undo
from tests.performance.plan import case_cycle

pytestmark = pytest.mark.django_db

#: as recruiting systems export them
APPLICANTS = [
    [
        "Applicant ID", "Application Date", "First Name", "Last Name", "Gender", "Date of Birth", "Phone Number",
        "Email", "Address", "Education Level", "Years of Experience", "Desired Salary", "Job Title", "Status",
    ],
    ["1001", "6/30/2023", "Wei", "Zhang", "Male", "8/31/1992", "421-429-7655", "w@example.org", "1 Road", "Master's", 8,
     60103.21, "Clerk", "Interviewing"],
    ["1002", "5/15/2023", "Nina", "Li", "Female", "4/29/1985", "451-574-5308", "l@example.org", "2 Road", "PhD", 17,
     64575.84, "Designer, furniture", "Rejected"],
]  # fmt: skip
CHINESE = [
    ["应聘编号", "应聘者", "应聘岗位", "投递日期", "招聘渠道", "状态", "期望薪资", "手机号码", "学历"],
    ["K1", "王伟", "工程师", "2025-03-01", "校园招聘", "复试", "12,000.50", "13800000001", "硕士"],
    ["K2", "李娜", "会计", "2025-03-02", "内部推荐", "待筛选", "9000", "13800000002", "本科"],
]
RATED = ["EmpID", "Employee_Name", "PerformanceScore", "LastPerformanceReview_Date"]


@pytest.mark.parametrize("rows", [APPLICANTS, CHINESE], ids=["english", "chinese"])
def test_candidates_come_in_by_command_twice_and_are_taken_back(world, tmp_path, rows):
    file = tmp_path / "ats.csv"
    file.write_bytes(csv_file(rows))
    assert inspect_file(name="ats.csv", data=file.read_bytes())["tables"][0]["kind"] == "candidates"
    before = dump()
    code, report = run(file, "--as", "candidates", "--dry-run")
    assert (code, report["status"], report["created"]) == (0, "checked", 2)
    assert_same(before)
    code, report = run(file, "--as", "candidates")
    assert (code, report["created"], report["refused"]) == (0, 2, 0)
    batch = ImportBatch.objects.get()
    proof = reconciled(batch)
    assert proof["adds_up"]
    wanted = sum(one.desired_salary for one in Application.objects.all())
    assert wanted > 20000
    assert ("Applications", 2) in [(line["label"], line["added"]) for line in proof["lines"]]
    assert wanted in [line["added"] for line in proof["lines"]]
    done = dump()
    code, report = run(file, "--as", "candidates")
    assert (code, report["created"], report["changed"], report["unchanged"]) == (0, 0, 0, 2)
    assert dump()["recruitment_candidate"] == done["recruitment_candidate"]
    assert undo(batch)[0] == 0
    assert_same(before)


def test_what_a_file_says_of_a_candidate_stands_where_it_belongs(world):
    assert counts(bring("candidates", CHINESE)) == (2, 0, 0, 0)
    one = Application.objects.get(candidate__number="K1")
    assert (one.candidate.name, one.candidate.source, one.candidate.education, one.job_title) == (
        "王伟", "校园招聘", "硕士", "工程师",
    )  # fmt: skip
    assert (str(one.applied_on), one.stage, one.desired_salary) == ("2025-03-01", "interviewing", 12000.5)
    assert Application.objects.get(candidate__number="K2").stage == "applied"


def test_a_later_file_changes_what_it_says_and_an_undo_puts_it_back(world):
    bring("candidates", CHINESE)
    before = dump()
    later = [CHINESE[0], [*CHINESE[1][:5], "已录用", "13000", *CHINESE[1][7:]], CHINESE[2]]
    batch = bring("candidates", later)
    assert counts(batch) == (0, 1, 1, 0)
    assert reconciled(batch)["adds_up"]
    assert Application.objects.get(candidate__number="K1").stage == "offered"
    assert [one.row for one in batch.journal.all()] == [2]
    assert undo(batch)[0] == 0
    assert_same(before)


def test_an_application_that_moved_on_since_refuses_the_undo(world):
    batch = bring("candidates", CHINESE)
    one = Application.objects.get(candidate__number="K1")
    move_application(application=one, stage="offered", actor=world.users["rita"])
    code, said = undo(batch)
    assert code == 1
    assert "offered" in said
    assert Candidate.objects.count() == 2


def test_refused_candidates_are_named_and_mended_alone(world, sign_in):
    bad = ["K3", "赵六", "会计", "2999-01-01", "", "待筛选", "", "", ""]
    nobody = ["", "无名", "会计", "2025-03-02", "", "", "", "", ""]
    batch = bring("candidates", [*CHINESE, bad, nobody])
    assert counts(batch) == (2, 0, 0, 2)
    assert [(one["row"], one["column"]) for one in batch.problems] == [(4, "投递日期"), (5, "应聘编号")]
    sheet = downloaded(sign_in("rita"), "refused", batch).active
    assert [sheet["B2"].value, sheet["B3"].value] == ["赵六", "无名"]
    # nobody else sees them, whoever may read imports otherwise
    for name in ("oscar", "paul", "audrey"):
        assert sign_in(name).get(reverse("migration:detail", kwargs={"pk": batch.pk})).status_code == 404
        assert "old.csv" not in sign_in(name).get(reverse("migration:imports")).content.decode()


def test_a_recruiter_imports_through_the_pages_and_unknown_words_are_decided_once(world, sign_in):
    rita = sign_in("rita")
    rows = [CHINESE[0], CHINESE[1], [*CHINESE[2][:5], "等背调", *CHINESE[2][6:]]]
    page = send(rita, "ats.csv", csv_file(rows))
    assert step(page) == "words"
    asked = {one.word: name for group in page.context["fields"] for name, one in group["words"]}
    assert set(asked) == {"等背调"}
    # undecided, its row stays out
    assert only(check(rita, page))["report"].refused == 1
    page = rita.post(url("words", page), {asked["等背调"]: "interviewing"}, follow=True)
    assert step(page) == "check"
    assert check(rita, page).context["can_import"]
    start(rita, page)
    assert {one.stage for one in Application.objects.all()} == {"interviewing"}
    assert Term.objects.get().field == "stage"
    # known now, and nothing is new
    page = send(rita, "again.csv", csv_file(rows))
    assert step(page) == "check"
    report = only(check(rita, page))["report"]
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert {change.status for change in report.changes} == {"unchanged"}


# --- ratings ----------------------------------------------------------------------------------------------------------
def rated(*rows):
    return [RATED, *rows]


def test_ratings_come_in_twice_and_are_taken_back(world, tmp_path):
    file = tmp_path / "hr.csv"
    file.write_bytes(csv_file(rated(["E001", "A", "Exceeds", "1/14/2025"], ["E002", "B", "Fully Meets", "1/30/2025"])))
    assert inspect_file(name="hr.csv", data=file.read_bytes())["tables"][0]["kind"] == "ratings"
    before = dump()
    code, report = run(file, "--as", "ratings")
    assert (code, report["created"], report["refused"]) == (0, 2, 0)
    kept = Rating.objects.get(employee=world.people["alice"])
    assert (kept.grade, kept.period, str(kept.rated_on)) == ("Exceeds", "2025", "2025-01-14")
    batch = ImportBatch.objects.get()
    assert reconciled(batch)["adds_up"]
    assert run(file, "--as", "ratings")[1]["unchanged"] == 2
    assert undo(batch)[0] == 0
    assert_same(before)


def test_old_words_are_mapped_to_the_scale_of_a_cycle(world, sign_in, tmp_path):
    cycle = case_cycle(world)
    rows = [["工号", "考核结果", "考核年度"], ["E001", "优秀", cycle.name], ["E002", "A", cycle.name]]
    refused = bring("ratings", rows)
    assert counts(refused) == (1, 0, 0, 1)
    assert (refused.problems[0]["column"], refused.problems[0]["value"]) == ("考核结果", "优秀")
    helen = sign_in("helen")
    page = send(helen, "old.csv", csv_file(rows))
    assert step(page) == "words"
    ((name, word),) = [pair for group in page.context["fields"] for pair in group["words"]]
    assert word.word == "优秀"
    page = helen.post(url("words", page), {name: "S"}, follow=True)
    start(helen, page)
    assert Rating.objects.get(employee=world.people["alice"]).grade == "S"
    # the command reads the dictionary, too
    file = tmp_path / "more.csv"
    file.write_bytes(csv_file([rows[0], ["E003", "优秀", cycle.name]]))
    assert run(file, "--as", "ratings")[1]["created"] == 1


def test_a_file_without_a_period_asks_for_it_and_kinds_have_values_of_their_own(world, tmp_path):
    file = tmp_path / "hr.csv"
    file.write_bytes(
        csv_file([[*EMPLOYEE_HEADINGS, "绩效等级"], ["N9", "A", "2024-05-01", "SALES", "REP", "L1", "Exceeds"]])
    )
    code, report = run(f"employees={file}", f"ratings={file}")
    assert (code, report["status"]) == (2, "unusable")
    code, reports = run(f"ratings={file}", f"employees={file}", "--set", "ratings.cycle=2024")
    assert (code, [one["kind"] for one in reports]) == (0, ["employees", "ratings"])
    assert [one["created"] + one["unchanged"] for one in reports] == [1, 1]
    assert Rating.objects.get(period="2024").employee.employee_no == "N9"


def test_kinds_come_in_the_order_in_which_they_lean_on_each_other():
    order = list(Kind.values)
    for earlier, later in [
        ("employees", "assignments"), ("employees", "ratings"), ("courses", "records"), ("employees", "candidates"),
        ("departures", "records"), ("employees", "kpi"), ("employees", "salaries"), ("assignments", "records"),
    ]:  # fmt: skip
        assert order.index(earlier) < order.index(later)


@pytest.mark.parametrize(
    ("headings", "cells", "kind"),
    [
        (["工号", "绩效等级", "年度"], ["E001", "A", "2024"], "ratings"),
        (["工号", "KPI得分", "考核年度"], ["E001", "88", "2024"], "kpi"),
        (["Employee ID", "Current Employee Rating"], ["E001", "4"], "ratings"),
        (["姓名", "性别", "出生日期", "邮箱"], ["王伟", "男", "1990-01-01", "w@example.org"], ""),
        (["候选人", "应聘职位", "状态"], ["王伟", "会计", "面试"], "candidates"),
    ],
)
def test_tables_are_told_apart_by_their_headings(world, headings, cells, kind):
    found = inspect_file(name="x.csv", data=csv_file([headings, cells, cells]))
    assert found["tables"][0]["kind"] == kind


# --- what the pages say -----------------------------------------------------------------------------------------------
def test_whoever_may_not_import_a_kind_is_told_who_may(world, sign_in):
    page = send(sign_in("oscar"), "ats.csv", csv_file(CHINESE))
    assert step(page) == "look"
    text = page.content.decode()
    assert "This looks like “Candidates”, which you may not import." in text
    assert "HR admin, Recruiter" in text
    page = send(sign_in("oscar"), "pay.csv", csv_file([["工号", "月薪", "生效日期"], ["E001", "1", "2026-01-01"]]))
    assert "Payroll officer" in page.content.decode()
    # who may does not read it
    assert "which you may not import" not in send(sign_in("rita"), "ats.csv", csv_file(CHINESE)).content.decode()


def test_a_new_level_gets_the_band_that_is_chosen(world, sign_in):
    oscar = sign_in("oscar")
    rows = [["N1", "A", "2024-03-01", "SALES", "REP", "Chief"], ["N2", "B", "2024-03-01", "SALES", "REP", "Helper"]]
    page = send(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *rows]))
    assert step(page) == "words"
    assert "Band, if it is new" in page.content.decode()
    asked = {one.word: name for group in page.context["fields"] for name, one in group["words"]}
    said = {asked["Chief"]: "new", f"{asked['Chief']}-band": "senior", asked["Helper"]: "new"}
    page = oscar.post(url("words", page), said, follow=True)
    start(oscar, page)
    assert {one.name: one.band for one in Level.objects.filter(name__in=["Chief", "Helper"])} == {
        "Chief": "senior", "Helper": "staff",
    }  # fmt: skip


def test_the_proof_of_candidates_is_a_workbook(world, sign_in):
    batch = bring("candidates", CHINESE)
    answer = sign_in("rita").get(reverse("migration:proof", kwargs={"pk": batch.pk}))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Sum of desired salaries" in [row[0].value for row in book.active.iter_rows()]
