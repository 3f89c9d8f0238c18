"""What a date can mean, and the rarer ways to write one: other languages, eras, weeks, and slips of writing."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from migration.cleaning.month_names import months_named, weekdays_named
from migration.cleaning.registry import gettext_noop

NO_SUCH_DAY = gettext_noop("There is no such day.")
PART = gettext_noop("The day is missing.")
_AMONG = gettext_noop("The cell says more than a date.")
_MONTHS = gettext_noop("This month is another one in another language.")
_LETTERS = gettext_noop("Letters stand where digits should be.")
#: from here on a year in front has three digits, as that of no other date
CENTURY = 100
#: years of the Republic of China end somewhere
_LAST_OF_ERA = 150
#: what somebody writes for a day of the month by a slip
_LAST_NUMBER = 39
#: year before the first of an era
_ERAS = {
    "民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867,
}  # fmt: skip
_ERA_DAY = re.compile(
    rf"(?:中華|中华)?({'|'.join(_ERAS)})\s*(\d{{1,3}}|元)\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日?"
)
_SHORT_CHINESE = re.compile(r"(\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_WEEK_DAY = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])")
_NAMED = re.compile(
    r"(\d{1,2})\s*(?:er|º|ª|\.|-?го)?[-\s/.]*(?:d[ei]\s+)?([^\W\d_]{3,12})\.?,?[-\s/.]*(?:del?\s+)?(\d{4}|\d{2})"
    r"(?:\s*[гр]\.?)?"
)
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,12})\.?,?\s*[-/.]?\s*(?:del?\s+)?(\d{4})")
_NUMBER_MONTH = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_QUARTER = re.compile(
    r"(\d{4})\s*[-/年]?\s*(?:Q\s*([1-4])|第?([1-4一二三四])季度?)|Q([1-4])\s*[-/]?\s*(\d{4})", re.IGNORECASE
)
_ERA_YEAR = re.compile(
    r"(?P<year>\d{2,3})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?"
    r"|(?P<years>[01]\d\d)(?P<months>\d\d)(?P<days>\d\d)"
)
_FOUR = re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})")
_BACK = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
_PIECES = re.compile(r"(?<![\d])(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}([-/.])\d{1,2}\1\d{4})(?!\d)")
_EIGHT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_DAY_OF_NAME = re.compile(r"(\d{1,2})[-/. ]*([^\W\d_]{3,12})\.?[-/., ]*(\d{4})")
_NAME_OF_DAY = re.compile(r"([^\W\d_]{3,12})\.?[-/. ]*(\d{1,2})[-/., ]+(\d{4})")
_MONTH_SHORT = re.compile(r"([A-Za-z]{3,9})[-/ .']+(\d{2})|(\d{4})[-/ .]*([A-Za-z]{3,9})")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")
#: a digit written twice, a sign left out, a day cut off
_LONG_YEAR = re.compile(r"(\d{5})([-/.])(\d{1,2})\2(\d{1,2})")
_SIGN_LOST = re.compile(r"((?:19|20)\d\d)(?:[-/.](\d\d)(\d\d)|(\d\d)[-/.](\d\d))")
_CUT_OFF = re.compile(r"((?:19|20)\d\d)[-/.](\d{1,2})")
_SPACED = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})|(\d{1,2}) (\d{1,2}) (\d{4})")
_DOUBLED = re.compile(r"([-/.])\s*\1+")
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_FIRST_WORD = re.compile(r"([^\W\d_]{3,12})\.?,?\s+(?=.*\d)")
_CHINESE_WEEKDAY = re.compile(r"[\s(（]*(?:星期|周|礼拜)([一二三四五六日天])[)）]*\s*$")

#: year, month, day
Day = tuple[int, int, int]


@dataclass(frozen=True)
class Reading:
    """``days``: order -> days that exist. ``short``: the year has two digits. ``family``: dates that are written
    alike, of which one shows the order of the others; empty where the order is plain. ``weekdays``: which the text
    names."""

    days: Mapping[str, Day] = field(default_factory=dict)
    family: str = ""
    short: bool = False
    serial: float | None = None
    weekdays: frozenset[int] = frozenset()
    #: why a person is asked although the text can be read
    unsure: str = ""
    #: the day that 2023-24-03 is
    day_second: Day | None = None
    #: days of which a person must choose one, whatever the order
    several: tuple[Day, ...] = ()
    #: what a person is asked about: the day only exists if month and day are exchanged, or the like
    candidates: tuple[str, ...] = ()
    why: str = NO_SUCH_DAY


def exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def full_year(year: int) -> int:
    """For checking that a day exists; the century is settled later, and 29 February exists in 2000."""
    return year if year > 99 else 2000 + year


# --- written in full --------------------------------------------------------------------------------------------------
def read_rarer(text: str) -> Reading | None:
    """A date of another language, an era, or a week; None where it is none."""
    if match := _ERA_DAY.fullmatch(text):
        year = _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))
        return _plain(year, int(match[3]), int(match[4]))
    if match := _SHORT_CHINESE.fullmatch(text):
        year, month, day = (int(one) for one in match.groups())
        return Reading({"ymd": (year, month, day)}, short=True) if exists(full_year(year), month, day) else None
    if match := _WEEK_DAY.fullmatch(text):
        try:
            found = dt.date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
        return _plain(found.year, found.month, found.day)
    if match := _NAMED.fullmatch(text):
        return named(int(match[1]), match[2], match[3])
    return None


def era_day(text: str) -> tuple[int, Day] | None:
    """(year of the era, the day) of ``112/05/03`` and ``1120503``, where years are those of the Republic of China."""
    match = _ERA_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    year, month, day = (int(one) for one in match.groups() if one is not None)
    found = (year + _ERAS["民国"], month, day)
    return (year, found) if 0 < year < _LAST_OF_ERA and exists(*found) else None


def named(day: int, name: str, year: str) -> Reading | None:
    """``3 mai 2023``; a name that means several months is a doubt."""
    short = len(year) == 2
    days = [(int(year), month, day) for month in months_named(name) if exists(full_year(int(year)), month, day)]
    if len(days) == 1:
        return Reading({"ymd": days[0]}, short=short)
    return Reading(several=tuple(days), short=short, why=_MONTHS) if days else None


def _plain(year: int, month: int, day: int) -> Reading | None:
    return Reading({"ymd": (year, month, day)}) if exists(year, month, day) else None


def month_named(text: str) -> str:
    """``2023-05`` for ``May 2023`` and ``05/2023``; empty otherwise."""
    if match := _NUMBER_MONTH.fullmatch(text):
        return f"{match[2]}-{int(match[1]):02d}" if 1 <= int(match[1]) <= 12 else ""
    if match := _NAMED_MONTH.fullmatch(text):
        months = months_named(match[1])
        return f"{match[2]}-{months[0]:02d}" if len(months) == 1 else ""
    return ""


# --- weekdays ---------------------------------------------------------------------------------------------------------
def weekday_of(text: str) -> tuple[frozenset[int], str]:
    """(weekdays that the text names, 0 for Monday; the text without it)."""
    if match := _CHINESE_WEEKDAY.search(text):
        return frozenset({min("一二三四五六日天".index(match[1]), 6)}), text[: match.start()].strip()
    if (match := _FIRST_WORD.match(text)) and (days := weekdays_named(match[1])) and not months_named(match[1]):
        return days, text[match.end() :].strip()
    return frozenset(), text


def fitting(found: Reading, weekdays: frozenset[int]) -> Reading:
    """The reading with the orders whose day is such a weekday in some century; all of them where none is."""
    days = {
        order: day for order, day in found.days.items()
        if any(dt.date(century + day[0], *day[1:]).weekday() in weekdays for century in _centuries(day))
    }  # fmt: skip
    return replace(found, days=days or found.days, weekdays=weekdays)


def _centuries(day: Day) -> tuple[int, ...]:
    options = (0,) if day[0] > 99 else (1900, 2000)
    return tuple(one for one in options if exists(one + day[0], *day[1:]))


# --- what only a column of dates makes a date -------------------------------------------------------------------------
def guess_at(text: str, read: Callable[[str], Reading | None]) -> Reading | None:
    """What a cell that cannot be read may mean, where the column is one of dates: signs written twice or at the end are
    taken off, everything else is candidates."""
    mended = _mended(text)
    if mended != text and (found := read(mended)):
        return found
    digits = text.translate(_LOOKALIKES)
    if digits != text and not any(letter.isalpha() for letter in digits) and (found := read(_mended(digits))):
        return replace(found, unsure=_LETTERS) if found.days else None
    if mended != text and (match := _CUT_OFF.fullmatch(mended)) and 1 <= int(match[2]) <= 12:
        return _span(int(match[1]), int(match[2]), int(match[2]))
    for pattern, reader in _GUESSES:
        if match := pattern.fullmatch(mended):
            return reader(match)
    pieces = [read(match[0]) for match in _PIECES.finditer(text) if match[0] != text]
    days = [day for one in pieces if one for day in one.days.values() if day[0] > CENTURY]
    return Reading(several=tuple(dict.fromkeys(days)), why=_AMONG) if days else None


def _mended(text: str) -> str:
    text = _DOUBLED.sub(r"\1", text.strip().strip("-/.,; ").replace("\\", "/"))
    if text.count(",") == 2 and text.replace(",", "").isdigit():
        text = text.replace(",", "/")
    return text.replace(" ", "-") if _SPACED.fullmatch(text) else text


def _quarter(match: re.Match[str]) -> Reading:
    year = int(match[1] or match[5])
    number = match[2] or match[3] or match[4]
    quarter = "一二三四".index(number) + 1 if number in "一二三四" else int(number)
    return _span(year, quarter * 3 - 2, quarter * 3)


def span_of(month: str) -> tuple[str, ...]:
    """First and last day of ``2023-05`` or ``2023``."""
    year, _dash, number = month.partition("-")
    return _span(int(year), int(number or 1), int(number or 12)).candidates


def _span(year: int, first: int, last: int) -> Reading:
    if not 1 <= year <= 9999:
        return Reading()
    end = calendar.monthrange(year, last)[1]
    return Reading(candidates=(f"{year:04d}-{first:02d}-01", f"{year:04d}-{last:02d}-{end}"), why=PART)


def _last_day(year: int, month: int, day: int, *, short: bool = False) -> Reading | None:
    """31 February: its last day, the first of the next month, and the day with its digits exchanged."""
    if not (1 <= month <= 12 and 28 < day <= _LAST_NUMBER and (short or 1 <= year <= 9999)):
        return None
    next_month = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    days = [(year, month, calendar.monthrange(full_year(year), month)[1]), next_month]
    exchanged = int(f"{day:02d}"[::-1])
    if exchanged and exists(full_year(year), month, exchanged):
        days.append((year, month, exchanged))
    return Reading(several=tuple(days), short=short)


def missing_day(text: str) -> Reading | None:
    """The last day of the month for ``31/06/23``, which nothing but the 23rd of a June in years to come would fit."""
    match = _BACK.fullmatch(text.strip())
    return _back(match) if match else None


def _four(match: re.Match[str]) -> Reading | None:
    return _last_day(int(match[1]), int(match[2]), int(match[3]))


def _back(match: re.Match[str]) -> Reading | None:
    first, second, year, short = int(match[1]), int(match[2]), int(match[3]), len(match[3]) == 2
    return _last_day(year, second, first, short=short) or _last_day(year, first, second, short=short)


def _day_of_name(match: re.Match[str]) -> Reading | None:
    months = months_named(match[2])
    return _last_day(int(match[3]), months[0], int(match[1])) if len(months) == 1 else None


def _name_of_day(match: re.Match[str]) -> Reading | None:
    months = months_named(match[1])
    return _last_day(int(match[3]), months[0], int(match[2])) if len(months) == 1 else None


def _month_short(match: re.Match[str]) -> Reading | None:
    months = months_named(match[1] or match[4])
    year = int(match[3]) if match[3] else full_year(int(match[2]))
    return _span(year, months[0], months[0]) if len(months) == 1 else None


def _week(match: re.Match[str]) -> Reading | None:
    try:
        days = [dt.date.fromisocalendar(int(match[1]), int(match[2]), day) for day in (1, 5, 7)]
    except ValueError:
        return None
    return Reading(candidates=tuple(day.isoformat() for day in days), why=PART)


def _long_year(match: re.Match[str]) -> Reading | None:
    typed, month, day = match[1], int(match[3]), int(match[4])
    # a digit written twice is likelier than one that slipped in
    places = sorted(range(len(typed)), key=lambda at: at == 0 or typed[at] != typed[at - 1])
    years = dict.fromkeys(int(typed[:at] + typed[at + 1 :]) for at in places)
    days = [(year, month, day) for year in years if 1900 <= year <= 2099 and exists(year, month, day)]
    return Reading(several=tuple(days)) if days else None


def _sign_lost(match: re.Match[str]) -> Reading | None:
    year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
    return Reading(several=((year, month, day),)) if exists(year, month, day) else None


_GUESSES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Reading | None]], ...] = (
    (_QUARTER, _quarter), (_FOUR, _four), (_EIGHT, _four), (_BACK, _back), (_DAY_OF_NAME, _day_of_name),
    (_NAME_OF_DAY, _name_of_day), (_MONTH_SHORT, _month_short), (_WEEK, _week),
    (_LONG_YEAR, _long_year), (_SIGN_LOST, _sign_lost),
)  # fmt: skip
