"""What the suite writes down about its own upkeep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupRun(models.Model):
    """An attempt at a backup. With a ``file`` it was made, whatever ``error`` says of its proof; with neither it still
    runs, or was killed."""

    started_at = models.DateTimeField(_("started at"), db_index=True)
    file = models.CharField(_("file"), max_length=255, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.file or f"{self.started_at:%Y-%m-%d %H:%M}"
