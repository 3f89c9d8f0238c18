"""The upload page: preview, confirm, the good rows alone; the list of imports and its refused rows."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import ImportBatch
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file, digest, xlsx_file

pytestmark = pytest.mark.django_db
BAD = ["N3", "C", "soon", "SALES", "REP", "L1"]


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def preview(client, name, data, kind="employees", mapping=b""):
    files = {"file": SimpleUploadedFile(name, data)}
    if mapping:
        files["mapping"] = SimpleUploadedFile("map.yaml", mapping)
    return client.post(reverse("migration:upload"), {"kind": kind, **files})


def confirm(client, page, **more):
    form = {**page.context["given"], "token": page.context["token"], **more}
    return client.post(reverse("migration:confirm"), form, follow=True)


def test_a_file_is_previewed_then_imported(sign_in):
    oscar = sign_in("oscar")
    before = digest()
    page = preview(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES], "gb18030"))
    assert page.context["can_import"]
    assert digest() == before
    done = confirm(oscar, page)
    assert "2 rows were imported." in done.content.decode()
    assert Employee.objects.filter(employee_no="N2", name="李娜").exists()
    # the upload is gone
    assert "Upload it again" in confirm(oscar, page).content.decode()


def test_a_preview_shows_the_columns_of_the_file(world, sign_in):
    day = f"{world.year.start_date.year - 1}-03-01"
    head = ["Date", "Employee no", "Activity", "Hours", "Source ID"]
    page = preview(sign_in("oscar"), "records.csv", csv_file([head, [day, "E001", "online", "1.5", "R1"]]), "records")
    assert page.context["headings"] == head
    assert [str(new) for _old, new in page.context["changes"][0][2]] == [day, "E001", "Online course", "1.50", "R1"]


def test_refused_rows_stay_out_and_can_be_downloaded(sign_in):
    oscar = sign_in("oscar")
    page = preview(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, BAD]))
    assert "This is no date." in page.content.decode()
    confirm(oscar, page, skip_bad="on")
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.refused) == (2, 1)
    assert "This is no date." in oscar.get(reverse("migration:detail", kwargs={"pk": batch.pk})).content.decode()
    answer = oscar.get(reverse("migration:problems", kwargs={"pk": batch.pk}))
    assert "4,入职日期,soon" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_without_the_choice_a_bad_row_keeps_everything_out(sign_in):
    oscar = sign_in("oscar")
    page = preview(oscar, "staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, BAD]))
    before = digest()
    confirm(oscar, page)
    assert digest() == before


def test_kinds_follow_the_role(sign_in):
    pay = csv_file([["工号", "月薪", "生效日期"], ["E001", "1", "2026-01-01"]])
    page = preview(sign_in("oscar"), "pay.csv", pay, "salaries")
    assert page.context["form"].errors["kind"]
    assert preview(sign_in("paul"), "pay.csv", pay, "salaries").context["can_import"]
    forged = {"kind": "salaries", "token": "x", "file_name": "pay.csv"}
    oscar = sign_in("oscar")
    before = digest()
    page = oscar.post(reverse("migration:confirm"), forged, follow=True)
    assert "upload the file again" in page.content.decode()
    assert digest() == before


def test_an_unusable_file_and_mapping_are_named(sign_in):
    oscar = sign_in("oscar")
    assert "The file is empty." in preview(oscar, "a.csv", b" ").content.decode()
    assert "Unknown key" in preview(oscar, "a.xlsx", xlsx_file([EMPLOYEE_HEADINGS]), mapping=b"x: 1").content.decode()
    assert "does not fit the ending" in preview(oscar, "a.xlsx", b"a,b").content.decode()
    assert "Employee number: a.csv – No column was recognised" in preview(oscar, "a.csv", b"a,b\n1,2").content.decode()


def test_headings_are_named_in_the_language_of_the_reader(world, sign_in):
    world.users["oscar"].language = "zh-hans"
    world.users["oscar"].save()
    text = preview(sign_in("oscar"), "a.csv", b"a,b\n1,2").content.decode()
    assert "工号: a.csv" in text
    assert "员工编号" in text
    assert "Employee no" not in text
    assert "入职日期" in sign_in("oscar").get(reverse("admin:people_employee_import")).content.decode()


def test_a_mapping_can_be_sent_along(sign_in):
    oscar = sign_in("oscar")
    data = csv_file([["No", "First", "Last", "Since"], ["N1", "Ann", "Lee", "2024-03-01"]])
    mapping = b'columns: {employee_no: No, name: "{First} {Last}", hire_date: Since}'
    confirm(oscar, preview(oscar, "a.csv", data, mapping=mapping))
    assert Employee.objects.get(employee_no="N1").name == "Ann Lee"
