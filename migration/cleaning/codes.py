"""Identifiers written in another way than the others of their column: 775 99, E-56656, No. 1071, 10O1, Tel: 138…"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

#: rows that show how a column writes its identifiers, and the share of those that do so
_ENOUGH, _USUAL = 20, 0.75
#: share of the plain ones that are digits alone, or have their letters and digits in the same places
_ALIKE = 0.95
_PLAIN = re.compile(r"[A-Za-z\d]+")
#: what people write before a number
_NUMBER_SIGN = re.compile(r"(?:#|№|(?:no|nr|id)[.:#]|(?:no|nr|id)(?=\s))\s*(?=[A-Z\d])", re.IGNORECASE)
_PREFIX = re.compile(r"(?:emp|empl|employee|staff|id|no|nr)[\s._:-]*(\d+)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=[A-Za-z\d])[\s–—-]+(?=[A-Za-z\d])")
_BLANKS = re.compile(r"(?<=[A-Za-z\d])\s+(?=[A-Za-z\d])")
_PARTS = re.compile(r"[A-Za-z\d]+(?:[-/._][A-Za-z\d]+)+")
_CODE = re.compile(r"([A-Za-z]{1,4})(\d{1,5})")
_TERM, _SIGN = re.compile(r"\d{2,}[-/.]\d{1,4}"), re.compile(r"(?<=\d)[ _](?=\d)")
#: rows of a code that comes again, and how many times as often it comes as one that is written in another way
_KNOWN, _TIMES = 3, 4
_LETTER_DIGITS = str.maketrans("OolI|", "00111")
_PHONE_LABEL = re.compile(r"(?:tel|phone|mobile|mob|cell|ph|手机|电话|手机号)\s*[.:：]\s*(?=[+(\d])", re.IGNORECASE)
_BETWEEN_PHONES = re.compile(r"\s*(?:[/;,、，；]|\bor\b|或)\s*")
_LIKE_DIGITS_REASON = gettext_noop("Letters stand where digits should be.")
_FORM_REASON = gettext_noop("The other identifiers of the column are written in another way.")
_TWO_REASON = gettext_noop("These are two numbers.")


def write_codes_alike(work: Work, column: Column) -> None:
    """Rule ``code_form``: identifiers without the blanks, hyphens and signs that hardly any other has."""
    groups = work.grouped(column)
    texts = {key: text_of(key[1]) for key in groups}
    plain = Counter({key: len(groups[key]) for key, text in texts.items() if _PLAIN.fullmatch(text)})
    size = sum(map(len, groups.values()))
    if plain.total() < _ENOUGH or plain.total() < _USUAL * size:
        _take_signs_off(work, column, groups, texts)
        return
    form = _Form([texts[key] for key in plain.elements()])
    for key, text in texts.items():
        if key in plain:
            if meant := form.meant(text):
                _ask(work, column, groups[key], (meant, text), _LIKE_DIGITS_REASON if meant.isdigit() else _FORM_REASON)
            continue
        stem = _NUMBER_SIGN.sub("", text, count=1) if _NUMBER_SIGN.match(text) else text
        bare = _BLANKS.sub("", stem)
        if bare != text and form.has(bare):
            work.change_all(column, groups[key], "code_form", bare)
            continue
        bare = _BETWEEN.sub("", stem)
        if bare != text and form.has(bare) and form.is_strict and column.meaning != "postal_code":
            work.change_all(column, groups[key], "code_form", bare)
        elif (match := _PREFIX.fullmatch(text)) and form.has(match[1]):
            _ask(work, column, groups[key], (match[1], text), _FORM_REASON)


def _take_signs_off(work: Work, column: Column, groups: Mapping[Any, Sequence[int]], texts: Mapping[Any, str]) -> None:
    """No sign or word before codes of several parts: PX2023-004 of #PX2023-004 and ID PX2023-004."""
    shapes: Counter[str] = Counter()
    for key, places in groups.items():
        if _PARTS.fullmatch(texts[key]):
            shapes[_shape(texts[key])] += len(places)
    usual, often = shapes.most_common(1)[0] if shapes else ("", 0)
    if often < _ENOUGH or often < _USUAL * sum(map(len, groups.values())) or "9" not in usual:
        return
    for key, text in texts.items():
        bare = _NUMBER_SIGN.sub("", text, count=1)
        if bare != text and _NUMBER_SIGN.match(text) and _shape(bare) == usual:
            work.change_all(column, groups[key], "code_form", bare)


