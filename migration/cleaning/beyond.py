"""Cells beyond the last heading: an amount split at its comma (``$ 54`` and ``390.17``), or something to ask about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from migration.cleaning.layout import is_filled
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import tidy
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

#: a sign of currency before the first part tells it from any number that stands beside another
_FIRST = re.compile(r"[^\w\s-]{1,3}\s*\d{1,3}(,\d{3})*")
_PART = re.compile(r"-?[1-9]\d{0,2}(,\d{3})*")
_REST = re.compile(r"\d{3}(,\d{3})*(\.\d+)?")


def put_together(cells: list[Any], extra: list[Any]) -> list[Any] | None:
    """The row with the only amount that can be whole again; None where there is none, or several."""
    tail = [cell for cell in extra if is_filled(cell)]
    if len(tail) != 1:
        return None
    whole = cells + tail
    found = [
        place for place, (one, other) in enumerate(pairwise(whole))
        if isinstance(one, str) and isinstance(other, str)
        and _FIRST.fullmatch(one.strip()) and _REST.fullmatch(other.strip())
    ]  # fmt: skip
    if len(found) != 1:
        return None
    place = found[0]
    return [*whole[:place], f"{whole[place]},{whole[place + 1]}", *whole[place + 2 :]]


def split_amounts(columns: Sequence[Column], cells: list[Any], extra: list[Any]) -> list[list[Any]]:
    """The rows that this one is when a number of a column of numbers, split at its comma, is whole again: 1,234."""
    tail = [cell for cell in extra if is_filled(cell)]
    if len(tail) != 1:
        return []
    whole = cells + tail
    return [
        [*whole[:place], f"{one}{other}", *whole[place + 2 :]]
        for place, (one, other) in enumerate(pairwise(whole))
        if columns[place].type == "number" and isinstance(one, str) and isinstance(other, str)
        and is_split(one, other)
    ]  # fmt: skip


def is_split(one: str, other: str) -> bool:
    return bool(_PART.fullmatch(one.strip()) and _REST.fullmatch(other.strip()))


def report_beyond(work: Work, place: int, extra: list[Any]) -> None:
    beyond = ", ".join(text for cell in extra if (text := tidy(text_of(cell))))
    text = gettext_noop("The row has cells beyond the last heading, which would be lost: %(cells)s.")
    work.doubt_row(place, "shifted_rows", Say(text, {"cells": beyond}))
