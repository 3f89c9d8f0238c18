"""Learning paths: what the people of a scope must have learned, and by when."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Scope
from training.models.catalogue import Activity, Category, Course


@pghistory.track()
class LearningPath(Scope):
    """Mandatory for the people of its scope between two days (both included; empty end is open).

    Due on ``due_date``; whoever joins the scope later has ``due_days`` from then on. Without either, what is asked
    for every year is due at the end of the points year, and what is asked once is never overdue.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    origin = models.CharField(_("origin"), max_length=200, blank=True)
    start_date = models.DateField(_("valid from"))
    end_date = models.DateField(_("valid until"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("days to complete"), null=True, blank=True)
    due_date = models.DateField(_("due on"), null=True, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")), name="path_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PathItem(models.Model):
    """At least ``minimum`` records that count of one thing: a course, an activity, a category (with all below it), or
    courses of a skill; within the points year, or at any time.

    A record counts for ``valid_for_months`` after the day it happened; empty: for ever.
    """

    class Period(models.TextChoices):
        ONCE = "once", _("once")
        YEAR = "year", _("every year")

    path = models.ForeignKey(LearningPath, on_delete=models.CASCADE, related_name="items")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    skill = models.CharField(_("skill"), max_length=80, blank=True, default="")
    minimum = models.PositiveSmallIntegerField(_("at least"), default=1)
    period = models.CharField(_("how often"), max_length=4, choices=Period, default=Period.ONCE)
    valid_for_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a learning path")
        verbose_name_plural = _("items of learning paths")
        ordering = ["path_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(course__isnull=False, activity__isnull=True, category__isnull=True, skill="")
                | Q(course__isnull=True, activity__isnull=False, category__isnull=True, skill="")
                | Q(course__isnull=True, activity__isnull=True, category__isnull=False, skill="")
                | (Q(course__isnull=True, activity__isnull=True, category__isnull=True) & ~Q(skill="")),
                name="path_item_one_thing",
            ),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="path_item_minimum_positive"),
            models.CheckConstraint(condition=Q(period__in=["once", "year"]), name="path_item_period_known"),
            models.CheckConstraint(
                condition=Q(valid_for_months__isnull=True) | Q(valid_for_months__gte=1), name="path_item_validity"
            ),
        ]

    def __str__(self) -> str:
        return str(self.course or self.activity or self.category or self.skill)
