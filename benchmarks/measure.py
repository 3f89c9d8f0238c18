"""Seconds and peak memory of a piece of work."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Measured:
    """``python_mb`` is the most this process ever had; ``postgres_mb`` the most private memory of all backends.

    ``cpu_seconds`` is what this process and its database session computed: on a busy machine it compares better.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    python_mb: int = 0
    postgres_mb: int = 0
    result: Any = field(default=None, repr=False)


def measured(work: Callable[[], Any], *, postmaster: int | None) -> Measured:
    """Run ``work`` once and measure it."""
    done = Measured()
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(postmaster, stop, done), daemon=True)
    watcher.start()
    session = session_pid()
    cpu = cpu_seconds(session)
    started = time.perf_counter()
    try:
        done.result = work()
    finally:
        done.seconds = round(time.perf_counter() - started, 3)
        done.cpu_seconds = round(cpu_seconds(session) - cpu, 3)
        stop.set()
        watcher.join()
    done.python_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return done


def session_pid() -> int:
    """Process id of our database session; keeps the connection open."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def cpu_seconds(session: int) -> float:
    """CPU of this process and of the session's, as far as /proc tells."""
    spent = time.process_time()
    with suppress(OSError):
        fields = Path(f"/proc/{session}/stat").read_text().rsplit(")", 1)[1].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _watch(postmaster: int | None, stop: threading.Event, done: Measured) -> None:
    while postmaster and not stop.wait(0.25):
        done.postgres_mb = max(done.postgres_mb, _private_mb(postmaster))


def _private_mb(postmaster: int) -> int:
    """Anonymous memory of the server's children; shared buffers are not counted."""
    total = 0
    for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
        try:
            for line in Path(f"/proc/{child}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total // 1024
