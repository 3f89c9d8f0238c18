"""Days decades before or after all others of their column: 1949 among trainings of this decade, a hire of next year."""

from __future__ import annotations

import datetime as dt
import itertools

from migration.cleaning.day_forms import weekday_of
from migration.cleaning.day_order import may_be_ahead
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work, shown

#: years before the next of the others from which a day is asked about, and times what lies between those
_GAP, _TIMES = 30, 2
#: others that show where days lie, and the share that the odd ones are at most: where a century lies between, more
_ENOUGH, _FEW, _MORE = 3, 0.05, 0.25
_CENTURY, _NEARLY = 100, 80
#: days after the last of the others, which are past, from which one is asked about; what is planned soon, and the share
#: of those that are past
_AHEAD, _SOON, _PAST = 400, 100, 0.9
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
    late: list[dt.date] = []
    if not may_be_ahead(column):
        late = _beyond(days, sorted(days, reverse=True)) or _ahead(work, column, days)
    in_order = sorted(days.keys() - set(late))
    early = _beyond(days, in_order)
    usual = [day for day in in_order if day not in early]
    for odd in (*early, *late):
        years = max(usual[0] - odd, odd - usual[-1]).days // 365
        if odd in early:
            reason = Say(gettext_noop("This lies %(years)s years before all others."), {"years": years})
        elif years > 1:
            reason = Say(gettext_noop("This lies %(years)s years after all others."), {"years": years})
        else:
            reason = Say(gettext_noop("This day is still to come, as no other is."))
        for place in days[odd]:
            work.doubt(column, place, "out_of_range", _options(odd, usual[0], usual[-1]), reason)


def _beyond(days: dict[dt.date, list[int]], in_order: list[dt.date]) -> list[dt.date]:
    """The few days at the beginning of ``in_order`` that lie decades apart from all that follow."""
    odd, size = 0, sum(len(days[day]) for day in in_order)
    for at, (day, other) in enumerate(itertools.pairwise(in_order), 1):
        odd += len(days[day])
        if odd > max(1, _MORE * size) or size - odd < _ENOUGH:
            break
        gap = abs((other - day).days)
        few = odd <= max(1, (_MORE if gap > _NEARLY * 365 else _FEW) * size)
        if few and gap > _GAP * 365 and gap > _TIMES * abs((in_order[-1] - other).days):
            return in_order[:at]
    return []


def _ahead(work: Work, column: Column, days: dict[dt.date, list[int]]) -> list[dt.date]:
    """The few days that are still to come, far from all others, which are past."""
    size = sum(map(len, days.values()))
    past = sum(len(places) for day, places in days.items() if day <= work.today)
    last = max((day for day in days if day <= work.today), default=work.today)
    coming = [day for day in days if day > work.today]
    is_shown = past >= max(_ENOUGH, _PAST * size) and all(
        (day - last).days > _AHEAD and (day - work.today).days > _SOON for day in coming
    )
    if not is_shown:
        return []
    came = work.as_it_came(column, [place for day in coming for place in days[day]])
    # a weekday that fits says that the year is meant
    return sorted(day for day in coming if not any(weekday_of(came.get(place, ""))[0] for place in days[day]))


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
    for year in (day.year + _CENTURY, day.year - _CENTURY):
        years += [year] if year not in years and first.year - 1 <= year <= last.year + 1 else []
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
