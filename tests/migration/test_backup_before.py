"""Before an import its tables are kept, encrypted; they come back as they were, or not at all."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from hrsuite.backups.keys import new_key
from hrsuite.backups.tables import folder
from migration.models import ImportBatch
from people.models import Employee, Leave
from tests.migration.files import csv_file
from tests.migration.test_admin import confirm, upload
from tests.migration.test_undo import assert_same, dump

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = [
    ["工号", "姓名", "入职日期", "部门", "岗位", "职级"],
    ["J1", "Jia Secret", "2024-03-01", "Sales", "Sales representative", "Staff"],
    ["E001", "Alice Renamed", "", "", "", ""],
]


@pytest.fixture
def secret(settings, tmp_path):
    path = tmp_path / "secret.key"
    settings.BACKUP_RECIPIENT = new_key(path)
    settings.BACKUP_IDENTITY_FILE = ""
    settings.BACKUP_DIR = tmp_path / "backups"
    return path


def bring(tmp_path, rows=PEOPLE, kind="employees", *options):
    (tmp_path / "people.csv").write_bytes(csv_file(rows))
    out = io.StringIO()
    call_command("import_file", str(tmp_path / "people.csv"), "--as", kind, *options, stdout=out, stderr=out)
    return out.getvalue()


def test_the_tables_come_back_as_they_were_before_the_import(world, sign_in, secret, tmp_path):
    before = dump()
    bring(tmp_path, PEOPLE, "employees", "--dry-run")
    assert not folder().exists()
    bring(tmp_path)
    batch = ImportBatch.objects.get()
    path = folder() / batch.backup_file
    assert batch.backup_size == path.stat().st_size > 200
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"age-encryption.org")
    assert b"Alice" not in path.read_bytes()
    assert batch.backup_file in sign_in("oscar").get(reverse("migration:detail", args=[batch.pk])).content.decode()
    # the same again changes nothing and keeps nothing
    bring(tmp_path)
    assert len(list(folder().iterdir())) == 1
    call_command("restore_tables", batch.backup_file, "--identity", str(secret), stdout=io.StringIO())
    after = dump()
    changed = {table for table in after if after[table] != before[table]}
    # points work and what the suite computed for people follows with the next booking
    assert {one for one in changed if one.startswith("people_")} == set()
    assert Employee.objects.get(employee_no="E001").name == "Alice"
    assert not Employee.objects.filter(employee_no="J1").exists()


def test_what_others_depend_on_stays_and_another_key_opens_nothing(world, secret, tmp_path):
    bring(tmp_path)
    batch = ImportBatch.objects.get()
    jia = Employee.objects.get(employee_no="J1")
    Leave.objects.create(employee=jia, kind="sick", start_date=world.year.start_date)
    before = dump()
    with pytest.raises(CommandError, match="nothing has changed"):
        call_command("restore_tables", batch.backup_file, "--identity", str(secret))
    # beside what is there it can be looked at, whatever depends on it
    call_command("restore_tables", batch.backup_file, "--identity", str(secret), "--schema", "before_it")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM before_it.people_employee WHERE employee_no IN ('E001', 'J1')")
        assert cursor.fetchall() == [("Alice",)]
        cursor.execute("DROP SCHEMA before_it CASCADE")
    other = tmp_path / "other.key"
    new_key(other)
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("restore_tables", batch.backup_file, "--identity", str(other))
    path = folder() / batch.backup_file
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CommandError):
        call_command("restore_tables", batch.backup_file, "--identity", str(secret))
    assert_same(before)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["gone.tables.age", "."])
def test_what_is_no_file_is_said_at_once(world, secret, tmp_path, name):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore_tables", str(tmp_path / name), "--identity", str(secret))


def test_where_no_backup_can_be_written_nothing_is_imported_and_without_a_key_it_is_said(world, secret, tmp_path):
    folder().parent.mkdir()
    folder().write_text("a file where the folder should be")
    with pytest.raises(SystemExit) as stop:
        bring(tmp_path)
    assert stop.value.code == 2
    assert not Employee.objects.filter(employee_no="J1").exists()
    assert not ImportBatch.objects.exists()
    folder().unlink()
    settings.BACKUP_RECIPIENT, settings.LOCAL = "", False
    try:
        assert "No backup was taken" in bring(tmp_path)
    finally:
        settings.LOCAL = True
    assert ImportBatch.objects.get().backup_file == ""


def test_the_import_button_of_the_admin_site_keeps_the_tables_too_or_writes_nothing(world, sign_in, secret):
    oscar, before = sign_in("oscar"), dump()
    preview = upload(oscar, "people_employee", "people.csv", csv_file(PEOPLE))
    # a preview keeps nothing
    assert not folder().exists()
    folder().parent.mkdir()
    folder().write_text("a file where the folder should be")
    page = confirm(oscar, "people_employee", preview).content.decode()
    assert "could not be backed up first, so nothing was imported" in page
    assert not ImportBatch.objects.exists()
    assert not Employee.objects.filter(employee_no="J1").exists()
    folder().unlink()
    preview = upload(oscar, "people_employee", "people.csv", csv_file(PEOPLE))
    confirm(oscar, "people_employee", preview)
    batch = ImportBatch.objects.get()
    assert Employee.objects.filter(employee_no="J1").exists()
    assert (folder() / batch.backup_file).stat().st_size == batch.backup_size > 200
    call_command("restore_tables", batch.backup_file, "--identity", str(secret), stdout=io.StringIO())
    after = dump()
    assert {one for one in after if one.startswith("people_") and after[one] != before[one]} == set()
