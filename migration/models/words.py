"""What was decided once, for every import after: mappings of columns, and meanings of words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.history import tracked


@tracked
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


@tracked
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
