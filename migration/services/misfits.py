"""Rows that have one cell more than there are headings, all of them: a comma inside numbers that stands unquoted, or a
first column of row numbers that has no heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from migration.cleaning.meanings import meaning_of, type_of
from migration.cleaning.numbers import looks_like_number
from migration.cleaning.readings import looks_like_date
from migration.cleaning.text import tidy

Records = list[tuple[int, list[Any]]]
#: rows that are looked at, the least of them, and the share of them that shows something
_LOOKED_AT, _LEAST, _SHARE = 500, 4, 0.9
#: places of the headings that are looked at
_SEARCHED = 30
_WHOLE, _BEHIND = re.compile(r"[-+(]?[^\w\s]?\d{1,9}"), (re.compile(r"\d{2}\D{0,2}"), re.compile(r"\d{3}\D{0,2}"))


def aligned(rows: Records, separator: str) -> tuple[Records, str]:
    """The rows with as many cells as headings, and how: ``joined`` or ``numbered``; as they are and empty where what
    stands in the columns does not show it."""
    at, width = _headings(rows)
    if at < 0:
        return rows, ""
    headings = [tidy(cell) for cell in rows[at][1]]
    body = [cells for _number, cells in rows[at + 1 : at + 1 + _LOOKED_AT] if len(cells) == width]
    columns = [[cells[place] for cells in body if cells[place].strip()] for place in range(width)]
    ways: dict[int, int] = {width: _strange(headings, columns[:-1])}
    if _counts(columns[0]):
        ways[-1] = _strange(headings, columns[1:])
    for place in range(width - 1):
        if separator == "," and _is_split(body, place):
            ways[place] = _strange(headings, [*columns[:place], ["1"], *columns[place + 2 :]])
    best = min(ways, key=lambda way: ways[way])
    if best == width or sum(count == ways[best] for count in ways.values()) > 1:
        return rows, ""
    if best < 0:
        head = (rows[at][0], ["", *rows[at][1]])
        return [*rows[:at], head, *rows[at + 1 :]], "numbered"
    return [*rows[: at + 1], *((number, _joined(cells, best, width)) for number, cells in rows[at + 1 :])], "joined"


def _headings(rows: Records) -> tuple[int, int]:
    """Place of the headings and the cells of the rows below, which have one more; -1 where they have not."""
    widths = Counter(len(cells) for _number, cells in rows[:_LOOKED_AT])
    width, count = widths.most_common(1)[0]
    if count < max(_LEAST, _SHARE * (min(len(rows), _LOOKED_AT) - _SEARCHED)):
        return -1, 0
    at = next(place for place, (_number, cells) in enumerate(rows) if len(cells) == width) - 1
    is_row = 0 <= at < _SEARCHED and len(rows[at][1]) == width - 1 and all(map(str.strip, rows[at][1]))
    # a last cell that all rows leave empty is none
    is_used = any(cells[-1].strip() for _number, cells in rows[at + 1 : at + 1 + _LOOKED_AT] if len(cells) == width)
    return (at, width) if is_row and is_used else (-1, 0)


def _counts(column: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in column if cell.strip().isdecimal()]
    return len(numbers) == len(column) >= _LEAST and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_split(body: Sequence[list[str]], place: int) -> bool:
    """Whether two columns are a number on both sides of a comma."""
    pairs = [(cells[place].strip(), cells[place + 1].strip()) for cells in body]
    pairs = [pair for pair in pairs if any(pair)]
    return len(pairs) >= _LEAST and any(
        all(_WHOLE.fullmatch(first) and behind.fullmatch(second) for first, second in pairs) for behind in _BEHIND
    )


def _strange(headings: Sequence[str], columns: Sequence[Sequence[str]]) -> int:
    """How many columns are not what their heading says."""
    return sum(
        not _fits(type_of(heading, meaning), column)
        for heading, column in zip(headings, columns, strict=True)
        if column and (meaning := meaning_of(heading))
    )


def _fits(type_: str, column: Sequence[str]) -> bool:
    def most(looks: Callable[[str], bool]) -> bool:
        return sum(map(looks, column)) >= _SHARE * len(column)

    if type_ in ("date", "number"):
        return most(looks_like_date if type_ == "date" else looks_like_number)
    if type_ in ("name", "category", "gender", "email"):
        return not most(lambda cell: looks_like_number(cell) or looks_like_date(cell))
    return True


def _joined(cells: list[str], place: int, width: int) -> list[str]:
    if len(cells) != width:
        return cells
    first, second = cells[place].strip(), cells[place + 1].strip()
    return [*cells[:place], f"{first},{second}" if second else first, *cells[place + 2 :]]
