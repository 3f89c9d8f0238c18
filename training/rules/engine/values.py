"""Numbers, roundings and spans of days."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    InvalidOperation,
)
from typing import Any

ZERO, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")
FAR = Decimal("1e-12")
DAY = dt.timedelta(days=1)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


def put_back(value: Decimal) -> Decimal:
    """What division cut off far behind the point: a third of an hour times three is one, before it is rounded down."""
    return value.quantize(FAR)


def number(value: Any) -> Decimal | None:
    """A finite decimal, or None for what is no number (truth values are none)."""
    if value is None or isinstance(value, bool | dt.date):
        return None
    if isinstance(value, Decimal):
        return value
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def fraction(value: Any) -> Decimal | None:
    """A share: a number, or two as in “1/3”."""
    above, stroke, below = value.partition("/") if isinstance(value, str) else (value, "", "")
    return sure_number(above) / sure_number(below) if stroke else number(value)


def sure_number(value: Any) -> Decimal:
    """A number that the file must state; 0 for none."""
    found = number(value)
    return ZERO if found is None else found


def day(value: Any) -> dt.date | None:
    """A date from a date or ``year-month-day``."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def stated_day(value: Any) -> dt.date | None:
    """A date that somebody stated; None for what is none."""
    try:
        return day(value)
    except ValueError:
        return None


def plain(value: Decimal | None) -> str:
    """Without idle zeros: 40, 7.5."""
    if value is None:
        return "–"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Rounding:
    """To multiples of ``step``."""

    step: Decimal = CENT
    mode: str = ROUND_HALF_UP

    @classmethod
    def of(cls, spec: Mapping[str, Any] | None) -> Rounding | None:
        if not spec:
            return None
        return cls(number(spec.get("step")) or ONE, MODES[str(spec.get("mode", "half_up"))])

    def __call__(self, value: Decimal) -> Decimal:
        return put_back(value / self.step).quantize(ONE, self.mode) * self.step


def cents(value: Decimal, mode: str = ROUND_HALF_UP) -> Decimal:
    """Two places."""
    return put_back(value).quantize(CENT, mode)


def floor_units(value: Decimal, size: Decimal) -> Decimal:
    """How many whole times ``size`` goes into ``value``."""
    return put_back(value / size).to_integral_value(ROUND_FLOOR)


def share_down(value: Decimal) -> Decimal:
    """Two places, never more than ``value``."""
    return put_back(value).quantize(CENT, ROUND_DOWN)


def ceil(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_CEILING)


def add_months(start: dt.date, months: int) -> dt.date:
    """The same day so many months later, or that month's last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: dt.date, last: dt.date) -> int:
    """Calendar months touched, both days included."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def month_day(text: Any, not_before: dt.date) -> dt.date:
    """The first such day of a year (``04-01``) on or after a day; 29 February is the 28th where there is none."""
    month, of_month = (int(part) for part in str(text).split("-"))
    for year in range(not_before.year, not_before.year + 2):
        found = dt.date(year, month, min(of_month, calendar.monthrange(year, month)[1]))
        if found >= not_before:
            return found
    raise ValueError(text)


def bucket(per: str, when: dt.date, period: str) -> object:
    """What ``when`` falls into: a key that is equal within the same day, month, …, or the period's name."""
    if per == "day":
        return when
    if per == "week":
        return when.isocalendar()[:2]
    if per == "month":
        return when.year, when.month
    if per == "quarter":
        return when.year, (when.month - 1) // 3
    if per == "half_year":
        return when.year, (when.month - 1) // 6
    if per == "calendar_year":
        return when.year
    return period


@dataclass(frozen=True)
class Span:
    """Days from ``start`` to ``end``, both included."""

    start: dt.date
    end: dt.date

    def __contains__(self, when: dt.date) -> bool:
        return self.start <= when <= self.end

    def days(self) -> int:
        return max((self.end - self.start).days + 1, 0)

    def meet(self, other: Span) -> Span | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start <= end else None

    def months(self) -> Iterator[Span]:
        """Calendar months touched, whole."""
        first = self.start.replace(day=1)
        while first <= self.end:
            following = add_months(first, 1)
            yield Span(first, following - DAY)
            first = following

    def parts(self, each: Any) -> list[Span]:
        """The span cut into months, quarters, half years, calendar years or years from its first day on.

        ``{"years": 2}``: any two years in a row.
        """
        if isinstance(each, Mapping):
            years, several = self.parts("year"), int(each.get("years", 1))
            if len(years) <= several:
                return [self]
            return [Span(years[i].start, years[i + several - 1].end) for i in range(len(years) - several + 1)]
        found: list[Span] = []
        start = self.start
        while start <= self.end:
            found.append(Span(start, min(_next_part(str(each), start, self.start, len(found)) - DAY, self.end)))
            start = found[-1].end + DAY
        return found


def _next_part(each: str, start: dt.date, origin: dt.date, number_before: int) -> dt.date:
    if each == "year":
        return add_months(origin, 12 * (number_before + 1))
    size = {"month": 1, "quarter": 3, "half_year": 6, "calendar_year": 12}[each]
    first = dt.date(start.year, (start.month - 1) // size * size + 1, 1)
    return add_months(first, size)
