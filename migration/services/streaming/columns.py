"""The columns of a stream: their different cells in the first pass, what they come to in the second."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hrsuite.lib.errors import BadInput
from migration.cleaning import Doubt, Hints
from migration.rules import text_of
from migration.services.cells import Reader
from migration.services.fields import Field, Type
from migration.services.mapping import Mapping
from migration.services.preparing import Decided, Firsts, decide, told
from migration.services.saying import filled
from migration.services.streaming.stream import NotPlainError, Rows, Stream
from people.services.attributes import read_value

#: different cells that are kept of a column; beyond it those alone that a rule could look at
MANY = 100_000
#: the cell has to be read with its row
ODD = object()
#: a text that no rule for cells changes: no blanks to squeeze, no word for nothing, no number
UNTOUCHED = re.compile(
    r"(?=[^\d]*\d)[A-MO-Za-mo-z\u3400-\u9fff][!-\[\]-~\u3400-\u9fff]*(?: [!-\[\]-~\u3400-\u9fff]+)*|[1-9]\d{0,17}"
)
_NUMBERS = {int, float, bool, Decimal}
_TEXTS = frozenset({"source_id", "title"})


def key_of(cell: Any) -> Any:
    """1, 1.0 and True are different cells."""
    return cell if isinstance(cell, str) else "" if cell is None else (type(cell), cell)


def keys_of(cells: Sequence[Any]) -> Sequence[Any]:
    """The key of each; equal cells get theirs together where no cells of two kinds of numbers can be equal."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells
    if len(kinds & _NUMBERS) > 1:
        return list(map(key_of, cells))
    known = {cell: key_of(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


class Column:
    """The different cells of one place."""

    def __init__(self, place: int, *, is_text: bool) -> None:
        self.place, self.is_text = place, is_text
        self.cells: dict[Any, None] = {}
        self.is_thinned = False

    def see(self, keys: Sequence[Any]) -> None:
        self.cells |= dict.fromkeys(keys)
        if self.is_text and (self.is_thinned or len(self.cells) > MANY):
            self.is_thinned = True
            kept = [key for key in self.cells if not (isinstance(key, str) and UNTOUCHED.fullmatch(key))]
            self.cells = dict.fromkeys(kept)

    def check(self) -> None:
        """Identifiers of digits alone stay as they are where none among them begins with a zero."""
        if self.is_thinned and any(isinstance(key, str) and key[:1] == "0" and key.isdigit() for key in self.cells):
            raise NotPlainError


class Columns:
    """All columns that are read. First ``see`` every piece, then ``decide``; ``values`` belong to the second pass."""

    def __init__(self, stream: Stream, reader: Reader, headings: list[str], mapping: Mapping, hints: Hints) -> None:
        self.stream, self.reader, self.mapping, self.hints = stream, reader, mapping, hints
        self.width = len(headings)
        self.fields = reader.columns(headings)
        self.attributes = {name: reader.place_of_heading(heading) for name, heading in mapping.attributes.items()}
        skipped = [reader.place_of_heading(rule.column) for rule in mapping.skip]
        self.columns = {
            place: Column(place, is_text=self._is_text(place))
            for place in {*self.fields, *self.attributes.values(), *skipped}
        }
        self.decided: dict[int, Decided] = {}

    def _is_text(self, place: int) -> bool:
        """Whether the rules look at single cells alone here."""
        heading, one = self.fields.get(place, ("", None))
        if one is None or one.name not in _TEXTS or place in self.attributes.values():
            return False
        hints = told(self.mapping, self.hints)
        said = {*hints.terms, *hints.widths, *self.mapping.values}
        return not (
            hints.empty or self.mapping.empty or said & {"*", one.name, heading} or one.name in self.mapping.compact
        )

    def keys(self, rows: Rows) -> dict[int, Sequence[Any]]:
        """The cells of a piece by place."""
        width = self.width
        cells = [row if len(row) == width else [*row[:width], *[""] * (width - len(row))] for _number, row in rows]
        turned = list(zip(*cells, strict=True))
        if self.stream.is_text:
            return {place: turned[place] for place in self.columns}
        return {place: keys_of(turned[place]) for place in self.columns}

    def see(self, keys: dict[int, Sequence[Any]]) -> None:
        for place, column in self.columns.items():
            column.see(keys[place])

    def _cell(self, key: Any) -> Any:
        return self.stream.plain(key) if isinstance(key, str) else key[1]

    def decide(self) -> None:
        firsts: dict[int, Firsts] = {}
        for place in self.fields:
            self.columns[place].check()
            firsts[place] = [(key_of(cell), cell) for key in self.columns[place].cells for cell in [self._cell(key)]]
        self.decided = decide(firsts, self.fields, self.mapping, self.hints, self.reader.today)
        # whether days come first shows in the clean cells
        self.reader.look_at_dates(
            [
                (0, [None] * place + [self.decided[place].fresh.get(key, cell)])
                for place, found in firsts.items()
                if (one := self.fields[place][1]) and one.type == Type.DATE
                for key, cell in found
            ]
        )

    def clean(self, place: int, key: Any) -> Any:
        """The clean cell, ODD for one in doubt."""
        cell = self._cell(key)
        decided = self.decided.get(place)
        if decided is None:
            return cell
        found = key_of(cell)
        return ODD if found in decided.doubts else decided.fresh.get(found, cell)

    def values(self, one: Field) -> Callable[[Any], Any]:
        """What a field makes of the key of a cell: its value, None for nothing, ODD for what its row must tell."""
        place = self.reader.place_of.get(one.name)
        row: list[Any] = [None] * self.width

        def value(key: Any) -> Any:
            if place is not None:
                cell = self.clean(place, key)
                if cell is ODD:
                    return ODD
                row[place] = cell
            return self._read(one, row)

        return value

    def attribute(self, name: str) -> Callable[[Any], Any]:
        """The same for a custom attribute whose column the mapping names."""
        place, declared = self.attributes[name], self.reader.declared.get(name)

        def value(key: Any) -> Any:
            row: list[Any] = [None] * self.width
            cell = row[place] = self.clean(place, key)
            if cell is ODD:
                return ODD
            text = text_of(self.reader.cell(row, place))
            try:
                return (read_value(declared, text) if declared else text) if text else None
            except BadInput:
                return ODD

        return value

    def _read(self, one: Field, row: list[Any]) -> Any:
        try:
            cell = self.reader.value(one.name, row, row)
            if not filled(cell):
                return ODD if one.required else None
            value = self.reader.convert(one, cell)
            return read_value(one.attribute, value) if one.attribute else value
        except (BadInput, ValueError, ArithmeticError):
            return ODD

    def row_of(self, number: int, raw: list[Any]) -> tuple[list[Any], list[Any], list[Doubt]]:
        """The row's cells as they came (without quotation marks of exports), clean ones, and doubts."""
        plain = [self.stream.plain(cell) for cell in raw]
        clean, doubts = list(plain), []
        for place, decided in self.decided.items():
            if place < len(plain):
                key = key_of(plain[place])
                clean[place] = decided.fresh.get(key, plain[place])
                if key in decided.doubts:
                    doubts.append(replace(decided.doubts[key], row=number))
        return plain, clean, doubts
