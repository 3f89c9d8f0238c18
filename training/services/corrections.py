"""Decisions about late records: saved in a reopening, booked into an open year, or refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows
from people.models import User
from people.selectors import employee_of
from training.models import Category, Correction, CorrectionState, LearningRecord, PointsYear
from training.services.records import RecordRow, adjust_points, save_records
from training.services.records.change import as_bad_input, stated


def row_of(correction: Correction) -> RecordRow:
    """The record that it would be."""
    said: dict[str, Any] = dict(correction.payload)
    said["happened_on"] = dt.date.fromisoformat(said["happened_on"])
    said["score"] = None if said["score"] is None else Decimal(said["score"])
    return RecordRow(row=0, source=correction.source, source_id=correction.source_id, **said)


@transaction.atomic
def accept_correction(*, correction: Correction, reason: str, actor: User) -> Correction:
    """Save it as a record: at once while its year is not closed, or else when the year is reopened."""
    reason = stated(reason)
    _refuse_own(correction, actor)
    # a shared lock: nobody closes or reopens the year before our commit
    year = PointsYear.objects.raw("SELECT * FROM training_pointsyear WHERE id = %s FOR SHARE", [correction.year_id])[0]
    correction = _locked(correction)
    _decide(correction, CorrectionState.ACCEPTED, reason, actor)
    if not year.is_closed:
        _save(correction, actor)
    correction.save()
    return correction


@transaction.atomic
def adjust_for_correction(
    *, correction: Correction, year: PointsYear, category: Category, amount: Decimal, reason: str, actor: User
) -> Correction:
    """Its value as an adjustment of an open year; the closed one stays as it is."""
    reason = stated(reason)
    correction = _locked(correction)
    late = _("Late record of %(year)s") % {"year": correction.year.name}
    correction.entry = adjust_points(
        employee=correction.employee,
        year=year,
        category=category,
        amount=amount,
        reason=f"{late}: {reason}"[:300],
        actor=actor,
        cause=late,
    )
    _decide(correction, CorrectionState.ADJUSTED, reason, actor)
    correction.save()
    return correction


@transaction.atomic
def refuse_correction(*, correction: Correction, reason: str, actor: User) -> Correction:
    reason = stated(reason)
    correction = _locked(correction)
    _decide(correction, CorrectionState.REFUSED, reason, actor)
    correction.save()
    return correction


def save_accepted(*, year: PointsYear, actor: User) -> int:
    """Save what was accepted for the reopening of ``year``; what cannot be saved waits for another decision."""
    waiting = Correction.objects.select_for_update().filter(year=year, state=CorrectionState.ACCEPTED).order_by("pk")
    saved = 0
    for correction in waiting:
        try:
            _save(correction, actor)
            saved += 1
        except BadInput as error:
            correction.state, correction.answer = CorrectionState.PENDING, f"{error.message} {error.mend}"[:300]
            correction.decided_by = correction.decided_at = None
        correction.save()
    return saved


def _save(correction: Correction, actor: User) -> None:
    try:
        cause = _("Late record of %(year)s") % {"year": correction.year.name}
        save_records(rows=[row_of(correction)], actor=actor, cause=cause, decided=True)
    except BadRows as error:
        raise as_bad_input(error.problems[0]) from error
    found = LearningRecord.objects.filter(source=correction.source, source_id=correction.source_id)
    correction.record, correction.state = found.latest("revision"), CorrectionState.SAVED


def _refuse_own(correction: Correction, actor: User) -> None:
    own = employee_of(actor)
    if own is not None and own.pk == correction.employee_id:
        raise BadInput(
            "employee", correction.employee.name, _("These are your own points."), _("Ask another HR admin.")
        )


def _decide(correction: Correction, state: str, reason: str, actor: User) -> None:
    correction.state, correction.answer = state, reason
    correction.decided_by, correction.decided_at = actor, timezone.now()


def _locked(correction: Correction) -> Correction:
    rows = Correction.objects.select_for_update(of=("self",)).select_related("year", "employee")
    correction = rows.get(pk=correction.pk)
    # accepted ones wait: until the reopening somebody may think again
    if correction.state not in {CorrectionState.PENDING, CorrectionState.ACCEPTED}:
        raise BadInput(
            "state", correction.get_state_display(), _("This is decided already."), _("Look at what became of it.")
        )
    return correction
