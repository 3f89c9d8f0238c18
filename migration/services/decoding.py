"""The encoding of a text: what it says itself, else UTF-8, else what its letters speak for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hrsuite.lib.errors import BadInput
from migration.cleaning.work import Say
from migration.services.encodings import Reading, is_mixed, readings_of
from migration.services.mixtures import Mixture, mixture_in

Pieces = Callable[[], Iterator[bytes]]
_HEAD = 1 << 16
_MAYBE_CUT_OFF = 3
#: share of words without a sense from which no encoding fits
_SENSELESS = 0.5
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
_USUAL = frozenset({"utf-8", "utf-8-sig", "gb18030", "cp1252", *_WIDE})
#: letters of two bytes of ASCII begin, as old mail of Japan writes them
_SHIFT = re.compile(rb"\x1b\$[@B]")


_AS_WESTERN = "as-western"


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 as letters of Windows."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_AS_WESTERN, _as_western)


@dataclass(frozen=True)
class Encoding:
    """``errors``: how the codec takes bytes that are no letters. ``readings``: where others are as likely, all of them,
    each with a few words that they differ in."""

    codec: str
    errors: str = "strict"
    readings: tuple[Reading, ...] = ()
    #: where lines have another encoding than the rest
    mixture: Mixture | None = None

    @property
    def is_wide(self) -> bool:
        return self.codec in _WIDE

    @property
    def is_plain(self) -> bool:
        """Whether any piece of the text can be read for itself, in one way."""
        return not self.readings and self.mixture is None

    def text(self, data: bytes) -> str:
        return self.mixture.text(data) if self.mixture else data.decode(self.codec, self.errors)

    def otherwise(self, data: bytes) -> Iterator[str]:
        """What else the text can be."""
        if self.mixture:
            return (self.mixture.text(data, codec) for codec in self.mixture.others)
        return (data.decode(one.codec, "replace") for one in self.readings[1:])

    def notes(self) -> list[Say]:
        if self.mixture:
            return [_of_mixture(self.mixture)]
        if self.errors == _AS_WESTERN:
            return [Say(gettext_noop("Some words of the text are no UTF-8: they are read as cp1252."))]
        if self.codec in _USUAL or self.errors == "strict":
            return []
        return [Say(gettext_noop("The text is read as %(codec)s."), {"codec": self.codec})]


_STRANGE = gettext_noop(
    "Lines %(lines)s of the text are no UTF-8 as the rest is: they are read as %(codec)s. Look at their letters."
)
_OF_UTF8 = gettext_noop(
    "Lines %(lines)s of the text are UTF-8, the rest is read as %(codec)s. Look at the letters of both."
)
_UNSURE = gettext_noop("Lines %(lines)s of the text are no UTF-8 as the rest is, and nothing shows what they are.")
#: lines that a note names
_NAMED = 10


def _of_mixture(mixture: Mixture) -> Say:
    numbers = mixture.lines if mixture.mostly_utf8 else mixture.of_utf8
    shown = ", ".join(map(str, numbers[:_NAMED])) + (" …" if len(numbers) > _NAMED else "")
    text = _UNSURE if mixture.rivals else _STRANGE if mixture.mostly_utf8 else _OF_UTF8
    return Say(text, {"lines": shown, "codec": mixture.codec})


def encoding_of(name: str, pieces: Pieces, said: str = "") -> Encoding:
    """``said``: what a person says it is. Raises BadInput where no encoding reads the text."""
    if said:
        _check(name, pieces, said)
        return Encoding(said)
    head = _head(pieces)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        _check(name, pieces, "utf-32")
        return Encoding("utf-32")
    if head.isascii() and _SHIFT.search(head):
        _check(name, pieces, "iso2022_jp_2")
        return Encoding("iso2022_jp_2")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _check(name, pieces, "utf-16")
        return Encoding("utf-16")
    if codec := _wide_without_mark(head):
        _check(name, pieces, codec)
        return Encoding(codec)
    codec = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    bad_at, size, has_letters = _first_bad(pieces, codec)
    if bad_at < 0:
        return Encoding(codec)
    # good UTF-8 up to the last letter was cut off
    if bad_at >= size - _MAYBE_CUT_OFF and (has_letters or codec == "utf-8-sig"):
        raise _unreadable(name)
    if mixture := mixture_in(pieces):
        return Encoding(codec if mixture.mostly_utf8 else mixture.codec, "replace", mixture=mixture)
    readings = readings_of(pieces)
    if readings[0].codec == "utf-8" and is_mixed(pieces):
        return Encoding(codec, _AS_WESTERN)
    if readings[0].lost > _SENSELESS:
        raise _unreadable(name)
    if codec == "utf-8-sig":
        return Encoding(codec, "replace")
    return Encoding(readings[0].codec, "replace", tuple(readings) if len(readings) > 1 else ())


def _head(pieces: Pieces) -> bytes:
    found = b""
    for piece in pieces():
        found += piece
        if len(found) >= _HEAD:
            break
    return found[:_HEAD]


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 that does not say so: signs and digits of a table have a zero byte each, always on the same side."""
    first, second = head[::2].count(0), head[1::2].count(0)
    codec, zeros, others = ("utf-16-le", second, first) if second > first else ("utf-16-be", first, second)
    if zeros * 30 < len(head) or others * 20 > zeros:
        return ""
    return codec if set("\n\r,;\t|") & set(head[: len(head) // 2 * 2].decode(codec, "ignore")) else ""


def _first_bad(pieces: Pieces, codec: str) -> tuple[int, int, bool]:
    """Where the text stops to be of this codec, or -1; how long it is; whether letters beyond ASCII stand before."""
    decoder, at, bad_at, has_letters = codecs.getincrementaldecoder(codec)(), 0, -1, False
    for piece in pieces():
        if bad_at < 0:
            held = len(decoder.getstate()[0])
            try:
                has_letters = not decoder.decode(piece).isascii() or has_letters
            except UnicodeDecodeError as error:
                bad_at = at - held + error.start
                has_letters = has_letters or any(byte > 0x7F for byte in piece[: max(0, error.start - held)])
        at += len(piece)
    if bad_at < 0 and (held := len(decoder.getstate()[0])):
        bad_at = at - held
    return bad_at, at, has_letters


def _check(name: str, pieces: Pieces, codec: str) -> None:
    try:
        # hex, base64 and their like are no encodings of letters
        b"a".decode(codec, "ignore")
        decoder = codecs.getincrementaldecoder(codec)()
        for piece in pieces():
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except LookupError as error:
        raise _unknown(codec) from error
    except ValueError as error:
        raise _unreadable(name) from error


def _unknown(codec: str) -> BadInput:
    return BadInput(
        "encoding", codec, _("There is no such encoding."), _("Name one, such as utf-8, gb18030, big5 or cp1252.")
    )


def _unreadable(name: str) -> BadInput:
    return BadInput(
        "encoding",
        name,
        _("The letters of the text fit no known encoding, or it is damaged."),
        _("Save it as UTF-8 csv or as xlsx, or state the encoding in the mapping."),
    )


def ambiguous(name: str, encoding: Encoding) -> BadInput:
    """The text can be read in several ways, which differ in too much to ask about each."""
    said = "; ".join(f"{one.codec} ({', '.join(one.words)})" for one in encoding.readings)
    return BadInput(
        "encoding",
        name,
        _("The letters of the file can be read in several ways: %(readings)s.") % {"readings": said},
        _("State the right one in the mapping, such as encoding: %(codec)s, or save the file as UTF-8.")
        % {"codec": encoding.codec},
    )
