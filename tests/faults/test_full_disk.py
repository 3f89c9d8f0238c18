"""A disk without room while an upload comes in and while tables are kept: nothing half-written, and then it works.

Twice each: on a real small file system that is filled to the last byte (where one may be mounted), and with a limit on
what this process may write, which works everywhere.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from hrsuite.backups import listed
from hrsuite.backups.keys import new_key
from hrsuite.backups.tables import folder
from migration.models import ImportBatch, Upload, UploadPart, UploadTable
from migration.services.jobs import run_jobs, start_import
from migration.services.uploads import add_upload
from people.models import Employee
from tests.migration.files import EMPLOYEE_HEADINGS, EMPLOYEES, RECORD_HEADINGS, csv_file, digest
from training.models import LearningRecord

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
#: larger than what Django keeps in memory of an upload
BIG = [
    EMPLOYEE_HEADINGS,
    *EMPLOYEES,
    *([f"X{n:06}", f"Person {n}", "2024-03-01", "SALES", "REP", "L1"] for n in range(70_000)),
]
Full = Callable[[], AbstractContextManager[None]]


@contextmanager
def _filled(place: Path) -> Iterator[None]:
    filler = place / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(os.urandom(4096))
    assert os.statvfs(place).f_bavail == 0
    yield
    filler.unlink()


@contextmanager
def _limited() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def place(tmp_path) -> Path:
    made = tmp_path / "disk"
    made.mkdir()
    return made


@pytest.fixture(params=["file system", "limit"])
def full(request, place) -> Iterator[Full]:
    if request.param == "limit":
        yield _limited
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield lambda: _filled(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def backups(settings, tmp_path, place):
    settings.BACKUP_RECIPIENT = new_key(tmp_path / "secret.key")
    settings.BACKUP_IDENTITY_FILE = ""
    settings.BACKUP_DIR = place / "backups"
    (settings.BACKUP_DIR / "imports").mkdir(parents=True)
    return settings.BACKUP_DIR


def by_command(path: Path) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("import_file", str(path), "--as", "employees", stdout=out, stderr=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_no_room_for_the_backup_nothing_is_imported_by_command_and_then_it_is(world, full, backups, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))
    before = digest()
    with full():
        status, said = by_command(path)
    assert (status, "the disk of the server is full" in said) == (2, True), said
    assert digest() == before
    assert list(folder().iterdir()) == []
    assert by_command(path)[0] == 0
    assert Employee.objects.filter(employee_no="N1").exists()
    assert [one.name for one in folder().iterdir()] == [ImportBatch.objects.get().backup_file]


def test_no_room_for_the_backup_the_job_says_so_and_the_next_one_works(world, full, backups, sign_in):
    actor = world.users["oscar"]
    upload = add_upload(files=[("people.csv", csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES]))], actor=actor)
    tables = list(UploadTable.objects.filter(file__upload=upload))
    job = start_import(tables=tables, actor=actor)
    with full():
        run_jobs()
    job.refresh_from_db()
    assert (job.status, "the disk of the server is full" in job.message) == ("failed", True), job.message
    assert (
        "the disk of the server is full"
        in sign_in("oscar").get(reverse("migration:job", args=[job.pk])).content.decode()
    )
    assert not Employee.objects.filter(employee_no="N1").exists()
    assert not ImportBatch.objects.exists()
    assert list(folder().iterdir()) == []
    again = start_import(tables=tables, actor=actor)
    run_jobs()
    again.refresh_from_db()
    assert again.status == "done"
    assert Employee.objects.filter(employee_no="N1").exists()


def test_no_room_for_an_upload_it_is_said_and_nothing_is_kept(world, full, place, settings, sign_in):
    settings.FILE_UPLOAD_TEMP_DIR = str(place)
    client, url, data = sign_in("oscar"), reverse("migration:upload"), csv_file(BIG)
    assert len(data) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    with full():
        answer = client.post(url, {"file": SimpleUploadedFile("people.csv", data), "kind": "employees"})
    assert answer.status_code == 200
    assert "The disk of the server is full: nothing of the upload was kept." in answer.content.decode()
    assert "This field is required" not in answer.content.decode()
    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()
    assert list(place.iterdir()) == []
    answer = client.post(url, {"file": SimpleUploadedFile("people.csv", data), "kind": "employees"})
    assert answer.status_code == 302
    assert UploadTable.objects.get().kind == "employees"
    assert list(place.iterdir()) == []


def test_no_room_for_a_backup_of_everything_leaves_nothing_and_the_next_one_is_whole(world, full, backups):
    with full(), pytest.raises(CommandError):
        call_command("backup")
    assert [one.name for one in backups.iterdir()] == ["imports"]
    call_command("backup", stdout=io.StringIO())
    assert len(listed(backups)) == 1


def test_no_room_for_a_report_leaves_no_half_of_one(world, full, place, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(csv_file([EMPLOYEE_HEADINGS, *EMPLOYEES, ["N3", "Bad", "soon", "SALES", "REP", "L1"]]))
    report = place / "report.xlsx"
    out = io.StringIO()
    arguments = ["import_file", str(path), "--as", "employees", "--report", str(report), "--out", os.devnull]
    with full(), pytest.raises((SystemExit, CommandError)) as stop:
        call_command(*arguments, stdout=out, stderr=out)
    assert getattr(stop.value, "code", 2) == 2
    assert list(place.iterdir()) == []
    with suppress(SystemExit):
        call_command(*arguments, stdout=out, stderr=out)
    assert report.read_bytes().startswith(b"PK")


@pytest.fixture
def small_table(place) -> Iterator[Path]:
    """The records of the database on a file system of a few MB."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        owner = os.stat(cursor.fetchone()[0])
    mount = ["mount", "-t", "tmpfs", "-o", f"size=3m,uid={owner.st_uid},mode=700", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    for folder_above in place.parents:
        if folder_above.stat().st_uid == os.getuid() and folder_above != Path("/"):
            folder_above.chmod(folder_above.stat().st_mode | 0o011)
    connection.close()
    own = connection.copy()
    try:
        own.set_autocommit(True)
        with own.cursor() as cursor:
            cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            cursor.execute("ALTER TABLE training_learningrecord SET TABLESPACE small")
        yield place
        with own.cursor() as cursor:
            cursor.execute("ALTER TABLE training_learningrecord SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE small")
    except psycopg2.Error as error:
        pytest.skip(f"no table space: {error}")
    finally:
        own.close()
        subprocess.run(["umount", str(place)], check=True)


def give_room() -> None:
    """Move the records to where there is room."""
    connection.close()
    own = connection.copy()
    try:
        own.set_autocommit(True)
        with own.cursor() as cursor:
            cursor.execute("ALTER TABLE training_learningrecord SET TABLESPACE pg_default")
    finally:
        own.close()


def test_no_room_for_the_copied_rows_of_an_import_takes_all_of_it_back(world, small_table, tmp_path):
    day = world.year.start_date.isoformat()

    def bring(name: str, count: int) -> tuple[int, str]:
        rows = [[f"E{n % 6 + 1:03}", "Workshop", day, "", f"no {n}", f"{name}{n}"] for n in range(count)]
        (tmp_path / "records.csv").write_bytes(csv_file([RECORD_HEADINGS, *rows]))
        out = io.StringIO()
        try:
            call_command("import_file", str(tmp_path / "records.csv"), "--as", "records", stdout=out, stderr=out)
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue()
        return 0, out.getvalue()

    before = digest()
    status, said = bring("A", 40_000)
    assert (status, "The disk of the server is full" in said) == (2, True), said
    assert digest() == before
    assert not ImportBatch.objects.exists()
    give_room()
    assert bring("B", 200)[0] == 0
    assert LearningRecord.objects.filter(source_id__startswith="B").count() == 200
