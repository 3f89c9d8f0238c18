"""Columns of dates: the column as a whole tells what its cells mean, and what it does not tell is a doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from migration.cleaning import years
from migration.cleaning.day_forms import NO_SUCH_DAY, PART, Reading, span_of
from migration.cleaning.readings import ORDERS, SHORT, month_of, read, read_in_dates, time_of
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

EPOCH, EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
SERIALS, BIRTH_SERIALS = (14_000, 80_000), (3_000, 80_000)
#: a day is at most 12, and differs from the month, by chance
_SMALL, _LARGE = 0.394, 0.606
#: chance below which a pattern is none
SURE = 1e-3
#: ambiguous cells beside few plain ones: somebody's slip is likelier than an order
_ODD_SHARE = 0.1
_NO_DAY = re.compile(
    r"(0{2,4}[-/.]0{1,2}[-/.]0{1,2}|0{1,2}[-/.]0{1,2}[-/.]0{2,4}|0?1/0/1900|0/0?1/1900|1900[-/]0?1[-/]0{1,2})"
    r"( 0?0:00(:00)?)?"
)
#: days before the first
_NULL_DAYS = frozenset({dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1900, 1, 1), dt.date(1, 1, 1)})
#: no year of two digits means one before
_EARLIEST = 1950

_BOTH = gettext_noop("The column does not show whether the day or the month comes first.")
_MIXED = gettext_noop("The column has dates with the day first and dates with the month first.")
_NO_DATE = gettext_noop("This is no date.")
_EXCHANGED = gettext_noop(
    "A spreadsheet may have exchanged day and month: the texts of the column all have days above 12."
)


@dataclass
class _Cell:
    """Equal cells of the column."""

    value: Any
    places: list[int]
    reading: Reading | None
    day: dt.date | None = None
    rule: str = "dates"


def clean_dates(work: Work, column: Column) -> None:
    if work.on("placeholders"):
        _empty_no_days(work, column)
    cells = [_Cell(value, places, _reading(value)) for (_kind, value), places in work.grouped(column).items()]
    formats: Sequence[str] = work.hints.of(work.hints.formats, column) or ()
    if not formats and _only_months(work, column, cells):
        return
    column.names_months = any(cell.reading and cell.reading.days and not cell.reading.family for cell in cells)
    waiting = []
    for cell in cells:
        if formats and isinstance(cell.value, str):
            _by_format(work, column, cell, formats)
        elif not _plain(work, column, cell):
            waiting.append(cell)
    orders = _orders(work, column, waiting)
    _exchange(work, column, cells, orders)
    for cell in waiting:
        _by_order(work, column, cell, orders)
    for cell in cells:
        if cell.day in _NULL_DAYS and work.on("placeholders"):
            reason = gettext_noop("Systems write this day where they know none.")
            _ask(work, column, cell, ("", cell.day.isoformat()), Say(reason), "placeholders")
        if cell.day is not None:
            _write(work, column, cell)


def _empty_no_days(work: Work, column: Column) -> None:
    """Rule ``placeholders``: 0000-00-00 and the day 0 of a spreadsheet."""
    for (kind, value), places in work.grouped(column).items():
        if kind == "str" and _NO_DAY.fullmatch(value.strip()):
            work.change_all(column, places, "placeholders", "")


def _reading(value: Any) -> Reading | None:
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return Reading({"ymd": (value.year, value.month, value.day)}, family="real")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return read(text_of(value))
    return read_in_dates(value) if isinstance(value, str) else None


def _only_months(work: Work, column: Column, cells: list[_Cell]) -> bool:
    """A column of months stays one, as 2026-03."""
    months = [month_of(cell.value) if isinstance(cell.value, str) else "" for cell in cells]
    if not cells or sum(map(bool, months)) < 0.9 * len(cells):
        return False
    for cell, month in zip(cells, months, strict=True):
        for place in cell.places:
            if month:
                work.change(column, place, "dates", month)
            else:
                work.doubt(column, place, "dates", (), Say(gettext_noop("The other cells of the column are months.")))
    return True


def _by_format(work: Work, column: Column, cell: _Cell, formats: Sequence[str]) -> None:
    for pattern in formats:
        try:
            found = dt.datetime.strptime(cell.value.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        cell.day = found
        if "%y" in pattern:
            cell.day = _century(work, column, cell, (found.year % 100, found.month, found.day), short=True)
        return
    _ask(work, column, cell, (), Say(_NO_DATE))


def _plain(work: Work, column: Column, cell: _Cell) -> bool:
    """Settle a cell that says by itself what it means; False where the column must tell."""
    found = cell.reading
    if found is None:
        month = month_of(cell.value) if isinstance(cell.value, str) else ""
        _ask(work, column, cell, span_of(month) if month else (), Say(PART if month else _NO_DATE))
    elif found.serial is not None:
        _by_serial(work, column, cell, found.serial)
    elif found.candidates:
        _ask(work, column, cell, found.candidates, Say(found.why))
    elif set(found.days) == {"ymd"} and found.family in ("", "iso", "real"):
        cell.day = _century(work, column, cell, found.days["ymd"], short=found.short)
    else:
        return False
    return True


def _by_serial(work: Work, column: Column, cell: _Cell, serial: float) -> None:
    least, most = BIRTH_SERIALS if column.meaning == "birth_date" else SERIALS
    if not work.on("serial_dates") or not least <= serial <= most:
        is_year = 1900 <= serial <= 2100 and serial == int(serial)
        _ask(work, column, cell, span_of(str(int(serial))) if is_year else (), Say(PART if is_year else _NO_DATE))
        return
    cell.rule = "serial_dates"
    epoch = EPOCH_1904 if work.hints.from_1904 else EPOCH
    cell.day = epoch + dt.timedelta(days=int(serial))
    if 1900 <= serial <= 2100:
        _ask(
            work,
            column,
            cell,
            (cell.day.isoformat(),),
            Say(gettext_noop("This can be a year, or the number of a day.")),
        )


def _orders(work: Work, column: Column, waiting: list[_Cell]) -> dict[str, str]:
    """family -> order; ``?`` where nothing shows it, ``!`` where its cells contradict each other."""
    given = work.hints.of(work.hints.orders, column)
    families: dict[str, list[_Cell]] = {}
    for cell in waiting:
        if cell.reading is not None:
            families.setdefault(cell.reading.family, []).append(cell)
    orders = {family: given or _order_of(work, column, cells) for family, cells in families.items()}
    for family, order in orders.items():
        # the same dates with years of four digits tell
        longer = orders.get(family.removesuffix(SHORT), "")
        if order == "?" and family.endswith(SHORT) and len(longer) == 3:
            options = set.union(*(_possible(work, column, one.reading) for one in families[family] if one.reading))
            orders[family] = longer if "ymd" not in options else order
    return orders


def _order_of(work: Work, column: Column, cells: list[_Cell]) -> str:
    options = [_possible(work, column, cell.reading) for cell in cells if cell.reading]
    fitting = set.intersection(*options)
    if not fitting:
        return "!"
    if len(fitting) > 1:
        return "?"
    order = fitting.pop()
    told = [
        (one, len(cell.places)) for cell, one in zip(cells, options, strict=True) if len(one) == 1 or not _same(cell)
    ]
    size = sum(count for _one, count in told)
    # each other order must be ruled out by more than somebody's slip
    against = {other: sum(count for one, count in told if other not in one) for other in {*ORDERS} - {order}}
    odd = any(count < _odd_share(other, order) * size and size - count >= 20 for other, count in against.items())
    return "?" if odd else order


def _odd_share(other: str, order: str) -> float:
    """Few of a month's days would be years to come."""
    return _ODD_SHARE / 3 if "ymd" in (other, order) else _ODD_SHARE


