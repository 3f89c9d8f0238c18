"""Undo: the tables are as before the import, or nothing has changed and what depends on it is named."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from hrsuite.lib.errors import BadInput
from hrsuite.pipeline import run_pipeline
from migration.models import ImportBatch
from migration.services.undoing import UndoRefusedError, look_at_undo, undo_import
from payroll.models import Salary
from people.models import Assignment, Employee, Leave
from performance.models import AppraisalPart
from performance.services import BandPlan, PartPlan, create_cycle
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS
from tests.migration.test_batches import PAY, bring, day
from training.models import LearningRecord, LedgerEntry, PointsWork, Standing

pytestmark = pytest.mark.django_db
#: what an undo may leave: its own story, work to do, and the time stamps below
STORY = {"migration_importbatch", "migration_importedrow", "training_pointswork", "pghistory_context"}
STAMPS = ("stale_at", "refreshed_at", "updated_at", "last_login")


@pytest.fixture
def scored_cycle(world):
    return create_cycle(
        name="Year", points_year=world.year, start_date=world.year.start_date, end_date=world.year.end_date,
        parts=[PartPlan("kpi", "KPI", 100, "typed")], bands=[BandPlan("A", "Good", 0)], actor=None,
    )  # fmt: skip


def dump():
    """Every row of every table but history and bookkeeping."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("django_") or table.endswith("event") or table in STORY:
                continue
            cursor.execute(f'SELECT (to_jsonb(t) - %s::text[])::text FROM "{table}" AS t ORDER BY 1', [list(STAMPS)])
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def assert_same(before):
    after = dump()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}


