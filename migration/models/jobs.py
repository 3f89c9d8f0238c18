"""Imports that a worker does."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from migration.models.batches import ImportBatch, KeepsRefusedRows, Kind
from migration.models.uploads import Upload, UploadTable


class ImportJob(models.Model):
    """Tables that are imported by a worker, one after the other. The row is the work: a message only makes it instant.

    ``phase``, ``done`` and ``total`` are of the table that runs. A worker that runs a job holds its advisory lock.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    OPEN = (Status.WAITING, Status.RUNNING)

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), on_delete=models.PROTECT, related_name="+"
    )
    upload = models.ForeignKey(Upload, null=True, on_delete=models.SET_NULL, related_name="jobs")
    #: in which it was started, and reasons are written
    language = models.CharField(max_length=10, blank=True)
    #: import the good rows where others are refused
    skip_bad = models.BooleanField(default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    attempts = models.PositiveIntegerField(default=0)
    phase = models.CharField(max_length=12, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("stopped by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    #: why it failed, for people
    message = models.TextField(blank=True)

    class Meta:
        verbose_name = _("import job")
        verbose_name_plural = _("import jobs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["waiting", "running", "done", "refused", "cancelled", "failed"]),
                name="import_job_status_known",
            ),
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="running"), name="import_job_one_running"
            ),
            models.UniqueConstraint(
                fields=["upload"], condition=models.Q(status__in=["waiting", "running"]), name="import_job_upload_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class ImportJobTable(KeepsRefusedRows):
    """A table of a job: what became of it. Its own transaction writes this row, the batch and what was imported."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        IMPORTED = "imported", _("Imported")
        UNCHANGED = "unchanged", _("Imported before")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="tables")
    position = models.PositiveIntegerField()
    table = models.ForeignKey(UploadTable, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("table"), max_length=600)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    #: of a table without a batch; an imported one has them in its batch
    problems = models.JSONField(default=list)
    batch = models.OneToOneField(ImportBatch, null=True, on_delete=models.PROTECT, related_name="job_table")

    class Meta:
        verbose_name = _("table of an import job")
        verbose_name_plural = _("tables of import jobs")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["waiting", "imported", "unchanged", "refused", "cancelled", "failed"]),
                name="import_job_table_status",
            ),
            models.UniqueConstraint(fields=["job", "position"], name="import_job_table_once"),
        ]

    def __str__(self) -> str:
        return self.name
