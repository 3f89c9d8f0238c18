"""Take imports back: ``undo_import BATCH… --reason WHY [--user NAME]``, with ``--dry-run``, and ``--list`` of them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

import pghistory
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.selectors import account_named, batch_numbered, imports
from migration.services.undoing import Obstacle, look_at_batches, undo_batches

REFUSED, UNUSABLE = 1, 2
SHOWN = 30


class Command(BaseCommand):
    help = (
        "Take imports back, the newest first, exactly or not at all. Exit status: 0 undone, 1 refused with the list of "
        "what depends on them, 2 there is nothing to undo."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "batch",
            type=int,
            nargs="*",
            help="number of the import, as its page, its report and --list have it; several go at once",
        )
        parser.add_argument("--list", action="store_true", help="the imports with their numbers, the newest first")
        parser.add_argument("--reason", default="", help="why, for the history; not needed with --dry-run")
        parser.add_argument("--user", default="", help="account that undoes, for the history")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list(options["batch"])
                return
            with pghistory.context(command="undo_import", batch=options["batch"]):
                is_done = self._undo(options)
        except BadInput as error:
            self.stderr.write(str(error))
            sys.exit(UNUSABLE)
        if not is_done:
            sys.exit(REFUSED)

    def _undo(self, options: dict[str, Any]) -> bool:
        actor = None
        batches = []
        if not options["batch"]:
            raise BadInput("batch", "", _("Say which import."), _("undo_import --list shows them with their numbers."))
        if not options["dry_run"] and not options["reason"].strip():
            raise BadInput("--reason", "", _("Say why it is taken back."), _("It stays in the history."))
        for number in sorted(set(options["batch"]), reverse=True):
            batch = batch_numbered(number)
            if batch is None:
                raise BadInput(
                    "batch",
                    number,
                    _("There is no such import."),
                    _("undo_import --list shows them with their numbers."),
                )
            batches.append(batch)
        if options["user"]:
            actor = account_named(options["user"])
            if actor is None:
                raise BadInput("--user", options["user"], _("There is no such account."), "")
        if options["dry_run"]:
            plan = look_at_batches(batches)
        else:
            plan = undo_batches(batches=batches, reason=options["reason"], actor=actor)
        if plan.obstacles:
            self._say(plan.obstacles)
            return False
        said = _("would be undone") if options["dry_run"] else _("undone")
        counts = _("%(removed)s removed, %(voided)s voided, %(restored)s as before") % {
            "removed": plan.removed, "voided": plan.voided, "restored": plan.restored,
        }  # fmt: skip
        names = ", ".join(f"{batch.file_name} ({batch.kind})" for batch in batches)
        self.stdout.write(f"{names}: {said}\n  {counts}")
        return True

    def _list(self, numbers: list[int]) -> None:
        for batch in imports(numbers):
            cells = [
                str(batch.pk), f"{timezone.localtime(batch.created_at):%Y-%m-%d %H:%M}", batch.kind, batch.file_name,
                _("%(rows)s rows, %(created)s new, %(changed)s changed, %(refused)s refused")
                % {
                    "rows": batch.rows, "created": batch.created, "changed": batch.changed, "refused": batch.refused,
                },
                batch.actor.username if batch.actor else "–",
            ]  # fmt: skip
            if batch.undone_at:
                cells.append(_("undone"))
            elif not batch.has_journal:
                cells.append(_("cannot be undone: it has no journal"))
            self.stdout.write("\t".join(cells))

    def _say(self, obstacles: list[Obstacle]) -> None:
        self.stderr.write(_("Refused, nothing was undone. Later entries depend on this import:"))
        for one in obstacles[:SHOWN]:
            self.stderr.write(f"  {one.row or '–'}: {one.what}: {one.message}")
        if len(obstacles) > SHOWN:
            self.stderr.write(_("  and %(count)s more") % {"count": len(obstacles) - SHOWN})
