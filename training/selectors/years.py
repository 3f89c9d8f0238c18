"""Points years and how far their end has come: checks, snapshots, late records, reopenings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import User
from people.rules import HR_ADMIN
from people.selectors import today
from training.models import (
    Appeal,
    AppealState,
    Correction,
    CorrectionState,
    PointsWork,
    PointsYear,
    ReopeningState,
    SnapshotLine,
    YearReopening,
    YearSnapshot,
)
from training.selectors.policies import visible_years

VIEW = "training.view_years"

_CHECKSUM = """
-- as training/sql/snapshot.sql sums up the lines it writes
SELECT encode(sha256(convert_to(coalesce(string_agg(line::text, E'\\n' ORDER BY employee_id), ''), 'UTF8')), 'hex')
FROM (
    SELECT employee_id, department_id, total, full_total, required, share, met, categories, missing, target_name, rank,
        rules, detail
    FROM training_snapshotline WHERE snapshot_id = %s
) AS line
"""
_APART = """
-- people whose standing differs from the snapshot, or who are in only one of them
SELECT count(*)
FROM (SELECT * FROM training_standing WHERE year_id = %s) AS s
FULL JOIN (SELECT * FROM training_snapshotline WHERE snapshot_id = %s) AS l USING (employee_id)
WHERE (s.total, s.full_total, s.required, s.share, s.met, s.categories, s.missing, s.status, s.outcomes)
    IS DISTINCT FROM (
        l.total, l.full_total, l.required, l.share, l.met, l.categories, l.missing,
        coalesce(l.detail ->> 'status', ''), coalesce(l.detail -> 'outcomes', '{}')
    )
"""


def visible_closings(user: Any) -> QuerySet[PointsYear]:
    """Years, for those who look after their end."""
    years = PointsYear.objects.annotate(
        late=Count("corrections", filter=Q(corrections__state=CorrectionState.PENDING), distinct=True),
        versions=Count("snapshots", distinct=True),
        requests=Count("reopenings", filter=Q(reopenings__state=ReopeningState.REQUESTED), distinct=True),
    )
    return years if user.has_perm(VIEW) else years.none()


def visible_corrections(user: Any) -> QuerySet[Correction]:
    rows = Correction.objects.select_related("year", "employee", "decided_by", "created_by", "record", "entry__year")
    return rows if user.has_perm(VIEW) else rows.none()


def visible_reopenings(user: Any) -> QuerySet[YearReopening]:
    rows = YearReopening.objects.select_related("year", "requested_by", "approved_by")
    return rows if user.has_perm(VIEW) else rows.none()


def visible_snapshots(user: Any) -> QuerySet[YearSnapshot]:
    rows = YearSnapshot.objects.select_related("year", "made_by")
    return rows if user.has_perm(VIEW) else rows.none()


def approvers() -> QuerySet[User]:
    """Whoever may decide reopenings in general."""
    return User.objects.filter(is_active=True, groups__name=HR_ADMIN).order_by("pk")


def latest_snapshot(year: PointsYear) -> YearSnapshot | None:
    return YearSnapshot.objects.filter(year=year).order_by("-number").first()


def waiting_reopening(year: PointsYear) -> YearReopening | None:
    found = YearReopening.objects.filter(year=year, state=ReopeningState.REQUESTED)
    return found.select_related("requested_by").first()


def checksum_of(snapshot: YearSnapshot) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_CHECKSUM, [snapshot.pk])
        return str(cursor.fetchone()[0])


def apart_from_standings(snapshot: YearSnapshot) -> int:
    """How many people's standings differ from the snapshot: none while the year is closed."""
    with connection.cursor() as cursor:
        cursor.execute(_APART, [snapshot.year_id, snapshot.pk])
        return int(cursor.fetchone()[0])


def snapshot_lines(snapshot: YearSnapshot) -> QuerySet[SnapshotLine]:
    return SnapshotLine.objects.filter(snapshot=snapshot).select_related("employee", "department")


