"""Cells beyond the last heading, and numbers that were split at their comma: ``54`` and ``390.17``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import tidy
from migration.cleaning.work import Say, Work
from migration.rules import text_of

_PART = re.compile(r"-?[1-9]\d{0,2}(,\d{3})*")
_REST = re.compile(r"\d{3}(,\d{3})*(\.\d+)?")


def is_split(one: str, other: str) -> bool:
    return bool(_PART.fullmatch(one.strip()) and _REST.fullmatch(other.strip()))


def report_beyond(
    work: Work, place: int, extra: Sequence[Any], readings: Sequence[Sequence[Any]] = (), stands_at: int = 0
) -> None:
    """``readings``: what the row may be with all its cells, and where among them it stands as it is."""
    beyond = ", ".join(text for cell in extra if (text := tidy(text_of(cell))))
    text = gettext_noop("The row has cells beyond the last heading, which would be lost: %(cells)s.")
    work.doubt_row(place, "shifted_rows", Say(text, {"cells": beyond}), readings, stands_at)
