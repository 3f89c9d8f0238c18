"""Numbers that a spreadsheet took for dates: a score 8/10 is 10-Aug to it, 8.5 the eighth of May to a German one."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from migration.cleaning.numbers import plain_text
from migration.cleaning.range_dates import day_in_full, month_and_number
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

_OF = re.compile(r"\d{1,3}(?:\.\d+)?\s*/\s*(\d{1,3})")
#: what scores are of, and the share of cells that shows it
_SCALES, _SHARE = (5, 10, 100), 0.9
#: share of a column that dates are from which they are no slips
_MOST = 0.5
_DATED = gettext_noop("A number became a date or a time.")

#: (month, day) of a date
Pair = tuple[int, int]


def restore_numbers(work: Work, column: Column) -> None:
    """Rule ``value_to_date`` among numbers: where all others are of ten, 10-Aug is 8/10; else it is a doubt, with what
    it can have been."""
    groups = work.grouped(column)
    odd = {key: pair for key in groups if (pair := _pair_of(key[1]))}
    others = {key: len(places) for key, places in groups.items() if key not in odd}
    if not odd or sum(len(groups[key]) for key in odd) > _MOST * sum(map(len, groups.values())):
        return
    of = _of(others)
    values = sorted(_values(others))
    for key, (month, day) in odd.items():
        found = [one for one, that in ((month, day), (day, month)) if that == of and one <= of]
        if found:
            work.change_all(column, groups[key], "value_to_date", f"{found[0]}/{of}")
            continue
        options = tuple(dict.fromkeys(_options(column, (month, day), values)))
        for place in groups[key]:
            work.doubt(column, place, "value_to_date", options, Say(_DATED))


def _pair_of(value: Any) -> Pair | None:
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return None
    if isinstance(value, (str, dt.date)) and not text_of(value).replace(".", "").isdigit():
        return month_and_number(value) or day_in_full(value)
    return None


def _of(others: Mapping[Any, int]) -> int:
    """What nearly all cells are of, as written; 0 where they are not."""
    scales: Counter[int] = Counter()
    for key, count in others.items():
        if key[0] == "str" and (match := _OF.fullmatch(key[1].strip())):
            scales[int(match[1])] += count
    scale, often = max(scales.items(), key=lambda one: one[1], default=(0, 0))
    return scale if often and often >= _SHARE * sum(others.values()) else 0


def _values(others: Mapping[Any, int]) -> Iterator[Decimal]:
    for key in others:
        try:
            found = Decimal(text_of(key[1]).partition("/")[0].strip())
        except InvalidOperation:
            continue
        if found.is_finite():
            yield found


def _options(column: Column, pair: Pair, values: list[Decimal]) -> Iterator[str]:
    """The number that the day was: some points of a scale, or one with a decimal, whichever the column can hold."""
    scale = next((one for one in _SCALES if values and values[-1] <= one), 0)
    if column.meaning == "score" and scale:
        for number, of in (pair, pair[::-1]):
            if of in _SCALES and number <= of:
                yield plain_text(Decimal(number) * scale / of)
                yield str(number)
    month, day = pair
    has_decimals = any(one != int(one) for one in values)
    for text in (f"{day}.{month}", f"{month}.{day}"):
        if has_decimals and values[0] <= Decimal(text) <= values[-1]:
            yield text
