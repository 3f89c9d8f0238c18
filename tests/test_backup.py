"""A backup comes back whole, elsewhere; a damaged one, a wrong key and a full database are refused."""

from __future__ import annotations

import datetime as dt
import os
import resource
import secrets
import subprocess
import sys
import tarfile
from contextlib import contextmanager, suppress
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from hrsuite.backups import identity_of, listed, make_backup, media, read_manifest, restore, tables, verify_backup
from hrsuite.backups.archive import BackupError, connection_environment
from hrsuite.backups.keys import new_key
from hrsuite.backups.unfinished import held
from hrsuite.lib.disk import is_full
from hrsuite.lib.env import database_from_url
from hrsuite.models import BackupRun
from hrsuite.tasks import backup as backup_task
from people.models import Employee, Notification

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    secret = tmp_path / "secret.key"
    settings.BACKUP_RECIPIENT = new_key(secret)
    settings.BACKUP_IDENTITY_FILE = ""
    settings.BACKUP_DIR = tmp_path / "backups"
    return secret


@pytest.fixture
def made(world: Any, keys: Path, settings: Any) -> Path:
    """Of the small company, with one uploaded file."""
    upload = Path(settings.MEDIA_ROOT) / "evidence" / "certificate.pdf"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"%PDF a certificate of Alice")
    path, _manifest = make_backup(settings.BACKUP_DIR)
    return path


def test_it_is_proved_by_restoring_and_says_nothing_in_the_clear(made, keys):
    manifest = verify_backup(made, identity_of(keys))

    assert manifest.rows["people_employee"] == Employee.objects.count() == 6
    assert manifest.media_files == 1
    content = made.read_bytes()
    assert b"Alice" not in content
    assert b"certificate of" not in content
    assert made.stat().st_mode & 0o077 == 0


def test_the_key_may_come_from_standard_input(made, keys, monkeypatch):
    """As to a container, which it does not stay in."""
    monkeypatch.setattr("sys.stdin", StringIO(keys.read_text()))
    out = StringIO()
    call_command("backup", "--check", str(made), "--identity", "-", stdout=out)
    assert "is proved" in out.getvalue()
    with pytest.raises(CommandError, match="holds no secret key"):
        call_command("backup", "--check", str(made), "--identity", "-")


def test_tools_trust_the_same_authority_as_the_suite(monkeypatch):
    tls = {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "sslcert": "/etc/own.pem", "sslkey": "/etc/own.key"}
    url = "postgresql://hr:secret@db.example.com:5432/hr?" + "&".join(f"{name}={value}" for name, value in tls.items())
    monkeypatch.setitem(connections["default"].__dict__, "settings_dict", database_from_url(url))
    found = connection_environment()
    assert {name: found[f"PG{name.upper()}"] for name in tls} == tls
    assert {**restore._arguments(found), **tls} == restore._arguments(found)
    assert (found["PGHOST"], found["PGPASSWORD"], found["PGDATABASE"]) == ("db.example.com", "secret", "hr")


def test_another_key_does_not_open_it(made, tmp_path):
    other = tmp_path / "other.key"
    new_key(other)
    with pytest.raises(BackupError, match="cannot be opened with this key"):
        verify_backup(made, identity_of(other))


