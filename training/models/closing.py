"""The end of a points year: its snapshots, what arrives too late, and reopening it with four eyes."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Department, Employee
from training.models.ledger import LedgerEntry
from training.models.periods import PointsYear
from training.models.records import LearningRecord, source_words


class YearSnapshot(models.Model):
    """What everybody stood at when a year was closed. Closing it again, after a reopening, makes the next number.

    ``checksum`` is over all lines: ``training.selectors.years.checksum_of`` works it out again. A trigger forbids
    changes, to the lines as well.
    """

    year = models.ForeignKey(
        PointsYear, verbose_name=_("points year"), on_delete=models.PROTECT, related_name="snapshots"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    made_at = models.DateTimeField(_("closed on"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300)
    people = models.PositiveIntegerField(_("people"))
    points = models.DecimalField(_("points"), max_digits=16, decimal_places=2)
    with_target = models.PositiveIntegerField(_("with a target"))
    met = models.PositiveIntegerField(_("met"))
    entries = models.PositiveIntegerField(_("entries"))
    checksum = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("snapshot of a year")
        verbose_name_plural = _("snapshots of years")
        ordering = ["-year__start_date", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="snapshot_number_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.year} v{self.number}"


class SnapshotLine(models.Model):
    """One employee in a snapshot; the figures are those of the standing.

    ``rules`` maps the id of a rule version to ``[counted, full]`` points; points that no rule earned stand under their
    kind (``adjustment``, ``carry_over``, …). ``rank`` is among all of the year, by total. ``detail`` has what the
    policy engine found besides: ``status``, ``outcomes``, ``requirements``, ``formula``, and the policy's own ``rank``.
    """

    snapshot = models.ForeignKey(YearSnapshot, on_delete=models.PROTECT, related_name="lines", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="snapshot_lines")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    full_total = models.DecimalField(max_digits=12, decimal_places=2)
    required = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    share = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    met = models.BooleanField(null=True)
    categories = models.JSONField(default=dict)
    missing = models.JSONField(default=dict)
    target_name = models.CharField(max_length=200, blank=True, default="")
    rank = models.PositiveIntegerField()
    rules = models.JSONField(default=dict)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["rank", "employee_id"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "employee"], name="snapshot_line_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.snapshot_id}/{self.employee_id}: {self.total}"


class CorrectionState(models.TextChoices):
    PENDING = "pending", _("Waits for a decision")
    ACCEPTED = "accepted", _("Waits for the reopening")
    SAVED = "saved", _("Saved as a record")
    ADJUSTED = "adjusted", _("Booked as an adjustment")
    REFUSED = "refused", _("Refused")


@pghistory.track()
class Correction(models.Model):
    """A record that arrived too late for its year. ``payload`` is what it says, ``cause`` the way it came.

    ``source`` and ``source_id`` name it for good, as they do a record: the same file again adds nothing.
    """

    year = models.ForeignKey(
        PointsYear, verbose_name=_("points year"), on_delete=models.PROTECT, related_name="corrections"
    )
    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="corrections"
    )
    activity = models.CharField(_("activity"), max_length=200)
    happened_on = models.DateField(_("date"))
    payload = models.JSONField(_("what it says"), default=dict)
    source = models.CharField(_("source"), max_length=40)
    source_id = models.CharField(_("source id"), max_length=120)
    cause = models.CharField(_("came by"), max_length=200, blank=True)
    why_late = models.CharField(_("why it is here"), max_length=200)
    created_at = models.DateTimeField(_("arrived"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState, default=CorrectionState.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("reason"), max_length=300, blank=True)
    record = models.ForeignKey(LearningRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(LedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("late record")
        verbose_name_plural = _("late records")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="correction_source_id_once"),
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(decided_at__isnull=False) & ~Q(answer=""),
                name="correction_decision_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="saved", record__isnull=False, entry__isnull=True)
                | Q(state="adjusted", record__isnull=True, entry__isnull=False)
                | (~Q(state__in=["saved", "adjusted"]) & Q(record__isnull=True, entry__isnull=True)),
                name="correction_outcome_fits",
            ),
        ]
        indexes = [models.Index(fields=["year", "state"], name="correction_year_state")]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id}"

    @property
    def came_from(self) -> str:
        return source_words(self.source, self.source_id)


class ReopeningState(models.TextChoices):
    REQUESTED = "requested", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


@pghistory.track()
class YearReopening(models.Model):
    """Somebody wants a closed year opened again; somebody else decides. ``until`` is the new window's last day."""

    year = models.ForeignKey(
        PointsYear, verbose_name=_("points year"), on_delete=models.PROTECT, related_name="reopenings"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateField(_("late records until"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ReopeningState, default=ReopeningState.REQUESTED)

    class Meta:
        verbose_name = _("reopening of a year")
        verbose_name_plural = _("reopenings of years")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReopeningState.values), name="reopening_state_known"),
            models.CheckConstraint(
                condition=Q(state="refused") | Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="reopening_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", approved_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="requested") & Q(approved_by__isnull=False, decided_at__isnull=False)),
                name="reopening_decision_complete",
            ),
            models.UniqueConstraint(fields=["year"], condition=Q(state="requested"), name="reopening_one_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.year} #{self.pk}"
