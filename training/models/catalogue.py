"""What can be learned, and what earns points."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.history import tracked
from training.models.terms import TermsField


class Measure(models.TextChoices):
    """What a record of the activity has to state."""

    HOURS = "hours", _("Duration")
    TIMES = "times", _("Number of times")
    EXAM = "exam", _("Exam result")


@tracked
class Category(models.Model):
    """Node of the tree that activities belong to and that minimums and caps apply to."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    #: in_total, window, floor of the policy file
    terms = TermsField()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CategoryClosure(models.Model):
    """A row of the database view of every (ancestor, descendant, depth), each category with itself at 0."""

    id = models.TextField(primary_key=True)
    ancestor = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="descendant_links")
    descendant = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="ancestor_links")
    depth = models.IntegerField()

    class Meta:
        managed = False
        db_table = "training_categoryclosure"


@tracked
class Activity(models.Model):
    """What earns points: online course, workshop, exam, lecture given, mentoring, project."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="activities",
    )
    measure = models.CharField(_("measured by"), max_length=8, choices=Measure, default=Measure.TIMES)
    pass_mark = models.DecimalField(_("pass mark"), max_digits=7, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(measure__in=Measure.values),
                name="activity_measure_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """Something in the catalogue: a course, a workshop, an exam. ``minutes`` is its usual length."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        on_delete=models.PROTECT,
        related_name="courses",
    )
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    skill = models.CharField(_("skill"), max_length=80, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    is_active = models.BooleanField(_("on offer"), default=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
