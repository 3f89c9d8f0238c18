"""The content of a file: a few bytes in memory, or a big text that is read piece by piece as often as one likes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, cast

from migration.rules import BesideRow
from migration.services.decoding import Encoding, encoding_of
from migration.services.reading import check_lines, endless

#: bytes of a text from which it is never held as a whole
LONG = 8 << 20
_TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Content:
    """``pieces`` begins anew each time. ``sha256`` is of the whole."""

    size: int
    sha256: str
    pieces: Callable[[], Iterator[bytes]]

    @classmethod
    def of(cls, data: bytes) -> Content:
        return cls(len(data), hashlib.sha256(data).hexdigest(), lambda: iter([data] if data else []))

    def read(self) -> bytes:
        return b"".join(self.pieces())

    def open(self) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Pieces(self.pieces()), 1 << 16))

    def head(self, size: int) -> bytes:
        """The first bytes; where there are more, up to the end of a line."""
        found = b""
        for piece in self.pieces():
            found += piece
            if len(found) > size:
                end = max(found.rfind(b"\n", 0, size), found.rfind(b"\r", 0, size))
                return found[: end + 1 or size]
        return found


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        count = min(len(target), len(self._left))
        target[:count], self._left = self._left[:count], self._left[count:]
        return count


def is_long_text(name: str, size: int) -> bool:
    return size > LONG and PurePath(name).suffix.lower() in _TEXTS


@dataclass(frozen=True)
class Text:
    """What a long text shows when it is read through once."""

    encoding: Encoding
    lines: int
    #: whether the last line lacks its break
    is_open: bool


def look_through(name: str, content: Content, encoding: str = "") -> Text | None:
    """None for what must be looked at as a whole: UTF-16 and zero bytes. Raises BadInput where nothing reads it, or it
    has more lines than are counted."""
    check_lines(name, content.pieces())
    newlines, returns, last = 0, 0, b""
    for piece in content.pieces():
        if b"\x00" in piece:
            return None
        newlines += piece.count(b"\n")
        returns += piece.count(b"\r")
        last = piece[-1:]
    lines = max(newlines, returns)
    if lines >= BesideRow.APART:
        # their numbers would be those of other tables
        raise endless(name, BesideRow.APART - 1)
    found = encoding_of(name, content.pieces, encoding)
    return None if found.is_wide else Text(found, lines, last not in (b"\n", b"\r"))
