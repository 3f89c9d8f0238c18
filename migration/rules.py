"""Cells of old files as values: text, dates, numbers, yes and no. Doubt is an error, never a guess."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

#: what one needs to import which kind of file
KIND_PERMISSIONS = {
    "employees": "migration.import_people",
    "courses": "migration.import_records",
    "assignments": "migration.import_people",
    "leaves": "migration.import_people",
    "departures": "migration.import_people",
    "records": "migration.import_records",
    "scores": "migration.import_scores",
    "kpi": "migration.import_scores",
    "ratings": "migration.import_scores",
    "salaries": "migration.import_pay",
    "candidates": "migration.import_candidates",
}
#: field of the dictionary -> what one needs to take back what others said of its words
TERM_PERMISSIONS = {
    "gender": "migration.import_people",
    "department": "migration.import_people",
    "parent_department": "migration.import_people",
    "position": "migration.import_people",
    "level": "migration.import_people",
    "band": "migration.import_people",
    "activity": "migration.import_records",
    "course": "migration.import_records",
    "team": "migration.import_records",
    "rating": "migration.import_scores",
    "stage": "migration.import_candidates",
}
#: Excel's day 0; serial numbers of 1954 to 2119 are taken for dates
EXCEL_EPOCH = dt.date(1899, 12, 30)
SERIALS = range(20_000, 80_001)
YES = frozenset(
    {
        "yes",
        "y",
        "true",
        "1",
        "pass",
        "passed",
        "ok",
        "√",
        "✓",
        "是",
        "合格",
        "已合格",
        "通过",
        "已通过",
        "及格",
        "已及格",
        "对",
    }
)
NO = frozenset(
    {
        "no",
        "n",
        "false",
        "0",
        "fail",
        "failed",
        "notpassed",
        "not passed",
        "×",
        "✗",
        "否",
        "不合格",
        "未合格",
        "未通过",
        "不通过",
        "不及格",
        "未及格",
        "错",
    }
)
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTHS = {
    spelling: number for number, name in enumerate(_MONTH_NAMES, 1) for spelling in (name, name[:3])
} | {"sept": 9}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})[-/ .]+([A-Za-z]{3,9})\.?,?[-/ .]+(\d{4}|\d{2})")
_MONTH_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?[-/ ]+(\d{1,2}),?[-/ ]+(\d{4}|\d{2})")
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$")
_NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_CURRENCY = re.compile(r"^(CNY|RMB|USD|EUR|HKD|[¥￥$€£])\s*|\s*(CNY|RMB|USD|EUR|HKD|元|[¥￥$€£])$", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(:00)?")
_BLANKS = re.compile(r"[\s_()\[\]]+")
#: not those between digits, nor the sign of a number, nor a minus behind a word
_SIGNS = re.compile(r"(?<!\d)(?!^[-.]\d)[-./:#]+(?!$)|[-./:#]+(?![\d./:#-]|$)|[./:#]+$|(?<![^\W_])-+$")
_SHARP = re.compile(r"\b([A-Za-z])#(?!\w)")
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff")
#: signs of a number or a day, with what stands around it
_LONGEST = 200
_INVISIBLE = dict.fromkeys(map(ord, _UNSEEN))


class BesideRow(int):
    """The number of a row of a table that stands beside another: both have the same one in the file.

    As a number it tells the two apart; as a text it is the one of the file.
    """

    #: more rows than a file may have; a divisor of what it was once, so that numbers of then read as they did
    APART = 20_000_000
    #: tables beside each other that fit the database's numbers
    MOST = 100

    @classmethod
    def of(cls, row: int, table: int) -> BesideRow:
        """``table``: 1 for the second one."""
        return cls(row + table * cls.APART)

    def __str__(self) -> str:
        return str(source_row(self))


class SheetRow(BesideRow):
    """The number of a row of one of several sheets that are read as one table; ``sheet`` is its name."""

    sheet = ""

    @classmethod
    def on(cls, row: int, table: int, sheet: str) -> SheetRow:
        """``table``: 0 for the first sheet."""
        found = cls(row + table * cls.APART)
        found.sheet = sheet
        return found


def sheet_of(number: int) -> str:
    """The sheet of a row, where the table has several."""
    return number.sheet if isinstance(number, SheetRow) else ""


def row_name(number: int) -> str:
    """What people call the row: ``5``, and ``Feb!5`` where the table has several sheets."""
    sheet = sheet_of(number)
    return f"{sheet}!{source_row(number)}" if sheet else str(source_row(number))


def row_shown(number: int) -> int | str:
    """The same for a column of rows: a number where it is one."""
    return row_name(number) if sheet_of(number) else source_row(number)


def row_json(number: int) -> dict[str, int | str]:
    """The row, and its sheet where the table has several."""
    sheet = sheet_of(number)
    return {"row": source_row(number), "sheet": sheet} if sheet else {"row": source_row(number)}


def source_row(number: int) -> int:
    """The number of the row in the file."""
    return int(number) % BesideRow.APART


def row_key(number: int) -> str:
    """What answers call a row: ``3``, and ``3/2`` of the second table beside another."""
    plain, table = source_row(number), int(number) // BesideRow.APART
    return f"{plain}/{table + 1}" if table else str(plain)


def as_row(number: int, sheets: Sequence[str] = ()) -> int:
    """A row number that was kept as a plain one, of a table that has these ``sheets``."""
    if sheets:
        table = number // BesideRow.APART
        return SheetRow.on(number % BesideRow.APART, table, sheets[table])
    return number if number < BesideRow.APART else BesideRow(number)


class DoubtError(ValueError):
    """The value can be read in two ways; ``readings`` are both."""

    def __init__(self, readings: Sequence[str]) -> None:
        super().__init__(" / ".join(readings))
        self.readings = readings


def text_of(cell: object) -> str:
    """A cell as trimmed text: whole numbers without ``.0``, days as ISO."""
    if type(cell) is str and (cell.isascii() or _UNSEEN.isdisjoint(cell)):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).translate(_INVISIBLE).strip()


def folded(text: str) -> str:
    """Headings and terms are compared so: full-width as half-width, no case, no blanks or signs between words.

    A sign that makes another word stays: P1-1 is not P11, -1 not 1, A- no A, and C# no C.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    if "#" in text:
        text = _SHARP.sub("\\1\u266f", text)
    return _SIGNS.sub("", _BLANKS.sub("", text)).casefold()


