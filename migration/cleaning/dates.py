"""Columns of dates: the column as a whole tells what its cells mean, and what it does not tell is a doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from rapidfuzz.distance import OSA

from migration.cleaning.day_cells import Cell, ask, options, settle
from migration.cleaning.day_forms import NO_SUCH_DAY, PART, Reading, missing_day, span_of
from migration.cleaning.day_signs import time_of
from migration.cleaning.digits import read_digits
from migration.cleaning.eras import read_eras
from migration.cleaning.exchanged import exchange
from migration.cleaning.orders import MIXED, orders_of, possible, read_year_first
from migration.cleaning.readings import month_of, read, read_in_dates
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.cleaning.yearless import ask_yearless, day_of
from migration.rules import text_of

EPOCH, EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
SERIALS, BIRTH_SERIALS = (14_000, 80_000), (3_000, 80_000)
_NO_DAY = re.compile(
    r"(0{2,4}[-/.]0{1,2}[-/.]0{1,2}|0{1,2}[-/.]0{1,2}[-/.]0{2,4}|0?1/0/1900|0/0?1/1900|1900[-/]0?1[-/]0{1,2})"
    r"( 0?0:00(:00)?)?"
)
#: days before the first
_NULL_DAYS = frozenset({dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1900, 1, 1), dt.date(1, 1, 1)})

_BOTH = gettext_noop("The column does not show whether the day or the month comes first.")
_NO_DATE = gettext_noop("This is no date.")
_ODD = gettext_noop("The other dates of the column have day and month in another order.")


def clean_dates(work: Work, column: Column) -> None:
    if work.on("placeholders"):
        _empty_no_days(work, column)
    cells = [Cell(value, places, _reading(value)) for (_kind, value), places in work.grouped(column).items()]
    formats: Sequence[str] = work.hints.of(work.hints.formats, column) or ()
    if not formats:
        read_digits(cells)
        read_eras(work, column, cells)
        read_year_first(work, column, cells)
    if not formats and _only_months(work, column, cells):
        return
    column.names_months = any(cell.reading and cell.reading.days and not cell.reading.family for cell in cells)
    waiting = []
    for cell in cells:
        if formats and isinstance(cell.value, str):
            _by_format(work, column, cell, formats)
        elif day_of(cell) is None and not _plain(work, column, cell):
            waiting.append(cell)
    column.orders = orders = orders_of(work, column, waiting)
    exchange(work, column, cells, orders)
    for cell in waiting:
        _by_order(work, column, cell, orders)
    if not formats:
        ask_yearless(work, column, cells)
    midnight = _are_timed(column, cells)
    for cell in cells:
        if cell.day in _NULL_DAYS and work.on("placeholders"):
            reason = gettext_noop("Systems write this day where they know none.")
            column.no_days.update(cell.places)
            ask(work, column, cell, ("", cell.day.isoformat()), Say(reason), "placeholders")
        if cell.day is not None:
            _write(work, column, cell, midnight=midnight)


def _are_timed(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether most days have a time other than midnight, which is then one, too, and not what a system fills in."""
    if column.field:
        return False
    days = [(len(cell.places), bool(_time_of(cell, column))) for cell in cells if cell.day is not None]
    return 2 * sum(often for often, is_timed in days if is_timed) > sum(often for often, _is_timed in days)


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


def _only_months(work: Work, column: Column, cells: list[Cell]) -> bool:
    """A column of months stays one, as 2026-03."""
    months = [month_of(cell.value) if isinstance(cell.value, str) else "" for cell in cells]
    rows = sum(len(cell.places) for cell in cells)
    told = sum(len(cell.places) for cell, month in zip(cells, months, strict=True) if month)
    if not cells or told < 0.9 * rows:
        return False
    for cell, month in zip(cells, months, strict=True):
        for place in cell.places:
            if month:
                work.change(column, place, "dates", month)
            else:
                near = sorted({one for one in months if one and OSA.distance(text_of(cell.value), one) == 1})
                reason = gettext_noop("The other cells of the column are months.")
                work.doubt(column, place, "dates", near, Say(reason))
    return True


