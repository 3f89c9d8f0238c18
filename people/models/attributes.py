"""What else is recorded of employees and records: declared once, typed, asked for by policies."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@pghistory.track()
class Attribute(models.Model):
    """A custom attribute. Its values stand in ``attributes`` (JSON) of the employee or record, by ``code``.

    Numbers are kept as decimal text, days as ``year-month-day``, truth values as they are, everything else as text.
    """

    class Owner(models.TextChoices):
        EMPLOYEE = "employee", _("Employees")
        RECORD = "record", _("Learning records")

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        # "Number" heads columns of employee numbers elsewhere
        NUMBER = "number", pgettext_lazy("type of attribute", "Number")
        DATE = "date", _("Date")
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")

    owner = models.CharField(_("recorded of"), max_length=10, choices=Owner)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    type = models.CharField(_("type"), max_length=10, choices=Type)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["owner", "code"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="attribute_once"),
            models.CheckConstraint(condition=models.Q(owner__in=["employee", "record"]), name="attribute_owner_known"),
            models.CheckConstraint(
                condition=models.Q(type__in=["text", "number", "date", "boolean", "choice"]),
                name="attribute_type_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
