"""Day and month that a spreadsheet exchanged, as the column as a whole shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from migration.cleaning.day_cells import Cell, ask
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: a day is at most 12, and differs from the month, by chance
_SMALL, _LARGE = 0.394, 0.606
#: chance below which a pattern is none
SURE = 1e-3
#: chance below which it is worth asking
_BY_CHANCE, _RARELY = 0.05, 0.01

_EXCHANGED = gettext_noop(
    "A spreadsheet may have exchanged day and month: the texts of the column all have days above 12."
)

_ALL_SMALL = gettext_noop(
    "A spreadsheet may have exchanged day and month: it makes dates of days up to 12 alone, and these all are."
)


def exchange(work: Work, column: Column, cells: Sequence[Cell], orders: Mapping[str, str]) -> None:
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
        if dates and texts and _are_all_small(dates, texts):
            _ask_all(work, column, dates, _ALL_SMALL)
            continue
        if not dates or not texts or any(_is_small(cell) for cell in texts):
            continue
        # equal cells tell as much as one
        large = sum(cell.day.day > 12 for cell in dates if cell.day)
        small = sum(cell.day.day <= 12 for cell in dates if cell.day)
        odd = _LARGE ** len(texts)
        if not small or (large and odd > _RARELY):
            continue
        if large or odd * _SMALL**small >= SURE:
            _ask_all(work, column, dates, _EXCHANGED)
            continue
        for cell in dates:
            if other := _other(cell):
                cell.day, cell.rule = other, "swapped_dates"


def _ask_all(work: Work, column: Column, dates: Sequence[Cell], reason: str) -> None:
    for cell in dates:
        if cell.day and (other := _other(cell)):
            ask(work, column, cell, (other.isoformat(), cell.day.isoformat()), Say(reason), "swapped_dates")


def _other(cell: Cell) -> dt.date | None:
    """The day with day and month exchanged, where that is another one."""
    if not cell.day or cell.day.day > 12 or cell.day.day == cell.day.month:
        return None
    return cell.day.replace(month=cell.day.day, day=cell.day.month)


def _are_all_small(dates: Sequence[Cell], texts: Sequence[Cell]) -> bool:
    """Whether all dates have days up to 12, so many that chance hardly makes them, while the texts have others too."""
    small = sum(map(_is_small, texts))
    share = (small + 1) / (len(texts) + 2)
    return bool(small) and all(cell.day and cell.day.day <= 12 for cell in dates) and share ** len(dates) < _BY_CHANCE


def _is_small(cell: Cell) -> bool:
    """Whether a text could have been turned into a date in either order."""
    return cell.reading is not None and len(set(cell.reading.days) - {"ymd"}) > 1