def _by_format(work: Work, column: Column, cell: Cell, formats: Sequence[str]) -> None:
    for pattern in formats:
        try:
            found = dt.datetime.strptime(cell.value.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        cell.day = found
        if "%y" in pattern:
            day = (found.year % 100, found.month, found.day)
            settle(work, column, cell, day, Reading(short=True))
        return
    ask(work, column, cell, (), Say(_NO_DATE))


def _plain(work: Work, column: Column, cell: Cell) -> bool:
    """Settle a cell that says by itself what it means; False where the column must tell."""
    found = cell.reading
    if found is None:
        month = month_of(cell.value) if isinstance(cell.value, str) else ""
        ask(work, column, cell, span_of(month) if month else (), Say(PART if month else _NO_DATE))
    elif found.serial is not None:
        _by_serial(work, column, cell, found.serial)
    elif found.candidates:
        ask(work, column, cell, found.candidates, Say(found.why))
    elif found.several:
        ask(work, column, cell, options(work, column, found, found.several), Say(found.why))
    elif set(found.days) == {"ymd"} and found.family in ("", "iso", "real"):
        if found.unsure:
            ask(work, column, cell, options(work, column, found, found.days.values()), Say(found.unsure))
        else:
            settle(work, column, cell, found.days["ymd"], found)
    else:
        return False
    return True


def _by_serial(work: Work, column: Column, cell: Cell, serial: float) -> None:
    month = month_of(text_of(cell.value))
    if "." in month.replace("-", "."):
        # 2023.12
        ask(work, column, cell, span_of(month), Say(PART))
        return
    least, most = BIRTH_SERIALS if column.meaning == "birth_date" else SERIALS
    if not work.on("serial_dates") or not least <= serial <= most:
        is_year = 1900 <= serial <= 2100 and serial == int(serial)
        ask(work, column, cell, span_of(str(int(serial))) if is_year else (), Say(PART if is_year else _NO_DATE))
        return
    cell.rule = "serial_dates"
    epoch = EPOCH_1904 if work.hints.from_1904 else EPOCH
    cell.day = epoch + dt.timedelta(days=int(serial))
    if 1900 <= serial <= 2100:
        ask(
            work,
            column,
            cell,
            (cell.day.isoformat(),),
            Say(gettext_noop("This can be a year, or the number of a day.")),
        )


def _by_order(work: Work, column: Column, cell: Cell, orders: dict[str, str]) -> None:
    found = cell.reading
    assert found is not None
    days, order = found.days, orders[found.family]
    is_open = order in "?!" or bool(work.hints.of(work.hints.orders, column))
    is_plain = len(set(days.values())) == 1 and is_open and possible(work, column, found)
    if (order in days or is_plain) and not found.unsure:
        settle(work, column, cell, days.get(order) or next(iter(days.values())), found)
        return
    missing = missing_day(cell.value) if order not in days and isinstance(cell.value, str) else None
    # the column's own order is the likeliest
    ordered = [day for _name, day in sorted(days.items(), key=lambda one: one[0] != order)]
    reason = found.unsure or (NO_SUCH_DAY if missing else {"?": _BOTH, "!": MIXED}.get(order, _ODD))
    last = options(work, column, missing, missing.several) if missing else ()
    ask(work, column, cell, tuple(dict.fromkeys((*last, *options(work, column, found, ordered)))), Say(reason))


def _write(work: Work, column: Column, cell: Cell, *, midnight: bool) -> None:
    assert cell.day is not None
    after = cell.day.isoformat()
    # a time of day that a column of the file has is not lost
    if not column.field and (time := _time_of(cell, column, midnight=midnight)):
        after += f" {time}"
    if work.on("dates"):
        work.change_all(column, cell.places, cell.rule, after)


_SERIAL = re.compile(r"\d+(\.\d+)?")


def _time_of(cell: Cell, column: Column, *, midnight: bool = False) -> str:
    value = cell.value
    if cell.rule == "serial_dates":
        if column.meaning:
            # nobody is hired at noon
            return ""
        # 45263" is a serial number all the same
        number = _SERIAL.match(text_of(value))
        seconds = round(float(number[0]) % 1 * 86_400) if number else 0
        return str(dt.timedelta(seconds=seconds)).zfill(8) if 0 < seconds < 86_400 else ""
    if isinstance(value, dt.datetime):
        return value.time().isoformat() if midnight or value.time() != dt.time() else ""
    return time_of(value, midnight=midnight) if isinstance(value, str) else ""
