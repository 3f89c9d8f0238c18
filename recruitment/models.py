"""People who apply, and what they applied for."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Department, Employee, Position
from recruitment.rules import APPLIED, CLOSED, HIRED, IN_REVIEW, INTERVIEWING, OFFERED, REJECTED, STAGES, WITHDRAWN


@pghistory.track()
class Candidate(models.Model):
    """A person who applies, or applied. ``number`` is the other system's; without one e-mail or phone tells them."""

    number = models.CharField(_("candidate number"), max_length=40, null=True, blank=True, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    gender = models.CharField(_("gender"), max_length=8, choices=Employee.Gender, blank=True, default="")
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    #: where they heard of us: a board, a fair, an employee
    source = models.CharField(_("source"), max_length=80, blank=True)
    education = models.CharField(_("education"), max_length=60, blank=True)
    experience_years = models.DecimalField(
        _("years of experience"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    skills = models.TextField(_("skills"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(experience_years__isnull=True) | Q(experience_years__gte=0), name="candidate_experience"
            )
        ]
        indexes = [
            models.Index(fields=["name"], name="candidate_name"),
            models.Index(Lower("email"), name="candidate_email"),
            models.Index(fields=["phone"], name="candidate_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})" if self.number else self.name


@pghistory.track()
class Application(models.Model):
    """A candidate for a post. ``stage`` is how far it came, ``closed_as`` how it ended without a hire (empty: not).

    ``job_title`` stays as it was written; ``position`` is set where the suite has one of that name.
    """

    class Stage(models.TextChoices):
        APPLIED = APPLIED, pgettext_lazy("recruiting", "Applied")
        IN_REVIEW = IN_REVIEW, _("In review")
        INTERVIEWING = INTERVIEWING, _("Interviewing")
        OFFERED = OFFERED, _("Offered")
        HIRED = HIRED, pgettext_lazy("recruiting", "Hired")

    class Closed(models.TextChoices):
        OPEN = "", _("Under way")
        REJECTED = REJECTED, pgettext_lazy("recruiting", "Rejected")
        WITHDRAWN = WITHDRAWN, pgettext_lazy("recruiting", "Withdrawn")

    candidate = models.ForeignKey(
        Candidate, verbose_name=_("candidate"), on_delete=models.CASCADE, related_name="applications"
    )
    job_title = models.CharField(_("applied for"), max_length=160, blank=True)
    position = models.ForeignKey(
        Position, verbose_name=_("position"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="applications",
    )  # fmt: skip
    department = models.ForeignKey(
        Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="applications",
    )  # fmt: skip
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.APPLIED)
    closed_as = models.CharField(_("ended"), max_length=10, choices=Closed, blank=True, default="")
    closed_reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: as they were stated; the file's own currency and span
    desired_salary = models.DecimalField(_("desired salary"), max_digits=12, decimal_places=2, null=True, blank=True)
    offered_salary = models.DecimalField(_("offered salary"), max_digits=12, decimal_places=2, null=True, blank=True)
    employee = models.ForeignKey(
        Employee, verbose_name=_("hired as"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="applications",
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-applied_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "job_title", "applied_on"], name="application_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="application_stage_known"),
            models.CheckConstraint(condition=Q(closed_as__in=["", *CLOSED]), name="application_closed_known"),
            models.CheckConstraint(condition=Q(closed_as="") | ~Q(stage=HIRED), name="application_hired_is_open"),
            models.CheckConstraint(condition=Q(employee__isnull=True) | Q(stage=HIRED), name="application_hired_whom"),
        ]
        indexes = [models.Index(fields=["stage", "closed_as"], name="application_stage")]

    @property
    def status(self) -> str:
        """Stage and end in one word, as other systems say it."""
        return self.closed_as or self.stage

    @property
    def status_label(self) -> str:
        return str(self.get_closed_as_display() if self.closed_as else self.get_stage_display())

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.job_title} {self.applied_on or ''}".strip()
