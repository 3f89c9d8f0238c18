"""Durations written as a clock shows them: 1:30 in a column of hours, or of minutes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_WORDS = re.compile(r"(\d{1,3})\s*(?:hours?|hrs?|h|个?小时|时)\s*(\d{1,2})\s*(?:minutes?|mins?|m|分钟?)", re.IGNORECASE)
_HOURS = re.compile(r"hour|\bhrs?\b|小时|学时|课时|工时", re.IGNORECASE)
_MINUTES = re.compile(r"minute|\bmins?\b|分钟", re.IGNORECASE)
#: a time of the day, not how long something took
_POINT = re.compile(
    r"clock|check|\b(in(?! hours| minutes)|out|start|end|begin|from|to|until|at)\b|上班|下班|打卡|开始|结束",
    re.IGNORECASE,
)
_PLACES = Decimal("0.0001")


def minutes_in(cell: Any) -> Decimal | None:
    """The minutes that a clock or a stopwatch shows; None for anything else."""
    if isinstance(cell, dt.timedelta):
        return Decimal(round(cell.total_seconds())) / 60
    if isinstance(cell, dt.time):
        return Decimal(cell.hour * 60 + cell.minute) + Decimal(cell.second) / 60
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).strip()
    if match := _CLOCK.fullmatch(text):
        return Decimal(int(match[1]) * 60 + int(match[2])) + Decimal(match[3] or 0) / 60
    if match := _WORDS.fullmatch(text):
        return Decimal(int(match[1]) * 60 + int(match[2]))
    return None


def unit_of(column: Column) -> str:
    """hours or minutes; empty where the heading does not say."""
    if column.field in ("hours", "minutes"):
        return column.field
    hours, minutes = _HOURS.search(column.name), _MINUTES.search(column.name)
    return "hours" if hours and not minutes else "minutes" if minutes and not hours else ""


def is_duration(heading: str, meaning: str) -> bool:
    if _POINT.search(heading):
        return False
    return meaning == "duration" or bool(_HOURS.search(heading) or _MINUTES.search(heading))


def read_clocks(work: Work, column: Column) -> None:
    """Rule ``clock_times``."""
    if not is_duration(column.name, column.meaning):
        return
    unit = unit_of(column)
    for (_kind, value), places in work.grouped(column).items():
        minutes = minutes_in(value)
        if minutes is None:
            continue
        hours = minutes / 60
        if unit:
            work.change_all(column, places, "clock_times", _plain(hours if unit == "hours" else minutes))
            continue
        for place in places:
            reason = gettext_noop("The column does not say whether it counts hours or minutes.")
            work.doubt(column, place, "clock_times", (_plain(hours), _plain(minutes), shown(value)), Say(reason))


def _plain(number: Decimal) -> str:
    return format(number.quantize(_PLACES).normalize(), "f")
