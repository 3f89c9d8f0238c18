"""The three dimensions of scope: department (a tree), position, level (with its band)."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.TextChoices):
    """The four bands that levels fall into."""

    STAFF = "staff", _("Staff")
    SUPERVISOR = "supervisor", _("Supervisor")
    MIDDLE = "middle", _("Middle management")
    SENIOR = "senior", _("Senior management")


@pghistory.track()
class Department(models.Model):
    """A node of the organisation tree."""

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

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="department_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentClosure(models.Model):
    """A row of the database view of every (ancestor, descendant, depth), each department with itself at 0.

    A view, so that a moved department is right everywhere at once.
    """

    id = models.TextField(primary_key=True)
    ancestor = models.ForeignKey(Department, on_delete=models.DO_NOTHING, related_name="descendant_links")
    descendant = models.ForeignKey(Department, on_delete=models.DO_NOTHING, related_name="ancestor_links")
    depth = models.IntegerField()

    class Meta:
        managed = False
        db_table = "people_departmentclosure"


class Position(models.Model):
    """What somebody does: sales representative, R&D engineer."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Level(models.Model):
    """A grade in the hierarchy; ``rank`` orders levels, higher is more senior."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    band = models.CharField(_("band"), max_length=12, choices=Band)
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["rank", "code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(band__in=Band.values), name="level_band_known"),
        ]

    def __str__(self) -> str:
        return self.name
