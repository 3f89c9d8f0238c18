"""What was imported, by whom, and what was kept out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What the rows of a file are, in the order in which files come in that lean on each other.

    Departures come before what is judged by them: records after the last working day stay refused.
    """

    EMPLOYEES = "employees", _("Employees")
    COURSES = "courses", _("Courses")
    ASSIGNMENTS = "assignments", _("Assignments")
    LEAVES = "leaves", _("Long leaves")
    DEPARTURES = "departures", _("Departures")
    RECORDS = "records", _("Learning records")
    SCORES = "scores", _("Exam scores")
    KPI = "kpi", _("KPI scores")
    RATINGS = "ratings", _("Ratings")
    SALARIES = "salaries", _("Salaries")
    CANDIDATES = "candidates", pgettext_lazy("recruiting", "Candidates")


class KeepsRefusedRows(models.Model):
    """Has rows that were refused, sealed (see services/refused.py), until a day; then they are deleted."""

    refused_sealed = models.BinaryField(default=b"", editable=False)
    refused_until = models.DateTimeField(_("refused rows are deleted at"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def has_refused_rows(self) -> bool:
        return self.refused_until is not None and self.refused_until > timezone.now()

    @property
    def had_refused_rows(self) -> bool:
        return self.refused_until is not None and not self.has_refused_rows


class ImportBatch(KeepsRefusedRows):
    """A file that was imported. ``problems`` are the rows kept out, as dicts of row, column, value, message, mend.

    ``totals`` the sums before and after (see
    services/totals.py). Rows in = created + changed + unchanged + kept + merged + passed over
    + refused.
    """

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
    kept = models.PositiveIntegerField(_("kept for a decision"), default=0)
    #: rows that repeat another one of the file in every cell
    merged = models.PositiveIntegerField(_("merged"), default=0)
    passed_over = models.PositiveIntegerField(_("passed over"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    problems = models.JSONField(_("problems"), default=list)
    totals = models.JSONField(_("control totals"), default=list, editable=False)
    #: batches from before there was a journal cannot be undone
    has_journal = models.BooleanField(default=False, editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("undone by"), null=True, editable=False, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    undo_reason = models.CharField(_("reason of the undo"), max_length=300, blank=True, editable=False)
    #: encrypted file with the tables as they were before, in the folder of such backups; empty: none was made
    backup_file = models.CharField(_("backup"), max_length=120, blank=True, editable=False)
    backup_size = models.PositiveBigIntegerField(_("size of the backup"), default=0, editable=False)

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="import_batch_kind_known")]
        indexes = [models.Index(fields=["kind", "sha256"], name="import_batch_file")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"


class ImportedRow(models.Model):
    """What a batch did to one row of a table. ``before`` and ``after`` hold its columns; of evidence they are empty."""

    class Action(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        #: by the undo, with the people whom the batch had created; ``before`` is what it was
        REMOVED = "removed", _("Removed")

    #: written with its batch by hundreds of thousands: neither checked one by one nor indexed twice
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="journal", db_index=False, db_constraint=False
    )
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    #: in the file; null where no row names it, as a department that was created on the way
    row = models.PositiveIntegerField(null=True)
    action = models.CharField(max_length=8, choices=Action)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=["created", "changed", "removed"]), name="imported_row_action"
            )
        ]
        indexes = [models.Index(fields=["batch", "model"], name="imported_row_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.model} {self.object_id}"
