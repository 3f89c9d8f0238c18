"""Pages of files that are wide, many or odd stay readable, and say of which file and column they speak."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file
from tests.migration.test_jobs import day
from tests.migration.test_next_step import dry, text_of
from tests.migration.test_pages import send, step, url

pytestmark = pytest.mark.django_db

ADDED = [f"Column of the old system number {n}" for n in range(60)]


@pytest.fixture
def wide(world):
    """Records with many columns that serve nothing, though each may be the system they come from."""
    return csv_file([[*RECORD_HEADINGS, *ADDED], ["E001", "Workshop", day(world), "", "", "R1", *("x" for _ in ADDED)]])


def test_of_a_wide_table_the_columns_that_serve_nothing_are_folded(sign_in, wide):
    oscar = sign_in("oscar")
    page = oscar.get(url("map", send(oscar, "wide.csv", wide)))
    (table,) = page.context["tables"]
    assert [column["name"] for column, _field in table["first"]] == [*RECORD_HEADINGS, *ADDED[:6]]
    assert [column["name"] for column, _field in table["more"]] == ADDED[6:]
    assert "54 more columns that are left out" in text_of(page)
    # each stands in the form once
    assert page.content.decode().count('<select name="map-') == len(RECORD_HEADINGS) + len(ADDED)


def test_what_many_columns_may_be_is_told_by_none_of_them(sign_in, wide):
    oscar = sign_in("oscar")
    page = send(oscar, "wide.csv", wide)
    assert step(page) == "check"
    assert not oscar.get(url("map", page)).context["tables"][0]["likely"]


def test_a_long_list_of_columns_is_cut_and_opens(sign_in, wide):
    oscar = sign_in("oscar")
    page = dry(oscar, send(oscar, "wide.csv", wide)).content.decode()
    assert page.count(ADDED[-1]) == 1
    (note,) = [part for part in page.split("<details") if ADDED[-1] in part]
    assert "Columns not read" in note.split("</summary>")[0]


def test_of_several_files_the_empty_one_is_named(sign_in):
    files = [
        SimpleUploadedFile("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])),
        SimpleUploadedFile("a.csv", b""),
    ]
    page = sign_in("oscar").post(reverse("migration:upload"), {"file": files})
    assert page.context["form"].errors["file"] == ["a.csv – The submitted file is empty."]
    none = sign_in("oscar").post(reverse("migration:upload"), {})
    assert none.context["form"].errors["file"] == ["This field is required."]


def test_what_is_no_table_in_a_zip_is_named(sign_in):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("letter.pdf", b"%PDF-1.4")
        archive.writestr("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))
    oscar = sign_in("oscar")
    page = oscar.get(url("look", send(oscar, "old.zip", target.getvalue())))
    assert "Passed over, as they hold no table: letter.pdf." in text_of(page)


def test_a_number_that_is_alone_below_nothing_is_told_without_an_end(world, sign_in):
    hours = ["2", "3", "1", "4", "-2", "2", "3", "2", "1", "2", "3", "4"]
    rows = [["E001", "Workshop", day(world), text, "", f"R{place}"] for place, text in enumerate(hours)]
    page = send(sign_in("oscar"), "records.csv", csv_file([RECORD_HEADINGS, *rows]))
    (group,) = page.context["groups"]
    assert group.reason == "This is less than 0, as none of the others is."
