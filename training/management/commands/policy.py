"""Points policies as files: ``policy validate|import|simulate FILE``, ``policy export CODE``, ``policy explain``,
``policy change|apply|reverse``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hrsuite.lib.errors import BadInput, BadRows
from hrsuite.lib.targets import check_targets, write_whole
from training.management.commands._changes import ACTIONS, add_change_arguments, handle_change
from training.management.commands._documents import document_of, no_period, no_policy, text_of
from training.rules.engine import Account, UnknownPeriod
from training.selectors.accounts import Difference, accounts_under, compare, shown
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
            one.add_argument(
                "--create-missing",
                action="store_true",
                help="create departments, positions and levels that it names (as is done while nobody works anywhere)",
            )
            if action == "import":
                one.add_argument("--activate", action="store_true", help="put the policy in force")
        actions.add_parser("schema", help="write the JSON Schema of policy files to standard output")
        export = actions.add_parser("export", help="write a policy to standard output or a file")
        export.add_argument("code", help="code of the policy")
        export.add_argument("--output", metavar="FILE", help="write to this file")

        simulate = actions.add_parser("simulate", help="who would gain and lose by a file; nothing is booked")
        simulate.add_argument("file", help="the policy file, or the code of a policy")
        simulate.add_argument("--against", help="what to compare with; left out: the policy of the file's code")
        simulate.add_argument("--period", required=True, help="name of the points year")
        simulate.add_argument("--json", action="store_true")
        explain = actions.add_parser("explain", help="one person's account, line by line")
        explain.add_argument("employee", help="employee number")
        explain.add_argument("--policy", required=True, help="code of the policy, or a policy file")
        explain.add_argument("--period", required=True, help="name of the points year")
        add_change_arguments(actions)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "schema":
            self.stdout.write(json.dumps(policy_schema(), indent=2, ensure_ascii=False))
        elif options["action"] in ACTIONS:
            handle_change(self, options)
        elif options["action"] == "export":
            self._export(options["code"], options["output"])
        elif options["action"] in ("simulate", "explain"):
            try:
                self._simulate(options) if options["action"] == "simulate" else self._explain(options)
            except UnknownPeriod as error:
                raise no_period(document_of(options.get("policy") or options["file"]), options["period"]) from error
        else:
            self._bring_in(options["file"], options, dry_run=options["action"] == "validate")

    def _export(self, code: str, output: str | None) -> None:
        policy = policy_by_code(code)
        if policy is None:
            raise no_policy(code)
        text = export_policy(policy)
        if output:
            try:
                check_targets([("--output", Path(output))], [])
                write_whole(Path(output), lambda file: file.write(text.encode()))
            except BadInput as error:
                raise CommandError(str(error)) from error
        else:
            self.stdout.write(text, ending="")

    def _bring_in(self, name: str, options: dict[str, Any], *, dry_run: bool) -> None:
        text = text_of(name)
        try:
            file = parse(shift_years(text, options["shift_years"]) if options["shift_years"] else text)
            done = import_policy(
                file=file,
                activate=options.get("activate", False),
                dry_run=dry_run,
                create_missing=options["create_missing"],
                actor=None,
            )
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

    # --- without booking --------------------------------------------------------------------------
    def _simulate(self, options: dict[str, Any]) -> None:
        after = document_of(options["file"])
        before = document_of(options["against"] or str(after["policy"].get("code")))
        found = compare(before, after, period=options["period"])
        if options["json"]:
            self.stdout.write(json.dumps([_difference(one) for one in found], ensure_ascii=False, indent=2))
            return
        self.stdout.write("number\tbefore\tafter\tdifference\ttarget\tstatus\toutcomes")
        for one in found:
            turned = [f"{old} → {new}" if old != new else "=" for old, new in (one.met, one.status, one.outcomes)]
            cells = [one.employee_no, shown(one.before), shown(one.after), f"{shown(one.points):+}", *turned]
            self.stdout.write("\t".join(str(cell) for cell in cells))
        gain, lose = sum(one.points > 0 for one in found), sum(one.points < 0 for one in found)
        flips = sum(one.flips for one in found)
        self.stdout.write(f"{gain} gain, {lose} lose, {flips} turn in target, status or outcomes. Nothing is booked.")

    def _explain(self, options: dict[str, Any]) -> None:
        document = document_of(options["policy"])
        accounts = accounts_under(document, period=options["period"])
        account = next((one for one in accounts if one.employee_no == options["employee"]), None)
        if account is None:
            raise CommandError(f"{options['employee']} was not on staff in {options['period']}.")
        self._tell(account)

    def _tell(self, account: Account) -> None:
        for line in account.seen:
            day = line.record.happened_on if line.record else "–"
            cuts = f" (of {shown(line.raw)}; {', '.join(line.cuts)})" if line.cuts else ""
            source = f"{line.record.activity}, rule {line.rule} from {line.version_from}" if line.record else line.kind
            self.stdout.write(f"{day}\t{source}\t{line.note or '–'} = {shown(line.counted)}{cuts}\t{line.category}")
        for code, (counted, raw) in account.categories.items():
            self.stdout.write(f"category {code}: {shown(counted)} (before limits {shown(raw)})")
        self.stdout.write(f"total {shown(account.total)}, required {account.formula or '–'}, met: {account.met}")
        for need in account.needs():
            met = "met" if need.met else f"{shown(need.missing)} missing"
            self.stdout.write(f"requirement {need.name}: {shown(need.counted)} of {shown(need.required)}, {met}")
        rank = f"{account.rank} of {account.ranked}" if account.rank else "–"
        outcomes = ", ".join(outcome.name for outcome in account.outcomes) or "–"
        self.stdout.write(f"status {account.status or '–'}, rank {rank}, outcomes: {outcomes}")


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "employee_no": one.employee_no,
        "before": shown(one.before),
        "after": shown(one.after),
        "difference": shown(one.points),
        "met": list(one.met),
        "status": list(one.status),
        "outcomes": list(one.outcomes),
    }
