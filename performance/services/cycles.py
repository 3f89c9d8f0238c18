"""Appraisal cycles: parts that add up to 100 %, grade bands, the end of a cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Employee, User
from people.selectors import today
from performance.models import Appraisal, AppraisalCycle, CyclePart, GradeBand
from performance.services.scores import pull_training_scores
from training.models import PointsYear, Standing
from training.services.work import queue_points


@dataclass(frozen=True)
class PartPlan:
    """A weighted part to be made: weight in percent, ``source`` typed or training."""

    code: str
    name: str
    weight: Decimal
    source: str = CyclePart.Source.TYPED


@dataclass(frozen=True)
class BandPlan:
    """Scores from ``min_score`` up get ``grade``."""

    grade: str
    name: str
    min_score: Decimal


def create_cycle(
    *,
    name: str,
    points_year: PointsYear,
    start_date: dt.date,
    end_date: dt.date,
    parts: Sequence[PartPlan],
    bands: Sequence[BandPlan],
    actor: User | None,
    max_grade_if_missed: str = "",
) -> AppraisalCycle:
    """Open a cycle with an appraisal for everyone on staff on its last day; training scores are pulled at once."""
    if end_date < start_date:
        raise BadInput("end_date", end_date, _("The last day is before the first."), _("Swap the two days."))
    if AppraisalCycle.objects.filter(name=name).exists():
        raise BadInput("name", name, _("There is a cycle of this name already."), _("Choose another name."))
    _check_parts(parts)
    _check_bands(bands, max_grade_if_missed)
    with transaction.atomic():
        # bookings hold the year while they last: a slice under way would pull into no cycle, and this pull miss it
        PointsYear.objects.select_for_update(no_key=True).get(pk=points_year.pk)
        cycle = AppraisalCycle.objects.create(
            name=name,
            points_year=points_year,
            start_date=start_date,
            end_date=end_date,
            max_grade_if_missed=max_grade_if_missed,
        )
        CyclePart.objects.bulk_create(
            CyclePart(cycle=cycle, code=p.code, name=p.name, weight=p.weight, source=p.source) for p in parts
        )
        GradeBand.objects.bulk_create(
            GradeBand(cycle=cycle, grade=b.grade, name=b.name, min_score=b.min_score) for b in bands
        )
        pull_training_scores(employee_ids=None, year_id=points_year.pk)
        _book_who_never_was(cycle, actor)
    return cycle


def _book_who_never_was(cycle: AppraisalCycle, actor: User | None) -> None:
    """Without a standing the training part would stay missing for ever."""
    booked = Standing.objects.filter(year=cycle.points_year).values("employee_id")
    waiting = Employee.objects.filter(appraisals__cycle=cycle).exclude(id__in=booked)
    queue_points(
        employee_ids=waiting.values_list("id", flat=True),
        year=cycle.points_year,
        cause=_("Appraisal cycle opened"),
        actor=actor,
    )


def _check_parts(parts: Sequence[PartPlan]) -> None:
    for part in parts:
        if not 0 < part.weight <= 100:
            raise BadInput(
                "parts", part.weight, _("A weight is more than 0 and at most 100 %."), _("Leave the part out instead.")
            )
    total = sum((part.weight for part in parts), Decimal(0))
    if total != 100:
        raise BadInput(
            "parts",
            total,
            _("The weights add up to %(total)s %%.") % {"total": total},
            _("Change them so that they add up to 100 %."),
        )
    if len({part.code for part in parts}) < len(parts):
        raise BadInput("parts", "", _("Two parts have the same code."), _("Give each part its own code."))
    if sum(1 for part in parts if part.source == CyclePart.Source.TRAINING) > 1:
        raise BadInput(
            "parts", "", _("Only one part can come from training points."), _("Mark the others as imported or typed.")
        )


def _check_bands(bands: Sequence[BandPlan], best: str) -> None:
    if not bands:
        raise BadInput("bands", "", _("A cycle needs grades."), _("Add at least one grade from score 0."))
    if len({band.grade for band in bands}) < len(bands) or len({band.min_score for band in bands}) < len(bands):
        raise BadInput(
            "bands", "", _("Two grades are the same or start at the same score."), _("Make each grade different.")
        )
    lowest = min(band.min_score for band in bands)
    if lowest != 0 or max(band.min_score for band in bands) > 100:
        raise BadInput(
            "bands", lowest, _("Grades must cover scores from 0 to 100."), _("Let the lowest grade start at 0.")
        )
    if best and best not in {band.grade for band in bands}:
        raise BadInput(
            "max_grade_if_missed",
            best,
            _("There is no such grade in this cycle."),
            _("Use one of the grades above, or leave it empty."),
        )


def finalise_cycle(*, cycle: AppraisalCycle, actor: User) -> AppraisalCycle:
    """Close the cycle for good: refused while the appraisal of anybody who is still on staff is not signed."""
    with transaction.atomic():
        locked = AppraisalCycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        if locked.status == AppraisalCycle.Status.FINAL:
            raise BadInput("status", locked.get_status_display(), _("This cycle is final already."))
        drafts = Appraisal.objects.filter(cycle=locked, status=Appraisal.Status.DRAFT)
        waiting = drafts.exclude(employee__exit_date__lt=today()).count()
        if waiting:
            raise BadInput(
                "status",
                waiting,
                _("%(count)s appraisals are not signed yet.") % {"count": waiting},
                _("Filter the list by status, and sign or complete them."),
            )
        locked.status = AppraisalCycle.Status.FINAL
        locked.save(update_fields=["status"])
    return locked