def _possible(work: Work, column: Column, reading: Reading) -> set[str]:
    """The orders in which the cell is a day that the column can hold: nobody was born, or hired, in years to come."""
    found = set()
    for order, day in reading.days.items():
        settled = years.settled(day, short=reading.short, meaning=column.meaning, today=work.today)[0]
        if settled is None:
            continue
        is_usual = settled.year >= _EARLIEST and (settled.year <= work.today.year + 2 or column.meaning == "end_date")
        if is_usual or column.meaning == "birth_date" or not reading.short:
            found.add(order)
    return found or set(reading.days)


def _same(cell: _Cell) -> bool:
    """Whether it is one day in whatever order."""
    return cell.reading is not None and len(set(cell.reading.days.values())) == 1


def _by_order(work: Work, column: Column, cell: _Cell, orders: dict[str, str]) -> None:
    assert cell.reading is not None
    days, order = cell.reading.days, orders[cell.reading.family]
    if order in days or len(set(days.values())) == 1:
        day = days.get(order) or next(iter(days.values()))
        cell.day = _century(work, column, cell, day, short=cell.reading.short)
        return
    options = []
    for one in days.values():
        option = years.settled(one, short=cell.reading.short, meaning=column.meaning, today=work.today)[0]
        options += [option.isoformat()] if option else []
    reason = {"?": _BOTH, "!": _MIXED}.get(order, NO_SUCH_DAY)
    _ask(work, column, cell, tuple(dict.fromkeys(options)), Say(reason))


