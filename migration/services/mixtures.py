"""Texts that were put together: some of their lines are UTF-8, others of another encoding. Each is read for
itself.

A line that is no UTF-8 is of the other encoding. One that is can be of the other by chance, as one Chinese letter in
GB18030 may look like a Latin one in UTF-8: which it is, its letters tell, weighed as in ``encodings``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from migration.services.encodings import CODECS, bits_in, words_in
from migration.services.scripts import composed

#: bits by which UTF-8 must explain its lines better than the other encoding, and by which one line must be of either
_MARGIN, _SURE = 15, 9
#: bits that a word speaks for an encoding if it stands in the text in UTF-8, too; and a letter has at most
_KNOWN_WORD, _LIKELY = 15, 14
#: different words from which an encoding is believed that only these lines show
_ENOUGH = 3
#: lines that are looked at, and numbers of lines that are kept
_SAMPLE, _WEIGHED, _KEPT = 20_000, 500, 1000
#: first bytes of two letters of UTF-8: alone they are a letter that was cut
_CUT = frozenset(b"\xc2\xc3")
#: where letters have two bytes, which may be one letter of UTF-8
_WIDE = frozenset({"gb18030", "big5", "big5hkscs", "cp932", "cp949", "euc-jp"})
#: in a word of Latin letters, what one of two bytes makes of two: Müller is M黮ler then
_INSIDE = re.compile(r"[A-Za-z][\u4e00-\u9fff]+[a-z]|[a-z][\u4e00-\u9fff]|(?<![^\W_])[\u4e00-\u9fff][a-z]{2}")
_LATIN_WORD = re.compile(r"[^\W\d_]+")
#: what letters of UTF-8 with three bytes and more begin with, or come after
_LONG = 0xE0


@dataclass(frozen=True)
class Mixture:
    """``codec``: what lines have that are no UTF-8, ``rivals``: others that they may have. ``strange``: lines that look
    like UTF-8 but are of it, ``either``: those that may be both, without their breaks. ``lines``: numbers of the lines
    of that encoding, ``of_utf8`` those of UTF-8, as far as they are kept."""

    codec: str
    rivals: tuple[str, ...]
    strange: frozenset[bytes]
    either: frozenset[bytes]
    lines: tuple[int, ...]
    of_utf8: tuple[int, ...]
    mostly_utf8: bool

    @property
    def others(self) -> tuple[str, ...]:
        """What unsure lines can be read as, beside what :meth:`text` makes of them."""
        return self.rivals or ((self.codec,) if self.either else ())

    def text(self, data: bytes, unsure_as: str = "") -> str:
        """``unsure_as``: the codec of what is unsure."""
        return "".join(self._line(line, unsure_as) for line in data.splitlines(keepends=True))

    def _line(self, line: bytes, unsure_as: str) -> str:
        if line.isascii():
            return line.decode("ascii")
        bare = line.strip(b"\r\n")
        if bare in self.either:
            return line.decode(unsure_as or "utf-8", "replace")
        if bare not in self.strange and (text := _utf8(line)) is not None:
            return text
        # where nothing shows the encoding, the bytes that are no letters are a doubt
        return line.decode(unsure_as or ("utf-8" if self.rivals else self.codec), "replace")


@dataclass
class _Lines:
    """What a text has of lines beyond ASCII: line -> its number. ``chance``: UTF-8 that two bytes of another encoding
    may be, ``own``: UTF-8."""

    own: dict[bytes, int] = field(default_factory=dict)
    chance: dict[bytes, int] = field(default_factory=dict)
    other: dict[bytes, int] = field(default_factory=dict)
    #: how many there are in all
    counts: tuple[int, int] = (0, 0)
    numbers: list[int] = field(default_factory=list)


def mixture_in(pieces: Callable[[], Iterator[bytes]]) -> Mixture | None:
    """None where one encoding explains all lines as well, or nothing explains them."""
    found = _sorted(pieces())
    if not found.other or not (found.own or found.chance):
        return None
    known = set(_texts([*found.own, *found.chance], "utf-8"))
    words = words_in(found.other)
    ranked = _ranked(words, known)
    if not ranked or _are_cut(words, ranked[0]):
        return None
    codec, texts = ranked[0], [word.decode(ranked[0], "replace") for word in words]
    if codec not in _WIDE and any(not word.isascii() and _utf8(word) is not None for word in words):
        # both stand within lines
        return None
    leaning = {line: _bits([line], codec) - _bits([line], "utf-8") for line in (found.chance if codec in _WIDE else ())}
    strange = frozenset(line for line, bits in leaning.items() if bits < -_SURE)
    either = frozenset(line for line, bits in leaning.items() if abs(bits) <= _SURE)
    sure = [line for line in (*found.own, *found.chance) if line not in strange and line not in either]
    if sum(_bits([line], codec) - _bits([line], "utf-8") for line in islice(sure, _WEIGHED)) < _MARGIN:
        return None
    is_shown = len(set(texts)) >= _ENOUGH or any(text in known for text in texts)
    numbers = found.own | found.chance
    places = sorted(numbers[line] for line in sure)
    return Mixture(
        codec, tuple(ranked) if len(ranked) > 1 or not is_shown else (), strange, either,
        tuple(sorted([*found.numbers, *(found.chance[line] for line in strange)])[:_KEPT]), tuple(places[:_KEPT]),
        found.counts[0] >= found.counts[1],
    )  # fmt: skip


def as_western(cell: str, codec: str) -> str:
    """What Windows would have written for words of a text of ``codec`` that have Chinese letters among Latin ones;
    empty where that is no likelier."""
    if codec not in _WIDE or not _INSIDE.search(cell):
        return ""
    words = [word for word in _LATIN_WORD.findall(cell) if _INSIDE.search(word)]
    found = {}
    for word in words:
        try:
            other = word.encode(codec).decode("cp1252")
        except UnicodeError:
            continue
        if bits_in([other], "cp1252") < bits_in([word], codec):
            found[word] = other
    return _LATIN_WORD.sub(lambda match: found.get(match[0], match[0]), cell) if found else ""


def _sorted(pieces: Iterable[bytes]) -> _Lines:
    found = _Lines()
    own = other = 0
    for number, line in enumerate(_lines(pieces), 1):
        if line.isascii():
            continue
        bare = line.strip(b"\r\n")
        if _utf8(line) is None:
            other += 1
            if len(found.numbers) < _KEPT:
                found.numbers.append(number)
            kept = found.other
        else:
            own += 1
            kept = found.own if any(byte >= _LONG for byte in bare) else found.chance
        if len(kept) < _SAMPLE:
            kept.setdefault(bare, number)
    found.counts = own, other
    return found


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        whole, end, rest = (rest + piece).rpartition(b"\n")
        yield from (whole + end).splitlines(keepends=True)
    if rest:
        yield from rest.splitlines(keepends=True)


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _texts(lines: Iterable[bytes], codec: str) -> list[str]:
    return [composed(word.decode(codec, "replace")) for word in words_in(lines)]


def _bits(lines: Iterable[bytes], codec: str) -> float:
    return bits_in(_texts(lines, codec), codec)


def _ranked(words: list[bytes], known: set[str]) -> list[str]:
    """The encodings that read all words, the likeliest first, then those that are about as likely and read them
    otherwise. None where not even the first is likely."""
    weighed: list[tuple[float, str, list[str]]] = []
    for codec, seldom in CODECS.items():
        texts = [composed(word.decode(codec, "replace")) for word in words]
        if codec != "utf-8" and not any("\ufffd" in text for text in texts):
            bits = seldom + bits_in(texts, codec) - _KNOWN_WORD * sum(text in known for text in texts)
            weighed.append((bits, codec, texts))
    if not weighed:
        return []
    weighed.sort(key=lambda one: one[0])
    best, codec, texts = weighed[0]
    letters = sum(not sign.isascii() for text in texts for sign in text)
    if best - CODECS[codec] > _LIKELY * max(1, letters):
        return []
    found, seen = [codec], [texts]
    for bits, other, said in weighed[1:]:
        if bits - best < _SURE and said not in seen:
            found.append(other)
            seen.append(said)
    return found


def _are_cut(words: list[bytes], codec: str) -> bool:
    """Whether most words are damaged UTF-8, not letters of ``codec``: Ã and Â are hardly ever met in words."""
    is_latin = codec not in _WIDE and all(bytes([byte]).decode(codec, "replace") < "\u0250" for byte in _CUT)
    return is_latin and 2 * sum(map(_is_cut, words)) > len(words)


def _is_cut(word: bytes) -> bool:
    """Whether a letter of UTF-8 lost its second byte."""
    after = (*word[1:], 0)
    return any(byte in _CUT and not 0x80 <= next_ < 0xC0 for byte, next_ in zip(word, after, strict=True))
