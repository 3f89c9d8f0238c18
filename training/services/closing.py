"""The end of a points year: a late window, closing with a snapshot, and reopening with four eyes.

A closed year's standings stay as they are: bookings leave closed years alone, and a trigger on the table refuses
whatever else would move them. So they equal the newest snapshot, and appraisals, raises and titles, which read
standings, give the numbers of the snapshot without a second way of reading.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hrsuite.lib.errors import BadInput
from people.models import Employee, User
from people.selectors import today
from people.services.notifications import Note, notify_all
from training.models import PointsWork, PointsYear, ReopeningState, YearChanged, YearReopening, YearSnapshot
from training.selectors.years import approvers
from training.services.booking import book_groups, group_work, let_changes_end
from training.services.corrections import save_accepted
from training.services.engine_booking import refresh_outcomes
from training.services.records.change import stated
from training.services.work import queue_later_years, queue_points_for_all
from training.sql import load

ASKED = gettext_lazy("%(name)s asks to reopen points year %(year)s: %(reason)s")
SUBJECT = gettext_lazy("A points year is to be reopened")
APPROVED = gettext_lazy("Points year %(year)s is reopened, as you asked.")
REFUSED = gettext_lazy("Points year %(year)s stays closed: %(reason)s")


def locked(year: PointsYear) -> PointsYear:
    """The year as it is now; nobody saves records of it or books it until the transaction ends."""
    return PointsYear.objects.select_for_update().get(pk=year.pk)


@transaction.atomic
def start_closing(*, year: PointsYear, until: dt.date | None, actor: User | None) -> PointsYear:
    """The late window of an open year; of a closing one, another last day. Without ``until`` it has none."""
    year = locked(year)
    if year.is_closed:
        raise BadInput(
            "status", year.name, _("Points year %(year)s is closed.") % {"year": year.name},
            _("Ask for its reopening: a second person has to agree."),
        )  # fmt: skip
    if until and until < today():
        raise BadInput("until", until, _("This day is over."), _("Choose today or a later day."))
    was_open = year.status == PointsYear.Status.OPEN
    year.status, year.closing_until = PointsYear.Status.CLOSING, until
    year.save(update_fields=["status", "closing_until"])
    if was_open:
        _queue(year, actor)
    return year


@transaction.atomic
def open_again(*, year: PointsYear, actor: User | None) -> PointsYear:
    """Back from closing to open."""
    year = locked(year)
    if year.is_closed:
        raise BadInput(
            "status", year.name, _("A closed year cannot be opened at once."),
            _("Ask for its reopening: a second person has to agree."),
        )  # fmt: skip
    year.status, year.closing_until = PointsYear.Status.OPEN, None
    year.save(update_fields=["status", "closing_until"])
    return year


@transaction.atomic
def close_year(*, year: PointsYear, reason: str, actor: User | None) -> YearSnapshot:
    """Book what still waits, write the snapshot, and close. Nothing of the year is booked any more.

    Rows of waiting work stay for the pipeline, which finds nothing left to book and refreshes what reads standings.
    """
    reason = stated(reason)
    if year.is_closed:
        raise _closed_already(year)
    _refuse_failed(year)
    booked = _book_waiting(year)
    year = locked(year)
    if year.is_closed:
        raise _closed_already(year)
    if PointsWork.objects.filter(year=year).exclude(pk__in=booked).exists():
        raise BadInput(
            "status", year.name, _("Something of %(year)s changed while it was being closed.") % {"year": year.name},
            _("Wait a minute until it is booked, then close the year again."),
        )  # fmt: skip
    if YearChanged.objects.filter(year=year).exists():
        # once the year is closed its ranks, statuses and outcomes stay as they are
        refresh_outcomes(year_id=year.pk)
    with connection.cursor() as cursor:
        params = {"year": year.pk, "actor": actor.pk if actor else None, "reason": reason}
        cursor.execute(load("snapshot"), params)
        snapshot_id = cursor.fetchone()[0]
    year.status, year.closing_until = PointsYear.Status.CLOSED, None
    year.save(update_fields=["status", "closing_until"])
    snapshot = YearSnapshot.objects.get(pk=snapshot_id)
    # what is carried over is what the snapshot says from now on
    said = _("Points year %(year)s closed, version %(number)s") % {"year": year.name, "number": snapshot.number}
    queue_later_years(year=year, cause=said, actor=actor)
    return snapshot


def _closed_already(year: PointsYear) -> BadInput:
    return BadInput(
        "status", year.name, _("Points year %(year)s is closed already.") % {"year": year.name},
        _("Look at its newest snapshot."),
    )  # fmt: skip


def _refuse_failed(year: PointsYear) -> None:
    failed = PointsWork.objects.filter(year=year, attempts__gt=0).values("employee").distinct().count()
    if failed:
        message = ngettext(
            "The points of %(count)s person could not be booked.",
            "The points of %(count)s people could not be booked.",
            failed,
        )  # fmt: skip
        raise BadInput(
            "status", year.name, message % {"count": failed},
            _("Look at the reason on the dashboard, try again there, then close the year."),
        )  # fmt: skip


def _book_waiting(year: PointsYear) -> list[int]:
    """Book the year's waiting work. People are locked before the year, as the pipeline does."""
    let_changes_end()
    work = list(PointsWork.objects.filter(year=year).order_by("id"))
    people = sorted({row.employee_id for row in work})
    list(Employee.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    book_groups(group_work(work).items(), at_once=settings.POINTS_SLICE)
    return [row.pk for row in work]


# --- reopening --------------------------------------------------------------------------------------------------------
@transaction.atomic
def request_reopening(*, year: PointsYear, reason: str, until: dt.date, actor: User) -> YearReopening:
    """Ask for a closed year to be opened for late records until a day. Those who may approve it are told."""
    reason = stated(reason)
    year = locked(year)
    if not year.is_closed:
        raise BadInput(
            "status", year.name, _("Points year %(year)s is not closed.") % {"year": year.name},
            _("It takes records as it is."),
        )  # fmt: skip
    if until < today():
        raise BadInput("until", until, _("This day is over."), _("Choose today or a later day."))
    if YearReopening.objects.filter(year=year, state=ReopeningState.REQUESTED).exists():
        raise BadInput(
            "status", year.name, _("Somebody has asked for this already."), _("Wait for the decision of that request.")
        )
    asked = YearReopening.objects.create(year=year, requested_by=actor, reason=reason, until=until)
    params = {"name": actor, "year": year.name, "reason": reason}
    url = reverse("training:reopening", kwargs={"pk": asked.pk})
    others = approvers().exclude(pk=actor.pk)
    notify_all([Note(user=user, text=ASKED, params=params, url=url, subject=SUBJECT) for user in others])
    return asked


@transaction.atomic
def decide_reopening(*, reopening: YearReopening, approve: bool, answer: str, actor: User) -> YearReopening:
    """Somebody else approves or refuses; whoever asked may only take it back. Accepted late records are saved."""
    year = locked(reopening.year)
    reopening = YearReopening.objects.select_for_update().get(pk=reopening.pk)
    if reopening.state != ReopeningState.REQUESTED:
        raise BadInput("state", reopening.state, _("This is decided already."), _("Look at what became of it."))
    if approve and reopening.requested_by_id == actor.pk:
        raise BadInput(
            "state", "", _("You asked for this reopening yourself."), _("A second person has to approve it.")
        )
    if not approve:
        answer = stated(answer)
    reopening.state = ReopeningState.APPROVED if approve else ReopeningState.REFUSED
    reopening.approved_by, reopening.decided_at, reopening.answer = actor, timezone.now(), answer.strip()[:300]
    reopening.save(update_fields=["state", "approved_by", "decided_at", "answer"])
    if approve:
        _reopen(year, max(reopening.until, today()), actor)
    if reopening.requested_by_id != actor.pk:
        params = {"year": year.name, "reason": reopening.answer}
        url = reverse("training:year", kwargs={"pk": year.pk})
        notify_all([Note(user=reopening.requested_by, text=APPROVED if approve else REFUSED, params=params, url=url)])
    return reopening


def _reopen(year: PointsYear, until: dt.date, actor: User) -> None:
    if not year.is_closed:
        raise BadInput("status", year.name, _("The year is open already."), _("Refuse the request."))
    year.status, year.closing_until = PointsYear.Status.CLOSING, until
    year.save(update_fields=["status", "closing_until"])
    save_accepted(year=year, actor=actor)
    _queue(year, actor)


def _queue(year: PointsYear, actor: User | None) -> None:
    cause = _("Status of points year %(name)s changed") % {"name": year.name}
    queue_points_for_all(cause=cause, actor=actor, from_date=year.start_date, to_date=year.end_date)


def window_text(year: PointsYear) -> str:
    """The late window in words."""
    if year.closing_until is None:
        return _("late records without a last day")
    return _("late records until %(day)s") % {"day": date_format(year.closing_until)}
