"""Ranges that became dates: 10-20 is 20-Oct to a spreadsheet, 2023-10-20 where it fills in the year, or 45219."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from migration.cleaning.dates import EPOCH
from migration.cleaning.month_names import months_named
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.rules import MONTHS, text_of

_RANGE = re.compile(r"(\d{1,5})\s*([-/~–—])\s*(\d{1,5})")
#: what the ranges of a column have behind them: 3-5 years
_SUFFIX = re.compile(r"(?<=\d)(\s?[^\W\d_][^\d]{0,15})$")
#: signs with which a spreadsheet reads two numbers as a day
_DATE_MARKS = "-/"
_DAY_MONTH = re.compile(r"(\d{1,2})([- ]|\. ?)([^\W\d_]{3,9})")
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,9})([- ])(\d{2})")
_WHOLE_DAY = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)(?: 00:00:00)?")
_DATE = re.compile(r"\d{1,4}([-/])\d{1,2}\1\d{1,4}(?: .*)?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(?:20)?\d\d")
_SERIAL = re.compile(r"\d{5}(?:\.0)?")
#: years of the days that a spreadsheet counts in five digits here
_FIRST, _LAST = 2000, 2035
#: share of a column that ranges are, from which a number of five digits among them is none
_RANGES = 0.3
#: share of the different values that are dates from which they are no ranges, unless so many are left
_DATES, _LEFT = 0.5, 2
DATED = gettext_noop("A spreadsheet seems to have made a date of this value.")
_CHINESE_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")


def restore_ranges(work: Work, column: Column) -> None:
    """Rule ``value_to_date``: 20-Oct was 10-20 where the column writes that range out elsewhere. Else it is a doubt:
    a spreadsheet makes the same date of 10/20."""
    groups = work.grouped(column)
    odd = {key: pair for key in groups if (pair := month_and_number(key[1]))}
    are_ranges = _has_ranges(groups) or _has_a_range(groups)
    if are_ranges:
        odd |= {key: pair for key in groups if key not in odd and (pair := day_in_full(key[1]) or _slashed(key[1]))}
    if not odd or (len(odd) > _DATES * len(groups) and not are_ranges):
        return
    if any(key[0] in ("date", "datetime") and key not in odd for key in groups):
        return
    suffix = Counter(
        match[1] for key in groups if key not in odd and (match := _SUFFIX.search(text_of(key[1])))
    ).most_common(1)
    behind = suffix[0][0] if suffix and suffix[0][1] > 0.5 * (len(groups) - len(odd)) else ""
    ranges = [match for key in groups if key[0] == "str" and (match := _RANGE.fullmatch(key[1].removesuffix(behind)))]
    mark = Counter(match[2] for match in ranges).most_common(1)[0][0] if ranges else "-"
    known = [(int(match[1]), int(match[3])) for match in ranges]
    for key, (first, second) in odd.items():
        both = {(first, second), (second, first)}
        options = [(low, high) for low, high in both if not known or _fits(low, high, known)]
        texts = [f"{low}{mark}{high}{behind}" for low, high in sorted(options)] or [
            f"{first}{mark}{second}{behind}",
            f"{second}{mark}{first}{behind}",
        ]
        # a range that the column writes out elsewhere
        written = [text for text in _spellings(both, behind) if ("str", text) in groups]
        for place in groups[key]:
            if len(written) == 1:
                work.change(column, place, "value_to_date", written[0])
            else:
                work.doubt(column, place, "value_to_date", _with_marks(texts, mark), Say(DATED))


def _has_a_range(groups: Mapping[Any, list[int]]) -> bool:
    """Whether some ranges are left that are none of a day and a month, as 20-50 is: then many may have become dates."""
    found = [match for key in groups if key[0] == "str" and (match := _range_in(key[1]))]
    return len(found) >= _LEFT and all(int(match[1]) < int(match[3]) for match in found)


def _has_ranges(groups: Mapping[Any, list[int]]) -> bool:
    ranges = sum(key[0] == "str" and _range_in(key[1]) is not None for key in groups)
    return ranges >= max(2, _RANGES * len(groups))


def _range_in(text: str) -> re.Match[str] | None:
    """The range that a text begins with, unless it is a whole date."""
    return None if _DATE.fullmatch(text) else _RANGE.match(text)


def day_in_full(value: Any) -> tuple[int, int] | None:
    """Month and day of a day with its year, or of its number: nothing that stands among ranges by itself."""
    text = text_of(value)
    if match := _WHOLE_DAY.fullmatch(text):
        try:
            return month_and_number(dt.date(*map(int, match.groups())))
        except ValueError:
            return None
    if _SERIAL.fullmatch(text):
        day = EPOCH + dt.timedelta(days=int(float(text)))
        return month_and_number(day) if _FIRST <= day.year <= _LAST else None
    return None


def _slashed(value: Any) -> tuple[int, int] | None:
    """The two numbers of 1/2/2023, whichever is the month."""
    match = _SLASHED.fullmatch(value) if isinstance(value, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _with_marks(texts: list[str], mark: str) -> tuple[str, ...]:
    """The ranges, and what else a spreadsheet reads as the same day."""
    other = [text.replace(mark, sign) for sign in _DATE_MARKS if sign != mark for text in texts]
    return tuple(dict.fromkeys((*texts, *other)))


def _spellings(pairs: set[tuple[int, int]], behind: str) -> list[str]:
    return [f"{low}{mark}{high}{behind}" for low, high in pairs for mark in "-/~–—"]


def _fits(low: int, high: int, known: list[tuple[int, int]]) -> bool:
    return low < high and all(high <= other_low or low >= other_high for other_low, other_high in known)


def month_and_number(value: Any) -> tuple[int, int] | None:
    """The two numbers in a day without a year, in the order month, day (or month, year of two digits)."""
    if isinstance(value, (dt.datetime, dt.date)):
        # Oct-49 is kept as the first of the month
        return (value.month, value.year % 100) if value.day == 1 and value.year < 2000 else (value.month, value.day)
    if not isinstance(value, str):
        return None
    if match := _DAY_MONTH.fullmatch(value):
        month = _month(match[3], match[2])
        return (month, int(match[1])) if month else None
    if match := _MONTH_YEAR.fullmatch(value):
        month = _month(match[1], match[2])
        return (month, int(match[3])) if month else None
    if match := _CHINESE_DAY.fullmatch(value):
        return int(match[1]), int(match[2])
    return None


def _month(name: str, sign: str) -> int:
    """The month of a name, in the language of some spreadsheet where no blank is beside it: 1 set is no September."""
    months = months_named(name) if sign != " " else ()
    return MONTHS.get(name.casefold()) or (months[0] if len(months) == 1 else 0)
