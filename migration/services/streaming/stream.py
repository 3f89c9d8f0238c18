"""A file as pieces of rows, as often as one likes, without all of it in memory."""

from __future__ import annotations

import csv
import gc
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from django.utils.translation import gettext as _

from migration.services.content import Content, is_long_text, look_through
from migration.services.decoding import Encoding, encoding_of
from migration.services.reading import Table, check_file, check_size
from migration.services.records import MOST_COLUMNS, is_plain, separator_of, unquoted
from migration.services.sources import Source, read_source

#: rows of a piece
PIECE = 20_000
#: bytes of a text from which it is streamed, and rows of a workbook
FROM_BYTES, FROM_ROWS = 1 << 20, 10_000
_SAMPLE = 200_000
#: new objects after which Python looks for unused ones, while rows are read: they hold no cycles
_MANY_OBJECTS = 2_000_000
#: share of rows that have the usual number of cells, where rows are not short by nature
_USUAL = 0.9

Rows = list[tuple[int, list[Any]]]


class NotPlainError(Exception):
    """The file has to be read as a whole; what stands against it will be said there."""


@dataclass
class Stream:
    """``pieces``: rows with their numbers, headings included, empty ones left out; their cells still quoted."""

    name: str
    pieces: Callable[[], Iterator[Rows]]
    #: the beginning, as a table
    head: Table
    notes: list[str] = field(default_factory=list)
    is_text: bool = False
    #: whether the last row of a text lacks its line break
    is_open: bool = False
    #: as many as there are rows, or more: cells may hold line breaks
    lines: int = 0
    #: the table itself and what is to be said of it, where all of it is in memory
    whole: tuple[Source, list[str]] | None = None

    def plain(self, cell: Any) -> Any:
        return unquoted(cell) if self.is_text and isinstance(cell, str) else cell


def stream_of(
    *, name: str, content: Content, sheet: str = "", encoding: str = "", heading_row: int = 0
) -> Stream | None:
    """None where the file is small, or is no text that can be read piece by piece, by one encoding. Raises BadInput."""
    if is_long_text(name, content.size) and (text := look_through(name, content, encoding)) is not None:
        check_size(name, content.size)
        if not text.encoding.is_plain:
            return None
        return _stream_of_text(name, content, text.encoding, is_open=text.is_open, lines=text.lines)
    data = content.read()
    if check_file(name, data):
        if len(data) < FROM_BYTES // 10:
            return None
        with many_objects():
            # with the errors that the reader of workbooks leaves out
            source, notes = read_source(name=name, data=data, sheet=sheet, heading_row=heading_row)
        if len(source.rows) < FROM_ROWS:
            return None
        stream = stream_of_table(Table(name, source.rows, notes))
        stream.whole = source, notes
        return stream
    if len(data) < FROM_BYTES:
        return None
    found = encoding_of(name, content.pieces, encoding)
    if found.is_wide or not found.is_plain or b"\x00" in data:
        return None
    lines = max(data.count(b"\n"), data.count(b"\r"))
    return _stream_of_text(name, content, found, is_open=not data.endswith((b"\n", b"\r")), lines=lines)


def _stream_of_text(name: str, content: Content, encoding: Encoding, *, is_open: bool, lines: int) -> Stream | None:
    """None where its beginning shows that something has to be put together."""
    sample = content.head(_SAMPLE).decode(encoding.codec, "ignore")
    separator = separator_of(sample)
    if not is_plain(sample, separator):
        return None

    def pieces() -> Iterator[Rows]:
        return _pieces(content, encoding, separator)

    head = Table(name, [(number, [unquoted(cell) for cell in row]) for number, row in next(pieces(), [])[:1000]])
    notes = [_(one.text) % one.values for one in encoding.notes()]
    return Stream(name, pieces, head, notes=notes, is_text=True, is_open=is_open, lines=lines)


@contextmanager
def many_objects() -> Iterator[None]:
    """Let the garbage collector look seldom: it would take longer than reading does."""
    before = gc.get_threshold()
    gc.set_threshold(_MANY_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def stream_of_table(table: Table) -> Stream:
    def pieces() -> Iterator[Rows]:
        for start in range(0, len(table.rows), PIECE):
            yield table.rows[start : start + PIECE]

    return Stream(table.name, pieces, table, notes=list(table.notes), lines=len(table.rows))


def _pieces(content: Content, encoding: Encoding, separator: str) -> Iterator[Rows]:
    csv.field_size_limit(1 << 20)
    text = io.TextIOWrapper(content.open(), encoding=encoding.codec, errors=encoding.errors, newline="")
    lines = enumerate(csv.reader(text, delimiter=separator, strict=True), 1)
    try:
        while piece := list(islice(lines, PIECE)):
            rows = [one for one in piece if (row := one[1]) and (row[0].strip() or any(map(str.strip, row)))]
            widths = [len(cells) for _number, cells in rows]
            if rows and (max(widths) > MOST_COLUMNS or _is_torn(widths)):
                raise NotPlainError
            if rows:
                yield rows
    except (csv.Error, UnicodeDecodeError) as error:
        raise NotPlainError from error


def _is_torn(widths: Sequence[int]) -> bool:
    """Whether two of a few short rows have together as many cells as others: parts of one."""
    usual, count = Counter(widths).most_common(1)[0]
    if count == len(widths) or count < _USUAL * len(widths):
        return False
    return any(a < usual and b < usual and a + b == usual + 1 for a, b in pairwise(widths))
