"""How far the cells of a sheet reach: its reader keeps the whole rectangle, however few of its cells are filled."""

from __future__ import annotations

import re

from migration.services.records import MOST_COLUMNS

MOST_CELLS = 12_000_000
_PREFIX = rb"(?:[^\s<>/:\"'=]+:)?"
#: begins with its letter, which is found fastest
_POSITION = re.compile(rb"""r(?<=[\s<]r)\s*=\s*["']\s*([A-Za-z]{0,9})(\d{1,30})\s*["']""")
_ROW = re.compile(rb"<" + _PREFIX + rb"row(?=[\s/>])")
_OTHERS = rb"""(?:\s+(?!r\s*=)[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
_HAS_PLACE = re.compile(_OTHERS + rb"""\s+r\s*=""")
#: a cell that does not say where it is follows the one before it
_CELL_WITHOUT = re.compile(rb"<" + _PREFIX + rb"c(?=[\s/>])(?!" + _HAS_PLACE.pattern + rb")")
_NAMED_OTHERWISE = re.compile(rb":(?:c|row)(?=[\s/>])")


class Reach:
    """Looks at the position of every cell of a part, given in pieces; the last row and column, or beyond them."""

    is_exact = True

    def __init__(self) -> None:
        self._row = self._column = 0
        #: rows that do not say where they are, and cells that do not, in this row and at most in one
        self._rows_without = self._here = self._most_here = 0

    @property
    def rows(self) -> int:
        return self._row + self._rows_without

    @property
    def columns(self) -> int:
        return self._column + self._most_here

    def sees(self, piece: bytes) -> bool:
        """Whether all is well so far."""
        found = _POSITION.findall(piece)
        self._row = max(self._row, *map(int, {digits for _letters, digits in found}), 0)
        self._column = max(self._column, *map(_number, {letters for letters, _digits in found}), 0)
        for place, part in enumerate(_ROW.split(piece)):
            if place:
                self._here = 0
                self._rows_without += _HAS_PLACE.match(part) is None
            self._here += len(_CELL_WITHOUT.findall(part))
            self._most_here = max(self._most_here, self._here)
        return self.rows * self.columns <= MOST_CELLS and self.columns <= MOST_COLUMNS


class Near(Reach):
    """The same in less time, for cells and rows as they are usually written: after the first piece it only makes sure
    that no column is new and no row is far. Not well means here: look at each position."""

    is_exact = False

    def __init__(self) -> None:
        super().__init__()
        self._beyond: tuple[re.Pattern[bytes], ...] = ()

    def sees(self, piece: bytes) -> bool:
        if self._beyond:
            return not any(beyond.search(piece) for beyond in self._beyond)
        is_well = super().sees(piece)
        if self._column and is_well:
            self._beyond = _beyond(self.rows, self.columns)
        return is_well


def _beyond(rows: int, columns: int) -> tuple[re.Pattern[bytes], ...]:
    """What finds the cells and rows that are not surely within so many columns and the rows that go with them."""
    if columns > 26:
        last = (columns - 1) // 26
        columns = 26 * last + 26
        letters = b"(?:[A-Z]|[A-%c][A-Z])" % (64 + last)
    else:
        letters = b"[A-%c]" % (64 + columns)
    if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
        return ()
    most = str(MOST_CELLS // columns)
    more, first = len(most) - 1, int(most[0]) - 1
    # up to the number of this length that begins with a smaller digit and goes on with nines
    row = b"(?:[1-%d]\\d{%d}|\\d{1,%d})" % (first, more, more) if first else b"\\d{1,%d}" % more
    return (
        _NAMED_OTHERWISE,
        re.compile(b'<c(?=[\\s/>])(?! r="%b%b"(?: [st]="\\w++")*+\\s?/?>)' % (letters, row)),
        re.compile(b'<row(?=[\\s/>])(?! r="%b"(?: (?!r=)[\\w:]++="[^"<]*+")*+\\s?/?>)' % row),
    )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
