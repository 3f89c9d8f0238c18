"""Real processes for the fault tests. Each is ended by its own process group, never by name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from hrsuite.lib.embedded import redis_server_program

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


def wait_until(happens: Callable[[], object], *, seconds: float = 30, what: str = "") -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s: {what}"
        time.sleep(0.05)


def environment(folder: Path, redis: str = "", **more: str) -> dict[str, str]:
    """The environment of a process that works on the test database."""
    made = connection.settings_dict
    host, name, user = (quote(str(made[key]), safe="/") for key in ("HOST", "NAME", "USER"))
    return os.environ | {
        "DATABASE_URL": f"postgresql://{user}@/{name}?host={host}",
        "REDIS_URL": redis or os.environ["REDIS_URL"],
        "HRSUITE_LOCAL": "1",
        "HRSUITE_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "hrsuite.settings",
        **more,
    }


@contextmanager
def process(*command: str, folder: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; whatever is left of the group is killed at the end."""
    number = len(list(folder.glob("process-*.log")))
    with (folder / f"process-{number}.log").open("wb") as log:
        started = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield started
        finally:
            kill_group(started)


def kill_group(started: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the process and its children, at once, as a machine that loses power."""
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait(10)


def worker(folder: Path, redis: str, **more: str):
    """A real Celery worker with beat beside it."""
    name = f"w{time.monotonic_ns()}@test"
    return process(
        PYTHON, "-m", "celery", "-A", "hrsuite", "worker", "-B", "-c", "1", "-l", "INFO", "-n", name,
        folder=folder, env=environment(folder, redis, HRSUITE_SWEEP_SECONDS="1", **more),
    )  # fmt: skip


def redis_server(folder: Path):
    """A private Redis with the product's settings: append-only file, no eviction."""
    program = str(redis_server_program())
    return process(
        program, "--port", "0", "--unixsocket", str(folder / "redis.sock"), "--dir", str(folder), "--appendonly", "yes",
        "--save", "", "--maxmemory-policy", "noeviction", folder=folder, env=dict(os.environ),
    )  # fmt: skip


def waiting_for_lock() -> int:
    """How many other sessions of this database wait for a lock right now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"""
        )
        return cursor.fetchone()[0]
