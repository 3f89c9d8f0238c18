"""Tables that lie on their side: headings below each other in the first column, one person per column."""

from __future__ import annotations

from migration.cleaning.headings import Row, is_filled
from migration.cleaning.meanings import meaning_of, type_of
from migration.cleaning.numbers import looks_like_number
from migration.cleaning.readings import looks_like_date
from migration.cleaning.text import tidy
from migration.rules import text_of

#: rows of such a table at most, and known headings at least
_MOST_ROWS, _LEAST = 60, 3
#: rows, empty ones too, from which a table stands
_MOST_READ = 1000
#: share of the headings that must be known, and of the cells of a date or number that must be one
_KNOWN, _FITTING = 0.6, 0.8
_LOOKS = {"date": looks_like_date, "number": looks_like_number}


def stood_up(rows: list[Row], *, is_sure: bool = False) -> list[Row]:
    """The table standing, its rows numbered by the columns they were; empty where it does not plainly lie.
    ``is_sure``: somebody says that it does."""
    if not is_sure and len(rows) > _MOST_READ:
        return []
    filled = [(number, cells) for number, cells in rows if any(map(is_filled, cells))]
    if not is_sure and not _LEAST <= len(filled) <= _MOST_ROWS:
        return []
    at = next((place for place in range(max((len(c) for _n, c in filled), default=0)) if _has(filled, place)), 0)
    while filled and len(filled[0][1]) and sum(map(is_filled, filled[0][1][at:])) < 2:
        # titles
        filled = filled[1:]
    lines = [cells[at:] for _number, cells in filled if any(map(is_filled, cells[at:]))]
    if not lines or (not is_sure and not _lies(lines)):
        return []
    width = max(map(len, lines))
    columns = [[cells[place] if place < len(cells) else None for cells in lines] for place in range(width)]
    return [(at + number, cells) for number, cells in enumerate(columns, 1) if any(map(is_filled, cells))]


def _has(rows: list[Row], place: int) -> bool:
    return any(place < len(cells) and is_filled(cells[place]) for _number, cells in rows)


def _lies(lines: list[list[object]]) -> bool:
    """Whether the first column has headings, and what stands beside them is what they say."""
    texts = [tidy(text_of(cells[0])) if is_filled(cells[0]) else "" for cells in lines]
    known = [meaning_of(text) if text else "" for text in texts]
    found = {one for one in known if one}
    if len(found) < _LEAST or len(found) < _KNOWN * len(lines) or len(set(texts)) < len(texts) or not all(texts):
        return False
    above = {meaning_of(tidy(text_of(cell))) for cell in lines[0] if is_filled(cell)} - {""}
    typed = 0
    for text, meaning, cells in zip(texts, known, lines, strict=True):
        looks = _LOOKS.get(type_of(text, meaning) if meaning else "")
        values = [cell for cell in cells[1:] if is_filled(cell)]
        if looks and values:
            if sum(map(looks, values)) < _FITTING * len(values):
                return False
            typed += 1
    return typed > 0 and len(above) < len(found)
