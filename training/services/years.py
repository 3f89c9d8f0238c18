"""Points years: created, and led from open over closing to closed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from training.models import LedgerEntry, PointsYear
from training.services.closing import close_year, open_again, start_closing
from training.services.scopes import check_fields
from training.services.work import queue_points_for_all


def _check_dates(year: PointsYear) -> None:
    check_fields(year)
    if year.end_date < year.start_date:
        raise BadInput(
            "end_date",
            year.end_date,
            _("The last day is before the first day %(start)s.") % {"start": year.start_date},
            _("Choose a later last day."),
        )
    others = PointsYear.objects.exclude(pk=year.pk)
    if others.filter(name=year.name).exists():
        raise BadInput("name", year.name, _("There is a points year of this name."), _("Choose another name."))
    other = others.filter(start_date__lte=year.end_date, end_date__gte=year.start_date).first()
    if other:
        raise BadInput(
            "start_date",
            year.start_date,
            _("Points years must not overlap: %(name)s runs from %(start)s to %(end)s.")
            % {"name": other.name, "start": other.start_date, "end": other.end_date},
            _("Choose days outside it."),
        )


@transaction.atomic
def create_year(*, name: str, start_date: dt.date, end_date: dt.date, actor: User | None) -> PointsYear:
    """A new, open points year; records that already fall into it are booked."""
    year = PointsYear(name=name, start_date=start_date, end_date=end_date)
    _check_dates(year)
    year.save()
    _queue(year, cause=_("Points year %(name)s added") % {"name": name}, actor=actor)
    return year


@transaction.atomic
def change_year(*, year: PointsYear, start_date: dt.date, end_date: dt.date, actor: User | None) -> PointsYear:
    """Other days for a year in which nothing is booked yet."""
    year = PointsYear.objects.select_for_update().get(pk=year.pk)
    if (year.start_date, year.end_date) == (start_date, end_date):
        return year
    if LedgerEntry.objects.filter(year=year).exists():
        raise BadInput(
            "start_date",
            start_date,
            _("Points are booked in %(name)s, so its days stay as they are.") % {"name": year.name},
            _("Add another points year instead."),
        )
    year.start_date, year.end_date = start_date, end_date
    _check_dates(year)
    year.save(update_fields=["start_date", "end_date"])
    _queue(year, cause=_("Days of points year %(name)s changed") % {"name": year.name}, actor=actor)
    return year


def set_year_status(*, year: PointsYear, status: str, actor: User | None, reason: str = "") -> PointsYear:
    """Open, closing or closed, as a policy file says it. A closed year only goes back by a reopening."""
    if status not in PointsYear.Status.values:
        raise BadInput("status", status, _("This is no status."), _("Use open, closing or closed."))
    year = PointsYear.objects.get(pk=year.pk)
    if status == year.status:
        return year
    if status == PointsYear.Status.CLOSED:
        close_year(year=year, reason=reason or _("The year is over"), actor=actor)
        return PointsYear.objects.get(pk=year.pk)
    if status == PointsYear.Status.OPEN:
        return open_again(year=year, actor=actor)
    return start_closing(year=year, until=None, actor=actor)


def _queue(year: PointsYear, *, cause: str, actor: User | None) -> None:
    queue_points_for_all(cause=cause, actor=actor, from_date=year.start_date, to_date=year.end_date)
