"""Commands over a database that nobody migrated."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from hrsuite.backups.archive import connection_environment

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def empty():
    """The address of a database without tables."""
    said, name = connection_environment(), "hrsuite_pending"
    there = psycopg2.connect(host=said["PGHOST"], user=said["PGUSER"], dbname="postgres")
    there.autocommit = True
    there.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
    there.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield f"postgresql://{said['PGUSER']}@/{name}?host={said['PGHOST']}"
    there.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    there.close()


def test_commands_say_to_migrate_in_one_line(empty, tmp_path):
    staff = tmp_path / "staff.csv"
    staff.write_text("Employee no,Name,Hire date\nN1,Ann,2024-01-01\n")
    environment = {
        **os.environ,
        "DATABASE_URL": empty,
        "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:1/0"),
        "HRSUITE_LOCAL": "1",
        "HRSUITE_VAR": str(tmp_path / "var"),
    }
    for command in (["import_file", str(staff), "--as", "employees"], ["undo_import", "--list"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.strip().splitlines()
        assert "run “manage.py migrate”" in line
