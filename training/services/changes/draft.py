"""A draft of a policy: checked to the last line by trying it, and undone again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.models import User
from training.models import ChangeState, Policy, PolicyChange
from training.services.changes.documents import document_now, own_part, refuse_moved_rules, rewritten, same, spliced
from training.services.policy_file import PolicyFile, export_policy, parse
from training.services.policy_file.exact import settle_policy, without_same_shared
from training.services.policy_file.names import check_names
from training.services.policy_file.write import dump
from training.services.work import gathered_work

REASON_LENGTH = 200


def stated(reason: str) -> str:
    """A reason fit to be the cause of a batch."""
    reason = reason.strip()
    if not reason:
        raise BadInput("reason", "", _("The reason is missing."), _("Say why: others will read it beside the points."))
    if len(reason) > REASON_LENGTH:
        raise BadInput(
            "reason", reason, _("Longer than %(longest)s characters.") % {"longest": REASON_LENGTH}, _("Shorten it.")
        )
    return reason


@transaction.atomic
def draft_change(
    *, policy: Policy, text: str, reason: str, from_day: dt.date | None = None, actor: User | None
) -> PolicyChange:
    """A draft that makes the policy say exactly what ``text``, a policy file, says. Nothing is changed or booked.

    BadRows names every refused line. Where versions that have booked points would say something else, BadInput asks
    for ``from_day``: until its eve they hold as they are.
    """
    reason = stated(reason)
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    base_text = export_policy(policy)
    base = parse(base_text).document
    file = parse(text)
    check_names(file)
    if file.problems:
        raise BadRows(sorted(file.problems, key=lambda problem: problem.row))
    _refuse_closing(file, base)
    refuse_moved_rules(policy, base, file.document)
    touched = rewritten(policy, base, file.document)
    if touched:
        if from_day is None:
            raise _asks_for_day(touched)
        file = parse(dump(spliced(base, file.document, from_day, {code for code, _start in touched})))
    after_text = _tried(policy, without_same_shared(file, base), actor)
    if same(parse(after_text).document, base):
        raise BadInput(
            "document", "", _("Nothing differs from what the policy says now."), _("Change something first.")
        )
    return PolicyChange.objects.create(
        policy=policy, reason=reason, base=base_text, document=after_text, created_by=actor
    )


def _tried(policy: Policy, file: PolicyFile, actor: User | None) -> str:
    """What the policy would export with the file brought in."""
    with transaction.atomic(), gathered_work():
        settle_policy(policy=policy, file=file, actor=actor)
        policy = Policy.objects.get(pk=policy.pk)
        text = export_policy(policy)
        transaction.set_rollback(True)
    return text


def _refuse_closing(file: PolicyFile, base: dict[str, Any]) -> None:
    """Years are closed and reopened on their own pages, with a snapshot."""
    status = {year["name"]: year.get("status", "open") for year in base.get("years", ())}
    problems = [
        RowProblem(
            at.reader.line_of(f"{at.path}.status"),
            f"{at.path}.status",
            item.get("status"),
            _("A change of a policy does not open or close points years."),
            _("Leave “status” as it is, and use the page of the year."),
        )
        for item, at in file.items("years")
        if item.get("status", "open") != status.get(item["name"], "open")
    ]
    if problems:
        raise BadRows(problems)


def _asks_for_day(touched: list[tuple[str, dt.date]]) -> BadInput:
    named = ", ".join(f"{code} ({date_format(day, 'SHORT_DATE_FORMAT')})" for code, day in touched[:5])
    message = ngettext(
        "Points are booked under %(count)s version that would say something else: %(named)s.",
        "Points are booked under %(count)s versions that would say something else: %(named)s.",
        len(touched),
    )
    return BadInput(
        "from_day",
        "",
        message % {"count": len(touched), "named": named},
        _(
            "Choose the first day of the new terms: until its eve they stay as they are. A day on which they began, "
            "or an earlier one, replaces them wholly, and their points are booked again."
        ),
    )


@transaction.atomic
def discard_change(*, change: PolicyChange, actor: User | None) -> PolicyChange:
    """Put a draft aside. It stays readable."""
    change = locked(change)
    refuse_decided(change)
    change.state, change.decided_by, change.decided_at = ChangeState.DISCARDED, actor, timezone.now()
    change.save(update_fields=["state", "decided_by", "decided_at"])
    return change


def locked(change: PolicyChange) -> PolicyChange:
    """The change with its policy, locked: one change of a policy at a time."""
    Policy.objects.select_for_update().get(pk=change.policy_id)
    return PolicyChange.objects.select_for_update(of=("self",)).select_related("policy", "batch").get(pk=change.pk)


def refuse_decided(change: PolicyChange) -> None:
    if change.state != ChangeState.DRAFT:
        raise BadInput(
            "state",
            change.get_state_display(),
            _("This change is no draft any more."),
            _("Draft a new change."),
        )


def is_outdated(change: PolicyChange) -> bool:
    """Whether the policy says something else by now than when the change was drafted."""
    return own_part(document_now(change.policy)) != own_part(parse(change.base).document)
