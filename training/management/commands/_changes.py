"""``policy change FILE``, ``policy apply ID``, ``policy reverse ID``: drafts of a policy, booked as one batch."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, _SubParsersAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hrsuite.lib.errors import BadInput, BadRows
from people.models import User
from training.management.commands._documents import text_of
from training.selectors.changes import change_by_id
from training.selectors.policies import policy_by_code
from training.services.changes import apply_change, draft_change, reverse_change, told
from training.services.policy_file import parse

ACTIONS = ("change", "apply", "reverse")


def add_change_arguments(actions: _SubParsersAction[ArgumentParser]) -> None:
    """The arguments of all three."""
    change = actions.add_parser("change", help="draft a change: the policy is to say exactly what the file says")
    change.add_argument("file", help="path of the YAML file with the whole policy, or - for standard input")
    change.add_argument(
        "--from-day",
        type=dt.date.fromisoformat,
        help="first day of terms that replace some under which points are booked",
    )
    for action, what in {"apply": "book a draft as one batch", "reverse": "take an applied change back"}.items():
        actions.add_parser(action, help=what).add_argument("change", type=int, help="number of the change")
    for action in ACTIONS:
        one = actions.choices[action]
        one.add_argument("--actor", default="", help="username of whoever does it")
        if action != "apply":
            one.add_argument("--reason", required=True, help="why; others read it beside the points")


def handle_change(command: BaseCommand, options: dict[str, Any]) -> None:
    """Do one of them, and tell what to do next."""
    actor = User.objects.filter(username=options["actor"]).first() if options["actor"] else None
    if options["actor"] and actor is None:
        raise CommandError(f"There is no account {options['actor']}.")
    try:
        if options["action"] == "change":
            _draft(command, options, actor)
            return
        change = change_by_id(options["change"])
        if change is None:
            raise CommandError(f"There is no change {options['change']}.")
        if options["action"] == "apply":
            change = apply_change(change=change, actor=actor)
            batch = change.batch
        else:
            change = reverse_change(change=change, reason=options["reason"], actor=actor)
            batch = change.reversal_batch
    except BadInput as error:
        raise CommandError(str(error)) from error
    booked = f"points are booked as batch {batch} (manage.py book_points)" if batch else "no points move"
    command.stdout.write(f"Change {change.pk} is {change.state}; {booked}.")


def _draft(command: BaseCommand, options: dict[str, Any], actor: User | None) -> None:
    name = options["file"]
    text = text_of(name)
    try:
        code = parse(text).document["policy"]["code"]
        policy = policy_by_code(code)
        if policy is None:
            raise CommandError(f"There is no policy of the code {code}.")
        change = draft_change(
            policy=policy, text=text, reason=options["reason"], from_day=options["from_day"], actor=actor
        )
    except BadRows as error:
        for problem in error.problems:
            command.stderr.write(f"{name}:{problem.row}: {problem.column}: {problem.message} {problem.mend}".rstrip())
        count = len(error.problems)
        raise CommandError(f"{count} problem{'' if count == 1 else 's'}; nothing was changed.") from error
    for item in told(change):
        command.stdout.write(f"  {item.what}: {item.kind} {item.name}")
        for sign, line in item.lines:
            command.stdout.write(f"    {sign} {line}")
    command.stdout.write(f"Draft {change.pk}: nothing is booked. Next: manage.py policy apply {change.pk}")
