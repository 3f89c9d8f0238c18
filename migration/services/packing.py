"""Cells and sentences as JSON and back: what is kept sealed is said in the language of whoever reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from migration.cleaning import Say
from migration.rules import BesideRow, as_row

#: types of cells that JSON has no word for, by the one that is kept with them
_KINDS: dict[str, Callable[[Any], Any]] = {
    "datetime": dt.datetime.fromisoformat, "date": dt.date.fromisoformat, "time": dt.time.fromisoformat,
    "Decimal": Decimal, "timedelta": lambda text: dt.timedelta(seconds=float(text)), "BesideRow": as_row,
}  # fmt: skip


def packed_say(say: Say) -> list[Any]:
    return [say.text, {name: packed_cell(value) for name, value in say.values.items()}]


def say_of(packed: list[Any]) -> Say:
    text, values = packed
    return Say(text, {name: cell_of(value) for name, value in values.items()})


def packed_cell(value: Any) -> Any:
    """A text, number or nothing as it is; else what it is, and its text."""
    if isinstance(value, BesideRow):
        return ["BesideRow", int(value)]
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dt.timedelta):
        return ["timedelta", str(value.total_seconds())]
    return [type(value).__name__, value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)]


def cell_of(packed: Any) -> Any:
    return _KINDS.get(packed[0], str)(packed[1]) if isinstance(packed, list) else packed
