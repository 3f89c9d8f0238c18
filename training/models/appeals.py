"""Appeals: somebody disputes a line of the account, a record, or that a record is missing."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Employee
from training.models.catalogue import Activity, Course
from training.models.ledger import LedgerEntry
from training.models.periods import PointsYear
from training.models.records import LearningRecord


class AppealState(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "Open")
    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Partly upheld")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class Appeal(models.Model):
    """What it is about is one of three: ``entry``, ``record``, or a missing record, which ``activity`` and the
    fields after it describe.

    ``deadline`` is the last day on which it could be handed in. What an upheld appeal brought is ``outcome_entry``
    (an adjustment) or ``outcome_record`` (whose points are booked as always).
    """

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="appeals")
    year = models.ForeignKey(PointsYear, verbose_name=_("points year"), on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(LedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals")
    record = models.ForeignKey(LearningRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals")
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    happened_on = models.DateField(_("date"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    count = models.PositiveIntegerField(_("times"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("what is wrong"), max_length=4000)
    evidence = models.FileField(_("evidence"), upload_to="appeals", blank=True)
    evidence_name = models.CharField(max_length=150, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=AppealState, default=AppealState.OPEN)
    deadline = models.DateField(_("deadline"))
    created_at = models.DateTimeField(_("handed in"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    outcome_entry = models.ForeignKey(
        LedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="outcome_of"
    )
    outcome_record = models.ForeignKey(
        LearningRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="outcome_of"
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state_known"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False, record__isnull=True, activity__isnull=True)
                | Q(entry__isnull=True, record__isnull=False, activity__isnull=True)
                | Q(entry__isnull=True, record__isnull=True, activity__isnull=False, happened_on__isnull=False),
                name="appeal_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], decided_by__isnull=True, decided_at__isnull=True)
                | (
                    Q(state__in=["upheld", "partly", "rejected"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(answer="")
                ),
                name="appeal_decision_complete",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["upheld", "partly"])
                & (Q(outcome_entry__isnull=False) | Q(outcome_record__isnull=False))
                | ~Q(state__in=["upheld", "partly"]) & Q(outcome_entry__isnull=True, outcome_record__isnull=True),
                name="appeal_outcome_if_upheld",
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(state="open"), name="appeal_open_once_per_entry"),
            models.UniqueConstraint(fields=["record"], condition=Q(state="open"), name="appeal_open_once_per_record"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="appeal_state_newest")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == AppealState.OPEN
