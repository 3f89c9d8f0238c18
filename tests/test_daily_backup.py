"""The daily backup is made once a day, late rather than not at all, and nobody misses one in silence."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection
from django.utils import timezone

from hrsuite import tasks
from hrsuite.backups import keys as backup_keys
from hrsuite.backups import listed, runs
from hrsuite.models import BackupRun
from people.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
TUESDAY = dt.datetime(2026, 3, 10, tzinfo=SHANGHAI)


@pytest.fixture
def secret(settings: Any, tmp_path: Path) -> Path:
    """Where daily backups are made, at two in the morning of Shanghai."""
    path = tmp_path / "secret.key"
    settings.TIME_ZONE = "Asia/Shanghai"
    settings.BACKUP_RECIPIENT, settings.BACKUP_IDENTITY_FILE = backup_keys.new_key(path), ""
    settings.BACKUP_DIR, settings.BACKUP_HOUR, settings.BACKUP_KEEP = tmp_path / "backups", 2, 5
    return path


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``at(hours)`` after the midnight that begins Tuesday, beat's message reaches a worker."""

    def run(hours: float) -> None:
        now = TUESDAY + dt.timedelta(hours=hours)
        monkeypatch.setattr(timezone, "now", lambda: now)
        tasks.backup()

    return run


def made() -> list[str]:
    return [f"{timezone.localtime(one.started_at):%d %H:%M}" for one in BackupRun.objects.exclude(file="").reverse()]


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-03-10 01:59:59", "2026-03-09 02:00:00"),
        ("2026-03-10 02:00:00", "2026-03-10 02:00:00"),
        ("2026-03-10 23:59:59", "2026-03-10 02:00:00"),
        ("2026-03-01 00:10:00", "2026-02-28 02:00:00"),
    ],
)
def test_it_is_due_since_the_hour_struck(secret, now, since):
    found = runs.due_since(dt.datetime.fromisoformat(now).replace(tzinfo=SHANGHAI))
    assert f"{timezone.localtime(found):%Y-%m-%d %H:%M:%S}" == since


def test_one_a_day_however_often_beat_asks_and_late_where_every_worker_was_busy(world, secret, at, settings):
    at(-21)
    for hours in (2, 2.2, 2.4, 25.9):
        at(hours)
    # nobody took a message of the second night before half past nine
    at(33.5)
    at(34)
    assert made() == ["09 03:00", "10 02:00", "11 09:30"]
    assert len(listed(settings.BACKUP_DIR)) == 3


def test_while_somebody_makes_it_nobody_else_does(world, secret, at):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('hrsuite backup'))")
        at(2)
        assert not BackupRun.objects.exists()
        with other.cursor() as cursor:
            # a server ends its session some time after the connection
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    at(2.2)
    assert made() == ["10 02:12"]


def test_a_failure_is_told_once_and_tried_again_an_hour_later(world, secret, at, settings):
    right, settings.BACKUP_RECIPIENT = settings.BACKUP_RECIPIENT, "age1nonsense"
    for hours in (2, 2.2, 3, 3.2, 4.1):
        at(hours)
    assert [f"{timezone.localtime(one.started_at):%H:%M}" for one in BackupRun.objects.reverse()] == [
        "02:00", "03:00", "04:06",
    ]  # fmt: skip
    told = Notification.objects.get(user=world.users["oscar"])
    assert "The daily backup failed: BACKUP_RECIPIENT is no age key" in told.text
    settings.BACKUP_RECIPIENT = right
    at(5.2)
    assert made() == ["10 05:12"]


@pytest.mark.parametrize("error", [DatabaseError("the connection was lost"), MemoryError(), TimeoutError()])
def test_whatever_the_failure_is_operations_hear_of_it(world, secret, at, monkeypatch, error):
    def fail(_folder: Path) -> None:
        raise error

    monkeypatch.setattr(runs, "make_backup", fail)
    at(2)
    assert "The daily backup failed" in Notification.objects.get(user=world.users["oscar"]).text


