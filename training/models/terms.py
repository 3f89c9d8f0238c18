"""Terms that have no column of their own: JSON in the order in which it was written, with exact numbers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models


def dump_terms(value: Any) -> str:
    """JSON with decimals as they stand (0.1 stays 0.1) and days as ``year-month-day``; keys keep their order."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(key))}: {dump_terms(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return _text(value.isoformat())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(dump_terms(part) for part in value) + "]"
    return json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def load_terms(text: str | None) -> dict[str, Any]:
    """What ``dump_terms`` wrote: numbers are int or Decimal."""
    found: dict[str, Any] = json.loads(text, parse_float=Decimal) if text else {}
    return found


class TermsField(models.TextField):
    """A mapping in the spelling of the policy file (docs/policy-format.md), kept in written order."""

    # what the type checker may take for a value
    _pyi_private_set_type: Any
    _pyi_private_get_type: dict[str, Any]  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        # to the database it is a text: migrations need no code of this app
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> dict[str, Any]:
        return load_terms(value)

    def to_python(self, value: Any) -> Any:
        return load_terms(value) if isinstance(value, str) else ({} if value is None else value)

    def get_prep_value(self, value: Any) -> str:
        return value if isinstance(value, str) else dump_terms(value or {})

    def value_to_string(self, obj: models.Model) -> str:
        return dump_terms(self.value_from_object(obj))