def _year(text: str, latest: dt.date) -> int:
    """A year of two digits is the newest one that is not after ``latest``."""
    if len(text) == 4:
        return int(text)
    year = latest.year // 100 * 100 + int(text)
    return year if year <= latest.year else year - 100


def date_of(cell: object, *, formats: Sequence[str] = (), day_first: bool | None = None, latest: dt.date) -> dt.date:
    """The day that a cell states. ``latest`` settles years of two digits. Raises DoubtError or ValueError."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_of_number(cell)
    text = _TIME.sub("", unicodedata.normalize("NFKC", _short(cell))).strip()
    for pattern in formats:
        try:
            found = dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if "%y" in pattern and found.year > latest.year:
            return found.replace(year=found.year - 100)
        return found
    if formats:
        raise ValueError(text)
    return _usual_date(text, day_first, latest)


def is_format(pattern: object) -> bool:
    """Whether strptime reads the year of what it writes: other formats raise errors of many kinds, or mean 1900."""
    if not isinstance(pattern, str):
        return False
    day = dt.datetime(2024, 5, 31, 14, 30, tzinfo=dt.UTC)
    try:
        return dt.datetime.strptime(day.strftime(pattern), pattern).year == day.year  # noqa: DTZ007 - a day has no zone
    except (ValueError, re.error):
        return False


def _date_of_number(number: float) -> dt.date:
    if int(number) in SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=int(number))
    if match := _COMPACT.fullmatch(text_of(number)):
        return dt.date(*map(int, match.groups()))
    raise ValueError(str(number))


def _usual_date(text: str, day_first: bool | None, latest: dt.date) -> dt.date:
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return dt.date(*map(int, match.groups()))
    if match := _DAY_MONTH_NAME.fullmatch(text):
        return dt.date(_year(match[3], latest), MONTHS.get(match[2].casefold(), 0), int(match[1]))
    if match := _MONTH_NAME_DAY.fullmatch(text):
        return dt.date(_year(match[3], latest), MONTHS.get(match[1].casefold(), 0), int(match[2]))
    if match := _YEAR_LAST.fullmatch(text):
        return _day_or_month_first(int(match[1]), int(match[2]), _year(match[3], latest), day_first)
    if text.isdecimal() and len(text) == 5:
        return _date_of_number(int(text))
    raise ValueError(text)


def _day_or_month_first(first: int, second: int, year: int, day_first: bool | None) -> dt.date:
    if first == second:
        return dt.date(year, first, second)
    if first > 12 or second > 12:
        return dt.date(year, second, first) if first > 12 else dt.date(year, first, second)
    if day_first is None:
        raise DoubtError([dt.date(year, first, second).isoformat(), dt.date(year, second, first).isoformat()])
    return dt.date(year, second, first) if day_first else dt.date(year, first, second)


def day_first_in(cells: Iterable[object]) -> bool | None:
    """Whether a column writes the day before the month; None where its cells do not tell, or contradict each other."""
    seen = set()
    for cell in cells:
        if isinstance(cell, str) and (match := _YEAR_LAST.fullmatch(_TIME.sub("", cell.strip()))):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                seen.add(True)
            elif second > 12 >= first:
                seen.add(False)
    return seen.pop() if len(seen) == 1 else None


def number_of(cell: object) -> Decimal:
    """An exact number, also with thousands marks, currency signs or full-width digits. Raises ValueError."""
    if isinstance(cell, bool):
        raise ValueError(str(cell))
    if isinstance(cell, (int, Decimal)):
        return Decimal(cell)
    if isinstance(cell, float):
        # spreadsheets keep 15 digits; the rest is noise of binary fractions
        return Decimal(f"{cell:.15g}") if cell == cell and abs(cell) < 1e15 else _no_number(str(cell))
    text = unicodedata.normalize("NFKC", _short(cell)).replace("\xa0", " ")
    text = _CURRENCY.sub("", text).strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(text) from error


def _short(cell: object) -> str:
    """The text of a cell. Raises ValueError where it is longer than any number or day: patterns would take minutes."""
    text = text_of(cell)
    if len(text) > _LONGEST:
        raise ValueError(text[:_LONGEST])
    return text


def _no_number(text: str) -> Decimal:
    raise ValueError(text)


def whole_of(cell: object) -> int:
    """Raises ValueError, or ArithmeticError, for what is no whole number."""
    number = number_of(cell)
    if number != number.to_integral_value():
        raise ValueError(text_of(cell))
    return int(number)


def minutes_of(cell: object, factor: Decimal) -> int:
    """A duration in whole minutes: a number times ``factor``, a time of day as a spreadsheet keeps it, or ``1:30``."""
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() / 60)
    if isinstance(cell, dt.time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, str) and (match := _CLOCK.fullmatch(cell.strip())):
        return int(match[1]) * 60 + int(match[2])
    return int((number_of(cell) * factor).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def truth_of(cell: object) -> bool:
    """Raises ValueError for what is neither yes nor no."""
    if isinstance(cell, bool):
        return cell
    text = unicodedata.normalize("NFKC", text_of(cell)).casefold()
    if text in YES or text_of(cell) in YES:
        return True
    if text in NO or text_of(cell) in NO:
        return False
    raise ValueError(text)
