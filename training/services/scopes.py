"""Whom a rule or a target is for, and the check that every saved row passes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Department, Employee, Level, Position


@dataclass(frozen=True)
class Whom:
    """Everything that is set must hold; nothing set means everyone. ``department`` includes all below it."""

    department: Department | None = None
    position: Position | None = None
    level: Level | None = None
    band: str = ""
    employee: Employee | None = None

    def as_fields(self) -> dict[str, Any]:
        """Keyword arguments of a ``Scope`` model."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of(cls, scope: Any) -> Whom:
        """The scope of a saved rule or target."""
        return cls(**{field.name: getattr(scope, field.name) for field in fields(cls)})

    def check(self) -> None:
        """Refuse what nobody can fulfil."""
        if self.level and self.band and self.level.band != self.band:
            raise BadInput(
                "band",
                self.band,
                _("Level %(level)s belongs to another band, so this would be for nobody.") % {"level": self.level},
                _("Leave the band or the level empty."),
            )


def check_fields(instance: models.Model, *, exclude: set[str] | None = None) -> None:
    """Lengths, decimal places, choices and blanks of the instance's own columns; BadInput names the first problem."""
    relations = {field.name for field in instance._meta.fields if field.is_relation}
    try:
        instance.clean_fields(exclude=relations | (exclude or set()))
    except ValidationError as error:
        name, problems = next(iter(error.message_dict.items()))
        raise BadInput(name, getattr(instance, name, ""), " ".join(problems)) from error
