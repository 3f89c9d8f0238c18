"""Points years: ``year status [NAME]``, ``year closing NAME --until DAY``, ``year close NAME --reason ..``, and
``year reopen NAME --reason .. --actor USERNAME``, which somebody else approves with ``--approve`` or refuses.
"""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hrsuite.lib.errors import BadInput
from people.models import User
from training.selectors.policies import year_by_name
from training.selectors.years import all_years, apart_from_standings, latest_snapshot, waiting_reopening
from training.services.closing import close_year, decide_reopening, request_reopening, start_closing


class Command(BaseCommand):
    help = "Lead a points year from open over closing to closed, with a snapshot, or reopen it with a second person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        status = actions.add_parser("status", help="where the years stand")
        status.add_argument("year", nargs="?", help="name of the points year; all without it")
        closing = actions.add_parser("closing", help="set the late window of a year")
        close = actions.add_parser("close", help="book what waits, write the snapshot, close")
        reopen = actions.add_parser("reopen", help="ask for a closed year to be reopened, or decide that request")
        for one in (closing, close, reopen):
            one.add_argument("year", help="name of the points year")
            one.add_argument("--actor", default="", help="username of whoever does it")
        for one in (closing, reopen):
            one.add_argument("--until", type=dt.date.fromisoformat, help="last day of late records, as 2026-01-31")
        for one in (close, reopen):
            one.add_argument("--reason", default="", help="why; others read it")
        decision = reopen.add_mutually_exclusive_group()
        decision.add_argument("--approve", action="store_true", help="approve the request of somebody else")
        decision.add_argument("--refuse", action="store_true", help="refuse it, with a --reason")

    def handle(self, *args: Any, **options: Any) -> None:
        year = year_by_name(options["year"]) if options["year"] else None
        if options["year"] and year is None:
            raise CommandError(f"There is no points year {options['year']}.")
        if options["action"] == "status":
            for one in [year] if year else all_years():
                self._status(one)
            return
        actor = self._actor(options["actor"])
        try:
            getattr(self, f"_{options['action']}")(year, actor, options)
        except BadInput as error:
            raise CommandError(str(error)) from error

    def _actor(self, username: str) -> User | None:
        if not username:
            return None
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no account {username}.")
        return found

    def _status(self, year: Any) -> None:
        parts = [year.status]
        if year.closing_until:
            parts.append(f"late records until {year.closing_until}")
        snapshot = latest_snapshot(year)
        if snapshot:
            parts.append(
                f"snapshot version {snapshot.number}: {snapshot.people} people, {snapshot.points} points, "
                f"{snapshot.met} of {snapshot.with_target} met, checksum {snapshot.checksum[:12]}"
            )
            if year.is_closed:
                parts.append(f"{apart_from_standings(snapshot)} standings differ from it")
        waiting = waiting_reopening(year)
        if waiting:
            parts.append(f"{waiting.requested_by.username} asks to reopen it: {waiting.reason}")
        self.stdout.write(f"{year.name} ({year.start_date} to {year.end_date}): {'; '.join(parts)}")

    def _closing(self, year: Any, actor: User | None, options: dict[str, Any]) -> None:
        self._status(start_closing(year=year, until=options["until"], actor=actor))

    def _close(self, year: Any, actor: User | None, options: dict[str, Any]) -> None:
        snapshot = close_year(year=year, reason=options["reason"], actor=actor)
        self._status(snapshot.year)

    def _reopen(self, year: Any, actor: User | None, options: dict[str, Any]) -> None:
        if actor is None:
            raise CommandError("Say who asks or decides: --actor USERNAME.")
        if not actor.has_perm("training.change_years"):
            raise CommandError(f"{actor.username} may not reopen years.")
        if options["approve"] or options["refuse"]:
            waiting = waiting_reopening(year)
            if waiting is None:
                raise CommandError(f"Nobody asks to reopen {year.name}.")
            decided = decide_reopening(
                reopening=waiting, approve=options["approve"], answer=options["reason"], actor=actor
            )
            self.stdout.write(f"{year.name}: {decided.state}")
            return
        if options["until"] is None:
            raise CommandError("Say until when late records are taken: --until DAY.")
        request_reopening(year=year, reason=options["reason"], until=options["until"], actor=actor)
        self.stdout.write(f"{year.name}: requested. A second person approves: year reopen {year.name} --approve")
