"""Tables above and below the one that is read: blocks between blank rows that have headings of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migration.cleaning.headings import BELOW, Row, contrast, is_filled, is_heading
from migration.cleaning.meanings import meaning_of
from migration.cleaning.placeholders import is_placeholder
from migration.cleaning.text import fold, tidy
from migration.rules import text_of

#: rows of the table that are looked at for the words of a block
_LOOKED_AT = 2000
#: share of the columns that a list of codes has at most, and rows that its table has at least
_NARROW, _LEAST_ROWS = 0.5, 5
#: share of cells with digits from which a column has codes
_CODES = 0.9
#: rows of a block beside the table at least, and the share of the table's rows that it has at most without headings
_LEAST_ASIDE, _MOST_ASIDE = 2, 0.5
#: headings of a table above: two words in each row are what a form says of itself
_LEAST_ABOVE = 3


@dataclass(frozen=True)
class Apart:
    """A table that is not the one that is read; ``first`` and ``last`` are row numbers in the file."""

    first: int
    last: int
    headings: list[str]
    rows: list[Row]


def own_tables(rows: list[Row], start: int, headings: Sequence[str] = ()) -> tuple[list[Apart], list[Row]]:
    """The tables of their own among ``rows``, and the rows that are none. ``headings``: of the table whose rows these
    are, and may go on after a blank one; else they stand above the row ``start``."""
    if not rows or (headings and rows[-1][0] - rows[0][0] + 1 == len(rows)):
        return [], rows
    blocks = _between_blanks(rows)
    kept: list[Row] = list(blocks.pop(0)) if headings else []
    found: list[tuple[list[Row], int]] = []
    for block in blocks:
        at = _heading_in(block, kept if headings else None, headings)
        if at < 0 and headings and _is_narrow(block, kept, len(headings)):
            at = 0
        if at >= 0 and (headings or (block[-1][0] + 1 < start and _width_of(block[at]) >= _LEAST_ABOVE)):
            found.append((block, at))
        elif found and headings:
            found[-1][0].extend(block)
        else:
            kept += block
    return [Apart(block[0][0], block[-1][0], _texts(block[at]), block) for block, at in found], kept


def block_aside(rows: list[Row], headings: Sequence[str]) -> tuple[list[Apart], list[Row]]:
    """A block beside the table that begins below its headings, as a summary does, and the rows without it: cells beyond
    a column that has nothing at all, in rows one below the other. A single such cell may have slipped."""
    width = max((place + 1 for place, heading in enumerate(headings) if heading), default=0)
    beyond = [row for row in rows if any(map(is_filled, row[1][width:]))] if width else []
    if len(beyond) < _LEAST_ASIDE or beyond[-1][0] - beyond[0][0] > len(beyond):
        # far from each other they are strays of their rows
        return [], rows
    if any(len(cells) > width and is_filled(cells[width]) for _number, cells in beyond):
        return [], rows
    if len(beyond) > _MOST_ASIDE * len(rows) and not _is_headed(beyond, width):
        return [], rows
    block = [(number, [None] * width + list(cells[width:])) for number, cells in beyond]
    kept = [(number, list(cells[:width])) for number, cells in rows]
    found = Apart(block[0][0], block[-1][0], _texts(block[0]), block)
    return [found], [row for row in kept if any(map(is_filled, row[1]))]


def _is_headed(rows: list[Row], width: int) -> bool:
    """Whether words stand above other things."""
    first, *below = [[cell for cell in cells[width:] if is_filled(cell)] for _number, cells in rows]
    return all(is_heading(tidy(text_of(cell))) for cell in first) and any(
        not isinstance(cell, str) for cells in below for cell in cells
    )


def _between_blanks(rows: list[Row]) -> list[list[Row]]:
    blocks: list[list[Row]] = []
    for row in rows:
        if not blocks or row[0] != blocks[-1][-1][0] + 1:
            blocks.append([])
        blocks[-1].append(row)
    return blocks


def _texts(row: Row) -> list[str]:
    return [text for cell in row[1] if (text := tidy(text_of(cell)))]


def _width_of(row: Row) -> int:
    return sum(map(is_filled, row[1]))


def _is_narrow(block: list[Row], table: list[Row], width: int) -> bool:
    """Whether a block has words in a few columns alone, which its table has not there: a list of codes, say."""
    if len(table) < _LEAST_ROWS or len(block) < 2 or not all(1 < _width_of(row) <= _NARROW * width for row in block):
        return False
    texts = [[tidy(text_of(cell)) for cell in cells] for _number, cells in block]
    if not all(is_heading(text) for row in texts for text in row if text):
        return False
    return any(_has_codes(table, place) for place, text in enumerate(texts[0]) if text) and not any(
        _has_words_of(row, table) for row in texts
    )


def _has_codes(table: list[Row], place: int) -> bool:
    """Whether a column has digits in nearly all cells."""
    cells = [text_of(cells[place]) for _number, cells in table[-_LOOKED_AT:] if place < len(cells)]
    return sum(any(map(str.isdigit, text)) for text in cells) > _CODES * len(cells)


def _heading_in(block: list[Row], table: list[Row] | None, headings: Sequence[str]) -> int:
    """Place of the heading row of a block, below a title or not; -1 where it has none."""
    for at in (0, 1) if _width_of(block[0]) == 1 else (0,):
        below = block[at + 1 :]
        if not any(_width_of(row) > 1 for row in below):
            return -1
        if _is_heading_row(block[at], below, table, headings):
            return at
    return -1


def _is_heading_row(row: Row, below: list[Row], table: list[Row] | None, headings: Sequence[str]) -> bool:
    texts = [tidy(text_of(cell)) for cell in row[1]]
    filled = [text for text in texts if text]
    if len(filled) < 2 or len(set(filled)) < len(filled):
        return False
    if not all(is_heading(text) and not is_placeholder(text) for text in filled):
        return False
    if {*map(fold, filled)} <= {*map(fold, headings)}:
        return False
    known = sum(bool(meaning_of(text)) for text in filled)
    differs = contrast(texts, below[:BELOW])
    if known < max(2, 0.6 * len(filled)) and differs < (0.3 if known else 0.6):
        return False
    return not (table and _has_words_of(texts, table))


def _has_words_of(texts: list[str], table: list[Row]) -> bool:
    """Whether a word of the row comes in the same column of the table: it is one of its rows."""
    rows = table[-_LOOKED_AT:]
    return any(
        text and any(place < len(cells) and fold(text_of(cells[place])) == fold(text) for _number, cells in rows)
        for place, text in enumerate(texts)
    )
