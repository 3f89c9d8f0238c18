"""Dated salaries, compensation reviews and their raise recommendations. Amounts are per month in ``currency``."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Employee, Scope
from people.models.employees import day_range, id_range
from performance.models import Rounding, TieRule
from training.models import PointsYear


@pghistory.track()
class Salary(models.Model):
    """Monthly pay between two days (both included; empty end is open). Rows of a person do not overlap."""

    employee = models.ForeignKey(
        Employee,
        verbose_name=_("employee"),
        on_delete=models.PROTECT,
        related_name="salaries",
    )
    amount = models.DecimalField(_("monthly amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    start_date = models.DateField(_("effective from"))
    end_date = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("salary")
        verbose_name_plural = _("salaries")
        ordering = ["employee_id", "-start_date"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="salary_positive"),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="salary_dates",
            ),
            ExclusionConstraint(
                name="salary_no_overlap",
                expressions=[
                    (id_range("employee_id"), RangeOperators.OVERLAPS),
                    (day_range("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["employee", "-start_date"], name="salary_employee")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.start_date}"


# every booking moves stale_at and refreshed_at: no history of those
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=["stale_at", "refreshed_at"], exclude_auto=True)),
)
class CompensationReview(Scope):
    """A round of raises for a scope: the top ``share`` percent by points of the eligible get ``raise_percent``.

    Eligibility is decided before ranking. The population is everybody of the scope on staff on ``population_date``.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CLOSED = "closed", _("Closed")

    name = models.CharField(_("name"), max_length=120, unique=True)
    year = models.ForeignKey(
        PointsYear,
        verbose_name=_("points year"),
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    population_date = models.DateField(_("population as of"))
    effective_date = models.DateField(_("raises effective from"))
    share = models.DecimalField(_("top %"), max_digits=5, decimal_places=2)
    raise_percent = models.DecimalField(_("raise %"), max_digits=5, decimal_places=2)
    rounding = models.CharField(_("rounding"), max_length=8, choices=Rounding, default=Rounding.HALF_UP)
    ties = models.CharField(_("ties"), max_length=8, choices=TieRule, default=TieRule.INCLUDE)
    needs_target = models.BooleanField(_("missed target is not eligible"), default=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    stale_at = models.DateTimeField(null=True, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("compensation review")
        verbose_name_plural = _("compensation reviews")
        ordering = ["-effective_date", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=100), name="review_share_percent"),
            models.CheckConstraint(
                condition=Q(raise_percent__gt=0, raise_percent__lte=100),
                name="review_raise_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


# ranks move with every booking; history keeps what people decided
@pghistory.track(
    pghistory.UpdateEvent(
        "decision",
        condition=pghistory.AnyChange("status", "decided_amount", "decision_reason"),
    )
)
class RaiseRecommendation(models.Model):
    """What the review recommends for one member of its population, and what was decided.

    ``rank`` is among the eligible (ties share it), null for the others. ``reasons`` lists codes of why somebody is
    not eligible, see payroll/rules.py. While *draft* the pipeline rewrites the row; a decided row keeps what was
    decided and gets only ``drifted`` where the newest ranking says otherwise.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("To decide")
        APPROVED = "approved", _("Approved")
        CHANGED = "changed", _("Approved with change")
        REJECTED = "rejected", _("Rejected")

    review = models.ForeignKey(CompensationReview, on_delete=models.PROTECT, related_name="recommendations")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="raise_recommendations")
    points = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    rank = models.PositiveIntegerField(null=True)
    population = models.PositiveIntegerField(default=0)
    eligible = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    recommended = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, default="CNY")
    old_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    new_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    drifted = models.BooleanField(default=False)
    decided_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True, default="")
    salary = models.OneToOneField(Salary, null=True, on_delete=models.PROTECT, related_name="recommendation")

    class Meta:
        verbose_name = _("raise recommendation")
        verbose_name_plural = _("raise recommendations")
        constraints = [
            models.UniqueConstraint(fields=["review", "employee"], name="recommendation_once"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="recommendation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "changed"]) | Q(decided_amount__isnull=False),
                name="recommendation_approved_amount",
            ),
        ]
        # not on rank: one new record moves thousands of ranks, but only one person's points
        indexes = [models.Index(fields=["review", "-points"], name="recommendation_points")]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.employee_id}"
