"""Which row has the headings: one of words, over columns of other things."""

from __future__ import annotations

from typing import Any

from migration.cleaning.meanings import meaning_of
from migration.cleaning.numbers import looks_like_number
from migration.cleaning.readings import looks_like_date
from migration.cleaning.text import tidy
from migration.rules import folded, text_of

Row = tuple[int, list[Any]]
SEARCHED = 30
BELOW = 40
_LONG = 60
#: cells below that show what a column has
_LEAST_BELOW = 4
#: known headings below each other that show a table on its side
_LEAST_TURNED = 3


def is_filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def line(cells: list[Any]) -> str:
    return " ".join(tidy(text_of(cell)) for cell in cells if is_filled(cell))


def heading_at(rows: list[Row], heading_row: int) -> int:
    for place, (number, _cells) in enumerate(rows):
        if number == heading_row:
            return place
    looked_at = [[tidy(text_of(cell)) for cell in cells] for _number, cells in rows[: SEARCHED + BELOW]]
    folds = [list(map(folded, texts)) for texts in looked_at]
    best = max(range(min(SEARCHED, len(rows))), key=lambda place: _merit(rows, looked_at, folds, place))
    if sum(map(bool, folds[best])) > 1:
        # what comes again comes first where the table begins
        return folds.index(folds[best])
    return best


def _merit(rows: list[Row], looked_at: list[list[str]], folds: list[list[str]], place: int) -> float:
    texts = looked_at[place]
    filled = [text for text in texts if text]
    if not filled:
        # signs that nobody sees
        return -1.0
    below = rows[place + 1 : place + 1 + BELOW]
    wide = _width(below) or (len(filled) if place == 0 else 99)
    share = len(filled) / max(wide, len(filled))
    words = sum(is_heading(text) for text in filled) / len(filled)
    distinct = len(set(filled)) / len(filled)
    around = [other for other in range(max(0, place - BELOW), min(place + 1 + BELOW, len(looked_at))) if other != place]
    others = [looked_at[other] for other in around if not _is_same_row(folds[place], folds[other])]
    again = _again(texts, others) if len(around) >= _LEAST_BELOW else set()
    known = sum(bool(meaning_of(text)) for place, text in enumerate(texts) if place not in again) / len(filled)
    # words of which one is alike elsewhere may be headings; where most are, they are a row
    is_row = len(again) >= _MOST_AGAIN * len(filled)
    merit = share * 2 + words * 3 + distinct + known * 2 + contrast(texts, below) * 1.5
    return merit - place * 0.05 - is_row * 3


#: share of the cells of a row that come again in other rows from which it has no headings
_MOST_AGAIN = 0.5


#: share of the cells of a row of headings that are alike where it comes again, and how many they are at least
_ALIKE, _LEAST_ALIKE = 0.75, 3


def _again(texts: list[str], rows: list[list[str]]) -> set[int]:
    """Places of the cells that come again in their own column, as words of rows do. Headings come again as a whole row
    alone, at the top of another page, with a cell or two that are broken there, or in capitals: ``rows`` are others.
    A row of one cell does not tell the two apart, and counts as any other."""
    return {
        place
        for place, text in enumerate(texts)
        if text and any(place < len(row) and row[place] == text for row in rows)
    }


def _is_same_row(own: list[str], row: list[str]) -> bool:
    if own == row and sum(map(bool, own)) > 1:
        return True
    alike = sum(bool(one) and one == other for one, other in zip(own, row, strict=False))
    return alike >= max(_ALIKE * sum(map(bool, own)), _LEAST_ALIKE)


def is_data(rows: list[Row], place: int) -> bool:
    """Whether what seems to be the headings is a row as those below: a table without any. A day or a code among such
    shows it, where no cell says otherwise."""
    below = rows[place + 1 : place + 1 + BELOW]
    shown = 0
    for column, cell in enumerate(rows[place][1]):
        if not is_filled(cell):
            continue
        cells = [cells[column] for _number, cells in below if column < len(cells) and is_filled(cells[column])]
        text = tidy(text_of(cell))
        if len(cells) < _LEAST_BELOW:
            # in a few rows a day above days alone shows it
            if meaning_of(text) or not cells or len(cells) < len(below):
                return False
            is_day = looks_like_date(cell) and all(map(looks_like_date, cells))
            if not is_day and any(looks_like_date(one) or looks_like_number(one) for one in cells):
                return False
            shown += is_day
            continue
        days, numbers = (sum(map(looks, cells)) > 0.9 * len(cells) for looks in (looks_like_date, looks_like_number))
        if meaning_of(text) or (days and not looks_like_date(cell)) or (numbers and not looks_like_number(cell)):
            return False
        shapes = {_shape(tidy(text_of(one))) for one in cells}
        shown += (days and looks_like_date(cell)) or (
            not numbers and len(shapes) == 1 and "9" in _shape(text) and _shape(text) in shapes
        )
    return shown > 0


def _shape(text: str) -> str:
    return "".join("9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in text)


def is_heading(text: str) -> bool:
    return len(text) <= _LONG and not looks_like_number(text) and not looks_like_date(text)


def _width(rows: list[Row]) -> int:
    """How many columns have something."""
    return len({place for _number, cells in rows for place, cell in enumerate(cells) if is_filled(cell)})


def contrast(texts: list[str], below: list[Row]) -> float:
    """Share of headings with numbers or dates under them."""
    other = filled = 0
    for place, text in enumerate(texts):
        cells = [cells[place] for _number, cells in below if place < len(cells) and is_filled(cells[place])]
        if text and cells:
            filled += 1
            data = sum(looks_like_number(cell) or looks_like_date(cell) for cell in cells)
            other += is_heading(text) and data > 0.6 * len(cells)
    return other / filled if filled else 0.0


def turned_headings(rows: list[Row], headings: list[str]) -> list[str]:
    """The headings in the first column of a table that lies on its side; empty where it stands."""
    if not _LEAST_TURNED <= len(rows) <= BELOW:
        return []
    firsts = [tidy(text_of(cells[0])) if cells else "" for _number, cells in rows]
    found = [text for text in firsts if text and meaning_of(text)]
    known = len({meaning_of(text) for text in found})
    usual = len({meaning_of(text) for text in headings if text} - {""})
    return found if known >= _LEAST_TURNED and known >= 0.6 * len(rows) and usual < known else []
