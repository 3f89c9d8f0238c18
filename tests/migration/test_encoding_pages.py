"""Pages ask for an encoding that the letters do not show, with words as each would read them."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from migration.models import Upload, UploadTable
from migration.services.choices import choices_of
from migration.services.readying import ready_tables
from tests.migration.files import csv_file
from tests.migration.test_pages import send, step, url
from tests.migration.test_tables_of_a_sheet import HEADINGS, STAFF, UNITS

pytestmark = pytest.mark.django_db

PLAIN = ["Ann Lee", "Bob Fox", "Cy Hill", "Dee Wood"]


def file_of(names, encoding):
    rows = [f"E9{number:03},{name},2020-01-13" for number, name in enumerate(names, 1)]
    return "\r\n".join(["Employee no,Name,Hire date", *rows, ""]).encode(encoding)


def names_in(client_page):
    (ready,) = ready_tables(list(UploadTable.objects.filter(file__upload=client_page.context["upload"])))
    return [cells[1] for _number, cells in ready.clean.cleaned.rows], ready


def choose(client, page, codec):
    (table,) = UploadTable.objects.filter(file__upload=page.context["upload"])
    return client.post(url("look", page), {"read_as": table.pk, f"encoding-{table.pk}": codec}, follow=True)


@pytest.mark.parametrize(("codec", "name"), [("cp1250", "Kovač"), ("cp1252", "Kovaè")])
def test_letters_with_two_readings_are_asked_about_before_anything_else(sign_in, codec, name):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", file_of([*PLAIN, "Kovač"], "cp1250"), kind="employees")
    assert step(page) == "look"
    assert f"{codec} – {name}" in page.content.decode()
    page = choose(oscar, page, codec)
    assert step(page) == "look"
    names, ready = names_in(page)
    assert names == [*PLAIN, name]
    assert not ready.clean.doubts
    assert ready.table.kind == "employees"
    # the answer stays when the rows turn out to be of another kind
    (table,) = UploadTable.objects.all()
    oscar.post(url("look", page), {f"table-{table.pk}-kind": "courses", f"table-{table.pk}-is_in": "on"})
    assert choices_of(UploadTable.objects.get()).encoding == codec


def test_an_encoding_that_does_not_fit_changes_nothing(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", file_of([*PLAIN, "Kovač"], "cp1250"), kind="employees")
    for codec in ("utf-8", "klingon"):
        page = choose(oscar, page, codec)
        assert "alert-danger" in page.content.decode()
        assert UploadTable.objects.count() == 1
    assert names_in(page)[0][:4] == PLAIN


def test_a_file_that_is_refused_for_its_letters_is_taken_with_its_encoding(sign_in):
    oscar = sign_in("oscar")
    data = file_of([f"A{a}{b} Kovač" for a in "bcdfgh" for b in "aeiouy"], "cp1250")
    page = send(oscar, "staff.csv", data, kind="employees")
    assert "cp1250 (Kovač)" in page.context["form"].errors["encoding"][0]
    assert not Upload.objects.exists()
    files = {"file": SimpleUploadedFile("staff.csv", data), "kind": "employees", "encoding": "cp1250"}
    page = oscar.post(reverse("migration:upload"), files, follow=True)
    assert names_in(page)[0][0] == "Aba Kovač"


def test_nobody_asks_where_the_letters_are_plain(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, "staff.csv", file_of([*PLAIN, "王芳"], "gb18030"), kind="employees")
    page = oscar.get(url("look", page))
    assert "several ways" not in page.content.decode()


def test_only_the_own_tables_are_read_anew(sign_in):
    page = send(sign_in("oscar"), "staff.csv", file_of([*PLAIN, "Kovač"], "cp1250"), kind="employees")
    (table,) = UploadTable.objects.all()
    other = sign_in("carol")
    answer = other.post(url("look", page), {"read_as": table.pk, f"encoding-{table.pk}": "cp1252"})
    assert answer.status_code in (403, 404)
    assert choices_of(UploadTable.objects.get()).encoding == ""


def zip_of(**files):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return whole.getvalue()


def test_each_text_inside_a_zip_has_its_own_encoding(sign_in):
    oscar = sign_in("oscar")
    files = {"a": file_of([*PLAIN, "Kovač"], "cp1250"), "b": file_of([*PLAIN, "Kovaè"], "cp1252")}
    # the same people would be twins
    files["b"] = files["b"].replace(b"E9", b"E8")
    page = send(oscar, "both.zip", zip_of(**files), kind="employees")
    assert step(page) == "look"
    for member, codec in (("a.csv", "cp1250"), ("b.csv", "cp1252")):
        table = UploadTable.objects.get(member=member)
        assert f'name="encoding-{table.pk}"' in page.content.decode()
        page = oscar.post(url("look", page), {"read_as": table.pk, f"encoding-{table.pk}": codec}, follow=True)
    readies = ready_tables(list(UploadTable.objects.order_by("position")))
    read = {ready.table.member: [cells[1] for _number, cells in ready.clean.cleaned.rows] for ready in readies}
    assert read == {"a.csv": [*PLAIN, "Kovač"], "b.csv": [*PLAIN, "Kovaè"]}
    assert not any(ready.clean.doubts for ready in readies)
    # what does not fit leaves both as they are
    table = UploadTable.objects.get(member="a.csv")
    oscar.post(url("look", page), {"read_as": table.pk, f"encoding-{table.pk}": "utf-8"})
    assert [choices_of(one).encoding for one in UploadTable.objects.order_by("position")] == ["cp1250", "cp1252"]


def test_other_tables_of_a_text_read_anew_push_nothing_aside(sign_in):
    oscar = sign_in("oscar")
    staff = [HEADINGS, *STAFF, ["F1", "Kovač", "Sales", "5000", "2020-01-02"], [], *UNITS]
    below = csv_file(staff, "cp1250")
    page = send(oscar, "both.zip", zip_of(a=below, b=file_of(PLAIN, "ascii")), kind="employees")
    before = list(UploadTable.objects.order_by("position").values_list("position", "member"))
    assert [member for _place, member in before] == ["a.csv", "b.csv", "a.csv"]
    table = UploadTable.objects.get(member="a.csv", position=0)
    oscar.post(url("look", page), {"read_as": table.pk, f"encoding-{table.pk}": "cp1250"})
    assert list(UploadTable.objects.order_by("position").values_list("position", "member")) == before
    assert {choices_of(one).encoding for one in UploadTable.objects.filter(member="a.csv")} == {"cp1250"}
