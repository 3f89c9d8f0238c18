"""What else is recorded: ``attribute declare|retire OWNER CODE``, ``attribute import FILE``, ``attribute list``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from hrsuite.lib.errors import BadInput
from people.models import Attribute
from people.selectors import all_attributes
from people.services.attributes import declare_attribute, retire_attribute


class Command(BaseCommand):
    help = "Declare what else is recorded of employees and learning records, so that policies can ask for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        declare = actions.add_parser("declare", help="declare an attribute, or change a declared one")
        retire = actions.add_parser("retire", help="stop asking for it; what was stated stays")
        for one in (declare, retire):
            one.add_argument("owner", choices=Attribute.Owner.values)
            one.add_argument("code", help="letters, digits and _: the column of imports and the name in conditions")
        declare.add_argument("--type", required=True, choices=Attribute.Type.values)
        declare.add_argument("--name", default="", help="what people read; the code where left out")
        declare.add_argument("--choices", default="", help="values of a choice, separated by commas")
        bring = actions.add_parser("import", help="declare the “attributes:” of a policy file, and nothing else of it")
        bring.add_argument("file", help="the policy file")
        shown = actions.add_parser("list", help="everything that is declared")
        shown.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                getattr(self, f"_{options['action']}")(options)
        except BadInput as error:
            raise CommandError(str(error)) from error

    def _declare(self, options: dict[str, Any]) -> None:
        choices = [one.strip() for one in options["choices"].split(",")] if options["choices"] else []
        row = declare_attribute(
            owner=options["owner"], code=options["code"], name=options["name"], type=options["type"], choices=choices,
            actor=None,
        )  # fmt: skip
        self.stdout.write(f"Declared: {_line(row)}")

    def _retire(self, options: dict[str, Any]) -> None:
        row = all_attributes().filter(owner=options["owner"], code=options["code"]).first()
        if row is None:
            raise CommandError(f"Nobody declared the {options['owner']} attribute {options['code']}.")
        retire_attribute(attribute=row, actor=None)
        self.stdout.write(f"Retired: {row.owner} {row.code}")

    def _import(self, options: dict[str, Any]) -> None:
        try:
            document = yaml.safe_load(Path(options["file"]).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        items = (document.get("attributes") or []) if isinstance(document, dict) else []
        if not isinstance(items, list):
            raise CommandError(f"{options['file']}: “attributes:” must be a list.")
        for number, item in enumerate(items):
            known = {"owner", "code", "name", "type", "choices"}
            if not isinstance(item, dict) or set(item) - known or not {"owner", "code", "type"} <= set(item):
                raise CommandError(
                    f"{options['file']}: attributes[{number}] needs owner, code and type (and may have name, choices)."
                )
            said = {**item, **{name: str(item[name]) for name in ("owner", "code", "type", "name") if name in item}}
            row = declare_attribute(actor=None, **said)
            self.stdout.write(f"Declared: {_line(row)}")
        if not items:
            self.stdout.write("The file declares no attributes.")

    def _list(self, options: dict[str, Any]) -> None:
        rows = list(all_attributes())
        if options["json"]:
            names = ("owner", "code", "name", "type", "choices", "is_active")
            said = [{name: getattr(row, name) for name in names} for row in rows]
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(_line(row))
        if not rows:
            self.stdout.write("Nothing is declared: manage.py attribute declare employee education --type text")


def _line(row: Attribute) -> str:
    choices = f" ({', '.join(map(str, row.choices))})" if row.choices else ""
    return f"{row.owner} {row.code}: {row.name}, {row.type}{choices}{'' if row.is_active else ', retired'}"
