"""Errors that a person can mend: where, what, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class BadInput(Exception):
    """Refused input. Nothing has been changed when this is raised.

    ``field`` is the name of the column or form field, ``value`` what was given, ``message`` what is wrong
    and ``mend`` what to do about it; the last two are translated sentences.
    """

    field: str
    value: Any
    message: str
    mend: str = ""

    def __str__(self) -> str:
        shown = "" if self.value in (None, "") else f" ({self.value!s})"
        return f"{self.field}{shown}: {self.message} {self.mend}".strip()
