"""Files on their way in, sealed, until they are imported or too old."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from migration.models.batches import Kind


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
