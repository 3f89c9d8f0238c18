"""Day and month that a spreadsheet exchanged, as the column as a whole shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migration.cleaning.day_cells import Cell, ask
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: a day is at most 12, and differs from the month, by chance
_SMALL, _LARGE = 0.394, 0.606
#: chance below which a pattern is none
SURE = 1e-3

_EXCHANGED = gettext_noop(
    "A spreadsheet may have exchanged day and month: the texts of the column all have days above 12."
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
                    both = (other.isoformat(), cell.day.isoformat())
                    ask(work, column, cell, both, Say(_EXCHANGED), "swapped_dates")


def _is_small(cell: Cell) -> bool:
    """Whether a text could have been turned into a date in either order."""
    return cell.reading is not None and len(set(cell.reading.days) - {"ymd"}) > 1
