"""What people do to an appraisal: type a score, let it go again, sign, reopen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from people.selectors import employee_of
from performance.models import Appraisal, AppraisalCycle, AppraisalPart, CyclePart
from performance.selectors import fingerprint
from performance.services.scores import pull_training_scores, settle


def _locked(appraisal: Appraisal, actor: User) -> Appraisal:
    """The appraisal, locked; nobody works on their own, and a final cycle is closed to all."""
    # the cycle first: it cannot become final while one of its appraisals is opened again
    AppraisalCycle.objects.select_for_update(no_key=True).get(pk=appraisal.cycle_id)
    found = Appraisal.objects.select_for_update(no_key=True, of=("self",)).select_related("cycle").get(pk=appraisal.pk)
    own = employee_of(actor)
    if own is not None and own.pk == found.employee_id:
        raise BadInput(
            "appraisal",
            "",
            _("This is your own appraisal."),
            _("Your manager or HR must do this."),
        )
    if found.cycle.status == AppraisalCycle.Status.FINAL:
        raise BadInput(
            "cycle", found.cycle.name, _("This cycle is final."), _("Its appraisals cannot change any more.")
        )
    return found


def _draft(appraisal: Appraisal, actor: User) -> Appraisal:
    found = _locked(appraisal, actor)
    if found.status != Appraisal.Status.DRAFT:
        raise BadInput(
            "status", found.get_status_display(), _("This appraisal is signed."), _("Reopen it with a reason first.")
        )
    return found


def type_score(
    *, part: AppraisalPart, score: Decimal | None, actor: User, reason: str = "", not_applicable: bool = False
) -> AppraisalPart:
    """Type the score of a part (0 to 100), or mark it not applicable.

    Instead of a training score, and for *not applicable*, a reason is needed; a typed training score is locked: the
    pipeline goes on showing the pulled one beside it.
    """
    is_training = part.part.source == CyclePart.Source.TRAINING
    if not_applicable == (score is not None):
        raise BadInput("score", score, _("Type a score, or mark the part as not applicable."), _("Do one of the two."))
    if score is not None and not 0 <= score <= 100:
        raise BadInput("score", score, _("A score is between 0 and 100."), _("Type a number in this range."))
    if (is_training or not_applicable) and not reason.strip():
        raise BadInput("reason", "", _("This needs a reason."), _("Say in a few words why."))
    with transaction.atomic():
        appraisal = _draft(part.appraisal, actor)
        found = AppraisalPart.objects.get(pk=part.pk)
        found.state = AppraisalPart.State.NOT_APPLICABLE if not_applicable else AppraisalPart.State.SCORED
        found.score, found.reason, found.is_locked = score, reason.strip(), is_training
        found.save(update_fields=["state", "score", "reason", "is_locked", "updated_at"])
        settle(appraisal_ids=[appraisal.pk])
    return found


def release_score(*, part: AppraisalPart, actor: User) -> AppraisalPart:
    """Let a typed training score go: the pulled one counts again."""
    with transaction.atomic():
        appraisal = _draft(part.appraisal, actor)
        AppraisalPart.objects.filter(pk=part.pk).update(is_locked=False, reason="")
        pull_training_scores(employee_ids=[appraisal.employee_id], year_id=appraisal.cycle.points_year_id)
    part.refresh_from_db()
    return part


def sign_appraisal(*, appraisal: Appraisal, actor: User, comment: str = "") -> Appraisal:
    """Sign a complete appraisal. From now on nothing overwrites it."""
    with transaction.atomic():
        found = _draft(appraisal, actor)
        settle(appraisal_ids=[found.pk])
        found.refresh_from_db()
        missing = list(found.parts.filter(state=AppraisalPart.State.MISSING).values_list("part__name", flat=True))
        if missing or found.final_score is None:
            raise BadInput(
                "parts",
                ", ".join(missing),
                _("A score is missing."),
                _("Type it, import it, or mark the part as not applicable."),
            )
        found.status, found.signed_by, found.signed_at = Appraisal.Status.SIGNED, actor, timezone.now()
        found.comment = comment.strip() or found.comment
        found.save(update_fields=["status", "signed_by", "signed_at", "comment"])
    return found


def sign_complete(*, appraisals: Iterable[Appraisal], seen: str, actor: User) -> int:
    """Sign those of these drafts that are complete and not the actor's own; the rest stays. Returns how many.

    ``seen`` is the fingerprint of the list that the person read; where a score has moved since, nothing is signed.
    """
    own = employee_of(actor)
    with transaction.atomic():
        rows = Appraisal.objects.filter(
            pk__in=[one.pk for one in appraisals], status=Appraisal.Status.DRAFT, final_score__isnull=False
        )
        rows = rows.filter(cycle__status=AppraisalCycle.Status.OPEN).exclude(employee=own)
        locked = list(rows.order_by("id").select_for_update(no_key=True, of=("self",)))
        if fingerprint(locked) != seen:
            raise BadInput(
                "appraisals", len(locked), _("The list has changed since you opened it."), _("Look at it again.")
            )
        return Appraisal.objects.filter(pk__in=[one.pk for one in locked]).update(
            status=Appraisal.Status.SIGNED, signed_by=actor, signed_at=timezone.now()
        )


def reopen_appraisal(*, appraisal: Appraisal, reason: str, actor: User) -> Appraisal:
    """Make a signed appraisal a draft again; the training score follows the points from now on."""
    if not reason.strip():
        raise BadInput("reason", "", _("Reopening needs a reason."), _("Say in a few words why."))
    with transaction.atomic():
        found = _locked(appraisal, actor)
        if found.status != Appraisal.Status.SIGNED:
            raise BadInput("status", found.get_status_display(), _("This appraisal is not signed."))
        found.status, found.signed_by, found.signed_at = Appraisal.Status.DRAFT, None, None
        found.comment = _("Reopened: %(reason)s") % {"reason": reason.strip()}
        found.save(update_fields=["status", "signed_by", "signed_at", "comment"])
        pull_training_scores(employee_ids=[found.employee_id], year_id=found.cycle.points_year_id)
    found.refresh_from_db()
    return found
