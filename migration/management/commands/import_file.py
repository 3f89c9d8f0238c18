"""Bring files of an old system in: ``import_file FILE… --as KIND [--mapping M] [--dry-run] [--skip-bad] [--json]``.

With ``--out`` or ``--doubts`` the files are cleaned and nothing else: no database takes part."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.disk import is_full
from hrsuite.lib.errors import BadInput
from hrsuite.lib.retry import ATTEMPTS, is_race
from migration.management.arguments import (
    actor_of,
    check_files,
    hints_of,
    mapping_for_cleaning,
    mapping_of,
    mapping_of_part,
    speaks_aside,
    with_numbers,
)
from migration.management.content import add_password_argument, content_of
from migration.management.printing import print_clean, print_report, sheets_of
from migration.selectors import imported_as
from migration.services import Report, import_file
from migration.services.answers import check_columns, check_decided, check_terms, names_of
from migration.services.clean_output import write_clean, write_doubts, write_report
from migration.services.cleansing import CleanTable, clean_files, counts
from migration.services.content import Content
from migration.services.fields import FIELDS
from migration.services.further import notes_besides, with_further
from migration.services.importing import nobody_asks, tells_changes
from migration.services.refused import write_refused
from migration.services.reporting import told
from migration.services.safeguard import with_backup
from migration.services.several import Part, headings_in, in_order, named, parts_of
from people.selectors import taken_as_today

REFUSED, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Import a file. Exit status: 0 all imported (or checked), 1 rows were refused, 2 the file or the mapping is "
        "unusable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="+", help="xlsx, xls, csv, tsv or a zip of these; KIND=FILE says what the rows of one are"
        )
        parser.add_argument(
            "--as", dest="kind", default="", choices=sorted(map(str, FIELDS)),
            help="what the rows are; left out with several tables, each is looked at, all in the order of kinds",
        )  # fmt: skip
        parser.add_argument(
            "--mapping", help="YAML file that says which column is which field (docs/import-mapping.md)"
        )
        parser.add_argument("--terms", help="YAML file with the suite's words for the file's (docs/cleaning.md)")
        parser.add_argument(
            "--decide", help="answers to doubts: YAML, or the list of doubts with its answers filled in"
        )
        parser.add_argument("--out", help="write the clean table to this csv; nothing is imported")
        parser.add_argument(
            "--doubts", help="write the cells that a person must decide to this csv; nothing is imported"
        )
        parser.add_argument("--report", help="write changes, doubts and refused rows to this xlsx")
        parser.add_argument("--refused", help="write the refused rows to this xlsx, to mend and import alone")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="a value for every row; KIND.FIELD=VALUE: of this kind",
        )
        parser.add_argument("--user", default="", help="account that imports, for the history")
        add_password_argument(parser)
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, write nothing")
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="take this day (year-month-day) as today: for worked examples with days that are still to come",
        )
        parser.add_argument("--skip-bad", action="store_true", help="import the good rows, keep the bad ones out")
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="create departments, positions, levels and courses that the file names and nobody knows "
            "(the first file does so by itself, while nobody works anywhere yet)",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        #: of tables that are imported for good, whatever comes after them
        self.done: list[Report] = []
        try:
            check_files(options)
            self.said = self.stderr if speaks_aside(options) else self.stdout
            only_cleans = options["out"] or options["doubts"]
            with taken_as_today(options["today"]):
                is_good = self._clean(options) if only_cleans else self._import_all(options)
        except BadInput as error:
            self._say_unusable(error, as_json=options["json"])
            sys.exit(UNUSABLE)
        except (DatabaseError, OSError) as error:
            if not is_full(error):
                raise
            message = _("The disk of the server is full. Nothing of this table was imported.")
            self._say_unusable(BadInput("file", "", message, _("Make room and start again.")), as_json=options["json"])
            sys.exit(UNUSABLE)
        if not is_good:
            sys.exit(REFUSED)

    def _clean(self, options: dict[str, Any]) -> bool:
        """Clean, write what was asked for, and say whether nothing is left to decide."""
        mapping = mapping_for_cleaning(options)
        tables = clean_files(
            ((Path(given).name, content_of(Path(given), options["password_file"])) for given in options["file"]),
            kind=options["kind"] or mapping.kind,
            mapping=mapping,
            hints=hints_of(options, options["kind"] or mapping.kind),
            with_rows=bool(options["report"]),
        )
        check_files(options, len(tables))
        _check_answers(tables, options)
        if options["out"]:
            write_clean(Path(options["out"]), tables)
        if options["doubts"]:
            write_doubts(Path(options["doubts"]), tables)
        if options["report"]:
            write_report(Path(options["report"]), tables)
        is_clean = not any(table.doubts for table in tables)
        if options["json"]:
            answer = {
                "status": "clean" if is_clean else "doubts",
                **counts(tables),
                "tables": [one.as_json() for one in tables],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            print_clean(tables, self.said, self.stderr)
        return is_clean

    def _import_all(self, options: dict[str, Any]) -> bool:
        mapping = mapping_of(options, first=False)
        parts: list[Part] = []
        for given in options["file"]:
            path, kind = named(given, options["kind"] or mapping.kind)
            parts += parts_of(path.name, content_of(path, options["password_file"]), kind=kind, mapping=mapping)
        if len(parts) == 1 and parts[0].is_guessed:
            raise BadInput(
                "--as", parts[0].name, _("Say what the rows are."),
                _("They look like %(kind)s: --as %(kind)s.") % {"kind": parts[0].kind},
            )  # fmt: skip
        check_files(options, len(parts))
        parts = with_further(in_order(parts))
        if options["decide"] or options["terms"]:
            hints, headings = hints_of(options, options["kind"]), headings_in(parts, mapping)
            check_columns(hints, headings)
            check_terms(hints, headings)
        if options["dry_run"]:
            reports = self._try_all(parts, options)
        else:
            with with_backup():
                reports = self._import_parts(parts, options, self.done)
        if options["json"]:
            answers = [report.as_json() for report in reports]
            self.stdout.write(json.dumps(answers[0] if len(answers) == 1 else answers, ensure_ascii=False, indent=2))
        else:
            for report in reports:
                print_report(report, self.said, self.stderr)
        return not any(report.refused for report in reports)

    def _try_all(self, parts: Sequence[Part], options: dict[str, Any]) -> list[Report]:
        """Import everything and take it back, as the pages do: later tables see what earlier ones would bring, and
        control totals are real."""
        for attempt in range(ATTEMPTS):
            try:
                with transaction.atomic():
                    reports = self._import_parts(parts, options, [])
                    transaction.set_rollback(True)
            except DatabaseError as error:
                if attempt + 1 < ATTEMPTS and is_race(error):
                    continue
                raise
            break
        for report in reports:
            report.dry_run, report.batch = True, None
            report.status = "checked" if report.status == "imported" else report.status
        return reports

    def _import_parts(self, parts: Sequence[Part], options: dict[str, Any], reports: list[Report]) -> list[Report]:
        """One transaction for each; after a refused table those of other kinds are not begun: they lean on it."""
        for number, part in enumerate(parts, 1):
            if any(one.status == "refused" and one.kind != part.kind for one in reports):
                break
            with pghistory.context(command="import_file", file=part.name):
                reports.append(self._import(part, options))
            reports[-1].notes += part.notes
            self._write_workbooks(part, reports[-1], with_numbers(options, number))
            if not options["mapping"] and not part.sheet:
                kinds = [part.kind, *(one.kind for one in parts if one.name == part.name)]
                kinds += imported_as(Content.of(part.data).sha256)
                columns = reports[-1].columns
                reports[-1].notes += notes_besides(name=part.name, data=part.data, kinds=kinds, columns=columns)
            self._end_progress()
        return reports

    def _import(self, part: Part, options: dict[str, Any]) -> Report:
        for _attempt in range(ATTEMPTS - 1):
            try:
                return self._import_once(part, options)
            except DatabaseError as error:
                # somebody else wrote the same at this moment: worked again, the import finds it there
                if not is_race(error) or connection.in_atomic_block:
                    raise
        return self._import_once(part, options)

    def _import_once(self, part: Part, options: dict[str, Any]) -> Report:
        return import_file(
            name=part.name,
            data=part.data,
            kind=part.kind,
            mapping=mapping_of_part(part, options),
            hints=hints_of(options, part.kind),
            actor=actor_of(options["user"]),
            skip_bad=options["skip_bad"],
            with_changes=options["dry_run"] and tells_changes(part.kind, len(part.data)),
            progress=partial(self._tell, part.name) if sys.stderr.isatty() else nobody_asks,
        )

    def _write_workbooks(self, part: Part, report: Report, options: dict[str, Any]) -> None:
        if options["refused"] and report.refused_rows:
            write_refused(Path(options["refused"]), report.refused_rows, report.problems)
        if options["report"]:
            mapping, hints = mapping_of_part(part, options), hints_of(options, part.kind)
            tables = clean_files([(part.name, part.data)], kind=part.kind, mapping=mapping, hints=hints)
            problems = [
                (one.row, one.column, str(one.value or ""), f"{one.message} {one.mend}") for one in report.problems
            ]
            write_report(Path(options["report"]), tables, problems, sheets_of(report))

    def _tell(self, name: str, phase: str, done: int, total: int) -> None:
        """For who sits at the terminal: one line that is written over."""
        self.stderr.write(f"\r{told(phase, done, total, name)}\033[K", ending="")

    def _end_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")

    def _say_unusable(self, error: BadInput, *, as_json: bool) -> None:
        if as_json:
            problem = {"column": error.field, "value": str(error.value), "message": error.message, "mend": error.mend}
            answer: dict[str, Any] = {"status": "unusable", "problems": [problem]}
            if self.done:
                answer["done"] = [report.as_json() for report in self.done]
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for report in self.done:
                print_report(report, self.said, self.stderr)
            self.stderr.write(str(error))


def _check_answers(tables: Sequence[CleanTable], options: dict[str, Any]) -> None:
    if options["decide"] or options["terms"]:
        hints = hints_of(options, options["kind"])
        columns = {name for table in tables for name in names_of(table.cleaned.columns)}
        check_columns(hints, columns)
        check_terms(hints, columns)
        for table in tables:
            check_decided(table.cleaned, hints, table.source.name)
