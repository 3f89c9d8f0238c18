"""A backup that is killed in the middle leaves nothing that looks like one, and the next one clears it away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from hrsuite.backups import identity_of, listed, make_backup, verify_backup
from hrsuite.backups.archive import connection_environment
from hrsuite.backups.keys import new_key
from tests.faults.servers import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parent.parent.parent


def test_killed_while_it_dumps(world, settings, tmp_path):
    key = tmp_path / "secret.key"
    settings.BACKUP_RECIPIENT = new_key(key)
    settings.BACKUP_DIR = tmp_path / "backups"
    said = connection_environment()
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{said['PGUSER']}@/{said['PGDATABASE']}?host={said['PGHOST']}",
        "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:1/0"),
        "BACKUP_RECIPIENT": settings.BACKUP_RECIPIENT, "BACKUP_DIR": str(settings.BACKUP_DIR),
        "HRSUITE_LOCAL": "1", "HRSUITE_VAR": str(tmp_path / "var"),
    }  # fmt: skip
    there = psycopg2.connect(host=said["PGHOST"], user=said["PGUSER"], dbname=said["PGDATABASE"])
    # pg_dump waits for it and the process with it
    there.cursor().execute("LOCK TABLE people_employee IN ACCESS EXCLUSIVE MODE")
    command = [sys.executable, "manage.py", "backup"]
    killed = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_until(lambda: any(settings.BACKUP_DIR.glob(".hrsuite-*/*")), seconds=90, what="the backup is at work")
        (left,) = settings.BACKUP_DIR.iterdir()
        os.utime(left, (0, 0))
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        there.close()
    assert listed(settings.BACKUP_DIR) == []
    assert left.exists()
    path, _manifest = make_backup(settings.BACKUP_DIR)
    assert list(settings.BACKUP_DIR.iterdir()) == [path]
    verify_backup(path, identity_of(key))
