"""Points years."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _


class PointsYear(models.Model):
    """The span that points are counted in, both days included. Points years do not overlap.

    Open and closing years take records, a closing one until ``closing_until`` (empty: no last day); a closed one is not
    booked any more.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")

    name = models.CharField(_("name"), max_length=40, unique=True)
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    closing_until = models.DateField(_("late records until"), null=True, blank=True)
    #: once a policy said more than the set-based booking can, the policy engine books the year for good
    by_engine = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("points year")
        verbose_name_plural = _("points years")
        ordering = ["-start_date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_date__gte=F("start_date")),
                name="points_year_dates",
            ),
            ExclusionConstraint(
                name="points_year_no_overlap",
                expressions=[
                    (
                        Func(
                            F("start_date"),
                            F("end_date"),
                            Value("[]"),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    def takes_records(self, day: dt.date) -> bool:
        """Records that arrive on ``day`` may be saved without a decision of their own."""
        if self.status == self.Status.CLOSING and self.closing_until:
            return day <= self.closing_until
        return not self.is_closed
