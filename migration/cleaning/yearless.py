"""5-May among dates: a day whose year is that of others, or not to be known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from migration.cleaning.day_cells import Cell, ask
from migration.cleaning.day_forms import exists
from migration.cleaning.month_names import months_named
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: years that are offered, and how many others there are at most
_OFFERED, _MOST = 3, 4
_NO_YEAR = gettext_noop("The year is missing.")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/. ]*([^\W\d_]{3,12})\.?")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?")
_CHINESE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")


def ask_yearless(work: Work, column: Column, cells: Sequence[Cell]) -> None:
    """Ask about days without a year, with the years of the column's other days where these are few."""
    years: Counter[int] = Counter()
    for cell in cells:
        if cell.day is not None:
            years[cell.day.year] += len(cell.places)
    likely = [year for year, _count in years.most_common(_OFFERED)] if len(years) <= _MOST else []
    for cell in cells:
        if (found := day_of(cell)) is not None:
            month, day = found
            options = tuple(f"{year}-{month:02d}-{day:02d}" for year in likely if exists(year, month, day))
            ask(work, column, cell, options, Say(_NO_YEAR))


def day_of(cell: Cell) -> tuple[int, int] | None:
    """(month, day) of a cell that names nothing else."""
    if cell.reading is not None or not isinstance(cell.value, str):
        return None
    text = cell.value.strip()
    if match := _CHINESE.fullmatch(text):
        found = int(match[1]), int(match[2])
    elif match := _DAY_MONTH.fullmatch(text):
        found = _month(match[2]), int(match[1])
    elif match := _MONTH_DAY.fullmatch(text):
        found = _month(match[1]), int(match[2])
    else:
        return None
    return found if 1 <= found[0] <= 12 and exists(2000, *found) else None


def _month(word: str) -> int:
    months = months_named(word)
    return months[0] if len(months) == 1 else 0
