"""Durations written as a clock shows them: 1:30 in a column of hours, or of minutes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import number_of

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
#: days that a part of a day has at most
_MOST_DAYS = 2
#: 8:5, which leaves open which minute, and 0:90, which no clock shows
_HALF_CLOCK = re.compile(r"(\d{1,4}):(\d)")
_NO_CLOCK = re.compile(r"(?=:|\d+:[6-9])(\d{0,4}):(\d\d)")
#: 1 day, 4:30:00 and 0 days 01:30:00, as programs write them
_DAYS = re.compile(r"(\d{1,3}) days?,? (\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?", re.IGNORECASE)
#: what a spreadsheet makes of hours beyond a day that it shows as the time of a day
_ZERO, _LAST = dt.datetime(1899, 12, 31), dt.datetime(1900, 3, 1)  # noqa: DTZ001 - cells have no zone
_BEYOND = re.compile(r"(1899-12-3[01]|1900-0[12]-\d\d)[T ](\d{1,2}:\d{2}(?::\d{2})?)")
#: decimals from which a number was no number of hours, and how near a whole minute is
_LONG_TAIL, _NEAR = 6, Decimal("0.01")
_OF_A_DAY = gettext_noop(
    "A spreadsheet keeps times as parts of a day: this may be such a part, or a number as the others."
)
_MINUTES_OPEN = gettext_noop("The minutes are not written in two digits.")
_BEYOND_A_DAY = gettext_noop("A spreadsheet made a day of hours beyond 24; what it shows is the time alone.")
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
    if match := _DAYS.fullmatch(text):
        days, hours, minutes, seconds = (Decimal(one or 0) for one in match.groups())
        return days * 1440 + hours * 60 + minutes + seconds / 60
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
    _ask_about_clocks(work, column, unit)
    _ask_about_parts_of_days(work, column, unit)
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


def _in_units(minutes: Decimal, unit: str) -> list[str]:
    """What so many minutes are in the unit of a column, or in both."""
    return [_plain(one) for one, of in ((minutes / 60, "hours"), (minutes, "minutes")) if unit in ("", of)]


def _ask_about_clocks(work: Work, column: Column, unit: str) -> None:
    """8:5, 0:90, and hours beyond a day that became a date."""
    for (_kind, value), places in work.grouped(column).items():
        candidates, reason = _readings(value)
        for place in places if candidates else ():
            said = [text for minutes in candidates for text in _in_units(minutes, unit)]
            work.doubt(column, place, "clock_times", tuple(dict.fromkeys(said)), Say(reason))


def _readings(value: Any) -> tuple[list[Decimal], str]:
    """The minutes that a cell can mean which is no clock, and why it is none."""
    day = value
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if match := _HALF_CLOCK.fullmatch(text):
            hours = int(match[1]) * 60
            tens = [hours + int(match[2]) * 10] if match[2] in "12345" else []
            # the last one is a decimal that has the wrong sign
            return [Decimal(one) for one in (hours + int(match[2]), *tens, hours + int(match[2]) * 6)], _MINUTES_OPEN
        if match := _NO_CLOCK.fullmatch(text):
            return [Decimal(int(match[1] or 0) * 60 + int(match[2]))], _MINUTES_OPEN
        match = _BEYOND.fullmatch(text)
        day = dt.datetime.fromisoformat(f"{match[1]} {match[2].zfill(5)}") if match else None
    if isinstance(day, dt.datetime) and day < _LAST:
        shown_as = Decimal(day.hour * 60 + day.minute) + Decimal(day.second) / 60
        whole = Decimal(round((day - _ZERO).total_seconds())) / 60
        return [one for one in dict.fromkeys((whole, shown_as)) if one >= 0], _BEYOND_A_DAY
    return [], ""


def _ask_about_parts_of_days(work: Work, column: Column, unit: str) -> None:
    """0.354166 among hours, which is 8:30 as a spreadsheet keeps it: only where such a long number, or a clock, shows
    that the column had times."""
    groups = work.grouped(column)
    parts = {key: part for key in groups if (part := _part_of_day(key[1], unit)) is not None}
    has_clocks = any(minutes_in(value) is not None and ":" in shown(value) for _kind, value in groups)
    if not parts or not (has_clocks or any(_is_long(value) for _kind, value in parts)):
        return
    for key, part in parts.items():
        for place in groups[key]:
            work.doubt(column, place, "clock_times", (*_in_units(part, unit), shown(key[1])), Say(_OF_A_DAY))


def _part_of_day(value: Any, unit: str) -> Decimal | None:
    """The minutes of a part of a day; None for a number that is as plain in the unit of the column."""
    try:
        number = number_of(value)
    except (ValueError, ArithmeticError):
        return None
    if not 0 < number < _MOST_DAYS:
        return None
    own = number * 60 if unit != "minutes" else number
    minutes = number * 1440
    is_plain = abs(own - round(own)) <= _NEAR * Decimal("0.1")
    return Decimal(round(minutes)) if not is_plain and abs(minutes - round(minutes)) <= _NEAR else None


def _is_long(value: Any) -> bool:
    return len(shown(value).partition(".")[2]) >= _LONG_TAIL


def _plain(number: Decimal) -> str:
    return format(number.quantize(_PLACES).normalize(), "f")