def changes_between(old: YearSnapshot, new: YearSnapshot) -> QuerySet[Any]:
    """Lines of ``new`` that differ from those of ``old``, with ``before`` and ``change`` in points. Nobody leaves.

    A line differs by points, target, status or outcomes.
    """
    before = SnapshotLine.objects.filter(snapshot=old.pk, employee=OuterRef("employee")).annotate(
        status=KT("detail__status"), outcomes=KT("detail__outcomes")
    )
    lines = snapshot_lines(new).annotate(
        was=FilteredRelation("employee__snapshot_lines", condition=Q(employee__snapshot_lines__snapshot=old.pk))
    )
    lines = lines.annotate(
        before=Coalesce(F("was__total"), F("total") * 0),
        change=F("total") - Coalesce(F("was__total"), F("total") * 0),
        met_before=F("was__met"),
        required_before=F("was__required"),
        status_before=_text(Subquery(before.values("status"))),
        status_after=_text(KT("detail__status")),
        outcomes_before=_text(Subquery(before.values("outcomes"))),
        outcomes_after=_text(KT("detail__outcomes")),
    )
    same = Q(was__total=F("total"), was__full_total=F("full_total")) & (
        Q(was__met=F("met")) | Q(was__met__isnull=True, met__isnull=True)
    )
    required = Q(was__required=F("required")) | Q(was__required__isnull=True, required__isnull=True)
    judged = Q(status_before=F("status_after"), outcomes_before=F("outcomes_after"))
    unchanged = same & required & judged & Q(was__id__isnull=False)
    return lines.exclude(pk__in=lines.filter(unchanged).values("pk"))


def _text(expression: Any) -> Coalesce:
    return Coalesce(expression, Value(""), output_field=TextField())


# --- before closing ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Check:
    """Something to look at before closing: ``level`` is ok, note or stop."""

    level: str
    text: str
    mend: str = ""
    link: str = ""


def checks_before_closing(year: PointsYear) -> list[Check]:
    return [_over(year), _window(year), _failed(year), _waiting(year), _corrections(year), _appeals(year)]


def _over(year: PointsYear) -> Check:
    if today() > year.end_date:
        return Check("ok", _("The year is over."))
    return Check("note", _("The year runs until %(day)s.") % {"day": date_format(year.end_date)}, _("It can wait."))


def _window(year: PointsYear) -> Check:
    if year.status == PointsYear.Status.OPEN:
        return Check("note", _("There was no late window."), _("Start closing first, so that late records get in."))
    if year.takes_records(today()):
        return Check("note", _("The late window is open."), _("Records that come after closing go to the list."))
    return Check("ok", _("The late window is over."))


def _failed(year: PointsYear) -> Check:
    failed = PointsWork.objects.filter(year=year, attempts__gt=0).values("employee").distinct().count()
    if not failed:
        return Check("ok", _("No booking failed."))
    text = ngettext(
        "The points of %(count)s person could not be booked.", "The points of %(count)s people could not be booked.",
        failed,
    ) % {"count": failed}  # fmt: skip
    return Check("stop", text, _("Mend this on the dashboard first."), "training:dashboard")


def _waiting(year: PointsYear) -> Check:
    waiting = PointsWork.objects.filter(year=year, attempts=0).values("employee").distinct().count()
    if not waiting:
        return Check("ok", _("Everything is booked."))
    text = ngettext(
        "The points of %(count)s person are to be booked.", "The points of %(count)s people are to be booked.", waiting
    ) % {"count": waiting}
    return Check("note", text, _("Closing books them first."))


def _corrections(year: PointsYear) -> Check:
    waiting = Correction.objects.filter(year=year, state=CorrectionState.PENDING).count()
    if not waiting:
        return Check("ok", _("No late record waits."))
    text = ngettext(
        "%(count)s late record waits for a decision.", "%(count)s late records wait for a decision.", waiting
    ) % {"count": waiting}
    return Check("note", text, _("Decide it before closing, or reopen the year later."), "training:corrections")


def _appeals(year: PointsYear) -> Check:
    waiting = Appeal.objects.filter(year=year, state=AppealState.OPEN).count()
    if not waiting:
        return Check("ok", _("No appeal is open."))
    text = ngettext("%(count)s appeal is open.", "%(count)s appeals are open.", waiting) % {"count": waiting}
    return Check("note", text, _("In a closed year it can only be rejected."), "training:appeals")


def open_years(user: Any) -> QuerySet[PointsYear]:
    """Years that take adjustments."""
    return visible_years(user).exclude(status=PointsYear.Status.CLOSED)


def all_years() -> QuerySet[PointsYear]:
    """For commands, which run with the rights of the operator."""
    return PointsYear.objects.order_by("start_date")
