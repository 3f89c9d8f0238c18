"""The append-only ledger, the work that is to be booked, and the standings derived from it."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, DecimalField, F, Q, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from people.models import Department, Employee
from training.models.catalogue import Category
from training.models.periods import PointsYear
from training.models.policy import RuleVersion, Target
from training.models.records import LearningRecord


class EntryKind(models.TextChoices):
    AWARD = "award", _("Award")
    REVERSAL = "reversal", _("Reversal")
    RECOUNT = "recount", _("Recount")
    ADJUSTMENT = "adjustment", _("Adjustment")
    # lines of an account that no single record earned
    CARRY_OVER = "carry_over", _("Carried over")
    DEBT = "debt", _("Debt of the year before")
    CONVERSION = "conversion", _("Conversion")
    ROUNDING = "rounding", _("Rounding")
    FLOOR = "floor", _("Floor")
    TEAM = "team", _("Share of a team")
    VOID = "void", _("Voided")


#: lines of one record; every other line has none
RECORD_KINDS = (EntryKind.AWARD, EntryKind.REVERSAL, EntryKind.RECOUNT)


class BookingBatch(models.Model):
    """One run that wrote entries: why, by whom, how many."""

    cause = models.CharField(_("cause"), max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("booked"), auto_now_add=True)
    entries = models.PositiveIntegerField(_("entries"), default=0)
    points = models.DecimalField(_("points"), max_digits=16, decimal_places=2, default=0)
    #: the batch of an applied change that this one takes back
    reverses = models.OneToOneField(
        "self", verbose_name=_("reverses"), null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("booking batch")
        verbose_name_plural = _("booking batches")

    def __str__(self) -> str:
        return f"#{self.pk}"


class LedgerEntry(models.Model):
    """A line of somebody's points account. Appended, never changed: a trigger forbids update and delete.

    ``amount`` is what counts, ``full_amount`` what the record is worth before caps; both in points.
    ``quantity`` is in units of the rule's basis (hours, times, passes).
    A **recount** is the difference that a moved cap makes; a **reversal** takes back what a record no longer earns.
    ``reason`` of an adjustment is a person's words; of a record's entry it names the caps that took something off, in
    the order they were applied and separated by spaces: ``record``, ``year``, ``category:<id>``, ``limit:<name>``,
    ``breach:<name>`` (spaces within a name are no-break spaces). Of any other line it says what of: "from 2025".
    A **void** line takes back the adjustments that a breach voids, as those stay what they are.
    ``category`` is empty where a line is about the total alone.
    """

    # indexes are few: every one is paid for by each of millions of entries, and one on the year misleads the planner
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    year = models.ForeignKey(PointsYear, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(LearningRecord, null=True, on_delete=models.PROTECT, related_name="entries")
    rule_version = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(BookingBatch, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    amount = models.DecimalField(_("points"), max_digits=12, decimal_places=2)
    full_amount = models.DecimalField(_("before caps"), max_digits=12, decimal_places=2)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=4, null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="ledger_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=RECORD_KINDS, record__isnull=False, rule_version__isnull=False)
                | (~Q(kind__in=RECORD_KINDS) & Q(record__isnull=True)),
                name="ledger_source_stated",
            ),
            models.CheckConstraint(
                condition=~Q(kind="adjustment") | ~Q(reason=""),
                name="ledger_adjustment_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "year"], name="ledger_employee_year"),
            # lines that no record earned are few
            models.Index(fields=["employee", "year"], condition=Q(record__isnull=True), name="ledger_without_record"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class PointsWork(models.Model):
    """Somebody's points of a year are to be booked. Written in the transaction of its cause, deleted by the booking.

    Rows are never merged: whoever saves a record must not wait for a booking in progress.
    """

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+", db_index=False)
    year = models.ForeignKey(PointsYear, on_delete=models.CASCADE, related_name="+", db_index=False)
    cause = models.CharField(max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    #: made before, to be filled by all slices; without one every booking makes its own
    batch = models.ForeignKey(
        BookingBatch, null=True, on_delete=models.CASCADE, related_name="work", db_index=False, db_default=None
    )
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(auto_now_add=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["employee", "year"], name="points_work_employee"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="points_work_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id}/{self.year_id}"


class YearChanged(models.Model):
    """Standings of a year moved, so rankings that read them are stale. Appended by bookings, deleted by the refresh.

    A row of its own: an UPDATE of the rankings would make bookings wait for each other.
    """

    year = models.ForeignKey(PointsYear, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.year_id)


_FIGURES = (
    "total, {0}.full_total, {0}.required, {0}.share, {0}.met, {0}.categories, {0}.missing, {0}.status, {0}.outcomes"
)
_REFUSE_CLOSED = """
IF EXISTS ({rows}) THEN
    RAISE EXCEPTION 'standings of a closed year stay as they are';
