"""The century of a date: years of two digits, and birthdays that a spreadsheet put into the future."""

from __future__ import annotations

import datetime as dt

YOUNGEST, OLDEST = 14, 100
#: years that lie ahead in columns that speak of the future
AHEAD = 10
#: years that the Buddhist calendar of Thailand is ahead
BUDDHIST = 543
#: how systems write that there is no end
NEVER = (4712, 9999)
#: days that may well be ahead
COMING = frozenset({"exit_date", "end_date"})


def settled(
    day: tuple[int, int, int], *, short: bool, meaning: str, today: dt.date
) -> tuple[dt.date | None, tuple[str, ...]]:
    """The day, or None and what it may be. ``day`` is (year, month, day), the year of two digits where ``short``."""
    year, month, number = day
    if meaning == "birth_date":
        return _birth(year, month, number, today, short=short)
    if not short:
        found = _date(year, month, number)
        if found is None:
            return None, ()
        if year in NEVER:
            return None, ("", found.isoformat())
        thai = _date(year - BUDDHIST, month, number) if 2199 < year <= today.year + BUDDHIST + 1 else None
        if thai is not None:
            return None, (thai.isoformat(), found.isoformat())
        if found.year > today.year + AHEAD and meaning in PAST:
            earlier = None if year > _NO_YEAR[1] else _date(year - 100, month, number)
            return None, _texts(*_with_a_slip(found, today), earlier, found)
        if not _NO_YEAR[0] <= found.year <= _NO_YEAR[1]:
            return None, _texts(*_with_a_slip(found, today), found)
        return found, ()
    late, early = _date(2000 + year, month, number), _date(1900 + year, month, number)
    if 2000 + year <= today.year or (meaning in COMING and 2000 + year <= today.year + AHEAD * 2):
        return late, ()
    if 2000 + year <= today.year + 1:
        # a start next year, or one a century ago that nobody works from
        return late, ()
    if 2000 + year <= today.year + AHEAD:
        return None, tuple(one.isoformat() for one in (late, early) if one)
    return early, ()


#: days that cannot lie far ahead
PAST = frozenset({"hire_date", "happened_on", "start_date", "assignment_start", "exit_date", "applied_on"})


#: earlier and later years are slips
_NO_YEAR = (1900, 2199)
#: how long ago something may have happened to somebody at work
_WORKING_LIFE = 60


def _with_a_slip(day: dt.date, today: dt.date) -> list[dt.date | None]:
    """Days in years of a working life that one wrong digit makes this of: 2023 of 3023. The latest first."""
    typed = f"{day.year:04d}"
    years = [
        year for year in range(today.year, today.year - _WORKING_LIFE, -1)
        if sum(one != other for one, other in zip(f"{year:04d}", typed, strict=True)) == 1
    ]  # fmt: skip
    return [_date(year, day.month, day.day) for year in years[:3]]


def _texts(*days: dt.date | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day.isoformat() for day in days if day))


def _birth(
    year: int, month: int, number: int, today: dt.date, *, short: bool
) -> tuple[dt.date | None, tuple[str, ...]]:
    options = [1900 + year, 2000 + year] if short else [year]
    if not short and year > today.year - YOUNGEST:
        # a spreadsheet took 65 for 2065
        options = [year - 100, year] if year <= today.year else [year - 100]
    days = [one for one in (_date(option, month, number) for option in options) if one and one <= today]
    likely = [one for one in days if YOUNGEST <= age(one, today) <= OLDEST]
    if len(likely) == 1:
        return likely[0], ()
    return None, tuple(one.isoformat() for one in days)


def age(birth: dt.date, today: dt.date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
