"""What a department achieved as a team."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Department
from training.models.catalogue import Activity, Course
from training.models.records import RecordStatus, source_words


class TeamRecord(models.Model):
    """An achievement of a department: whose policy has rules for teams decides whether its people share the points.

    Like a learning record it is never edited: it is voided with a reason, and entered anew. ``source`` + ``source_id``
    name it for good.
    """

    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="team_records"
    )
    activity = models.ForeignKey(Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(
        Course, verbose_name=_("course"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    happened_on = models.DateField(_("date"))
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    count = models.PositiveIntegerField(_("times"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=40)
    source_id = models.CharField(_("source id"), max_length=120)
    attributes = models.JSONField(_("custom attributes"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=RecordStatus, default=RecordStatus.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("team record")
        verbose_name_plural = _("team records")
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="team_record_source_id_once"),
            models.CheckConstraint(condition=Q(status__in=RecordStatus.values), name="team_record_status_known"),
        ]

    def __str__(self) -> str:
        return self.title or self.came_from

    @property
    def came_from(self) -> str:
        return source_words(self.source, self.source_id)
