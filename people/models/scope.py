"""Whom a rule, a target or a population is for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.employees import Employee
from people.models.organisation import Band, Department, Level, Position


class Scope(models.Model):
    """Abstract. Everything that is set must hold; nothing set means everyone.

    ``department`` means the whole subtree. Of several scopes that fit, the most specific wins:
    employee > position > department (nearest first) > level > band > everyone.
    """

    department = models.ForeignKey(
        Department,
        verbose_name=_("department and below"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    position = models.ForeignKey(
        Position,
        verbose_name=_("position"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    level = models.ForeignKey(Level, verbose_name=_("level"), null=True, blank=True, on_delete=models.PROTECT)
    band = models.CharField(_("band"), max_length=12, choices=Band, blank=True, default="")
    employee = models.ForeignKey(
        Employee,
        verbose_name=_("one employee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    class Meta:
        abstract = True

    def scope_parts(self) -> list[tuple[str, str]]:
        """(dimension, value) pairs that are set, most specific first; empty for everyone."""
        parts = [
            (_("employee"), self.employee and str(self.employee)),
            (_("position"), self.position and str(self.position)),
            (_("department"), self.department and str(self.department)),
            (_("level"), self.level and str(self.level)),
            (_("band"), self.band and Band(self.band).label),
        ]
        return [(str(label), str(value)) for label, value in parts if value]

    def scope_text(self) -> str:
        """One line for people: "Middle management, R&D" or "Everyone"."""
        return ", ".join(value for _label, value in self.scope_parts()) or str(_("Everyone"))
