"""What was said on an earlier page holds on the later ones, or the person hears that it does not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import MappingTemplate, Upload, UploadFile, UploadTable
from migration.services import steps
from migration.services.choices import choices_of
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, csv_file, xlsx_file
from tests.migration.test_pages import _map, send, step, url
from tests.migration.test_uploads import PASSWORD, locked

pytestmark = pytest.mark.django_db
MAPPING = b"columns: {name: Wer, employee_no: Nr}\nconstants: {hire_date: '2024-03-01'}\n"
ROWS = [["Nr", "Wer", "Anmerkung"], ["N1", "Ann Lee", "x"], ["N2", "Bob Ray", "y"]]


def unlocked(client, page):
    return client.post(url("unlock", page), {f"file-{UploadFile.objects.get().pk}": PASSWORD}, follow=True)


def test_kind_and_mapping_of_the_upload_hold_for_what_a_password_opens(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "a.xlsx", locked(xlsx_file(ROWS)), "employees", mapping=MAPPING)
    assert step(page) == "unlock"
    # kept as unreadable as the file
    assert b"hire_date" not in bytes(Upload.objects.get().said)
    unlocked(oscar, page)
    table = UploadTable.objects.get()
    assert table.kind == "employees"
    chosen = choices_of(table)
    assert chosen.columns == {"name": "Wer", "employee_no": "Nr"}
    assert chosen.constants == {"hire_date": "2024-03-01"}


def test_the_encoding_of_the_upload_holds_for_texts_that_a_password_opens(world, sign_in, monkeypatch):
    from migration.services import uploads

    text = csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES], encoding="gb18030")
    # the archive's own encryption is tested elsewhere
    monkeypatch.setattr(uploads, "is_locked", lambda data: True)
    monkeypatch.setattr(uploads, "_is_book", lambda source: True)
    monkeypatch.setattr(uploads, "unlock", lambda name, data, password: data)
    oscar = sign_in("oscar")
    given = {"file": [SimpleUploadedFile("a.csv", text)], "encoding": "gb18030"}
    page = oscar.post(reverse("migration:upload"), given, follow=True)
    assert step(page) == "unlock"
    unlocked(oscar, page)
    assert choices_of(UploadTable.objects.get()).encoding == "gb18030"


def test_a_mapping_made_for_another_kind_is_neither_kept_nor_saved_as_a_template(world, sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "a.csv", csv_file(ROWS), "employees")
    assert step(page) == "map"
    said = _map(page, "employee_no", "name", "", template="Old system")
    said |= {one["form"]["of"].html_name: one["form"]["of"].value() for one in page.context["tables"]}
    # in another tab
    table = UploadTable.objects.get()
    oscar.post(url("look", page), {f"table-{table.pk}-kind": "records", f"table-{table.pk}-is_in": "on"})
    answer = oscar.post(url("map", page), said, follow=True)
    assert "a.csv was read otherwise, or taken as something else, since this page was opened" in answer.content.decode()
    assert step(answer) == "map"
    assert not MappingTemplate.objects.exists()
    assert "name" not in choices_of(UploadTable.objects.get()).columns


def test_a_kind_chosen_in_the_very_moment_wins_over_the_mapping(world, sign_in, monkeypatch):
    oscar = sign_in("oscar")
    page = send(oscar, "a.csv", csv_file(ROWS), "employees")
    real = steps.map_table

    def late(**said):
        UploadTable.objects.update(kind="salaries")
        return real(**said)

    monkeypatch.setattr("migration.services.steps.map_table", late)
    said = _map(page, "employee_no", "name", "hire_date", template="Old system")
    answer = oscar.post(url("map", page), said, follow=True)
    assert "since this page was opened" in answer.content.decode()
    assert not MappingTemplate.objects.exists()
