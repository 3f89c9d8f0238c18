"""Bring a file of an old system in: ``import_file FILE --as KIND [--mapping M] [--dry-run] [--skip-bad] [--json]``."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.selectors import account_named
from migration.services import Mapping, Report, import_file, read_mapping
from migration.services.fields import FIELDS
from migration.services.mapping import CREATABLE

REFUSED, UNUSABLE = 1, 2
SHOWN = 30


class Command(BaseCommand):
    help = "Import a file. Exit status: 0 imported (or checked), 1 refused rows, 2 the file or the mapping is unusable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="xlsx, xls, csv or tsv")
        parser.add_argument("--as", dest="kind", required=True, choices=sorted(FIELDS), help="what its rows are")
        parser.add_argument(
            "--mapping", help="YAML file that says which column is which field (docs/import-mapping.md)"
        )
        parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a value for every row")
        parser.add_argument("--user", default="", help="account that imports, for the history")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="import the good rows, keep the bad ones out")
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="create departments, positions, levels and courses that the file names and nobody knows "
            "(the first file does so by itself, while nobody works anywhere yet)",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with pghistory.context(command="import_file", file=Path(options["file"]).name):
                report = self._import(options)
        except BadInput as error:
            self._say_unusable(error, as_json=options["json"])
            sys.exit(UNUSABLE)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        else:
            self._print(report)
        if report.status == "refused" or (report.refused and not options["skip_bad"]):
            sys.exit(REFUSED)

    def _import(self, options: dict[str, Any]) -> Report:
        path = Path(options["file"])
        return import_file(
            name=path.name,
            data=_bytes(path),
            kind=options["kind"],
            mapping=_mapping(options),
            actor=_actor(options["user"]),
            dry_run=options["dry_run"],
            skip_bad=options["skip_bad"],
        )

    def _say_unusable(self, error: BadInput, *, as_json: bool) -> None:
        if as_json:
            problem = {"column": error.field, "value": str(error.value), "message": error.message, "mend": error.mend}
            self.stdout.write(json.dumps({"status": "unusable", "problems": [problem]}, ensure_ascii=False, indent=2))
        else:
            self.stderr.write(str(error))

    def _print(self, report: Report) -> None:
        outcome = {
            "imported": _("imported"),
            "checked": _("checked, nothing written"),
            "refused": _("refused, nothing written"),
        }[report.status]
        counts = [
            (_("rows"), report.rows), (_("new"), report.created), (_("changed"), report.changed),
            (_("unchanged"), report.unchanged), (_("kept for a decision"), report.kept),
            (_("passed over"), report.passed_over), (_("refused"), report.refused),
        ]  # fmt: skip
        self.stdout.write(f"{report.file_name} ({report.kind}): {outcome}")
        self.stdout.write(
            "  " + ", ".join(f"{count} {label}" for label, count in counts if count or label == _("rows"))
        )
        for note in report.notes:
            self.stdout.write(f"  {note}")
        for problem in report.problems[:SHOWN]:
            self.stderr.write(
                _("  row %(row)s, %(column)s “%(value)s”: %(message)s %(mend)s")
                % {
                    "row": problem.row,
                    "column": problem.column,
                    "value": "" if problem.value is None else problem.value,
                    "message": problem.message,
                    "mend": problem.mend,
                }
            )
        if len(report.problems) > SHOWN:
            more = len(report.problems) - SHOWN
            self.stderr.write(_("  and %(count)s more (--json shows all)") % {"count": more})


def _actor(name: str) -> Any:
    if not name:
        return None
    user = account_named(name)
    if user is None:
        raise BadInput("--user", name, _("There is no such account."), _("Name an account that can sign in."))
    return user


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput("file", path.name, _("The file cannot be read."), error.strerror or str(error)) from error


def _mapping(options: dict[str, Any]) -> Mapping:
    mapping = Mapping()
    if options["mapping"]:
        try:
            mapping = read_mapping(_bytes(Path(options["mapping"])).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise BadInput(
                "mapping", options["mapping"], _("The mapping is not UTF-8."), _("Save it as UTF-8.")
            ) from error
    if options["create_missing"]:
        mapping = replace(mapping, create=CREATABLE)
    constants = dict(mapping.constants)
    for given in options["set"]:
        name, separator, value = given.partition("=")
        if not separator:
            raise BadInput("--set", given, _("Write it as FIELD=VALUE."), "")
        constants[name.strip()] = value.strip()
    return replace(mapping, constants=constants)
