"""What was imported, by whom, and what was kept out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the rows of a file are."""

    EMPLOYEES = "employees", _("Employees")
    ASSIGNMENTS = "assignments", _("Assignments")
    LEAVES = "leaves", _("Long leaves")
    RECORDS = "records", _("Learning records")
    SCORES = "scores", _("Exam scores")
    KPI = "kpi", _("KPI scores")
    SALARIES = "salaries", _("Salaries")


class ImportBatch(models.Model):
    """A file that was imported. ``problems`` are the rows kept out, as dicts of row, column, value, message, mend."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("imported by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("imported at"), auto_now_add=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    passed_over = models.PositiveIntegerField(_("passed over"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    problems = models.JSONField(_("problems"), default=list)

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="import_batch_kind_known")]
        indexes = [models.Index(fields=["kind", "sha256"], name="import_batch_file")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"
