"""A birth date in the column of another day of its row, and that day in the column of births."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from migration.cleaning import years
from migration.cleaning.day_order import Pair, day_in, pair_of, texts
from migration.cleaning.id_numbers import birth_of
from migration.cleaning.readings import read_in_dates
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Doubt, Say, Work, shown
from migration.cleaning.years import OLDEST, YOUNGEST, age

_RULE = "exchanged_days"
#: rules whose questions come from the exchange
_EXPLAINED = frozenset({"two_digit_years", "out_of_range", "dates"})
#: share of rows that may be exchanged; one always may
_FEW = 0.05
_MAYBE = gettext_noop("This and the day under %(heading)s seem to have changed places.")


def restore_births(work: Work) -> None:
    """Rule ``exchanged_days``: put both back where each lies among the days of the other column and far from those of
    its own, or where the ID number says so; ask about both where only their order speaks for it."""
    birth = work.meaning("birth_date")
    if birth is None or birth.type != "date":
        return
    asked = _asked(work)
    for other in work.columns:
        if other is not birth and other.type == "date":
            _restore(work, pair_of(work, birth, other), asked)


def _restore(work: Work, pair: Pair, asked: dict[tuple[int, str], Doubt]) -> None:
    birth, other = pair.first, pair.second
    found = [
        (place, days, born, day) for place in work.places()
        if (days := _days(work, birth, other, place, asked)) and (others := _days(work, other, birth, place, asked))
        for born, day in [_exchanged(work, days, others)] if born and day
    ]  # fmt: skip
    is_few = len(found) <= max(1, _FEW * len(pair.days))
    for place, days, born, day in found:
        told = _told(work, place)
        usual = pair.usual[0].is_shown and born.toordinal() in pair.usual[0] and day.toordinal() in pair.usual[1]
        odd = born.toordinal() not in pair.usual[1] and not any(one.toordinal() in pair.usual[0] for one in days)
        if told == born or (told is None and usual and odd and is_few):
            for column, right in ((birth, born), (other, day)):
                _take_back(work, column, place, asked)
                work.change(column, place, _RULE, right.isoformat())
        elif told is None:
            for column, right, heading in ((birth, born, other.name), (other, day, birth.name)):
                before = _take_back(work, column, place, asked)
                options = (*texts(right), *(before.candidates if before else ()))
                work.doubt(column, place, _RULE, tuple(dict.fromkeys(options)), Say(_MAYBE, {"heading": heading}))


def _exchanged(work: Work, days: Sequence[dt.date], others: Sequence[dt.date]) -> tuple[dt.date | None, dt.date | None]:
    """(the birth, the other day) of a row whose cells stand the other way round: somebody of working age was born on
    the day of the other column, and nobody on the day of this one, by what the cell says itself."""
    pairs = [
        (born, day) for born in others for day in days
        if age(born, day) >= YOUNGEST and YOUNGEST <= age(born, work.today) <= OLDEST
    ]  # fmt: skip
    return pairs[0] if len(pairs) == 1 else (None, None)


def _days(work: Work, column: Column, home: Column, place: int, asked: dict[tuple[int, str], Doubt]) -> list[dt.date]:
    """The day of a cell, or, where its century or decade is asked about, those that it can be. Whether the day or the
    month of a lone date comes first is told by the column from which it would have come."""
    if day := day_in(column, place):
        return [day]
    doubt = asked.get((work.numbers[place], column.title))
    if doubt is None:
        return []
    if doubt.rule == "dates":
        return _read_as_in(work, home, doubt.value)
    found = []
    for text in doubt.candidates if doubt.rule == "two_digit_years" else (doubt.value,):
        try:
            found.append(dt.date.fromisoformat(text))
        except ValueError:
            continue
    return found


def _read_as_in(work: Work, home: Column, text: str) -> list[dt.date]:
    reading = read_in_dates(text)
    parts = reading.days.get(home.orders.get(reading.family, "")) if reading and not reading.unsure else None
    if reading is None or parts is None:
        return []
    found, _candidates = years.settled(parts, short=reading.short, meaning=home.meaning, today=work.today)
    return [found] if found else []


def _asked(work: Work) -> dict[tuple[int, str], Doubt]:
    """Questions that nobody has answered and that the exchange explains."""
    return {(one.row, one.column): one for one in work.doubts if one.rule in _EXPLAINED}


def _take_back(work: Work, column: Column, place: int, asked: dict[tuple[int, str], Doubt]) -> Doubt | None:
    doubt = asked.pop((work.numbers[place], column.title), None)
    if doubt is not None:
        work.doubts.remove(doubt)
        column.doubted.discard(place)
    return doubt


def _told(work: Work, place: int) -> dt.date | None:
    """The birth date that an ID number tells."""
    numbers = work.meaning("id_number")
    if numbers is None or numbers.type != "idnumber" or place in numbers.doubted:
        return None
    text = shown(numbers.cells[place]).replace(" ", "").upper()
    return birth_of(text) if len(text) in (15, 18) else None
