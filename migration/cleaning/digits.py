"""Dates that are digits alone: 230503 and 3052023, whose zero in front is gone, and moments since 1970."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from migration.cleaning.day_cells import Cell
from migration.cleaning.day_forms import Day, Reading, exists, full_year
from migration.cleaning.readings import SHORT, read
from migration.cleaning.registry import gettext_noop
from migration.rules import text_of

#: share of a column's dates from which a form of digits alone is its form
_USUAL = 0.5
_ENOUGH = 3
_SIX = re.compile(r"\d{6}")
_WHOLE = re.compile(r"(?:/Date\()?(-?\d{1,13})(?:\.0+)?(?:\)/)?")
#: 20230230 is a slip, no moment
_LIKE_DAY = re.compile(r"(?:19|20)\d{6}|[0-3]\d[01]\d(?:19|20)\d\d|[01]\d[0-3]\d(?:19|20)\d\d")
#: digits of 20230503143000
_MOMENT = 14
#: 2023-123
_DAY_OF_YEAR = re.compile(r"(\d{4})-?(\d{3})")
#: moments of people's lives, in seconds since 1970
_EARLIEST, _LATEST = -1_200_000_000, 2_400_000_000
#: smaller numbers are moments only among others
_LEAST = 10**7
_DAY, _NOON = 86_400, 43_200
_SECONDS = gettext_noop("This can be a moment, counted in seconds since 1970.")
_DIGITS = gettext_noop("This can be a date without signs between day, month and year.")


def is_date_of_digits(cell: Any) -> bool:
    """Whether a cell is a date of digits alone, where its heading speaks of one."""
    text = text_of(cell)
    if not text[-1:].isdigit() and not text.startswith("/Date("):
        return False
    if _moment(text) is not None or _six(text) is not None or _day_of_year(text) is not None:
        return True
    return (len(text) in (7, 8) and _eight(text) is not None) or (len(text) == _MOMENT and read(text) is not None)


def read_digits(cells: Sequence[Cell]) -> None:
    """Give cells of digits alone their reading, as the column shows it; a lone one among others is unsure."""
    texts = [text_of(cell.value) if isinstance(cell.value, (str, int, float)) else "" for cell in cells]
    _read_moments(cells, texts)
    for cell, text in zip(cells, texts, strict=True):
        if cell.reading is None and (day := _day_of_year(text)):
            cell.reading = Reading({"ymd": day})
    six = {place for place, text in enumerate(texts) if _six(text)}
    usual = len(six) >= max(_ENOUGH, _USUAL * len(cells))
    for place, cell in enumerate(cells):
        if usual and 3 <= len(texts[place]) <= 5 and texts[place].isdigit():
            # 50323, whose zero a spreadsheet took, and no serial number
            cell.reading = _six(texts[place].zfill(6)) or cell.reading
        elif place in six and (found := _six(texts[place])):
            cell.reading = found if usual else replace(found, unsure=_DIGITS)
    eight = [text for text in texts if len(text) in (7, 8) and _eight(text)]
    if len(eight) >= max(_ENOUGH, _USUAL * len(cells)) and any(len(text) == 8 for text in eight):
        for cell, text in zip(cells, texts, strict=True):
            if len(text) == 7 and text.isdigit():
                cell.reading = _eight(text) or cell.reading


def _six(text: str) -> Reading | None:
    if not _SIX.fullmatch(text):
        return None
    first, second, third = int(text[:2]), int(text[2:4]), int(text[4:])
    options: dict[str, Day] = {"dmy": (third, second, first), "mdy": (third, first, second)}
    options["ymd"] = (first, second, third)
    days = {order: day for order, day in options.items() if exists(full_year(day[0]), *day[1:])}
    return Reading(days, family=f"compact{SHORT}", short=True) if days else None


def _eight(text: str) -> Reading | None:
    return read(text.zfill(8)) if text.isdigit() else None


def _day_of_year(text: str) -> Day | None:
    match = _DAY_OF_YEAR.fullmatch(text)
    if match is None or not 1900 <= int(match[1]) <= 2100 or not 0 < int(match[2]) <= 366:
        return None
    day = dt.date(int(match[1]), 1, 1) + dt.timedelta(days=int(match[2]) - 1)
    return (day.year, day.month, day.day) if day.year == int(match[1]) else None


def _read_moments(cells: Sequence[Cell], texts: Sequence[str]) -> None:
    moments = {place: moment for place, text in enumerate(texts) if (moment := _moment(text)) is not None}
    if len(moments) < max(_ENOUGH, _USUAL * len(cells)):
        for place, moment in moments.items():
            if cells[place].reading is None:
                cells[place].reading = Reading(several=(_day_at(moment),), why=_SECONDS)
        return
    numbers = {place: number for place, text in enumerate(texts) if (number := _whole(text)) is not None}
    unit = 1 if max(map(abs, numbers.values())) <= _LATEST else 1000
    found = {
        place: number // unit for place, number in numbers.items() if _EARLIEST <= number // unit <= _LATEST
    }  # fmt: skip
    hours = {moment % _DAY for moment in found.values()}
    for place, moment in found.items():
        day = _day_at(moment)
        if hours == {0}:
            cells[place].reading = Reading({"ymd": day})
            continue
        # midnight east of Greenwich is in the evening there
        beside = _day_at(moment + (_NOON if moment % _DAY >= _NOON else -_NOON))
        likely = (beside, day) if len(hours) == 1 and moment % _DAY >= _NOON else (day, beside)
        cells[place].reading = Reading(several=likely, why=_SECONDS)


def _moment(text: str) -> int | None:
    """Seconds since 1970, where the number can be some, or thousandths of them."""
    number = _whole(text)
    if number is None or abs(number) < _LEAST or _LIKE_DAY.fullmatch(text):
        return None
    seconds = number if abs(number) <= _LATEST else number // 1000
    return seconds if _EARLIEST <= seconds <= _LATEST else None


def _whole(text: str) -> int | None:
    match = _WHOLE.fullmatch(text)
    return int(match[1]) if match else None


def _day_at(moment: int) -> Day:
    day = dt.date(1970, 1, 1) + dt.timedelta(days=moment // _DAY)
    return (day.year, day.month, day.day)
