"""What is in a file of an old system: ``inspect_file FILE [--json]``. Needs no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.management.content import add_password_argument, content_of
from migration.services.inspecting import inspect_file

UNUSABLE = 2


class Command(BaseCommand):
    help = "Print the inventory of a file: tables, columns, types, fields. Exit status: 0, or 2 where it is unusable."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", help="xlsx, xls, csv, tsv, or a zip of these")
        parser.add_argument("--encoding", default="", help="of a text, where detection fails")
        parser.add_argument("--json", action="store_true", help="print it as JSON")
        add_password_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        inventories = []
        for given in options["file"]:
            path = Path(given)
            try:
                data = content_of(path, options["password_file"])
                inventories.append(inspect_file(name=path.name, data=data, encoding=options["encoding"]))
            except BadInput as error:
                self._say_unusable(error, path.name, as_json=options["json"])
                sys.exit(UNUSABLE)
        if options["json"]:
            answer = inventories[0] if len(inventories) == 1 else inventories
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for inventory in inventories:
                self._print(inventory)

    def _say_unusable(self, error: BadInput, name: str, *, as_json: bool) -> None:
        if as_json:
            problem = {"column": error.field, "value": str(error.value), "message": error.message, "mend": error.mend}
            self.stdout.write(
                json.dumps({"file": name, "status": "unusable", "problems": [problem]}, ensure_ascii=False, indent=2)
            )
        else:
            self.stderr.write(str(error))

    def _print(self, inventory: dict[str, Any]) -> None:
        for table in inventory["tables"]:
            title = f"{table['sheet']} ({table['table']})".strip() if table["table"] > 1 else table["sheet"]
            name = f"{table['file']} · {title}" if title else table["file"]
            self.stdout.write(f"{name}: " + _("%(count)s rows") % {"count": table["rows"]})
            if table["encoding"]:
                separator = {"\t": "tab"}.get(table["separator"], table["separator"])
                self.stdout.write(f"  {table['encoding']}, " + _("separator %(sign)s") % {"sign": separator})
            for one in table["encodings"]:
                self.stdout.write(f"  {one['encoding']}? {', '.join(one['words'])}")
            for text in table["read"]:
                self.stdout.write(f"  {text}")
            if not table["columns"]:
                self.stdout.write("  " + _("The sheet is empty."))
                continue
            self.stdout.write(
                "  "
                + _("headings in row %(row)s; looks like: %(kind)s")
                % {"row": table["start"], "kind": table["kind"] or "–"}
            )
            if table["blank"]:
                self.stdout.write("  " + _("A form that nobody has filled."))
            for text in [*table["titles"], *table["notes"]]:
                self.stdout.write(f"  “{text[:100]}”")
            for column in table["columns"]:
                self._print_column(column)

    def _print_column(self, column: dict[str, Any]) -> None:
        facts = [column["type"]]
        if column["field"]:
            facts.append(f"-> {column['field']}")
        facts.append(_("%(share)s empty") % {"share": f"{column['empty']:.0%}"})
        facts.append(_("%(count)s different") % {"count": column["distinct"]})
        if "least" in column:
            facts.append(f"{column['least']} … {column['greatest']}")
        if column["doubts"]:
            facts.append(_("%(count)s in doubt") % {"count": column["doubts"]})
        examples = ", ".join(text[:24] for text in column["examples"][:3])
        self.stdout.write(f"    {column['name']}: {', '.join(facts)} ({examples})")
