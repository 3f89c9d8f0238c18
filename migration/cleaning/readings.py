"""One date as it is written: which days it can mean, by the order of day, month and year."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from functools import lru_cache

from migration.cleaning.day_forms import (
    CENTURY,
    Reading,
    era_day,
    exists,
    fitting,
    full_year,
    guess_at,
    month_named,
    read_rarer,
    weekday_of,
)
from migration.cleaning.day_signs import without_signs, without_time
from migration.rules import MONTHS, text_of

#: days of a month
_LONGEST = 31
#: signs beyond which a text is no date
_MOST_SIGNS = 200
#: orders that a person may state for a column
ORDERS = ("dmy", "mdy", "ymd")
#: end of the family of dates with years of two digits
SHORT = "2"
_YMD = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号.]?")
_YDM_NAMED = re.compile(r"(\d{4})[-/. ]*([A-Za-z]{3,9})\.?[-/. ]*(\d{1,2})")
_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{1,2})")
_SPACED = re.compile(r"(\d{1,2})( )(\d{1,2}) (\d{4})")
_COMPACT = re.compile(r"(\d{8})(?:\.0+)?")
_DAY_NAMED = re.compile(
    r"(?:[Tt]he )?(\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of )?\s*([A-Za-z]{3,9}|\d{1,2}月)\.?,?[-/. ]*(\d{4}|\d{2})"
)
_NAMED_DAY = re.compile(r"([A-Za-z]{3,9})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|[-/. ]+)(\d{4}|\d{2})")
_SERIAL = re.compile(r"(\d{4,5})(\.\d+)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{4})年")
_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}年")


@lru_cache(maxsize=100_000)
def read(text: str) -> Reading | None:
    """What ``text`` can mean as a date; None where it is none."""
    if len(text) > _MOST_SIGNS:
        return None
    weekdays, text = weekday_of(without_signs(text))
    found = _read(without_time(_with_digits(text)))
    return fitting(found, weekdays) if weekdays and found and found.days else found


def _read(text: str) -> Reading | None:
    for pattern, reader in _READERS:
        if match := pattern.fullmatch(text):
            return reader(match) or read_rarer(text)
    return read_rarer(text)


@lru_cache(maxsize=100_000)
def read_in_dates(text: str) -> Reading | None:
    """As :func:`read`, in a column that is one of dates: a slip of writing, a month, a quarter have candidates."""
    if len(text) > _MOST_SIGNS:
        return None
    return read(text) or guess_at(without_time(without_signs(text)), read)


def _with_digits(text: str) -> str:
    """二〇二三年一月五日 as 2023年1月5日."""
    if not _CHINESE_YEAR.match(text):
        return text
    head, rest = text[:5], text[5:]
    rest = re.sub(r"([一二三])?十([一二三四五六七八九])?", _tens, rest)
    return "".join(_DIGITS.get(letter, letter) for letter in head + rest)


def _tens(match: re.Match[str]) -> str:
    return _DIGITS.get(match[1] or "一", "1") + _DIGITS.get(match[2] or "〇", "0")


def _plain(year: int, month: int, day: int, *, short: bool = False) -> Reading | None:
    return Reading({"ymd": (year, month, day)}, short=short) if exists(full_year(year), month, day) else None


def _ymd(match: re.Match[str]) -> Reading | None:
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    if exists(year, month, day):
        return Reading({"ymd": (year, month, day)}, family="" if match[2] == "年" else "iso")
    if exists(year, day, month):
        return Reading(day_second=(year, day, month), several=((year, day, month),), family="iso")
    return None


def _ymd_named(match: re.Match[str]) -> Reading | None:
    return _plain(int(match[1]), MONTHS.get(match[2].casefold(), 0), int(match[3]))


def _last(match: re.Match[str]) -> Reading | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    short = len(match[4]) <= 2
    # a year has two digits at least
    options = {"dmy": (year, second, first), "mdy": (year, first, second)} if len(match[4]) > 1 else {}
    if short and len(match[1]) == 2:
        options["ymd"] = (first, second, year)
    days = {order: day for order, day in options.items() if exists(full_year(day[0]), *day[1:])}
    return Reading(days, family=match[2] + (SHORT if short else ""), short=short) if days else None


def _compact(match: re.Match[str]) -> Reading | None:
    text = match[1]
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if 1900 <= year <= 2100 and exists(year, month, day):
        return Reading({"ymd": (year, month, day)})
    first, second, year = int(text[:2]), int(text[2:4]), int(text[4:])
    options = {"dmy": (year, second, first), "mdy": (year, first, second)}
    days = {order: day for order, day in options.items() if 1900 <= year <= 2100 and exists(*day)}
    return Reading(days, family="compact") if days else None


def _day_named(match: re.Match[str]) -> Reading | None:
    month = int(match[2][:-1]) if match[2].endswith("月") else MONTHS.get(match[2].casefold(), 0)
    day, year, short = int(match[1]), int(match[3]), len(match[3]) == 2
    if found := _plain(year, month, day, short=short):
        return found
    other = _plain(day, month, year, short=True) if short else None
    if other and day <= _LONGEST:
        # 29-Feb-23 has a day too many, or the year in front
        last = (year, month, calendar.monthrange(full_year(year), month)[1])
        return Reading(several=(last, other.days["ymd"]), short=True)
    return other


def _named_day(match: re.Match[str]) -> Reading | None:
    return _plain(int(match[3]), MONTHS.get(match[1].casefold(), 0), int(match[2]), short=len(match[3]) == 2)


def _serial(match: re.Match[str]) -> Reading | None:
    return Reading(serial=float(match[0]))


_READERS = (
    (_YMD, _ymd), (_LAST, _last), (_SPACED, _last), (_COMPACT, _compact), (_DAY_NAMED, _day_named),
    (_NAMED_DAY, _named_day), (_YDM_NAMED, _ymd_named), (_SERIAL, _serial),
)  # fmt: skip


def month_of(text: str) -> str:
    """``2023-05`` for a month, ``2023`` for a year, empty otherwise."""
    text = unicodedata.normalize("NFKC", text.strip())
    match = _MONTH.fullmatch(text)
    if not match:
        return month_named(text)
    if match[3]:
        return match[3]
    return f"{match[1]}-{int(match[2]):02d}" if 1 <= int(match[2]) <= 12 else ""


def looks_like_date(cell: object, *, serials: bool = False) -> bool:
    if isinstance(cell, (dt.date, dt.datetime)):
        return True
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return serials and (5_000 <= cell <= 80_000 or era_day(text_of(cell)) is not None)
    if not isinstance(cell, str) or len(cell) > 60 or not any(map(str.isnumeric, cell)):
        return False
    if (era := era_day(cell)) and era[0] >= CENTURY:
        # digits alone are a date by their heading only
        return serials or not cell.strip().isdigit()
    found = read(cell)
    if found is None:
        return False
    if found.serial is not None:
        return serials and 5_000 <= found.serial <= 80_000
    return bool(found.days or found.candidates or found.several)
