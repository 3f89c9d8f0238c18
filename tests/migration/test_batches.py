"""A batch afterwards: its refused rows as a workbook to mend, and sums that add up."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from migration.models import ImportBatch
from migration.services import import_file, read_mapping
from migration.services.jobs import run_jobs, start_import
from migration.services.readying import tables_of
from migration.services.totals import reconciled
from migration.services.uploads import add_upload
from payroll.models import Salary
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file, xlsx_file
from training.models import LearningRecord

pytestmark = pytest.mark.django_db
PAY = ["工号", "月薪", "生效日期", "原因"]


def bring(kind, rows, mapping="", make=csv_file, **options):
    name = "old.csv" if make is csv_file else "old.xlsx"
    report = import_file(
        name=name, data=make(rows), kind=kind, actor=None, mapping=read_mapping(mapping), skip_bad=True, **options
    )
    assert report.batch, report.problems
    return ImportBatch.objects.get(pk=report.batch)


def day(world, month=3, number=1):
    return world.year.start_date.replace(month=month, day=number)


def downloaded(client, name, batch):
    answer = client.get(reverse(f"migration:{name}", kwargs={"pk": batch.pk}))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_mended_refused_rows_come_in_alone(sign_in):
    rows = [[*EMPLOYEE_HEADINGS, "备注"], *EMPLOYEES, ["007", "=1+1", "soon", "SALES", "REP", "L1", "@x"]]
    batch = bring("employees", rows)
    book = downloaded(sign_in("oscar"), "refused", batch)
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:7] == rows[0]
    assert [cell.value for cell in sheet[2]][:8] == [*rows[-1], 4]
    assert "This is no date." in sheet["I2"].value
    assert sheet["J2"].value == "Write it as 2026-03-31."
    assert [cell.data_type for cell in (sheet["A2"], sheet["B2"], sheet["G2"])] == ["s", "s", "s"]
    sheet["C2"] = "2024-05-06"
    target = io.BytesIO()
    # as a spreadsheet program would keep it: text
    sheet["B2"].data_type = "s"
    book.save(target)
    report = import_file(name="mended.xlsx", data=target.getvalue(), kind="employees", actor=None)
    assert (report.created, report.refused, report.problems) == (1, 0, [])
    assert Employee.objects.get(employee_no="007").name == "=1+1"


def test_a_mapping_that_names_sheet_and_row_fits_the_workbook_too(world, sign_in):
    mapping = "sheet: Sheet\nheading_row: 3\ncolumns: {employee_no: Nr, amount: Betrag, start_date: Ab}\n"
    first, bad = ["E001", 9000, day(world)], ["E002", "many", day(world)]
    rows = [["Pay"], [], ["Nr", "Betrag", "Ab", "Reason"], first, bad]
    batch = bring("salaries", rows, mapping, make=xlsx_file)
    book = downloaded(sign_in("paul"), "refused", batch)
    assert [cell.value for cell in book.active[3]][:4] == rows[2]
    book.active["B4"] = 8000
    target = io.BytesIO()
    book.save(target)
    report = import_file(
        name="mended.xlsx", data=target.getvalue(), kind="salaries", actor=None, mapping=read_mapping(mapping)
    )
    assert (report.created, report.problems) == (1, [])
    assert Salary.objects.get(employee__employee_no="E002").amount == 8000


def test_sums_before_and_after_add_up(world, sign_in):
    LearningRecord.objects.all().delete()
    held = [["E001", "online", day(world), "1.5", "", "R1"]]
    bring("records", [RECORD_HEADINGS, *held])
    more = [["E001", "online", day(world, 4), "2", "", "R2"], ["E002", "online", day(world), "0:45", "", "R3"]]
    bad = ["E404", "online", day(world), "1", "", "R4"]
    batch = bring("records", [RECORD_HEADINGS, *held, *more, bad])
    assert {one["name"]: (one["before"], one["added"], one["after"]) for one in batch.totals} == {
        "records": ("1", "2", "3"),
        "minutes": ("90", "165", "255"),
    }
    proof = reconciled(batch)
    assert proof["adds_up"]
    assert (proof["rows"], dict(proof["counts"])["Refused"], dict(proof["counts"])["Unchanged"]) == (4, 1, 1)
    page = sign_in("oscar").get(reverse("migration:detail", kwargs={"pk": batch.pk})).content.decode()
    assert "adds up" in page
    assert "does not add up" not in page
    sheet = downloaded(sign_in("oscar"), "proof", batch).active
    assert ["Hours", 1.5, 2.75, 4.25, "adds up"] in [[cell.value for cell in row] for row in sheet]


def test_what_does_not_add_up_is_said(world, sign_in):
    batch = bring("salaries", [PAY, ["E001", "9000.50", day(world), ""]])
    assert {one["name"]: one["added"] for one in batch.totals} == {"salaries": "1", "amount": "9000.50"}
    batch.totals[1]["after"] = str(Decimal(batch.totals[1]["after"]) - 1)
    batch.save()
    page = sign_in("paul").get(reverse("migration:detail", kwargs={"pk": batch.pk})).content.decode()
    assert "does not add up" in page


def test_dollars_without_a_currency_are_asked_about_once(world):
    rows = [PAY, ["E001", "$9,000", day(world), ""], ["E002", "5000", day(world), ""]]
    batch = bring("salaries", rows)
    assert [(one["row"], one["value"]) for one in batch.problems] == [(2, "$9,000")]
    assert "USD" in batch.problems[0]["message"]
    named = bring("salaries", rows[:2], "constants: {currency: USD}")
    assert not named.problems
    assert Salary.objects.get(currency="USD").amount == 9000


def test_yuan_are_what_amounts_are_in(world):
    assert not bring("salaries", [PAY, ["E001", "¥9,000", day(world), ""]]).problems


def test_the_command_writes_the_workbook_of_a_refused_file(world, tmp_path):
    old, mend = tmp_path / "old.csv", tmp_path / "mend.xlsx"
    old.write_bytes(csv_file([PAY, ["E001", "many", day(world), "-1"], ["E002", "5000", day(world), ""]]))
    with pytest.raises(SystemExit):
        call_command("import_file", str(old), "--as", "salaries", "--refused", str(mend), stdout=io.StringIO())
    book = openpyxl.load_workbook(mend)
    assert [cell.value for cell in book.active[2]][:5] == ["E001", "many", str(day(world)), "-1", 2]
    assert book.active.max_row == 2
    book.active["B2"] = "7000"
    book.save(mend)
    call_command("import_file", str(mend), "--as", "salaries", stdout=io.StringIO())
    assert Salary.objects.get(employee__employee_no="E001").reason == "-1"


def test_lists_and_the_page_that_asks_every_second_read_no_refused_rows(world, sign_in):
    """They are megabytes where thousands of rows were refused."""
    rows = [EMPLOYEE_HEADINGS, *EMPLOYEES, ["N9", "Bad", "soon", "SALES", "REP", "L1"]]
    upload = add_upload(files=[("staff.csv", csv_file(rows))], actor=world.users["oscar"])
    job = start_import(tables=tables_of(upload), actor=world.users["oscar"], skip_bad=True)
    run_jobs()
    batch = ImportBatch.objects.get()
    assert (batch.refused, batch.has_refused_rows) == (1, True)
    oscar = sign_in("oscar")
    pages = [
        reverse("migration:imports"), reverse("admin:migration_importbatch_changelist"), reverse("home"),
        reverse("migration:job", args=[job.pk]), reverse("migration:undo_job", args=[job.pk]),
    ]  # fmt: skip
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert oscar.get(page).status_code == 200
        asked = [one["sql"] for one in queries.captured_queries if "migration_import" in one["sql"]]
        assert asked, page
        assert not [sql for sql in asked if '"refused_sealed"' in sql or 'importbatch"."problems"' in sql], page
    detail = oscar.get(reverse("migration:detail", args=[batch.pk])).content.decode()
    assert "Workbook to mend" in detail
    assert "soon" in detail
    assert oscar.get(reverse("migration:refused", args=[batch.pk])).status_code == 200