def undo(batch, *options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("undo_import", str(batch.pk), *options, "--reason", "wrong file", stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


def files(world):
    """Kind -> rows, of new things and of changed ones."""
    new_place = ["N3", "Zhao", "2024-05-01", "Brand new", "New position", "New level"]
    moved = ["E001", "Alice Other", str(world.people["alice"].hire_date), "", "", ""]
    return {
        "employees": [[*EMPLOYEE_HEADINGS, "离职日期"], *([*one, ""] for one in [*EMPLOYEES, new_place, moved])],
        "assignments": [
            ["工号", "部门", "岗位", "职级", "开始日期"],
            ["E001", "RD", "ENGINEER", "L1", day(world, 6)], ["E003", "SALES", "REP", "L2", day(world, 7)],
        ],
        "leaves": [["工号", "请假类型", "开始日期", "结束日期"], ["E001", "sick", day(world), day(world, 4)]],
        "records": [
            RECORD_HEADINGS,
            ["E001", "online", day(world), 1.5, "", "R1"], ["E003", "workshop", day(world), "", "", "R2"],
        ],
        "salaries": [PAY, ["E001", 9000, day(world), "x"], ["E003", 8000, day(world, 5), ""]],
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["employees", "assignments", "leaves", "records", "salaries"])
def test_undone_at_once_the_tables_are_as_before_and_the_file_brings_the_same_again(world, kind):
    run_pipeline()
    rows = files(world)[kind]
    mapping = "create: [departments, positions, levels]\n" if kind == "employees" else ""
    before = dump()
    batch = bring(kind, rows, mapping)
    assert batch.created + batch.changed == len(rows) - 1, batch.problems
    assert dump() != before
    assert undo(batch)[0] == 0
    assert_same(before)
    again = bring(kind, rows, mapping)
    assert (again.created, again.changed) == (batch.created, batch.changed)
    # a second time there is nothing to undo
    assert undo(batch)[0] == 2


def test_a_departure_taken_back_opens_assignment_and_account_again(world):
    user = world.users["alice"]
    left = dt.date(world.year.start_date.year - 1, 3, 31)
    assert user.is_active
    Employee.objects.filter(pk=world.people["alice"].pk).update(hire_date=left - dt.timedelta(days=400))
    Assignment.objects.filter(employee=world.people["alice"]).update(start_date=left - dt.timedelta(days=400))
    before = dump()
    batch = bring("employees", [["工号", "离职日期"], ["E001", left]])
    user.refresh_from_db()
    assert not user.is_active
    assert undo(batch)[0] == 0
    # a closed account has lost its password for good: its owner sets a new one
    user.refresh_from_db()
    assert user.is_active
    assert_same({**before, "people_user": dump()["people_user"]})


def test_booked_records_are_voided_their_points_go_and_the_mended_file_has_its_ids_again(world):
    rows = files(world)["records"]
    batch = bring("records", rows)
    run_pipeline()
    points = LedgerEntry.objects.filter(record__source_id="R1").values_list("amount", flat=True)
    assert sum(points) == 3
    assert look_at_undo(batch).voided == 2
    assert undo(batch)[0] == 0
    voided = LearningRecord.objects.get(source_id="R1")
    assert (voided.status, voided.status_reason, voided.source) == ("voided", "wrong file", f"undone-{batch.pk}-import")
    assert PointsWork.objects.filter(employee=voided.employee).exists()
    run_pipeline()
    assert sum(LedgerEntry.objects.filter(record=voided).values_list("amount", flat=True)) == 0
    assert Standing.objects.get(employee=voided.employee, year=world.year).total == 0
    mended = [rows[0], [*rows[1][:3], 2, *rows[1][4:]], rows[2]]
    assert bring("records", mended).created == 2
    run_pipeline()
    assert Standing.objects.get(employee=voided.employee, year=world.year).total == 4


def test_later_entries_refuse_the_undo_and_are_named(world, sign_in):
    batch = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    bring("salaries", [PAY, ["N1", 9000, day(world), ""]])
    Leave.objects.create(employee=Employee.objects.get(employee_no="N2"), kind="sick", start_date=day(world))
    Employee.objects.filter(employee_no="N2").update(name="Other")
    before = dump()
    status, said = undo(batch)
    assert status == 1
    assert "2: employee 王伟 (N1): salary" in said
    assert "long leave" in said
    assert "name is Other, the import wrote 李娜" in said
    assert_same(before)
    with pytest.raises(UndoRefusedError):
        undo_import(batch=batch, reason="x", actor=None)
    page = sign_in("oscar").get(reverse("migration:undo", kwargs={"pk": batch.pk})).content.decode()
    assert "the import wrote 李娜" in page
    chinese = sign_in("oscar")
    chinese.cookies["django_language"] = "zh-hans"
    assert "姓名现为Other" in chinese.get(reverse("migration:undo", kwargs={"pk": batch.pk})).content.decode()
    answer = sign_in("oscar").post(reverse("migration:undo", kwargs={"pk": batch.pk}), {"reason": "x"})
    assert answer.status_code == 200
    assert_same(before)


def test_a_salary_changed_later_stays(world):
    batch = bring("salaries", [PAY, ["E001", 9000, day(world), ""]])
    later = bring("salaries", [PAY, ["E001", 9500, day(world, 6), ""]])
    status, said = undo(batch)
    assert status == 1
    assert f"until is {world.year.start_date.year}-05-31, the import wrote –" in said
    assert undo(later)[0] == 0
    assert undo(batch)[0] == 0
    assert not Salary.objects.filter(employee__employee_no="E001").exists()


def test_employees_whom_the_pipeline_met_go_with_what_it_computed(world):
    run_pipeline()
    before = dump()
    batch = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    run_pipeline()
    assert Standing.objects.filter(employee__employee_no="N1").exists()
    assert undo(batch)[0] == 0
    run_pipeline()
    after = dump()
    for table in ("people_employee", "people_assignment", "training_standing", "performance_appraisal"):
        assert after[table] == before[table], table


def test_kpi_scores_are_as_before_unless_signed(scored_cycle):
    head = ["工号", "周期", "指标", "得分"]
    name = scored_cycle.name
    first = bring("kpi", [head, ["E001", name, "kpi", 70]])
    before = dump()
    second = bring("kpi", [head, ["E001", name, "kpi", 80], ["E003", name, "kpi", 60]])
    assert (second.created, second.changed) == (1, 1)
    assert {one["name"]: one["added"] for one in second.totals}["score"] == "70.00"
    assert undo(first)[0] == 1
    assert undo(second)[0] == 0
    assert_same(before)
    assert undo(first)[0] == 0
    assert not AppraisalPart.objects.filter(part__code="kpi", state="scored").exists()


def test_the_page_says_what_happens_and_undoes_with_a_reason(world, sign_in):
    batch = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    oscar = sign_in("oscar")
    address = reverse("migration:undo", kwargs={"pk": batch.pk})
    assert "4" in oscar.get(address).content.decode()
    assert oscar.post(address, {"reason": " "}).status_code == 200
    assert Employee.objects.filter(employee_no="N1").exists()
    page = oscar.post(address, {"reason": "wrong file"}, follow=True).content.decode()
    assert "wrong file" in page
    assert not Employee.objects.filter(employee_no="N1").exists()
    batch = ImportBatch.objects.get(pk=batch.pk)
    assert batch.undone_by == world.users["oscar"]
    with pytest.raises(BadInput):
        undo_import(batch=batch, reason="again", actor=None)
    assert oscar.get(address).status_code == 302


def test_what_depends_on_an_import_is_named_with_the_later_import_that_made_it(world):
    people = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    number = EMPLOYEES[0][0]
    later = bring("records", [RECORD_HEADINGS, [number, "Workshop", day(world), "", "", "A"]])
    messages = [str(one.message) for one in look_at_undo(people).obstacles]
    told = [one for one in messages if later.file_name in one]
    assert told
    assert f"{number} · {day(world)} · " in told[0]
    assert f"({later.pk})" in told[0]
    assert undo(later)[0] == 0
    assert undo(people)[0] == 0


def test_an_import_that_changed_the_same_people_later_is_named_and_linked(world, sign_in):
    people = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    numbers = [row[0] for row in EMPLOYEES[:2]]
    first = bring("employees", [["Employee no", "Name"], *([number, f"First {number}"] for number in numbers)])
    # says nothing else about the first than what is known already
    second = bring("employees", [["Employee no", "Name"], [numbers[1], "Second"]])
    assert {one.later for one in look_at_undo(first).obstacles} == {second.pk}
    assert {one.later for one in look_at_undo(people).obstacles if "Changed since" in one.message} == {
        first.pk,
        second.pk,
    }
    page = sign_in("oscar").get(reverse("migration:undo", args=[first.pk])).content.decode()
    assert "Later imports to undo first" in page
    assert reverse("migration:detail", args=[second.pk]) in page
    for one in (second, first, people):
        assert undo(one)[0] == 0


@pytest.mark.parametrize("is_booked", [False, True])
def test_people_leave_with_the_scores_that_are_taken_back_with_them(scored_cycle, is_booked):
    head, name = ["工号", "周期", "指标", "得分"], scored_cycle.name
    run_pipeline()
    before = dump()
    people = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    if is_booked:
        # their appraisals wait for scores by then
        run_pipeline()
    scores = bring("kpi", [head, ["N1", name, "kpi", 70], ["N2", name, "kpi", 80]])
    again = bring("kpi", [head, ["N1", name, "kpi", 75]])
    assert look_at_undo(people, [again.pk]).obstacles, "the first score stays"
    code, words = undo(people, str(again.pk))
    assert code == 1
    assert f"appraisal N1 · {name} depends on it." in words
    assert undo(people, str(scores.pk), str(again.pk))[0] == 0
    run_pipeline()
    after = dump()
    for table in ("people_employee", "performance_appraisal", "performance_appraisalpart", "training_standing"):
        assert after[table] == before[table], table


def test_a_score_of_other_hands_keeps_people_in(scored_cycle):
    people = bring("employees", [EMPLOYEE_HEADINGS, *EMPLOYEES])
    scores = bring("kpi", [["工号", "周期", "指标", "得分"], ["N1", scored_cycle.name, "kpi", 70]])
    assert undo(scores)[0] == 0
    part = AppraisalPart.objects.get(appraisal__employee__employee_no="N1", part__code="kpi")
    AppraisalPart.objects.filter(pk=part.pk).update(state="scored", score=66)
    code, words = undo(people)
    assert code == 1
    assert f"appraisal N1 · {scored_cycle.name}" in words
    assert Employee.objects.filter(employee_no="N1").exists()
