"""The programs that make up a running suite: worker, beat, web server."""

from __future__ import annotations

import os
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

from hrsuite.lib.supervisor import Supervisor

HOST = "127.0.0.1"
START_SECONDS = 60


def free_port_after(port: int) -> int:
    """The first free port above ``port``."""
    return next((one for one in range(port + 1, min(port + 200, 65_536)) if is_free(one)), 0)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # a port that a server just left is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def start_worker(supervisor: Supervisor, run: Path) -> None:
    """A Celery worker and beat, for as long as the supervisor lives."""
    celery = [sys.executable, "-m", "celery", "--app", "hrsuite"]
    quick = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    supervisor.start("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", *quick])
    run.mkdir(parents=True, exist_ok=True)
    supervisor.start("beat", [*celery, "beat", "--schedule", str(run / f"beat-{os.getpid()}"), "--pidfile="])


def serve(supervisor: Supervisor, port: int) -> None:
    """Start the web server and return once it answers."""
    supervisor.start(
        "web",
        [
            sys.executable, "-m", "gunicorn", "hrsuite.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2",
            "--threads", "4", "--no-control-socket", "--access-logfile", "-",
        ],
    )  # fmt: skip
    supervisor.wait_until(lambda: _answers(port), seconds=START_SECONDS, what="The web server")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
