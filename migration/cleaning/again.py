"""Headings that come again inside the table, over columns in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from migration.cleaning.headings import Row, is_filled
from migration.cleaning.text import fold, tidy
from migration.rules import text_of

#: headings that such a row has at least, and the share of its cells that they are
_LEAST, _SHARE = 2, 0.6


def put_in_order(headings: Sequence[str], body: list[Row]) -> tuple[list[Row], list[tuple[int, int]]]:
    """The rows with each cell under its heading, and (first, last) of the rows for which that had to be done. Cells of
    headings that the table has not stand beyond its last column."""
    names = [fold(one) for one in headings]
    places = {name: place for place, name in enumerate(names) if name}
    if len(places) < _LEAST or len(places) < sum(map(bool, names)):
        return body, []
    order: dict[int, int] = {}
    found: list[Row] = []
    moved: list[list[int]] = []
    for number, cells in body:
        if said := _headings_in(cells, places):
            order = said if any(place != target for place, target in said.items()) else {}
            moved.append([])
        elif order:
            moved[-1].append(number)
        found.append((number, _ordered(cells, order, len(headings)) if order else cells))
    spans = [(numbers[0], numbers[-1]) for numbers in moved if numbers]
    return (found, spans) if spans else (body, [])


def _headings_in(cells: list[Any], places: dict[str, int]) -> dict[int, int]:
    """Place of a cell -> place of the column it is the heading of; empty where the row has no headings."""
    filled = [(place, cell) for place, cell in enumerate(cells) if is_filled(cell)]
    if not filled or not isinstance(filled[0][1], str):
        return {}
    least, left = max(_LEAST, _SHARE * len(filled)), len(filled)
    found: dict[int, int] = {}
    for place, cell in filled:
        target = places.get(fold(tidy(text_of(cell))))
        if target is not None:
            found[place] = target
            continue
        left -= 1
        if left < least:
            # too few, whatever the others are
            return {}
    return found if left >= least and len(set(found.values())) == left else {}


def _ordered(cells: list[Any], order: dict[int, int], width: int) -> list[Any]:
    row: list[Any] = [None] * width
    for place, target in order.items():
        row[target] = cells[place] if place < len(cells) else None
    return row + [cell for place, cell in enumerate(cells) if place not in order and is_filled(cell)]