def write_known_codes(work: Work, column: Column) -> None:
    """Rule ``code_form`` for codes that come again and again, as those of courses do: c05 of C05; C1 can be C01."""
    groups = {text_of(key[1]): places for key, places in work.grouped(column).items()}
    known = {text: len(places) for text, places in groups.items() if len(places) >= _KNOWN and _CODE.fullmatch(text)}
    rows = sum(map(len, groups.values()))
    if rows < _ENOUGH or sum(known.values()) < _USUAL * rows or len({_shape(text) for text in known}) > 1:
        return
    for text, places in groups.items():
        match = _CODE.fullmatch(text)
        if match is None or text in known:
            continue
        others = [one for one, often in known.items() if often >= _TIMES * len(places)]
        if text.upper() in others:
            work.change_all(column, places, "code_form", text.upper())
        elif meant := [one for one in others if _without_zeros(one) == _without_zeros(text)]:
            _ask(work, column, places, (*meant, text), _FORM_REASON)


def write_signs_alike(work: Work, column: Column) -> None:
    """Rule ``code_form`` for words of digits such as terms: 2000 1 and 2000_1 where nearly all others are as 2000-1."""
    groups = {key[1]: places for key, places in work.grouped(column).items() if key[0] == "str"}
    shapes: Counter[str] = Counter()
    for text, places in groups.items():
        if _TERM.fullmatch(text):
            shapes[_shape(text)] += len(places)
    usual, often = shapes.most_common(1)[0] if shapes else ("", 0)
    if often < _ENOUGH or often < _USUAL * sum(map(len, groups.values())):
        return
    sign = next(letter for letter in usual if letter != "9")
    for text, places in groups.items():
        meant = _SIGN.sub(sign, text)
        if meant != text and _shape(meant) == usual:
            work.change_all(column, places, "code_form", meant)


def _without_zeros(text: str) -> str:
    match = _CODE.fullmatch(text)
    return f"{match[1].upper()}{int(match[2])}" if match else ""


class _Form:
    """How nearly all plain identifiers of a column look."""

    def __init__(self, texts: Sequence[str]) -> None:
        digits = [text for text in texts if text.isdigit()]
        shapes = Counter(map(_shape, texts))
        shape, often = shapes.most_common(1)[0]
        self.are_digits = len(digits) >= _USUAL * len(texts)
        #: the places of letters and digits that (nearly) all have
        self.shape = shape if often >= _USUAL * len(texts) else ""
        self._lengths = {len(text) for text in digits} if self.are_digits else set()
        self.is_strict = bool(self.shape)

    def has(self, text: str) -> bool:
        if self.are_digits and text.isdigit():
            return _shape(text) == self.shape if self.shape else len(text) in self._lengths
        return bool(self.shape) and _shape(text) == self.shape

    def meant(self, text: str) -> str:
        """Digits that were written as letters, or a prefix too many; empty where a plain identifier is as others."""
        if not self.are_digits or text.isdigit():
            return ""
        digits = text.translate(_LETTER_DIGITS)
        if digits.isdigit() and sum(map(str.isdigit, text)) > len(text) / 2:
            return digits
        match = _PREFIX.fullmatch(text)
        return match[1] if match and self.has(match[1]) else ""


def write_numbers_apart(work: Work, column: Column) -> None:
    """Rule ``code_form`` for phones: no label in front; two numbers in a cell are asked about."""
    groups = work.grouped(column)
    texts: Mapping[Any, str] = {key: text_of(key[1]) for key in groups}
    sizes = Counter({key: len(groups[key]) for key, text in texts.items() if not _PHONE_LABEL.match(text)})
    if sizes.total() < _USUAL * sum(map(len, groups.values())):
        return
    lengths = Counter(_digits(texts[key]) for key in sizes.elements())
    usual = lengths.most_common(1)[0][0] if lengths else 0
    for key, text in texts.items():
        if _PHONE_LABEL.match(text):
            text = _PHONE_LABEL.sub("", text, count=1)
            work.change_all(column, groups[key], "code_form", text)
        parts = _BETWEEN_PHONES.split(text)
        if len(parts) > 1 and len(parts[0]) > 5 and all(_digits(part) == usual for part in parts):
            _ask(work, column, groups[key], tuple(parts), _TWO_REASON)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _shape(text: str) -> str:
    return re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", text))


def _ask(work: Work, column: Column, places: Sequence[int], candidates: tuple[str, ...], reason: str) -> None:
    for place in places:
        work.doubt(column, place, "code_form", candidates, Say(reason))