END IF;
RETURN NULL;
"""
_MOVED = f"""
    SELECT FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
    WHERE n.year_id IN (SELECT id FROM training_pointsyear WHERE status = 'closed')
    AND (n.{_FIGURES.format("n")}) IS DISTINCT FROM (o.{_FIGURES.format("o")})
"""  # noqa: S608 - constant column names
_ADDED = "SELECT FROM new_rows WHERE year_id IN (SELECT id FROM training_pointsyear WHERE status = 'closed')"


#: share of the required points, 0 to 1; null without a target
SHARE = Case(
    When(required__isnull=True, then=Value(None)),
    When(required__lte=0, then=Value(Decimal(1))),
    default=Least(F("total") / F("required"), Value(Decimal(1))),
    output_field=DecimalField(max_digits=9, decimal_places=6),
)


class Standing(models.Model):
    """Where an employee stands in a points year; derived from ledger and target, rewritten by every booking.

    ``required`` and the minimums are after pro-rata (``share`` of the year, 0 to 1, times somebody's own factor, such
    as a target of their own); null without a target.
    ``categories`` maps category id to ``[counted, full]`` points, descendants included; ``missing`` maps category
    id to points still needed for its minimum. What only some policies say stands in ``status`` (a word of the policy),
    ``outcomes`` (name to ``{"value", "amount"}``) and ``detail`` (``formula``, ``exempt``, ``voided``, ``rank``,
    ``ranked``, ``requirements`` as ``points --json`` shows them, and ``kept``, what the next ranking needs). Those of a
    closed year stay as they are (a trigger sees to it): so
    they equal the newest snapshot, and whatever reads standings gives the numbers of the snapshot.
    """

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="standings")
    year = models.ForeignKey(PointsYear, on_delete=models.CASCADE, related_name="+", db_index=False)
    target = models.ForeignKey(Target, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    department = models.ForeignKey(
        Department,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    total = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    full_total = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    required = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    share = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    met = models.BooleanField(null=True)
    categories = models.JSONField(default=dict)
    missing = models.JSONField(default=dict)
    status = models.CharField(max_length=100, blank=True, default="", db_default="")
    outcomes = models.JSONField(default=dict, db_default={})
    detail = models.JSONField(default=dict, db_default={})
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "employee"], name="standing_once")]
        indexes = [
            models.Index(fields=["year", "-total"], name="standing_rank"),
            # all that sums by department read: the rows themselves are wide
            models.Index(
                fields=["year", "department"],
                include=["employee", "total", "full_total", "required", "met"],
                name="standing_sums",
            ),
            # whoever is furthest behind comes first
            models.Index(
                F("year"),
                SHARE,
                F("id"),
                condition=Q(required__isnull=False, met=False),
                name="standing_behind",
            ),
        ]
        # once per statement: a booking writes thousands of rows
        triggers = [
            pgtrigger.Trigger(
                name="closed_stays",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
                func=_REFUSE_CLOSED.format(rows=_MOVED),
            ),
            pgtrigger.Trigger(
                name="closed_takes_none",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=_REFUSE_CLOSED.format(rows=_ADDED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id}/{self.year_id}: {self.total}"


class YearFigures(models.Model):
    """Points of a year by month and category, summed up for the dashboard where the ledger is large.

    ``cells`` is a list of ``[month ("2026-03"), category id, points, entries]``; the month is that of the learning.
    """

    year = models.OneToOneField(PointsYear, on_delete=models.CASCADE, related_name="+")
    cells = models.JSONField(default=list)
    computed_at = models.DateTimeField()
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return str(self.year_id)
