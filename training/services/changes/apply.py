"""Apply a draft, and take an applied change back: each books its differences as one batch."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows
from people.models import User
from training.models import BookingBatch, ChangeState, Policy, PolicyChange
from training.services.booking import let_bookings_end
from training.services.changes.documents import document_now, own_part
from training.services.changes.draft import is_outdated, locked, refuse_decided, stated
from training.services.policy_file import parse
from training.services.policy_file.exact import settle_policy, without_same_shared
from training.services.work import gathered_work, queue_points_for_all


@transaction.atomic
def apply_change(*, change: PolicyChange, actor: User | None) -> PolicyChange:
    """The policy says what the draft says, and what that moves is booked as one batch with the reason as its cause.

    Refused where the policy was changed since the draft was made.
    """
    change = locked(change)
    refuse_decided(change)
    if is_outdated(change):
        raise BadInput(
            "change",
            change.pk,
            _("The policy was changed after this draft was made."),
            _("Draft the change again, so that its simulation shows what it does now."),
        )
    change.batch = _settle(change.policy, change.document, change.base, cause=change.reason, actor=actor)
    change.state, change.decided_by, change.decided_at = ChangeState.APPLIED, actor, timezone.now()
    change.save(update_fields=["batch", "state", "decided_by", "decided_at"])
    return change


@transaction.atomic
def reverse_change(*, change: PolicyChange, reason: str, actor: User | None) -> PolicyChange:
    """The policy says again what it said before, and a batch takes back what the change moved.

    Rules and versions that it brought are withdrawn, those that it took away are back. Refused where something was
    built on it. Points years that were closed meanwhile stay as they are.
    """
    reason = stated(reason)
    change = locked(change)
    if change.state != ChangeState.APPLIED:
        raise BadInput(
            "state", change.get_state_display(), _("Only an applied change can be reversed."), _("Look at its state.")
        )
    _refuse_built_on(change)
    change.reversal_batch = _settle(
        change.policy, change.base, change.document, cause=reason, actor=actor, reverses=change.batch
    )
    change.state, change.reversed_by, change.reversed_at = ChangeState.REVERSED, actor, timezone.now()
    change.reversal_reason = reason
    change.save(update_fields=["reversal_batch", "state", "reversed_by", "reversed_at", "reversal_reason"])
    return change


def _refuse_built_on(change: PolicyChange) -> None:
    later = PolicyChange.objects.filter(
        policy=change.policy, state=ChangeState.APPLIED, decided_at__gt=change.decided_at
    ).order_by("-decided_at")
    if newest := later.first():
        raise BadInput(
            "change",
            newest.pk,
            _("Change #%(number)s (%(reason)s) was applied on top of it on %(day)s.")
            % {
                "number": newest.pk,
                "reason": newest.reason,
                "day": date_format(timezone.localtime(newest.decided_at), "SHORT_DATE_FORMAT"),
            },
            _("Reverse that one first."),
        )
    if own_part(document_now(change.policy)) != own_part(parse(change.document).document):
        raise BadInput(
            "change",
            change.pk,
            _("The policy was edited after this change was applied, and a reversal would undo that too."),
            _("Draft a change that takes back what should go."),
        )


def _settle(
    policy: Policy,
    text: str,
    base: str,
    *,
    cause: str,
    actor: User | None,
    reverses: BookingBatch | None = None,
) -> BookingBatch | None:
    """Bring the policy to ``text`` and queue what that moves. None where no points can move."""
    file = without_same_shared(parse(text), parse(base).document)
    let_bookings_end()
    try:
        with gathered_work() as gathered:
            settle_policy(policy=policy, file=file, actor=actor)
    except BadRows as error:
        first = error.problems[0]
        raise BadInput(first.column, first.value, first.message, first.mend) from error
    if gathered.is_empty:
        return None
    batch = BookingBatch.objects.create(cause=cause, actor=actor, reverses=reverses)
    queue_points_for_all(
        cause=cause,
        actor=actor,
        from_date=gathered.from_date if gathered.from_date > dt.date.min else None,
        to_date=gathered.to_date if gathered.to_date < dt.date.max else None,
        batch=batch,
    )
    return batch