@contextmanager
def no_room():
    """This process may write no more than 100 bytes to a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_however_much_was_written_before(made, keys, settings):
    """More than a buffer holds: then it is the encryption that fails, and not the file that is closed."""
    with no_room(), pytest.raises(CommandError, match="File too large"):
        call_command("backup")
    assert listed(settings.BACKUP_DIR) == [made]
    assert [one for one in settings.BACKUP_DIR.iterdir() if one != made] == []
    with no_room(), pytest.raises(BackupError, match=r"There is no room in .* to unpack the backup"):
        verify_backup(made, identity_of(keys))
    Employee.objects.bulk_create(
        Employee(employee_no=f"F{number}", name=secrets.token_hex(20), hire_date="2020-01-01") for number in range(900)
    )
    with no_room(), pytest.raises(OSError, match="File too large") as refused:
        tables.back_up_tables(tables=["people_employee"], name="import-1")
    assert is_full(refused.value)
    assert list(tables.folder().iterdir()) == []


@pytest.mark.parametrize("place", [0.3, 0.7, 0.95])
def test_a_single_wrong_byte_is_found(made, keys, place):
    content = bytearray(made.read_bytes())
    content[int(len(content) * place)] ^= 1
    made.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        verify_backup(made, identity_of(keys))


def test_half_a_file_is_refused(made, keys):
    made.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    with pytest.raises(BackupError):
        verify_backup(made, identity_of(keys))


def test_restored_elsewhere_by_the_commands(made, keys, tmp_path):
    scratch = "hrsuite_elsewhere"
    said = connection_environment()
    there = psycopg2.connect(host=said["PGHOST"], user=said["PGUSER"], dbname="postgres")
    there.autocommit = True
    there.cursor().execute(f"DROP DATABASE IF EXISTS {scratch}")
    there.cursor().execute(f"CREATE DATABASE {scratch} TEMPLATE template0")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{said['PGUSER']}@/{scratch}?host={said['PGHOST']}",
        "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:1/0"),
        "HRSUITE_LOCAL": "1", "HRSUITE_VAR": str(tmp_path / "var"),
    }  # fmt: skip

    def manage(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *args]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    try:
        done = manage("restore", str(made), "--identity", str(keys))
        assert done.returncode == 0, done.stderr
        names = manage(
            "shell", "-v0", "-c", "from people.models import *; print(*Employee.objects.values_list('name', flat=True))"
        )
        assert "Alice" in names.stdout
        assert (tmp_path / "var" / "media" / "evidence" / "certificate.pdf").read_bytes().endswith(b"Alice")
        again = manage("restore", str(made), "--identity", str(keys))
        assert again.returncode != 0
        assert "not empty" in again.stderr
        assert manage("restore", str(made), "--identity", str(keys), "--replace").returncode == 0
    finally:
        there.cursor().execute(f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")
        there.close()


@pytest.fixture
def elsewhere(made: Path) -> Any:
    """A database with a table ``kept`` of one row, and how to reach it."""
    said, name = connection_environment(), "hrsuite_kept"
    there = psycopg2.connect(host=said["PGHOST"], user=said["PGUSER"], dbname="postgres")
    there.autocommit = True
    there.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
    there.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0")
    scratch = psycopg2.connect(host=said["PGHOST"], user=said["PGUSER"], dbname=name)
    scratch.autocommit = True
    scratch.cursor().execute("CREATE TABLE kept AS SELECT 1 AS row")
    yield scratch
    scratch.close()
    there.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    there.close()


def _tables(scratch: Any) -> list[str]:
    cursor = scratch.cursor()
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [name for (name,) in cursor.fetchall()]


def test_what_is_there_stays_where_the_backup_ends_halfway(made, keys, elsewhere, monkeypatch):
    decrypt = restore._decrypt

    def half(path: Path, name: str, identity: Any, target: Any) -> None:
        plain = BytesIO()
        decrypt(path, name, identity, plain)
        target.write(plain.getvalue()[: len(plain.getvalue()) * 2 // 3])

    monkeypatch.setattr(restore, "_decrypt", half)
    with pytest.raises(BackupError, match="is as it was"):
        restore._load(made, identity_of(keys), connection_environment("hrsuite_kept"), clean=True)
    assert _tables(elsewhere) == ["kept"]


def test_what_is_there_stays_where_a_statement_fails_and_goes_where_none_does(made, keys, elsewhere):
    environment = connection_environment("hrsuite_kept")
    elsewhere.cursor().execute("CREATE TABLE training_standing (id int)")
    with pytest.raises(BackupError, match="already exists"):
        restore._load(made, identity_of(keys), environment)
    assert sorted(_tables(elsewhere)) == ["kept", "training_standing"]

    restore._load(made, identity_of(keys), environment, clean=True)
    assert "kept" not in _tables(elsewhere)
    assert "people_employee" in _tables(elsewhere)


def test_where_the_uploaded_files_cannot_be_written_the_database_is_left_alone(made, keys, settings, tmp_path):
    Employee.objects.filter(name="Alice").update(name="Alice since the backup")
    settings.MEDIA_ROOT = tmp_path / "a file" / "media"
    settings.MEDIA_ROOT.parent.write_text("no folder")
    with pytest.raises(CommandError, match="Neither they nor the database have changed"):
        call_command("restore", str(made), identity=keys, replace=True)
    assert Employee.objects.filter(name="Alice since the backup").exists()


def test_where_the_database_cannot_come_back_the_uploaded_files_are_left_alone(made, keys, settings, monkeypatch):
    certificate = Path(settings.MEDIA_ROOT) / "evidence" / "certificate.pdf"
    certificate.write_bytes(b"newer")

    def fail(*_said: Any, **_more: Any) -> None:
        # its turn comes when those of the backup stand there
        assert certificate.read_bytes().endswith(b"Alice")
        raise BackupError("The database cannot be restored, and is as it was: no room")

    monkeypatch.setattr(restore, "_load", fail)
    with pytest.raises(CommandError, match="is as it was"):
        call_command("restore", str(made), identity=keys, replace=True)
    assert _files(Path(settings.MEDIA_ROOT)) == {"evidence/certificate.pdf": b"newer"}


def _files(root: Path) -> dict[str, bytes]:
    return {str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()}


WERE = {"evidence/a.pdf": b"old", "evidence/more/only-here.pdf": b"kept", "top.txt": b"old"}
COME = {"evidence/a.pdf": b"new", "letters/b.pdf": b"new", "top.txt": b"new"}


def _exchange(root: Path, *, fails: bool = False) -> None:
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in COME.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, BytesIO(content))
    packed.seek(0)
    with media.exchanged(packed, root):
        if fails:
            raise BackupError("the database")


@pytest.mark.parametrize("killed_at", range(12))
def test_a_restore_that_is_killed_loses_no_uploaded_file(tmp_path, monkeypatch, killed_at):
    """After so many renames; the next one puts it right and comes to the same end."""
    for name, content in WERE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    left = iter(range(killed_at))
    rename, recover = Path.rename, media._recover

    class Killed(BaseException):
        pass

    def dying(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            # a dead process mends nothing
            monkeypatch.setattr(media, "_recover", lambda _root: None)
            raise Killed
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", dying)
    with suppress(Killed, BackupError):
        _exchange(tmp_path, fails=killed_at % 2 == 0)
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(media, "_recover", recover)
    with pytest.raises(BackupError, match="the database"):
        _exchange(tmp_path, fails=True)
    assert _files(tmp_path) in (WERE, WERE | COME)
    _exchange(tmp_path)
    assert _files(tmp_path) == WERE | COME


def test_what_a_killed_backup_left_goes_with_the_next_one_and_what_is_being_written_stays(keys, world, settings):
    settings.BACKUP_DIR.mkdir()
    left, busy = (settings.BACKUP_DIR / f".hrsuite-2026010{n}-020000.hrsuite-backup.{n}" for n in (1, 2))
    for folder in (left, busy):
        folder.mkdir()
        (folder / "database.age").write_bytes(b"half")
        os.utime(folder, (0, 0))
    with held(busy):
        path, _manifest = make_backup(settings.BACKUP_DIR)
    assert sorted(settings.BACKUP_DIR.iterdir()) == [busy, path]


def test_the_scratch_database_of_a_killed_proof_goes_with_the_next_one(made, keys):
    said = connection_environment()
    there = psycopg2.connect(host=said["PGHOST"], user=said["PGUSER"], dbname="postgres")
    there.autocommit = True
    cursor = there.cursor()
    ours = "SELECT datname FROM pg_database WHERE datname LIKE 'hrsuite_verify_%%' AND datname LIKE %s"
    with restore._scratch_database() as scratch:
        own = scratch.rpartition("_")[0]
        cursor.execute(f"CREATE DATABASE {own}_killed TEMPLATE template0")
    verify_backup(made, identity_of(keys))
    cursor.execute(ours, [f"{own}%"])
    assert cursor.fetchall() == []
    there.close()


def test_one_of_a_newer_version_is_refused(made, keys, monkeypatch):
    monkeypatch.setattr("hrsuite.backups.restore.check_sums", _from_tomorrow)
    with pytest.raises(CommandError, match="newer version"):
        call_command("restore", str(made), identity=keys, replace=True)
    assert Employee.objects.count() == 6


def _from_tomorrow(path: Path) -> Any:
    manifest = read_manifest(path)
    manifest.migrations["people"] = "9999_of_tomorrow"
    return manifest


def test_the_daily_one_keeps_so_many_and_tells_when_it_fails(world, keys, settings):
    settings.BACKUP_IDENTITY_FILE, settings.BACKUP_KEEP = str(keys), 1
    backup_task()
    assert len(listed(settings.BACKUP_DIR)) == 1
    out = StringIO()
    call_command("backup", "--list", stdout=out)
    name, made, *_more = out.getvalue().split("\t")
    # the list and the name of the file go by one clock
    assert made[:13].translate(str.maketrans("", "", "- ")) == "".join(name.split(".")[0].split("-")[1:])[:10]
    assert "rows" in out.getvalue()

    settings.BACKUP_RECIPIENT = "age1nonsense"
    BackupRun.objects.update(started_at=timezone.now() - dt.timedelta(days=1))
    backup_task()
    assert len(listed(settings.BACKUP_DIR)) == 1
    assert "The daily backup failed" in Notification.objects.get(user=world.users["oscar"]).text


def test_the_daily_one_is_proved_where_the_key_is_at_hand(world, keys, settings, monkeypatch):
    """One that cannot be brought back is no backup: operations hear of it the same night."""

    def damaged(folder: Path) -> Any:
        path, manifest = make_backup(folder)
        manifest.rows["people_employee"] += 1
        monkeypatch.setattr(restore, "check_sums", lambda _path: manifest)
        return path, manifest

    monkeypatch.setattr("hrsuite.backups.runs.make_backup", damaged)
    settings.BACKUP_IDENTITY_FILE = str(keys)
    backup_task()
    assert "The restored rows differ" in Notification.objects.get(user=world.users["oscar"]).text


def test_a_folder_that_is_none_is_said_in_words(db, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    folders = (["--to", str(tmp_path / "file" / "deep")], ["--new-key", str(tmp_path / "no" / "key")])
    for arguments in folders:
        with pytest.raises(CommandError, match=r"No such file|Not a directory"):
            call_command("backup", *arguments)
