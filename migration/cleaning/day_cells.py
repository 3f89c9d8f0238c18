"""A cell of a column of dates on its way to a day: its century, its weekday, and what is asked about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from migration.cleaning import years
from migration.cleaning.day_forms import NO_SUCH_DAY, Day, Reading, full_year
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

_CENTURY = gettext_noop("The century of this date is not clear.")
_WEEKDAY = gettext_noop("The weekday does not fit the date.")
_ONE_DAY = dt.timedelta(days=1)


@dataclass
class Cell:
    """Equal cells of the column."""

    value: Any
    places: list[int]
    reading: Reading | None
    day: dt.date | None = None
    rule: str = "dates"


def ask(work: Work, column: Column, cell: Cell, candidates: Sequence[str], reason: Say, rule: str = "dates") -> None:
    for place in cell.places:
        work.doubt(column, place, rule, candidates, reason)
    cell.day = None


def settled(work: Work, column: Column, reading: Reading, day: Day) -> tuple[dt.date | None, tuple[str, ...]]:
    """The day with its century, or None and what it may be; a weekday may tell the century."""
    found, candidates = years.settled(day, short=reading.short, meaning=column.meaning, today=work.today)
    if found is not None or not reading.weekdays:
        return found, candidates
    fitting = [one for one in candidates if one and dt.date.fromisoformat(one).weekday() in reading.weekdays]
    return (dt.date.fromisoformat(fitting[0]), ()) if len(fitting) == 1 else (None, candidates)


def settle(work: Work, column: Column, cell: Cell, day: Day, reading: Reading) -> None:
    """Give the cell its day, or ask about it."""
    found, candidates = settled(work, column, reading, day)
    if found is None or not work.on("two_digit_years"):
        if candidates:
            ask(work, column, cell, candidates, Say(_CENTURY), "two_digit_years")
        elif found is None:
            ask(work, column, cell, (), Say(NO_SUCH_DAY))
    if found is not None and reading.weekdays and found.weekday() not in reading.weekdays:
        ask(work, column, cell, _near(found, reading.weekdays), Say(_WEEKDAY))
        return
    if found is not None and (found.year != day[0] or reading.short) and not (reading.short and found.year >= 2000):
        cell.rule = "two_digit_years"
    cell.day = found


def options(work: Work, column: Column, reading: Reading, days: Iterable[Day]) -> tuple[str, ...]:
    """What days can be, each in the likeliest century."""
    found: list[str] = []
    for day in days:
        one, candidates = settled(work, column, reading, day)
        found += [one.isoformat()] if one else candidates or [dt.date(full_year(day[0]), *day[1:]).isoformat()]
    return tuple(dict.fromkeys(found))


def _near(day: dt.date, weekdays: frozenset[int]) -> tuple[str, ...]:
    """The day as written, and those with the weekday that one slip leads to: a day or a year beside, another digit."""
    found = [day, day - _ONE_DAY, day + _ONE_DAY]
    found += [one for year in (day.year - 1, day.year + 1) if (one := _date(year, day.month, day.day))]
    found += [one for number in _one_digit_off(day.day) if (one := _date(day.year, day.month, number))]
    return tuple(
        dict.fromkeys(one.isoformat() for place, one in enumerate(found) if not place or one.weekday() in weekdays)
    )


def _one_digit_off(number: int) -> list[int]:
    return [
        one for one in range(1, 32)
        if sum(a != b for a, b in zip(f"{one:02d}", f"{number:02d}", strict=True)) == 1
    ]  # fmt: skip


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
