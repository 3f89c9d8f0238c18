"""What people upload: protected workbooks, zips, several files together, hostile ones."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from msoffcrypto.format.ooxml import OOXMLFile

from migration.models import ImportBatch, Upload, UploadFile, UploadPart, UploadTable
from migration.services.jobs import run_jobs
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file, xlsx_file
from training.models import LearningRecord

pytestmark = pytest.mark.django_db
PASSWORD = "口令 of 1997"


def locked(data: bytes) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(PASSWORD, target)
    return target.getvalue()


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return target.getvalue()


def send(client, *files, **more):
    given = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse("migration:upload"), {"file": given, **more}, follow=True)


def url(name, page):
    return reverse(f"migration:{name}", kwargs={"pk": page.context["upload"].pk})


def test_a_protected_workbook_asks_for_its_password(sign_in):
    oscar = sign_in("oscar")
    page = send(oscar, ("staff.xlsx", locked(xlsx_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))))
    assert page.resolver_match.url_name == "unlock"
    # nothing else can be opened before
    assert oscar.get(url("look", page), follow=True).resolver_match.url_name == "unlock"
    name = f"file-{UploadFile.objects.get().pk}"
    wrong = oscar.post(url("unlock", page), {name: "guess"})
    assert "does not open with this password" in wrong.content.decode()
    assert not UploadTable.objects.exists()
    page = oscar.post(url("unlock", page), {name: PASSWORD}, follow=True)
    assert page.resolver_match.url_name == "check"
    oscar.post(url("start", page), {"import": "1"})
    run_jobs()
    assert Employee.objects.filter(employee_no="N1").exists()
    # neither kept nor written back
    for sealed in UploadPart.objects.values_list("sealed", flat=True):
        assert PASSWORD.encode() not in bytes(sealed)


def test_files_that_lean_on_each_other_come_together(world, sign_in):
    oscar = sign_in("oscar")
    day = str(world.year.start_date.replace(month=3))
    staff = csv_file([EMPLOYEE_HEADINGS, ["N1", "王伟", "2020-03-01", "SALES", "REP", "L1"]])
    records = csv_file([RECORD_HEADINGS, ["N1", "online", day, "1.5", "", "R1"], ["N9", "online", day, "1", "", "R2"]])
    book = xlsx_file([RECORD_HEADINGS, ["N1", "online", day, "2", "", "R7"]])
    page = send(oscar, ("old.zip", zipped(records__csv=records, staff__csv=staff)), ("more.xlsx", book))
    assert page.resolver_match.url_name == "look"
    assert [(table.member, table.kind) for table, _about, _form in page.context["tables"]] == [
        ("records.csv", "records"), ("staff.csv", "employees"), ("more.xlsx", "records"),
    ]  # fmt: skip
    more = UploadTable.objects.get(member="more.xlsx")
    said = {f"table-{one.pk}-kind": one.kind for one in UploadTable.objects.all()}
    said |= {f"table-{one.pk}-is_in": "on" for one in UploadTable.objects.exclude(pk=more.pk)}
    page = oscar.post(url("look", page), said, follow=True)
    assert page.resolver_match.url_name == "check"
    page = oscar.post(url("dry_run", page), {"dry_run": "1"})
    # people first; their records find them; nothing stays
    assert [(one["table"].kind, one["report"].created) for one in page.context["tables"]] == [
        ("employees", 1), ("records", 1),
    ]  # fmt: skip
    assert page.context["tables"][1]["report"].problems[0].row == 3
    assert not Employee.objects.filter(employee_no="N1").exists()
    oscar.post(url("start", page), {"import": "1", "skip_bad": "on"})
    run_jobs()
    assert list(ImportBatch.objects.order_by("pk").values_list("kind", "created")) == [("employees", 1), ("records", 1)]
    assert set(LearningRecord.objects.filter(employee__employee_no="N1").values_list("source_id", flat=True)) == {"R1"}


def test_a_form_that_nobody_filled_stays_out(sign_in):
    blank = xlsx_file(
        [["签到表"], ["序号", "姓名", "签名"], *[[n] for n in range(1, 6)]], [EMPLOYEE_HEADINGS, *EMPLOYEES]
    )
    page = send(sign_in("oscar"), ("forms.xlsx", blank))
    assert [(table.is_skipped, table.kind) for table, _about, _form in page.context["tables"]][-1] == (
        False, "employees",
    )  # fmt: skip
    assert UploadTable.objects.filter(sheet="Sheet").get().is_skipped


def test_explanations_beside_a_table_stay_out_unless_somebody_takes_them_in(sign_in):
    book = xlsx_file([["Read me"], ["This file", "was exported"], ["in", "2024"]], [EMPLOYEE_HEADINGS, *EMPLOYEES])
    page = send(sign_in("oscar"), ("staff.xlsx", book))
    assert page.resolver_match.url_name == "look"
    assert [(table.kind, table.is_skipped) for table, _about, _form in page.context["tables"]] == [
        ("", True), ("employees", False),
    ]  # fmt: skip


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (410 << 20))
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bomb.zip", bomb, "unfolds to too much"),
        ("empty.zip", lambda: zipped(readme__md=b"x"), "holds no table"),
        ("cut.zip", lambda: zipped(a__csv=b"a,b\n1,2\n")[:-30], "damaged"),
        ("cut.xlsx", lambda: xlsx_file([EMPLOYEE_HEADINGS, *EMPLOYEES])[:-200], "damaged"),
        ("a.exe", lambda: b"MZ\x90", "cannot be read"),
        ("fake.xls", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 5000, "damaged"),
        ("text.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, ""),
    ],
)
def test_hostile_and_broken_files_leave_nothing(sign_in, name, data, said):
    page = send(sign_in("oscar"), ("staff.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES])), (name, data()))
    assert page.resolver_match.url_name == "upload"
    assert page.status_code == 200
    assert page.context["form"].errors
    assert said in page.content.decode()
    assert not Upload.objects.exists()


def test_too_large_and_too_many_files_are_refused(sign_in, settings):
    oscar = sign_in("oscar")
    files = [(f"{n}.csv", b"a,b\n1,2\n") for n in range(21)]
    assert "Choose 1 to 20 files." in send(oscar, *files).content.decode()
    settings.UPLOAD_MAX_BYTES = 1 << 20
    assert "larger than 1 MB" in send(oscar, ("a.csv", b"a,b\n" * (1 << 19))).content.decode()
    assert not Upload.objects.exists()


def test_names_and_cells_are_shown_as_text(sign_in):
    rows = [[*EMPLOYEE_HEADINGS, "<b>x"], ["N1", "<script>alert(1)</script>", "2024-03-01", "SALES", "REP", "L1", "1"]]
    oscar = sign_in("oscar")
    page = send(oscar, ("<img src=x>.csv", csv_file(rows)))
    for name in ("look", "map", "words", "clean"):
        text = oscar.get(url(name, page)).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert "<b>x" not in text
    text = oscar.post(url("dry_run", page), {"dry_run": "1"}).content.decode()
    assert "&lt;script&gt;alert" in text


def test_large_tables_are_looked_at_by_their_beginning_and_imported_whole(world, sign_in, monkeypatch):
    from migration.services import sources

    monkeypatch.setattr(sources, "LARGE", 30)
    monkeypatch.setattr(sources, "BEGINNING", 20)
    day = world.year.start_date.replace(month=3)
    rows = [["E001", "Webinar", f"{day:%d.%m.%Y}", "1", f"T{n}", f"R{n}"] for n in range(60)]
    rows[50][3] = "many"
    oscar = sign_in("oscar")
    page = send(oscar, ("big.csv", csv_file([RECORD_HEADINGS, *rows])))
    assert page.resolver_match.url_name == "words"
    page = oscar.post(url("words", page), {"word-0": "Online course"}, follow=True)
    page = (
        page
        if page.resolver_match.url_name == "check"
        else oscar.post(
            url("clean", page),
            {f"all-{page.context['groups'][0].key}": "order:dmy", "go_on": "1"},
            follow=True,
        )
    )
    page = oscar.post(url("dry_run", page), {"dry_run": "1"})
    (table,) = page.context["tables"]
    assert (table["beginning"], table["total"], table["report"].created) == (19, 60, 19)
    LearningRecord.objects.filter(employee__employee_no="E001").delete()
    oscar.post(url("start", page), {"import": "1", "skip_bad": "on"})
    run_jobs()
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.refused, [one["row"] for one in batch.problems]) == (59, 1, [52])
