"""Points policies as files: ``policy validate|import FILE``, ``policy export CODE``."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hrsuite.lib.errors import BadRows
from training.selectors.policies import policy_by_code
from training.services.policy_file import Imported, export_policy, import_policy, parse, policy_schema, shift_years


class Command(BaseCommand):
    help = "Bring a points policy in from a YAML file, check one, or write one out (docs/policy-format.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for action, what in {"import": "bring a policy file in", "validate": "check a file, change nothing"}.items():
            one = actions.add_parser(action, help=what)
            one.add_argument("file", help="path of the YAML file, or - for standard input")
            one.add_argument("--shift-years", type=int, default=0, metavar="N", help="move every year in it by N years")
            if action == "import":
                one.add_argument("--activate", action="store_true", help="put the policy in force")
        actions.add_parser("schema", help="write the JSON Schema of policy files to standard output")
        export = actions.add_parser("export", help="write a policy to standard output or a file")
        export.add_argument("code", help="code of the policy")
        export.add_argument("--output", metavar="FILE", help="write to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "schema":
            self.stdout.write(json.dumps(policy_schema(), indent=2, ensure_ascii=False))
        elif options["action"] == "export":
            self._export(options["code"], options["output"])
        else:
            self._bring_in(options["file"], options, dry_run=options["action"] == "validate")

    def _export(self, code: str, output: str | None) -> None:
        policy = policy_by_code(code)
        if policy is None:
            raise CommandError(f"There is no policy of the code {code}.")
        text = export_policy(policy)
        if output:
            Path(output).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

    def _bring_in(self, name: str, options: dict[str, Any], *, dry_run: bool) -> None:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{name} cannot be read: {error}") from error
        try:
            file = parse(shift_years(text, options["shift_years"]) if options["shift_years"] else text)
            done = import_policy(file=file, activate=options.get("activate", False), dry_run=dry_run, actor=None)
        except BadRows as error:
            for problem in error.problems:
                value = "" if problem.value in (None, "") else f" ({problem.value})"
                self.stderr.write(
                    f"{name}:{problem.row}: {problem.column}{value}: {problem.message} {problem.mend}".rstrip()
                )
            count = len(error.problems)
            raise CommandError(f"{count} problem{'' if count == 1 else 's'}; nothing was changed.") from error
        self._report(done, dry_run=dry_run)

    def _report(self, done: Imported, *, dry_run: bool) -> None:
        for word, items in (("new", done.created), ("changed", done.changed), ("not in the file, left", done.left)):
            for kind, code in items:
                self.stdout.write(f"  {word}: {kind} {code}")
        counts = f"{len(done.created)} new, {len(done.changed)} changed, {done.unchanged} unchanged"
        self.stdout.write(f"{'Valid' if dry_run else 'Done'}: {counts}.")
        if done.policy and not dry_run:
            is_active = done.activated or done.policy.is_active
            state = "in force" if is_active else "not in force (add --activate)"
            self.stdout.write(f"Policy {done.policy.code} is {state}.")
