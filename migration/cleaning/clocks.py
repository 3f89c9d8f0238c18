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
_AN_HOUR = r"hours?|hrs?|h|std|stunden?|个?小时|时"
_A_MINUTE = r"minutes?|mins?|m|分钟?|'"
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_WORDS = re.compile(
    rf"(\d{{1,3}})\s*(?:{_AN_HOUR})\.?,?\s*(?:and|und|零|又)?\s*(\d{{1,2}})\s*(?:{_A_MINUTE})?\.?", re.IGNORECASE
)
#: PT1H30M, as ISO 8601 has it
_ISO = re.compile(
    r"P(?:(\d{1,2})D)?T(?:(\d{1,3}(?:\.\d+)?)H)?(?:(\d{1,4}(?:\.\d+)?)M)?(?:(\d{1,5})(?:\.\d+)?S)?", re.IGNORECASE
)
_IN_HOURS = re.compile(rf"({_NUMBER})\s*(?:{_AN_HOUR})\.?", re.IGNORECASE)
_IN_MINUTES = re.compile(rf"({_NUMBER})\s*(?:{_A_MINUTE})\.?", re.IGNORECASE)
#: a day of work, which has eight hours for most
_IN_DAYS = re.compile(rf"({_NUMBER}|半)\s*个?(?:d|days?|Tage?|天|日|工作日)\.?", re.IGNORECASE)
_HOURS_OF_DAY = 8
_AND_A_HALF = re.compile(r"(\d{1,3}|半)\s*个?(?:小时|钟头)(半?)")
_CLOCK_OF_HOURS = re.compile(r"(\d{1,3}:[0-5]\d)\s*(?:h|hrs?|hours?|std)\.?", re.IGNORECASE)
#: 2 1/2 and 1½
_FRACTION = re.compile(r"(?:(\d{1,3})[\s-]+)?([1-3])/([2-4])")
_SIGNS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3"}
#: lessons, of 45 minutes or of an hour
_LESSONS = re.compile(r"学时|课时")
_HOURS = re.compile(r"hour|\bhrs?\b|小时|学时|课时|工时", re.IGNORECASE)
_MINUTES = re.compile(r"minute|\bmins?\b|分钟", re.IGNORECASE)
#: a time of the day, not how long something took
_POINT = re.compile(
    r"clock|check|\b(in(?! hours| minutes)|out|start|end|begin|from|to|until|at)\b|上班|下班|打卡|开始|结束",
    re.IGNORECASE,
)
_UNITS = gettext_noop("The numbers of the column have different units.")
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
    if match := _CLOCK_OF_HOURS.fullmatch(text):
        text = match[1]
    if match := _CLOCK.fullmatch(text):
        return Decimal(int(match[1]) * 60 + int(match[2])) + Decimal(match[3] or 0) / 60
    if match := _WORDS.fullmatch(text):
        return Decimal(int(match[1]) * 60 + int(match[2]))
    if (match := _ISO.fullmatch(text)) and any(match.groups()):
        days, hours, minutes, seconds = (Decimal(one or 0) for one in match.groups())
        return days * 1440 + hours * 60 + minutes + seconds / 60
    return None


def _alone(cell: Any) -> tuple[Decimal, str] | None:
    """(minutes, hours or minutes) of a cell that says its one unit itself: 90 min, 1.5 hrs, 半小时."""
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
    if match := _IN_HOURS.fullmatch(text):
        return Decimal(match[1].replace(",", ".")) * 60, "hours"
    if match := _IN_MINUTES.fullmatch(text):
        return Decimal(match[1].replace(",", ".")), "minutes"
    if (match := _AND_A_HALF.fullmatch(text)) and (match[1] == "半" or match[2]):
        whole = 0 if match[1] == "半" else int(match[1]) * 60
        return Decimal(whole + 30), ""
    return None


def _fraction(cell: Any) -> Decimal | None:
    """2.5 for ``2 1/2`` and ``2½``."""
    if not isinstance(cell, str):
        return None
    text = "".join(_SIGNS.get(sign, sign) for sign in cell).strip()
    match = _FRACTION.fullmatch(text)
    if match is None or not (match[1] or text != cell.strip()) or int(match[2]) >= int(match[3]):
        return None
    return int(match[1] or 0) + Decimal(match[2]) / Decimal(match[3])


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


def _told(cell: Any, unit: str, column: Column) -> list[Decimal]:
    """What a cell with a unit of its own, or a fraction, is in that of the column; several where it is not plain."""
    if (number := _fraction(cell)) is not None:
        return [number] if unit == "hours" else [number * 60, number]
    if isinstance(cell, str) and (match := _IN_DAYS.fullmatch(unicodedata.normalize("NFKC", cell).strip())):
        days = Decimal("0.5") if match[1] == "半" else Decimal(match[1].replace(",", "."))
        return [days * _HOURS_OF_DAY * (1 if unit == "hours" else 60), days]
    alone = _alone(cell)
    if alone is None or (alone[1] == unit and not str(cell).strip().endswith(("m", "'"))):
        return []
    minutes = alone[0]
    found = minutes / 60 if unit == "hours" else minutes
    # a number of lessons may stand as it is; the sign of minutes may be a stray quotation mark
    is_open = _LESSONS.search(column.name) or str(cell).strip().endswith("'")
    return [found, minutes] if is_open and alone[1] != unit else [found]


def read_clocks(work: Work, column: Column) -> None:
    """Rule ``clock_times``."""
    if not is_duration(column.name, column.meaning):
        return
    unit = unit_of(column)
    for (_kind, value), places in work.grouped(column).items():
        minutes = minutes_in(value)
        if minutes is None and unit and (told := _told(value, unit, column)):
            if len(told) == 1:
                work.change_all(column, places, "clock_times", _plain(told[0]))
            for place in places if len(told) > 1 else ():
                work.doubt(column, place, "clock_times", tuple(map(_plain, told)), Say(_UNITS))
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
