"""Days decades before all others of their column: 1949 among trainings of this decade."""

from __future__ import annotations

import datetime as dt
import itertools

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown

#: years before the next of the others from which a day is asked about, and times what lies between those
_GAP, _TIMES = 30, 2
#: others that show where days lie, and the share that the odd ones are at most
_ENOUGH, _FEW = 3, 0.05
_CENTURY = 100
#: days from which systems count, and how many years later all others are
_EPOCHS = frozenset({dt.date(1970, 1, 1), dt.date(1900, 1, 1), dt.date(1899, 12, 30), dt.date(1904, 1, 1)})
_YEARS_LATER = 5


def report_far_days(work: Work, column: Column) -> None:
    """Rule ``out_of_range`` for days. Persons are born whenever they are, and what ends may be far ahead."""
    if column.meaning == "birth_date":
        return
    days: dict[dt.date, list[int]] = {}
    for place, cell in work.filled(column):
        if (day := _day(shown(cell))) is not None:
            days.setdefault(day, []).append(place)
    _report_epochs(work, column, days)
    in_order = sorted(days)
    early, size = 0, sum(map(len, days.values()))
    allowed = max(1, _FEW * size)
    for at, (day, later) in enumerate(itertools.pairwise(in_order), 1):
        early += len(days[day])
        if early > allowed or size - early < _ENOUGH:
            return
        gap = (later - day).days
        if gap > _GAP * 365 and gap > _TIMES * (in_order[-1] - later).days:
            reason = Say(gettext_noop("This lies %(years)s years before all others."), {"years": gap // 365})
            for odd in in_order[:at]:
                for place in days[odd]:
                    work.doubt(column, place, "out_of_range", _options(odd, later, in_order[-1]), reason)
            return


def _report_epochs(work: Work, column: Column, days: dict[dt.date, list[int]]) -> None:
    """Days from which systems count, where all others are years later: nothing was known."""
    others = [day for day in days if day not in _EPOCHS]
    for epoch in _EPOCHS & days.keys():
        if len(others) >= _ENOUGH and (min(others) - epoch).days > _YEARS_LATER * 365:
            reason = Say(gettext_noop("Systems count from this day: it may say that nothing is known."))
            for place in days[epoch]:
                work.doubt(column, place, "out_of_range", ("", epoch.isoformat()), reason)


def _options(day: dt.date, first: dt.date, last: dt.date) -> tuple[str, ...]:
    """The day itself, and where it is among the others: in another year that one slip makes this of."""
    years = [year for year in range(first.year, last.year + 1) if _is_slip(year, day.year)]
    years += [day.year + _CENTURY] if last.year < day.year + _CENTURY <= last.year + 1 else []
    found = [one for year in years if (one := _in_year(day, year)) is not None]
    return tuple(one.isoformat() for one in (*found, day))


def _is_slip(year: int, other: int) -> bool:
    """The century, or one digit."""
    one, two = f"{year:04d}", f"{other:04d}"
    return one[2:] == two[2:] or sum(a != b for a, b in zip(one, two, strict=True)) == 1


def _in_year(day: dt.date, year: int) -> dt.date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
