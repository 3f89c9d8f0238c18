"""``make demo``: the case company from nothing to a served page."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from hrsuite.demo import outcome, serve
from hrsuite.demo.accounts import LOGINS, PASSWORD
from hrsuite.demo.company import Company, found_company
from hrsuite.demo.load import NotOurs, load
from hrsuite.lib.supervisor import ChildDied, Stopped, Supervisor

BOOK_SECONDS = 300


class Command(BaseCommand):
    help = "Build the case company, book its points with a real worker, and serve it until Ctrl-C."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="stop after the table")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        self.started = time.monotonic()
        # gettext's variable may list languages: zh_CN:en
        chinese = os.environ.get("LANGUAGE", "").lower().startswith("zh")
        if not no_serve:
            self._check_port(port)
        env = {**os.environ, "SITE_URL": f"http://{serve.HOST}:{port}", "PYTHONUNBUFFERED": "1"}
        if chinese:
            env.setdefault("HRSUITE_LANGUAGE", "zh-hans")
            translation.activate("zh-hans")
        try:
            with Supervisor(settings.VAR_DIR / "logs", env) as supervisor:
                self._build(supervisor, found_company(today=timezone.localdate(), chinese=chinese))
                if no_serve:
                    return
                serve.serve(supervisor, port)
                self._say(f"\nServing on http://{serve.HOST}:{port} (Ctrl-C stops everything)")
                supervisor.watch()
        except Stopped as stopped:
            self._say("\nStopped; nothing is left running.")
            if not no_serve and stopped.number:
                return
            raise SystemExit(128 + stopped.number) from stopped
        except (ChildDied, TimeoutError, NotOurs) as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except OSError:
            # the terminal is gone, the work goes on
            self.stdout = type(self.stdout)(Path(os.devnull).open("w"))  # noqa: SIM115 - until the process ends

    def _check_port(self, port: int) -> None:
        if not 0 < port < 65_536:
            raise CommandError(f"PORT={port} is no port: choose one from 1024 to 65535.")
        if not serve.is_free(port):
            raise CommandError(
                f"Port {port} on {serve.HOST} is busy. Choose another one: make demo PORT={serve.free_port_after(port)}"
            )

    def _build(self, supervisor: Supervisor, company: Company) -> None:
        self._say("Preparing the database")
        call_command("migrate", interactive=False, verbosity=0)
        serve.start_worker(supervisor, settings.VAR_DIR / "run")
        load(company, settings.VAR_DIR / "demo", self._say)
        self._wait_for_points(supervisor)
        self._print_outcome(company)

    def _wait_for_points(self, supervisor: Supervisor) -> None:
        """The worker books by itself; say how far it is."""
        said = time.monotonic()

        def booked() -> bool:
            nonlocal said
            waiting = outcome.work_waiting()
            if waiting and time.monotonic() - said > 2:
                said = time.monotonic()
                self._say(f"The worker is booking points: {waiting:,} left")
            return not waiting

        try:
            supervisor.wait_until(booked, seconds=BOOK_SECONDS, what="Booking", pause=0.2)
        except TimeoutError as error:
            reason = outcome.failed_work()
            raise TimeoutError(
                f"The worker has not booked all points after {BOOK_SECONDS} seconds. {reason}\n"
                f"{supervisor.log_end('worker')}"
            ) from error

    def _print_outcome(self, company: Company) -> None:
        words = company.words
        seconds = f"{time.monotonic() - self.started:.1f}"
        rows = [*outcome.table(company), (words("Seconds taken", "用时（秒）"), seconds)]
        self._say("")
        for label, figure in rows:
            self._say(f"  {_padded(label, 36)}{figure:>16}")
        self._say(f"\n{words('Sign in with the password', '登录密码')}: {PASSWORD}\n")
        for login in LOGINS:
            self._say(f"  {_padded(login.username, 14)}{words(login.english, login.chinese)}")


def _padded(text: str, width: int) -> str:
    """Chinese characters take two columns of a terminal."""
    return text + " " * max(1, width - sum(2 if ord(letter) > 0x2E80 else 1 for letter in text))
