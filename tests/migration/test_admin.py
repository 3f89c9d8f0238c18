"""The import button of the admin site: upload, preview, confirm; the same refusals as the command; who may press it."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import ImportBatch, UploadTable
from payroll.models import Salary
from people.models import Assignment, Employee
from people.services.attributes import declare_attribute
from people.services.employees import change_employee
from performance.models import AppraisalPart
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file, digest, xlsx_file
from tests.migration.test_import_file import BAD_PLACES, BAD_RECORDS, day
from tests.performance.plan import case_cycle
from training.models import LearningRecord
from training.services.records import RecordRow, save_records

pytestmark = pytest.mark.django_db
EMPLOYEE, RECORD, SALARY = "people_employee", "training_learningrecord", "payroll_salary"


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def upload(client, table, name, data, resource="0"):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse(f"admin:{table}_import"), {"import_file": file, "format": "0", "resource": resource})


def confirm(client, table, preview):
    form = preview.context["confirm_form"]
    return client.post(reverse(f"admin:{table}_process_import"), form.initial, follow=True)


def test_a_file_of_other_headings_goes_step_by_step_from_the_admin(sign_in, world):
    oscar = sign_in("oscar")
    file = SimpleUploadedFile("old.csv", csv_file([["Badge", "Called", "Since"], ["N1", "Ann Lee", "2024-03-01"]]))
    form = {"import_file": file, "format": "0", "resource": "0", "way": "steps"}
    page = oscar.post(reverse(f"admin:{EMPLOYEE}_import"), form, follow=True)
    table = UploadTable.objects.get()
    assert (table.kind, table.file.upload.actor.username) == ("employees", "oscar")
    assert page.redirect_chain[-1][0] == reverse("migration:map", args=[table.file.upload_id])
    assert "Badge" in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_broken_file_does_not_go_step_by_step(sign_in):
    file = SimpleUploadedFile("old.xlsx", b"PK no workbook")
    form = {"import_file": file, "format": "0", "resource": "0", "way": "steps"}
    page = sign_in("oscar").post(reverse(f"admin:{EMPLOYEE}_import"), form, follow=True)
    assert page.redirect_chain[-1][0] == reverse(f"admin:{EMPLOYEE}_import")
    assert "old.xlsx" in page.content.decode()
    assert not UploadTable.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_is_previewed_then_confirmed(sign_in, encoding):
    oscar = sign_in("oscar")
    before = digest()
    preview = upload(oscar, EMPLOYEE, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES], encoding))
    assert preview.status_code == 200
    assert "王伟" in preview.content.decode()
    assert digest() == before
    done = confirm(oscar, EMPLOYEE, preview)
    assert "2 new" in done.content.decode()
    assert Assignment.objects.get(employee__employee_no="N2").department.code == "RD"
    batch = ImportBatch.objects.get()
    assert (batch.file_name, batch.created, batch.actor.username) == ("staff.csv", 2, "oscar")


def test_the_preview_shows_what_changes(sign_in):
    helen = sign_in("helen")
    data = xlsx_file([["工号", "姓名", "学历"], ["E001", "Alice B", "PhD"], ["E002", "Bob", ""]])
    preview = upload(helen, EMPLOYEE, "staff.xlsx", data).content.decode()
    assert "Alice → Alice B" in preview
    assert "Skipped" in preview


def test_a_row_in_doubt_as_a_whole_is_said_without_an_empty_cell(sign_in, world):
    rows = [["E001", "online", str(day(world)), "1", "", ""], ["E003", "online", str(day(world)), "1", "", ""]]
    text = upload(sign_in("oscar"), RECORD, "r.csv", csv_file([RECORD_HEADINGS, *rows, *rows])).content.decode()
    assert "it may have happened twice" in text
    assert "–" not in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)).split("Line number")[1]


def test_the_preview_says_what_nothing_reads(sign_in):
    data = csv_file([[*EMPLOYEE_HEADINGS, "Colour"], *([*one, "red"] for one in EMPLOYEES)])
    preview = upload(sign_in("oscar"), EMPLOYEE, "staff.csv", data)
    assert "confirm_form" in preview.context
    assert "Columns not read: Colour." in preview.content.decode()


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_bad_records_are_named_and_nothing_is_written(sign_in, world, name):
    today = str(day(world))
    oscar = sign_in("oscar")
    Employee.objects.filter(employee_no="E002").update(exit_date=day(world, 1, 31))
    known = upload(oscar, RECORD, "known.csv", csv_file([RECORD_HEADINGS, ["E001", "online", today, "1", "", "R1"]]))
    assert confirm(oscar, RECORD, known).status_code == 200
    row, column, value = BAD_RECORDS[name]
    row = [cell.replace("{day}", today) for cell in row]
    before = digest()
    page = upload(oscar, RECORD, "r.csv", csv_file([RECORD_HEADINGS, ["E003", "online", today, "1", "", "G"], row]))
    assert "confirm_form" not in page.context
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))
    assert f"Line number 3: {column} “{value.replace('{day}', today)}”" in text
    assert "choose “Step by step”" in text
    assert digest() == before


@pytest.mark.parametrize("name", BAD_PLACES)
def test_bad_employees_are_named_and_nothing_is_written(sign_in, name):
    row, column, value = BAD_PLACES[name]
    oscar = sign_in("oscar")
    before = digest()
    page = upload(oscar, EMPLOYEE, "s.csv", csv_file([[*EMPLOYEE_HEADINGS, "离职日期"], *EMPLOYEES, row], "gb18030"))
    assert "confirm_form" not in page.context
    assert f"{column} “{value}”" in page.content.decode()
    assert digest() == before


def test_what_changed_since_the_preview_is_checked_again(sign_in, world):
    oscar = sign_in("oscar")
    today = str(day(world))
    preview = upload(oscar, RECORD, "r.csv", csv_file([RECORD_HEADINGS, ["E001", "online", today, "1", "", "R1"]]))
    Employee.objects.filter(employee_no="E001").update(exit_date=day(world, 1, 31))
    page = confirm(oscar, RECORD, preview)
    assert "last working day" in page.content.decode()
    assert not LearningRecord.objects.exists()


def test_exam_scores_have_their_own_choice(sign_in, world):
    oscar = sign_in("oscar")
    preview = upload(oscar, RECORD, "s.xlsx", xlsx_file([["工号", "考试日期", "成绩"], ["E001", day(world), 70]]), "1")
    confirm(oscar, RECORD, preview)
    assert LearningRecord.objects.get().passed is True


def test_pay_is_for_payroll_only(sign_in, world):
    data = csv_file([["工号", "月薪", "生效日期"], ["E001", "12500.50", day(world)]])
    for name in ("oscar", "helen"):
        assert upload(sign_in(name), SALARY, "pay.csv", data).status_code == 403
        assert sign_in(name).get(reverse("admin:payroll_salary_changelist")).status_code == 403
    assert not Salary.objects.exists()
    paul = sign_in("paul")
    confirm(paul, SALARY, upload(paul, SALARY, "pay.csv", data))
    assert Salary.objects.get().amount == Decimal("12500.50")
    # nor may payroll bring people in
    assert upload(paul, EMPLOYEE, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])).status_code == 403


def test_an_upload_belongs_to_one_person(sign_in):
    preview = upload(sign_in("oscar"), EMPLOYEE, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))
    page = confirm(sign_in("helen"), EMPLOYEE, preview)
    assert "Upload it again" in page.content.decode()
    assert not Employee.objects.filter(employee_no="N1").exists()


@pytest.mark.parametrize("token", ["../../etc/passwd", "1-" + "0" * 32, "", "x"])
def test_no_other_file_can_be_named(sign_in, token):
    form = {"import_file_name": token, "original_file_name": "staff.csv", "format": "0", "resource": "0"}
    page = sign_in("oscar").post(reverse(f"admin:{EMPLOYEE}_process_import"), form, follow=True)
    assert page.status_code == 200
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("format_", ["0", "1"])
def test_an_export_keeps_formulas_as_text_and_can_be_imported_again(sign_in, world, format_):
    Employee.objects.filter(employee_no="E001").update(name="=1+1", education="-x")
    helen = sign_in("helen")
    names = ("employee_no", "name", "gender", "birth_date", "email", "education", "hire_date", "exit_date")
    form = {"format": format_, "resource": "0", **{f"employeeresource_{name}": "on" for name in names}}
    answer = helen.post(reverse(f"admin:{EMPLOYEE}_export"), form)
    assert answer.status_code == 200
    if format_ == "1":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert next(row for row in rows if row["employee_no"] == "E001")["name"] == "'=1+1"
    before = digest()
    name = "people.csv" if format_ == "1" else "people.xlsx"
    preview = upload(helen, EMPLOYEE, name, answer.content)
    assert preview.context["result"].totals["skip"] == Employee.objects.count()
    assert digest() == before


@pytest.fixture
def attributes(world):
    """Alice wears shoes of 42.5; her record names a day abroad. Sized attributes of each type."""
    for code, name, type_ in [
        ("shoe", "Shoe size", "number"),
        ("since", "Member since", "date"),
        ("vip", "VIP", "boolean"),
    ]:
        declare_attribute(owner="employee", code=code, name=name, type=type_, actor=None)
    declare_attribute(owner="record", code="site", name="Held at", type="text", actor=None)
    alice = world.people["alice"]
    change_employee(employee=alice, attributes={"shoe": "42.5", "since": "2020-05-06", "vip": "no"}, actor=None)
    made = {"employee_no": "E001", "activity": "workshop", "happened_on": day(world), "source": "s", "source_id": "1"}
    save_records(rows=[RecordRow(row=2, attributes={"site": "-Hall"}, **made)], actor=None, cause="test")


def exported(client, table, format_):
    """Everything that the form of an export offers."""
    offered = client.get(reverse(f"admin:{table}_export")).context["form"].fields
    ticked = {name: "on" for name, field in offered.items() if getattr(field, "is_selectable_field", False)}
    answer = client.post(reverse(f"admin:{table}_export"), {"format": format_, "resource": "0", **ticked})
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize(("format_", "name"), [("0", "a.xlsx"), ("1", "a.csv")])
def test_attributes_are_exported_and_taken_back(sign_in, attributes, format_, name):
    helen = sign_in("helen")
    people, records = exported(helen, EMPLOYEE, format_), exported(helen, RECORD, format_)
    if format_ == "1":
        rows = {row["employee_no"]: row for row in csv.DictReader(io.StringIO(people.decode("utf-8-sig")))}
        assert [rows["E001"][code] for code in ("shoe", "since", "vip")] == ["42.5", "2020-05-06", "False"]
        assert [rows["E002"][code] for code in ("shoe", "since", "vip")] == ["", "", ""]
    for table, data, count in [(EMPLOYEE, people, Employee.objects.count()), (RECORD, records, 1)]:
        preview = upload(sign_in("oscar"), table, name, data)
        assert preview.context["result"].totals["skip"] == count, preview.context["result"].row_errors()
    Employee.objects.update(attributes={})
    confirm(helen, EMPLOYEE, upload(helen, EMPLOYEE, name, people))
    alice = Employee.objects.get(employee_no="E001")
    assert alice.attributes == {"shoe": "42.5", "since": "2020-05-06", "vip": False}


def test_a_wrong_attribute_of_a_file_is_refused(sign_in, attributes):
    helen = sign_in("helen")
    wrong = upload(helen, EMPLOYEE, "a.csv", csv_file([["employee_no", "name", "shoe"], ["E001", "Alice", "large"]]))
    assert "shoe “large”" in wrong.content.decode()
    assert "confirm_form" not in wrong.context
    right = upload(helen, EMPLOYEE, "a.csv", csv_file([["employee_no", "name", "shoe"], ["E001", "Alice", "43"]]))
    assert "42.5 → 43" in right.content.decode()


def test_lists_have_a_column_for_every_attribute(sign_in, attributes):
    helen, paul = sign_in("helen"), sign_in("paul")
    people = helen.get(reverse(f"admin:{EMPLOYEE}_changelist")).content.decode()
    assert all(text in people for text in ("Shoe size", "42.5", "Member since", "VIP"))
    records = helen.get(reverse(f"admin:{RECORD}_changelist")).content.decode()
    assert "Held at" in records
    assert "-Hall" in records
    assert "Shoe size" not in records
    # the page that takes files names them, too
    assert "Shoe size" in helen.get(reverse(f"admin:{EMPLOYEE}_import")).content.decode()
    # payroll sees people, but not what else is recorded of them
    assert "Shoe size" not in paul.get(reverse(f"admin:{EMPLOYEE}_changelist")).content.decode()
    assert b"shoe" not in exported(paul, EMPLOYEE, "1")


LISTS = {
    "helen": {"people_employee", "people_assignment", "people_department", "people_position", "people_level",
              "people_attribute",
              "training_learningrecord", "training_activity", "training_course", "training_category",
              "training_pointsyear", "training_ledgerentry", "training_bookingbatch", "performance_appraisalpart",
              "migration_importbatch", "people_leave", "performance_rating", "recruitment_application",
              "recruitment_candidate"},
    "oscar": {"people_employee", "people_assignment", "people_department", "people_position", "people_level",
              "people_attribute",
              "training_learningrecord", "training_activity", "training_course", "training_category",
              "training_pointsyear", "training_ledgerentry", "training_bookingbatch", "performance_appraisalpart",
              "migration_importbatch", "people_leave", "performance_rating"},
    "paul": {"people_employee", "people_assignment", "people_department", "people_position", "people_level",
              "people_attribute",
             "payroll_salary", "migration_importbatch"},
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_each_role_sees_its_own_lists(sign_in, name):
    from django.contrib import admin

    client = sign_in(name)
    opened = set()
    for model in admin.site._registry:
        table = f"{model._meta.app_label}_{model._meta.model_name}"
        status = client.get(reverse(f"admin:{table}_changelist")).status_code
        assert status in (200, 403), table
        if status == 200:
            opened.add(table)
        # nothing is typed in here: changes have their own pages
        assert client.get(reverse(f"admin:{table}_add")).status_code == 403
    assert opened == LISTS[name]
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("name", ["alice", "bob", "rita", "audrey", "charlie"])
def test_everybody_else_stays_outside(sign_in, name):
    client = sign_in(name)
    assert client.get(reverse("admin:index")).status_code != 200
    assert upload(client, EMPLOYEE, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])).status_code != 200
    assert not Employee.objects.filter(employee_no="N1").exists()


def test_operations_see_no_scores(sign_in, world):
    page = sign_in("oscar").get(reverse("admin:performance_appraisalpart_changelist"))
    assert page.context["cl"].result_count == 0
    assert sign_in("oscar").post(reverse("admin:performance_appraisalpart_export"), {}).status_code == 403


def test_a_role_that_sees_everyone_lends_nothing_to_the_manager_beside_it(world, sign_in):
    """Bob heads a department and runs imports: he sees everybody's records, but the own people's appraisals only."""
    world.users["bob"].groups.add(Group.objects.get_or_create(name="operations")[0])
    case_cycle(world)
    AppraisalPart.objects.filter(part__code="kpi").update(state="scored", score=80)
    ImportBatch.objects.create(kind="kpi", file_name="kpi.csv", rows=1)
    pages = {
        name: sign_in(name).get(reverse("admin:performance_appraisalpart_changelist")).content.decode()
        for name in ("bob", "helen")
    }
    assert "Alice" in pages["bob"]
    assert "Dave" in pages["helen"]
    assert "Dave" not in pages["bob"]
    assert "Dave" in sign_in("bob").get(reverse("admin:people_employee_changelist")).content.decode()
    # a payroll officer who heads a department sees imports of pay only
    world.users["bob"].groups.set([Group.objects.get_or_create(name="payroll")[0]])
    assert "kpi.csv" not in sign_in("bob").get(reverse("migration:imports")).content.decode()
