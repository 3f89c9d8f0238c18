"""What is wrong with the letters of a cell, whatever it means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from migration.cleaning.marks import clean_marks, has_marks, without_markup
from migration.cleaning.registry import gettext_noop
from migration.cleaning.strays import in_one_alphabet, write_in_one_alphabet
from migration.cleaning.work import Column, Say, Work

#: texts whose tidy form is remembered: columns repeat their words
CACHED = 100_000
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\u180e\x00-\x08\x0e-\x1b\x7f]|_x000[dD]_")
_BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufffc]+")
_LETTERS = {code: code - 0xFEE0 for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_SIGNS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CHINESE_NAME = re.compile("[\u3400-\u9fff ]{3,6}")
_CHINESE = re.compile("[\u3400-\u9fff]")
#: the hyphens of typesetters, one of them non-breaking; and all that people write for one
_HYPHENS = str.maketrans("\u2010\u2011", "--")
_DASHES = str.maketrans("‒–—−", "----")
#: accents behind their letter, as Macs and the Vietnamese of Windows write them
_APART = re.compile("[\u0300-\u036f\u3099\u309a]")
_DIGIT, _BETWEEN = re.compile(r"\d"), re.compile(r"[\s_\-.]+")
_WIDE = re.compile("[\uff01-\uff5e]")
#: anything that one of the rules could look at; most texts have nothing of it
_SUSPECT = re.compile("[^\x21-\x7e\u3400-\u9fff ]|^ | $|  |_x000|&[#\\w]+;|</?\\w", re.IGNORECASE)
_MOJIBAKE = re.compile("[\u00c2-\u00c5\u00c3\u00e2-\u00ef][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")


def visible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def half_width(text: str) -> str:
    """Letters and digits always; signs only where no Chinese is around, whose commas and brackets are wide."""
    if not _WIDE.search(text):
        return text
    return text.translate(_LETTERS if _CHINESE.search(text) else _SIGNS)


def squeezed(text: str) -> str:
    text = _BLANKS.sub(" ", text).strip()
    if text.isascii():
        return text
    if _APART.search(text):
        text = unicodedata.normalize("NFC", text)
    return text.translate(_HYPHENS)


@lru_cache(maxsize=CACHED)
def tidy(text: str) -> str:
    """All three, for headings and comparisons."""
    return squeezed(half_width(visible(text)))


@lru_cache(maxsize=CACHED)
def fold(text: str) -> str:
    """Two values with the same fold differ in case, blanks and the marks between words alone."""
    text = tidy(text)
    text = text.casefold() if text.isascii() else _normal(text)
    if _DIGIT.search(text):
        return text.replace("_", " ")
    word = _BETWEEN.sub("", text)
    # a minus behind a word is a grade: A- is no A
    return f"{word}-" if word and text.endswith("-") else word


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)


def _unmixed(text: str) -> str:
    """UTF-8 that was read as Latin-1, read anew; the text itself where that is not what happened."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return b"".join(map(_byte, text)).decode("utf-8")
    except UnicodeError:
        return text


def _byte(letter: str) -> bytes:
    """The byte that Windows shows as this letter; five bytes it has no letter for stand for themselves."""
    try:
        return letter.encode("cp1252")
    except UnicodeError:
        return letter.encode("latin-1")


# what was read wrongly can look like control characters
_STEPS = (
    ("mojibake", _unmixed), ("invisible", visible), ("markup", without_markup), ("full_width", half_width),
    ("lookalikes", in_one_alphabet), ("spaces", squeezed),
)  # fmt: skip


def clean_text(work: Work, column: Column) -> None:
    """Rules for letters, in this order: ``mojibake``, ``invisible``, ``markup``, ``full_width``, ``lookalikes``,
    ``spaces`` and ``stray_marks``; a letter that is lost is a doubt."""
    steps = [(rule, step) for rule, step in _STEPS if work.on(rule)]
    if column.field in work.hints.compact:
        steps.append(("spaces", lambda text: "".join(text.split())))
    marked = is_foreign = False
    for (kind, value), places in work.grouped(column).items():
        has_blank = " " in value if kind == "str" and column.field in work.hints.compact else False
        if kind != "str" or not (_SUSPECT.search(value) or has_blank or (column.type == "name" and " " in value)):
            marked = marked or (kind == "str" and has_marks(value))
            continue
        for rule, step in steps:
            after = step(value)
            if after != value:
                work.change_all(column, places, rule, after)
                value = after
        if column.type == "name" and " " in value and _CHINESE_NAME.fullmatch(value) and work.on("spaces"):
            # two letters drawn apart to be as wide as three
            value = value.replace(" ", "")
            work.change_all(column, places, "spaces", value)
        marked = marked or has_marks(value)
        if "\ufffd" in value and work.on("mojibake"):
            reason = Say(gettext_noop("A letter was lost when the file was saved."))
            for place in places:
                work.doubt(column, place, "mojibake", work.readings.get((work.numbers[place], value), ()), reason)
        is_foreign = is_foreign or not value.isascii()
    if is_foreign and work.on("lookalikes"):
        write_in_one_alphabet(work, column)
    if marked and work.on("stray_marks"):
        clean_marks(work, column)