def _exchange(work: Work, column: Column, cells: list[_Cell], orders: dict[str, str]) -> None:
    """Rule ``swapped_dates``: a spreadsheet that expects the other order makes wrong dates of texts with days up to 12
    and leaves the others as texts; so the dates have no day above 12, and the texts none below."""
    if not work.on("swapped_dates"):
        return
    for family in ("real", "iso"):
        dates = [cell for cell in cells if cell.reading and cell.reading.family == family and cell.day]
        texts = [
            cell for cell in cells
            if cell.reading and orders.get(cell.reading.family) in ("dmy", "mdy")
            and cell.reading.family not in ("", "real", "iso", "compact")
        ]  # fmt: skip
        if not dates or not texts or any(_is_small(cell) for cell in texts):
            continue
        # equal cells tell as much as one
        large = sum(cell.day.day > 12 for cell in dates if cell.day)
        small = sum(cell.day.day <= 12 for cell in dates if cell.day)
        odd = _LARGE ** len(texts)
        if not small or (large and odd > SURE):
            continue
        sure = not large and odd * _SMALL**small < SURE
        for cell in dates:
            if cell.day and cell.day.day <= 12 and cell.day.day != cell.day.month:
                other = cell.day.replace(month=cell.day.day, day=cell.day.month)
                if sure:
                    cell.day, cell.rule = other, "swapped_dates"
                else:
                    _ask(
                        work, column, cell, (other.isoformat(), cell.day.isoformat()), Say(_EXCHANGED), "swapped_dates"
                    )


def _is_small(cell: _Cell) -> bool:
    """Whether a text could have been turned into a date in either order."""
    return cell.reading is not None and len(set(cell.reading.days) - {"ymd"}) > 1


def _century(work: Work, column: Column, cell: _Cell, day: tuple[int, int, int], *, short: bool) -> dt.date | None:
    found, candidates = years.settled(day, short=short, meaning=column.meaning, today=work.today)
    if found is None or not work.on("two_digit_years"):
        if candidates:
            reason = gettext_noop("The century of this date is not clear.")
            _ask(work, column, cell, candidates, Say(reason), "two_digit_years")
        elif found is None:
            _ask(work, column, cell, (), Say(NO_SUCH_DAY))
    if found is not None and (found.year != day[0] or short) and not (short and found.year >= 2000):
        cell.rule = "two_digit_years"
    return found


def _ask(work: Work, column: Column, cell: _Cell, candidates: Sequence[str], reason: Say, rule: str = "dates") -> None:
    for place in cell.places:
        work.doubt(column, place, rule, candidates, reason)
    cell.day = None


def _write(work: Work, column: Column, cell: _Cell) -> None:
    assert cell.day is not None
    after = cell.day.isoformat()
    if not column.field:
        # a time of day that a column of the file has is not lost
        if isinstance(cell.value, dt.datetime) and cell.value.time() != dt.time():
            after += f" {cell.value.time().isoformat()}"
        elif isinstance(cell.value, str) and (time := time_of(cell.value)):
            after += f" {time}"
    if work.on("dates"):
        work.change_all(column, cell.places, cell.rule, after)


def majority(values: Sequence[str]) -> str:
    return Counter(values).most_common(1)[0][0]
