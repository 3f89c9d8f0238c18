"""Columns of dates whose years are those of the Republic of China: 112/05/03 is 3 May 2023, and 92/01/05 beside it is
of 2003."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from migration.cleaning.day_cells import Cell
from migration.cleaning.day_forms import CENTURY, Day, Reading, era_day
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Work
from migration.rules import text_of

#: cells with a year of three digits that show the era, and the share of dates written so
_ENOUGH, _MOST = 3, 0.8
#: cells in which letters are looked for
_SEARCHED = 200
#: years to come that an end of something may have
_AHEAD = 20
_HAN, _KANA = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u3041-\u30ff]")
_ERA = gettext_noop("This can be a year of another calendar.")


def read_eras(work: Work, column: Column, cells: Sequence[Cell]) -> None:
    """Give cells the day that they are in the era, in a Chinese table; elsewhere they are asked about, one like all."""
    written = {place: found for place, cell in enumerate(cells) if (found := _era_day(work, cell.value))}
    if not written:
        return
    sure = {place for place, (year, _day) in written.items() if year >= CENTURY}
    if any(isinstance(cells[place].value, (int, float)) or text_of(cells[place].value).isdigit() for place in sure):
        # 1120503 and 920105, whose zero in front a spreadsheet took
        written |= {
            place: padded for place, cell in enumerate(cells)
            if place not in written and len(text := text_of(cell.value)) == 6 and (padded := _era_day(work, f"0{text}"))
        }  # fmt: skip
    beside = len(sure) < _ENOUGH and any(_shows(work, other) for other in work.columns if other is not column)
    all_alike = len(written) >= _MOST * len(cells)
    is_shown = len(sure) >= _ENOUGH or (beside and all_alike)
    settles = is_shown and (_is_chinese(work) or "民" in column.name)
    for place, (year, day) in written.items():
        cell = cells[place]
        if year >= CENTURY:
            cell.reading = Reading({"ymd": day}) if settles else Reading(several=(day,), why=_ERA)
        elif is_shown and _is_year_first(cell.reading):
            if settles and all_alike:
                cell.reading = Reading({"ymd": day})
            elif cell.reading is not None and "ymd" in cell.reading.days:
                # years of two digits may be of either calendar
                other = cell.reading.days["ymd"]
                cell.reading = Reading(several=(day, _later(work, other)), why=_ERA)
            else:
                cell.reading = Reading(several=(day,), why=_ERA)


def _is_year_first(reading: Reading | None) -> bool:
    return reading is None or bool(reading.several) or ("ymd" in reading.days and reading.short)


def _later(work: Work, day: Day) -> Day:
    year = 2000 + day[0]
    return (year if year <= work.today.year else year - 100, *day[1:])


def _era_day(work: Work, value: Any) -> tuple[int, Day] | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    found = era_day(text_of(value))
    return found if found and found[1][0] <= work.today.year + _AHEAD else None


def _shows(work: Work, column: Column) -> bool:
    """Whether another column of dates has such years."""
    if column.type != "date":
        return False
    found = {text_of(cell) for cell in column.cells[:_SEARCHED]}
    return sum((one := era_day(text)) is not None and one[0] >= CENTURY for text in found) >= _ENOUGH


def _is_chinese(work: Work) -> bool:
    text = "".join(one.name for one in work.columns)
    if not _HAN.search(text):
        text = "".join(text_of(cell) for column in work.columns for cell in column.cells[:_SEARCHED])
    return bool(_HAN.search(text)) and not _KANA.search(text)
