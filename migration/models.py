"""What was imported, by whom, and what was kept out."""

from __future__ import annotations

import pghistory
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


class Upload(models.Model):
    """Files that came together, until they are imported or too old. Only ``actor`` sees them."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("deleted at"))
    #: sealed: what was said of files that wait for their password
    said = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["expires_at"], name="upload_expiry")]

    def __str__(self) -> str:
        return str(self.pk)


@pghistory.track()
class UploadFile(models.Model):
    """A file of an upload. ``sha256`` and ``size`` are of its content, which stands sealed in ``parts``."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    #: a password is needed to read it; what was opened is kept without one
    is_locked = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class UploadPart(models.Model):
    """A piece of a file, encrypted: see services/sealing.py."""

    file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"


# who decided about it and when outlives it; what it holds, and the answers, do not
@pghistory.track(exclude=["inventory", "choices"])
class UploadTable(models.Model):
    """A table of an upload: a sheet of a workbook, a text, or such a file inside a zip.

    ``inventory`` and ``choices`` are sealed JSON: what the table holds, and what was decided about it.
    ``is_further``: the same table once more, for what its rows say besides: see services/further.py.
    """

    file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, related_name="tables")
    #: of the file itself, or of the one inside a zip
    member = models.CharField(max_length=255)
    sheet = models.CharField(_("sheet"), max_length=255, blank=True)
    position = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    is_skipped = models.BooleanField(_("left out"), default=False)
    is_further = models.BooleanField(default=False, editable=False)
    inventory = models.BinaryField()
    choices = models.BinaryField(default=b"")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, editable=False, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    class Meta:
        verbose_name = _("uploaded table")
        verbose_name_plural = _("uploaded tables")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "position"], condition=models.Q(is_further=False), name="upload_table_once"
            ),
            models.UniqueConstraint(
                fields=["file", "position", "kind"], condition=models.Q(is_further=True), name="upload_further_once"
            ),
        ]

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind.values else ""

    def __str__(self) -> str:
        return f"{self.member} · {self.sheet}" if self.sheet else self.member


class UploadClean(models.Model):
    """What the cleaning made of an upload, sealed, so that the next page need not clean again: see services/kept.py."""

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="clean")
    #: fingerprint of all that the cleaning looked at
    key = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("cleaned upload")
        verbose_name_plural = _("cleaned uploads")

    def __str__(self) -> str:
        return str(self.upload_id)


class MappingTemplate(models.Model):
    """Which columns of a source are which fields. ``signature`` is of its headings: such a file is recognised."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20)
    signature = models.CharField(max_length=64)
    headings = models.JSONField(_("headings"), default=list)
    #: columns, attributes, constants: as in a mapping file
    mapping = models.JSONField(_("mapping"), default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("saved by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("mapping template")
        verbose_name_plural = _("mapping templates")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "signature"], name="mapping_template_once")]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A word of old files and what it means in a field of the suite; empty: nothing. ``folded`` is compared."""

    field = models.CharField(_("field"), max_length=60)
    word = models.CharField(_("word"), max_length=300)
    folded = models.CharField(max_length=300)
    meaning = models.CharField(_("meaning"), max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), auto_now=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["field", "word"]
        constraints = [models.UniqueConstraint(fields=["field", "folded"], name="term_once")]

    def __str__(self) -> str:
        return f"{self.word} → {self.meaning}"


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
