"""Rows that a line break inside a cell tore apart, where no quotation marks held them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from migration.cleaning.numbers import looks_like_number
from migration.cleaning.readings import looks_like_date
from migration.cleaning.work import Say

Records = list[tuple[int, list[Any]]]
#: rows from which their usual width shows, the share of them that must have it, and cells from which a row is one
_LEAST, _USUAL, _NARROWEST = 5, 0.7, 3
#: parts that a row may be in, and blank lines between two
_MOST_PARTS, _BLANK = 4, 3
#: rows of the same few cells that are a table of their own
_BLOCK = 4
#: rows that are looked at, and the share of a column that must look alike to say what fits
_LOOKED_AT, _ALIKE = 2000, 0.9
#: share of different words up to which a column has no others
_FEW = 0.3
#: rows that have a word which is none
_RARELY = 2
#: cells of a row for each one that may have a word which no other has
CELLS_PER_RARE = 6
#: rows that a note names
_NAMED = 10
_TORN = Say(gettext_noop("A line break seems to have torn this row apart: it has fewer cells than the others."))


@dataclass
class Torn:
    """``broken``: number of a row -> why it must be asked about."""

    rows: Records
    broken: dict[int, Say] = field(default_factory=dict)
    notes: list[Say] = field(default_factory=list)


def put_together(rows: Records) -> Torn:
    """Short rows in sequence whose cells are together as many as those of the others: one row where they fit its
    columns and not the first ones; else a question about each, unless each is a row that lacks its end."""
    width = width_of(rows)
    if not width:
        return Torn(rows)
    columns = Columns(rows, width)
    rows_of_block = _in_blocks(rows, width)
    torn = Torn([])
    mended, place = [], 0
    while place < len(rows):
        number, cells = rows[place]
        parts = _parts(rows, place, width) if len(cells) < width and place not in rows_of_block else ()
        if len(cells) == width and (word := columns.whole_word(rows, place)):
            # its last cell went on in a line of its own
            torn.rows.append((number, [*cells[:-1], word]))
            mended.append(number)
            place += 2
            continue
        if not parts:
            torn.rows.append(rows[place])
            place += 1
            continue
        whole = columns.joined([cells for _number, cells in parts])
        apart = all(columns.fit(cells) for _number, cells in parts[1:])
        fits = columns.fit(whole, slack=width // CELLS_PER_RARE)
        if fits and not apart:
            torn.rows.append((number, whole))
            mended.append(number)
        else:
            torn.rows += parts
            # what does not begin as rows do is another table
            if columns.fit(cells[:-1]) and (fits or not apart):
                torn.broken |= dict.fromkeys((one for one, _cells in parts), _TORN)
        place += len(parts)
    if mended:
        shown = ", ".join(map(str, mended[:_NAMED])) + (" …" if len(mended) > _NAMED else "")
        text = gettext_noop("Rows that a line break had torn apart were put together: %(rows)s.")
        torn.notes.append(Say(text, {"rows": shown}))
    return torn


def width_of(rows: Sequence[tuple[int, list[Any]]]) -> int:
    """How many cells nearly all rows have; 0 where that differs."""
    widths = Counter(len(cells) for _number, cells in rows)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return width if width >= _NARROWEST and count >= max(_LEAST, _USUAL * len(rows)) and len(widths) > 1 else 0


def _in_blocks(rows: Records, width: int) -> set[int]:
    """Places of short rows in sequence that are alike: those of another table."""
    found: set[int] = set()
    begin = 0
    for place in range(1, len(rows) + 1):
        if place < len(rows) and len(rows[place][1]) == len(rows[begin][1]):
            continue
        if place - begin >= _BLOCK and len(rows[begin][1]) < width:
            found |= set(range(begin, place))
        begin = place
    return found


def _parts(rows: Records, place: int, width: int) -> Records:
    """The short rows from ``place`` on that are together as wide as the others; empty where they are not."""
    total = 1
    for end in range(place, min(place + _MOST_PARTS, len(rows))):
        number, cells = rows[end]
        if len(cells) >= width or (end > place and number - rows[end - 1][0] > _BLANK):
            return []
        total += len(cells) - 1
        if total >= width:
            return rows[place : end + 1] if total == width and end > place else []
    return []


class Columns:
    """What the cells of each column look like."""

    def __init__(self, rows: Records, width: int) -> None:
        full = [cells for _number, cells in rows[1:_LOOKED_AT] if len(cells) == width]
        self.looks = [_common(_look(cells[place]) for cells in full) for place in range(width)]
        self.words = [{cells[place] for cells in full} for place in range(width)]
        self.last = Counter(cells[-1] for cells in full)
        self.is_closed = [len(words) <= _FEW * len(full) for words in self.words]

    def fit(self, cells: Sequence[str], slack: int = 0) -> bool:
        """Whether each cell looks as those of its column; ``slack``: how many words may be new to theirs."""
        looks = [_look(cell) for cell in cells]
        if not all(look in ("", usual) or not usual for look, usual in zip(looks, self.looks, strict=False)):
            return False
        closed = zip(cells, looks, self.is_closed, self.words, strict=False)
        return sum(look == "words" and few and cell not in words for cell, look, few, words in closed) <= slack

    def whole_word(self, rows: Records, place: int) -> str:
        """The last cell of a row with the line below it, where that is a word of the column, and neither is alone."""
        if place + 1 >= len(rows) or len(rows[place + 1][1]) != 1 or rows[place + 1][0] - rows[place][0] > _BLANK:
            return ""
        own, second = rows[place][1][-1], rows[place + 1][1][0].lstrip()
        words = (f"{own.rstrip()} {second}", own.rstrip() + second) if self.is_closed[-1] and second else ()
        return next((word for word in words if self.last[word] > _RARELY >= self.last[own]), "")

    def joined(self, parts: Sequence[list[str]]) -> list[str]:
        whole = list(parts[0])
        for cells in parts[1:]:
            before, after = whole[-1].rstrip(), cells[0].lstrip()
            known = self.words[len(whole) - 1]
            apart = f"{before} {after}".strip()
            is_one = before + after in known or self.looks[len(whole) - 1] in ("number", "date")
            whole[-1:] = [before + after if is_one and apart not in known else apart, *cells[1:]]
        return whole


def _common(looks: Iterable[str]) -> str:
    """What nearly all filled cells of a column look like; empty where they differ."""
    counts = Counter(look for look in looks if look)
    look, count = counts.most_common(1)[0] if counts else ("", 0)
    return look if count >= _ALIKE * counts.total() else ""


def _look(cell: str) -> str:
    text = cell.strip()
    if not text:
        return ""
    if looks_like_number(text):
        return "number"
    if looks_like_date(text):
        return "date"
    return "code" if any(map(str.isdigit, text)) else "words"