def test_one_whose_worker_was_killed_is_made_by_the_next_an_hour_later(world, secret, at):
    BackupRun.objects.create(started_at=TUESDAY + dt.timedelta(hours=2))
    at(2.5)
    at(3.1)
    assert made() == ["10 03:06"]


def test_a_failed_proof_is_told_and_not_made_again_the_same_day(world, secret, at, settings, tmp_path):
    settings.BACKUP_IDENTITY_FILE = str(tmp_path / "other.key")
    backup_keys.new_key(tmp_path / "other.key")
    for hours in (2, 3.5, 8):
        at(hours)
    assert made() == ["10 02:00"]
    assert "cannot be opened with this key" in Notification.objects.get(user=world.users["oscar"]).text


def said_at_home(sign_in: Any, name: str, what: str = "newest backup is of") -> bool:
    return what in sign_in(name).get("/").content.decode()


def test_a_missed_one_stands_on_the_home_page_of_operations_until_there_is_one(world, secret, at, sign_in):
    at(2)
    assert not said_at_home(sign_in, "oscar")
    # the next is due at 26; by 30 it should be there
    for hours, is_said in ((29.9, False), (30.1, True), (49, True)):
        now = TUESDAY + dt.timedelta(hours=hours)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("hrsuite.waiting.timezone.now", lambda now=now: now)
            assert said_at_home(sign_in, "oscar", "newest backup is of 2026-03-10 02:00") == is_said, hours
            assert not said_at_home(sign_in, "alice")
    at(49)
    assert not said_at_home(sign_in, "oscar")


def test_where_nobody_is_operations_hr_admins_hear_of_it(world, secret, at, settings, sign_in):
    world.users["oscar"].groups.clear()
    settings.BACKUP_RECIPIENT = "age1nonsense"
    at(2)
    assert "The daily backup failed" in Notification.objects.get(user=world.users["helen"]).text
    assert said_at_home(sign_in, "helen", "No backup has been made yet")
    assert not said_at_home(sign_in, "oscar", "No backup has been made yet")


def test_where_none_was_ever_made_it_is_said_and_where_none_is_wanted_it_is_not(world, secret, settings, sign_in):
    assert said_at_home(sign_in, "oscar", "No backup has been made yet")
    assert not said_at_home(sign_in, "helen", "No backup has been made yet")
    settings.BACKUP_RECIPIENT = ""
    assert not said_at_home(sign_in, "oscar", "No backup has been made yet")


def test_the_list_ends_with_status_1_where_one_was_missed_and_one_by_hand_counts(world, secret, settings, tmp_path):
    with pytest.raises(CommandError, match="missed: there is none") as refused:
        call_command("backup", "--list", stdout=StringIO())
    assert refused.value.returncode == 1
    call_command("backup", "--to", str(tmp_path / "elsewhere"), stdout=StringIO())
    with pytest.raises(CommandError, match="missed"):
        call_command("backup", "--list", stdout=StringIO())
    call_command("backup", stdout=StringIO())
    out = StringIO()
    call_command("backup", "--list", stdout=out)
    assert out.getvalue().startswith("hrsuite-")
    old = timezone.now() - dt.timedelta(days=2)
    BackupRun.objects.update(started_at=old)
    with pytest.raises(CommandError, match=f"the newest is of {timezone.localtime(old):%Y-%m-%d %H:%M}"):
        call_command("backup", "--list", stdout=out)


def test_one_by_hand_is_made_and_listed_before_the_upgrade_that_brings_the_list(world, secret, monkeypatch):
    """And where there is no database at all the files are listed all the same."""

    def not_there(*_args: Any, **_more: Any) -> None:
        raise ProgrammingError('relation "hrsuite_backuprun" does not exist')

    monkeypatch.setattr(BackupRun.objects, "create", not_there)
    monkeypatch.setattr(BackupRun.objects, "exclude", not_there)
    out = StringIO()
    call_command("backup", stdout=out)
    call_command("backup", "--list", stdout=out)
    assert [line.count(" rows") for line in out.getvalue().splitlines()] == [1, 1]
