"""2019-03-01 beside 2019-19-01: whoever wrote the one with the day before the month may have written the other so."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from migration.cleaning.day_order import day_in
from migration.cleaning.id_numbers import birth_of, id_number_problem
from migration.cleaning.registry import gettext_noop
from migration.cleaning.usual import ENOUGH, usual_of
from migration.cleaning.work import Column, Say, Work, shown

#: share of the days above 12 that stand in the middle, from which every cell that can be read both ways is asked about,
#: and how many they are, unless they are the half
_MANY, _SEVERAL = 0.05, 2
#: share of neighbours in order in a sorted column, and of words that go with the months or weekdays of a column
_SORTED, _TOLD = 0.98, 0.95
#: different words from which they tell a day
_WORDS = 4
_FITS = gettext_noop(
    "Some days of the column stand before their month; read so, this one fits the other rows and columns."
)
_EITHER = gettext_noop("Some days of the column stand before their month, and nothing tells how this one was meant.")
_FEW = gettext_noop(
    "%(column)s: the day stands before the month in %(slips)s of the dates that show it. The %(others)s that can be "
    "read both ways were taken as year, month, day, as nearly all are."
)

#: whether a reading of the cell in a row goes with something else that the table says
Fits = Callable[[int, dt.date], bool]


def ask_either_way(work: Work) -> None:
    """Ask about the days that may be exchanged: first what the other rows and columns say of them."""
    if not work.on("dates"):
        return
    for column in work.columns:
        if column.either_way and column.type == "date":
            _ask_column(work, column)


def is_asked(slips: int, plain: int) -> bool:
    """Whether so many days in the middle, beside plain ones, leave every day up to 12 in doubt."""
    return slips >= plain or (slips >= _SEVERAL and slips >= _MANY * (slips + plain))


def _ask_column(work: Work, column: Column) -> None:
    sure = {
        place: day for place, _cell in work.filled(column)
        if place not in column.either_way and (day := day_in(column, place))
    }  # fmt: skip
    tests = list(_evidence(work, column, sure))
    slips, plain = column.day_second
    many = is_asked(slips, plain)
    open_ones = 0
    for place in sorted(column.either_way):
        day = day_in(column, place)
        if day is None:
            continue
        other = dt.date(day.year, day.day, day.month)
        fits, other_fits = (all(test(place, one) for test in tests) for one in (day, other))
        texts = (day.isoformat(), other.isoformat())
        if other_fits and not fits:
            work.doubt(column, place, "swapped_dates", texts[::-1], Say(_FITS))
        elif fits == other_fits and many:
            work.doubt(column, place, "swapped_dates", texts, Say(_EITHER))
        else:
            open_ones += fits == other_fits
    if open_ones:
        work.notes.append(Say(_FEW, {"column": column.name, "slips": slips, "others": open_ones}))


def _evidence(work: Work, column: Column, sure: Mapping[int, dt.date]) -> Iterator[Fits]:
    if len(sure) < ENOUGH:
        return
    yield _within([day.toordinal() for day in sure.values()], lambda _place, day: day.toordinal())
    yield from _by_neighbours(sure)
    for other in work.columns:
        if other is column:
            continue
        if other.type == "idnumber" and column.meaning == "birth_date":
            yield _by_id_number(other)
        elif other.type == "date":
            yield from _by_date(other, sure)
        else:
            yield from _by_words(other, sure)


def _within(numbers: Iterable[int], number: Callable[[int, dt.date], int | None]) -> Fits:
    """What lies among nearly all others, or not far beyond."""
    usual = usual_of(numbers)

    def fits(place: int, day: dt.date) -> bool:
        found = number(place, day)
        return found is None or found in usual

    return fits


def _by_neighbours(sure: Mapping[int, dt.date]) -> Iterator[Fits]:
    """Where rows are sorted by these days, a day lies between those above and below."""
    places = sorted(sure)
    pairs = list(itertools.pairwise(sure[place] for place in places))
    rising = sum(one <= other for one, other in pairs)
    falling = sum(one >= other for one, other in pairs)
    if max(rising, falling) < _SORTED * len(pairs):
        return

    def fits(place: int, day: dt.date) -> bool:
        at = bisect.bisect(places, place)
        above = sure[places[at - 1]] if at else day
        below = sure[places[at]] if at < len(places) else day
        return above <= day <= below if rising >= falling else above >= day >= below

    yield fits


def _by_date(other: Column, sure: Mapping[int, dt.date]) -> Iterator[Fits]:
    """How far the days of a row are apart: nothing is completed before it began, nor years later. A day of the other
    column that can be read both ways may be either."""
    usual = usual_of([(day - that).days for place, day in sure.items() if (that := _plain_day(other, place))])

    def fits(place: int, day: dt.date) -> bool:
        that = day_in(other, place)
        if that is None:
            return True
        options = [that, dt.date(that.year, that.day, that.month)] if place in other.either_way else [that]
        return any((day - one).days in usual for one in options)

    yield fits


def _by_id_number(numbers: Column) -> Fits:
    """What the ID number of the row says of the birth."""

    def fits(place: int, day: dt.date) -> bool:
        text = shown(numbers.cells[place])
        born = None if place in numbers.doubted or id_number_problem(text) else birth_of(text)
        return born is None or (day.month, day.day) == (born.month, born.day)

    return fits


def _plain_day(column: Column, place: int) -> dt.date | None:
    return None if place in column.either_way else day_in(column, place)


def _by_words(other: Column, sure: Mapping[int, dt.date]) -> Iterator[Fits]:
    """A column of weekdays, months or quarters that go with the days."""
    words = {place: word for place in sure if (word := shown(other.cells[place]))}
    if len(words) < ENOUGH or not _WORDS <= len(set(words.values())) <= 12:
        return
    for part in (_month, _quarter, dt.date.weekday):
        told: dict[int, Counter[str]] = {}
        for place, word in words.items():
            told.setdefault(part(sure[place]), Counter())[word] += 1
        usual = {number: found.most_common(1)[0] for number, found in told.items()}
        right = sum(count for _word, count in usual.values())
        if right >= _TOLD * len(words) and len({word for word, _count in usual.values()}) >= _WORDS:
            yield _says(other, part, {number: word for number, (word, _count) in usual.items()})


def _says(other: Column, part: Callable[[dt.date], int], usual: Mapping[int, str]) -> Fits:
    def fits(place: int, day: dt.date) -> bool:
        word = shown(other.cells[place])
        return not word or usual.get(part(day), word) == word

    return fits


def _month(day: dt.date) -> int:
    return day.month


def _quarter(day: dt.date) -> int:
    return (day.month + 2) // 3
