"""Employees and their dated assignments."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models.organisation import Department, Level, Position


def id_range(field: str) -> Func:
    """``int8range(field, field, '[]')``: equality for a GiST index without the btree_gist extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def day_range(start: str, end: str) -> Func:
    """``daterange(start, end, '[]')``: both days belong to it, an empty end is open."""
    return Func(F(start), F(end), Value("[]"), function="daterange")


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def on_staff(self, day: dt.date) -> EmployeeQuerySet:
        """Hired by ``day`` and not gone before it."""
        return self.filter(Q(exit_date__isnull=True) | Q(exit_date__gte=day), hire_date__lte=day)


@pghistory.track()
class Employee(models.Model):
    """A person who works or worked here. ``exit_date`` is the last working day."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")
        UNKNOWN = "", _("Not stated")

    employee_no = models.CharField(_("employee number"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True, default="")
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    education = models.CharField(_("education"), max_length=60, blank=True)
    hire_date = models.DateField(_("hire date"))
    exit_date = models.DateField(_("last working day"), null=True, blank=True)
    attributes = models.JSONField(_("custom attributes"), default=dict, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="employee",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        ordering = ["employee_no"]
        constraints = [
            models.CheckConstraint(
                condition=Q(exit_date__isnull=True) | Q(exit_date__gte=F("hire_date")),
                name="employee_exit_after_hire",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="employee_name"),
            # leavers are few: whoever lists those on staff leaves them out
            models.Index(fields=["exit_date"], condition=models.Q(exit_date__isnull=False), name="employee_exit"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.employee_no})"


@pghistory.track()
class Assignment(models.Model):
    """Department + position + level of an employee, from a day to a day (both included; empty end is open).

    ``is_head`` makes the holder the manager of the department and everything below it.
    """

    employee = models.ForeignKey(
        Employee,
        verbose_name=_("employee"),
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    position = models.ForeignKey(
        Position,
        verbose_name=_("position"),
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    level = models.ForeignKey(
        Level,
        verbose_name=_("level"),
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    is_head = models.BooleanField(_("head of the department"), default=False)
    start_date = models.DateField(_("start date"))
    end_date = models.DateField(_("end date"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["employee_id", "start_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="assignment_end_after_start",
            ),
            ExclusionConstraint(
                name="assignment_no_overlap",
                expressions=[
                    (id_range("employee_id"), RangeOperators.OVERLAPS),
                    (day_range("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "start_date"], name="assignment_employee_start"),
            models.Index(fields=["department", "start_date"], name="assignment_department_start"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.start_date} – {self.end_date or ''}"


@pghistory.track()
class Leave(models.Model):
    """A long leave (parental, sick, sabbatical), both days included; open without ``end_date``."""

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.CASCADE, related_name="leaves")
    kind = models.CharField(_("kind of leave"), max_length=40)
    start_date = models.DateField(_("start date"))
    end_date = models.DateField(_("end date"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("long leave")
        verbose_name_plural = _("long leaves")
        ordering = ["employee_id", "start_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="leave_end_after_start",
            ),
            ExclusionConstraint(
                name="leave_no_overlap",
                expressions=[
                    (id_range("employee_id"), RangeOperators.OVERLAPS),
                    (day_range("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind} {self.start_date} – {self.end_date or ''}"
