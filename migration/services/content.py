"""The content of a file: a few bytes in memory, or a big text that is read piece by piece as often as one likes."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, cast

from migration.services.reading import is_western

#: bytes of a text from which it is never held as a whole
LONG = 8 << 20
_TEXTS = (".csv", ".tsv", ".txt")
_MAYBE_CUT_OFF = 4


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
                return found[: found.rfind(b"\n", 0, size) + 1 or size]
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

    codec: str
    lines: int
    #: whether the last line lacks its break
    is_open: bool


def look_through(content: Content, encoding: str = "") -> Text | None:
    """None for what must be looked at as a whole: UTF-16, zero bytes, or an end that was cut off in a letter."""
    head = content.head(1 << 20)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in head:
        return None
    guesses = [encoding] if encoding else ["utf-8-sig"] if head.startswith(codecs.BOM_UTF8) else ["utf-8"]
    codec, bad_at = _first_good(content, guesses)
    if not codec and not encoding:
        if bad_at >= content.size - _MAYBE_CUT_OFF or guesses == ["utf-8-sig"]:
            return None
        codec = _first_good(content, ["cp1252"] if is_western(head) else ["gb18030", "cp1252"])[0]
    if not codec:
        return None
    lines, last = 0, b""
    for piece in content.pieces():
        if b"\x00" in piece:
            return None
        lines += piece.count(b"\n")
        last = piece[-1:]
    return Text(codec, lines, last not in (b"\n", b"\r"))


def _first_good(content: Content, codecs_: list[str]) -> tuple[str, int]:
    """The first codec that reads everything, and where the last one that does not failed, about."""
    at = 0
    for name in codecs_:
        try:
            decoder, at = codecs.getincrementaldecoder(name)(), 0
            for piece in content.pieces():
                decoder.decode(piece)
                at += len(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            at += error.start
            continue
        except LookupError:
            continue
        return name, at
    return "", at
