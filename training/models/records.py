"""Evidence that learning happened, and reminders sent to those behind."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Employee
from training.models.catalogue import Activity, Course
from training.models.periods import PointsYear


def source_words(source: str, source_id: str) -> str:
    """Where a record came from, for people. What the suite numbered itself has no number that anybody knows."""
    known = {"manual": _("Entered by hand"), "sheet": _("Sign-in sheet"), "appeal": _("An appeal")}
    return str(known[source]) if source in known else f"{source}: {source_id}"


class RecordStatus(models.TextChoices):
    ACTIVE = "active", _("Counts")
    SUPERSEDED = "superseded", _("Superseded")
    VOIDED = "voided", _("Voided")


class LearningRecord(models.Model):
    """Who, what, when, how much. Never edited: a correction supersedes it, a mistake is voided.

    ``happened_on`` is the day it took place, ``received_at`` when the suite learned of it. ``minutes``, ``score``,
    ``passed`` and ``count`` are what the activity's measure asks for. ``source`` + ``source_id`` name it for good:
    a correction keeps both and raises ``revision``.
    """

    employee = models.ForeignKey(
        Employee,
        verbose_name=_("employee"),
        on_delete=models.PROTECT,
        related_name="learning_records",
        # record_evidence begins with it
        db_index=False,
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        on_delete=models.PROTECT,
        related_name="records",
    )
    course = models.ForeignKey(
        Course,
        verbose_name=_("course"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="records",
        # see record_course
        db_index=False,
    )
    happened_on = models.DateField(_("date"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    count = models.PositiveIntegerField(_("times"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=40)
    source_id = models.CharField(_("source id"), max_length=120)
    revision = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(_("status"), max_length=10, choices=RecordStatus, default=RecordStatus.ACTIVE)
    supersedes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    attributes = models.JSONField(_("custom attributes"), default=dict, blank=True)
    created_by = models.ForeignKey(
        # asked of records that are named, never for records
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip

    class Meta:
        verbose_name = _("learning record")
        verbose_name_plural = _("learning records")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id", "revision"], name="record_source_id_once"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(status="active"),
                name="record_one_active_revision",
            ),
            models.CheckConstraint(condition=Q(status__in=RecordStatus.values), name="record_status_known"),
        ]
        indexes = [
            # all that booking reads of a record: the table itself has somebody's records on as many pages
            models.Index(
                fields=["employee", "happened_on"],
                include=["id", "activity", "minutes", "count", "passed", "status"],
                name="record_evidence",
            ),
            # most records name no course: each index less makes imports of millions faster
            models.Index(fields=["course"], condition=Q(course__isnull=False), name="record_course"),
            models.Index(fields=["-happened_on", "-id"], name="record_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id}"

    @property
    def came_from(self) -> str:
        return source_words(self.source, self.source_id)


class Reminder(models.Model):
    """An employee was reminded on a day; the constraint allows one a day."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="reminders")
    year = models.ForeignKey(PointsYear, on_delete=models.CASCADE, related_name="+")
    sent_on = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employee", "sent_on"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.sent_on}"
