"""Marks that are no part of a value: codes of web pages, quotation marks around it, stars of footnotes, commas."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from migration.cleaning.placeholders import is_lost
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,20});")
_RAISED = re.compile(r"<sup>\s*(\d{1,2})\s*</sup>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|s|br|em|td|th|tr|li|ul|ol|div|span|font|strong|small|sup|sub|h[1-6]|o:p)"
    # a <b or c> d is no tag
    r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>""",
    re.IGNORECASE,
)
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "`": "`", "”": "”"}
#: the mark with which a spreadsheet keeps a number as text; not 't Hooft, 's-Hertogenbosch or '99
_TEXT_MARK = re.compile(r"['`](?=[A-Z\d+=@<>$€£¥(\u3400-\u9fff-])(?!\d\d$)")
_ANY_TEXT_MARK = re.compile(r"'(?=[A-Z\d+=@<>$€£¥(\u3400-\u9fff-])")
_SENTENCE = re.compile(r"(?<!\s[A-Z])[.!?。！？]$|(?:\S+\s+){6}")
_FOOTNOTE = re.compile(rf"\s*(?:[*†‡{_SUPERSCRIPTS}]+|\[\d{{1,2}}\])$")
_BEHIND = re.compile(r"\s*[,;:，；：、!！]+$|(?<!\.)\.\.$|(?<=[^\W\d_])['\"’”]$")
_INSIDE = re.compile(r"(?<=\w)['’](?=\w)")
_POINT = re.compile(r"(?<=[^\W\d_]{3})\.$|(?<=[\u3400-\u9fff])\.$")
#: words that end with a point
_SHORTENED = re.compile(r"\b(jun|sen|inc|ltd|esq|dept|corp|pvt|mrs|etc|bhd|gmbh|phd|iii)\.$", re.IGNORECASE)
_ODD = re.compile(rf"^['\"“”‘„«`]|[*†‡{_SUPERSCRIPTS}\],;:，；：、!！.)）'\"’”]$")
_NUMBER = re.compile(r"[^A-Za-z\u3400-\u9fff]*\d[^A-Za-z\u3400-\u9fff]*")
#: share of a column's different cells up to which a mark is somebody's, and not how the column is written
_RARE, _HALF = 0.2, 0.5
#: the same of its rows, where words are many
_FEW_ROWS = 0.06
#: share of a column that has the mark of text, and cells that show whether to look
_MOST_MARKED, _LOOKED_AT = 0.5, 100
#: letters of a word that a star can be a footnote of: A* is a grade
_LEAST = 3
#: behind a letter or two, and how many times as often the value comes without it
_STAR, _OFTENER = re.compile(r"(?<=[^\W\d_])[*†‡]$"), 5
_SECOND_POINT = re.compile(r"(?<=\d\.\d)\.$|(?<=\d\.\d\d)\.$|(?<=\d\.\d\d\d)\.$")
#: a point behind the digits of a code or phone number; letters of a text that is a value, if it comes without a comma
_POINT_BEHIND, _CODES, _SHORT_TEXT = re.compile(r"(?<=\d)\.$"), frozenset({"id", "idnumber", "phone"}), 20
_NUMBERED = re.compile(r"\s*[(（]\d[)）]$")
_DASH = re.compile(r"(?<=[\w ])[‒–—−](?=[\w $€£¥])")
#: share of codes and ranges that have a hyphen, and letters of one at most
_MOST, _LONGEST = 0.7, 40
#: columns of sentences end as sentences do
_VALUES = frozenset({"name", "category", "gender", "truth", "id", "idnumber", "phone", "email", "number", "date"})


def without_markup(text: str) -> str:
    """``&amp;`` and other codes of web pages as the letters they mean, and no tags; raised digits stay raised."""
    if "<" in text:
        text = _RAISED.sub(lambda match: "".join(_SUPERSCRIPTS[int(digit)] for digit in match[1]), text)
        text = _TAG.sub(" ", text)
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def without_quotes(text: str) -> str:
    """No quotation marks around the whole of it, unless it quotes a sentence."""
    inner = text[1:-1].strip()
    around = len(text) > 2 and _PAIRS.get(text[0]) == text[-1]
    # the one in O'Neill closes nothing
    rest = _INSIDE.sub("", inner)
    if around and inner and text[0] not in rest and text[-1] not in rest and not _SENTENCE.search(inner):
        return inner
    match = _TEXT_MARK.match(text)
    return text[1:] if match and text[0] not in text[1:] and not _SENTENCE.search(text) else text


def bare(text: str) -> str:
    """What a cell says without any of these marks, for comparisons."""
    if not _ODD.search(text) and "<" not in text and "&" not in text:
        return text
    text = without_quotes(without_markup(text).strip())
    return _BEHIND.sub("", _FOOTNOTE.sub("", text)) or text


def is_raised(text: str) -> bool:
    """Whether it has digits above the line: a footnote, or a power, and no digits of the number."""
    return any(letter in _SUPERSCRIPTS for letter in text)


def has_marks(text: str) -> bool:
    """Whether the rule has to look at a column that has this."""
    return bool(_ODD.search(text)) or (not text.isascii() and bool(_DASH.search(text)))


def take_text_marks(work: Work, column: Column) -> None:
    """Rule ``stray_marks``, before anybody asks what a column is: the mark for text before (nearly) every cell."""
    texts = [cell for cell in column.cells if isinstance(cell, str) and cell]
    if not any(text[0] == "'" for text in texts[:_LOOKED_AT]):
        return
    if sum(_is_marked(text) for text in texts) < _MOST_MARKED * len(texts):
        return
    for key, places in work.grouped(column).items():
        if key[0] == "str" and _is_marked(key[1]):
            work.change_all(column, places, "stray_marks", key[1][1:])


def _is_marked(text: str) -> bool:
    return bool(_ANY_TEXT_MARK.match(text)) and "'" not in text[1:] and not _SENTENCE.search(text)


def clean_marks(work: Work, column: Column) -> None:
    """Rule ``stray_marks``."""
    groups = work.grouped(column)
    words = {value: len(places) for (kind, value), places in groups.items() if kind == "str"}
    odd = [value for value in words if _ODD.search(value) and not is_lost(value)]
    if odd:
        quoted = sum(words[value] for value in odd if without_quotes(value) != value)
        own_style = column.type == "text" and quoted > _HALF * sum(map(len, groups.values()))
        marked = {value: _unmarked(column, value, words) for value in odd}
        rare = sum(bool(stem) for stem in marked.values()) <= _RARE * len(words)
        few = _in_few_rows(marked, words)
        for value in odd:
            after = _unquoted(value, words, own_style=own_style)
            stem = marked[value] if after == value else _unmarked(column, after, words)
            if stem and (rare or (few and _BEHIND.search(value)) or stem in words or _NUMBER.fullmatch(stem)):
                after = stem
            if after != value:
                work.change_all(column, groups["str", value], "stray_marks", after)
            elif column.type == "name" and (stem := _NUMBERED.sub("", value)) != value and stem in words:
                reason = Say(gettext_noop("The number can be a footnote, or tell two persons of one name apart."))
                for place in groups["str", value]:
                    work.doubt(column, place, "stray_marks", (stem, value), reason)
            elif (stem := _STAR.sub("", value)) != value and words.get(stem, 0) >= _OFTENER * words[value]:
                reason = Say(gettext_noop("The star can be a footnote, or make another value of it."))
                for place in groups["str", value]:
                    work.doubt(column, place, "stray_marks", (stem, value), reason)
    _write_dashes_alike(work, column)


def _in_few_rows(marked: Mapping[str, str], words: Mapping[str, int]) -> bool:
    """Whether commas and the like stand behind few cells, however many words the column has."""
    behind = [text for text, stem in marked.items() if stem and _BEHIND.search(text)]
    return sum(words[text] for text in behind) <= _FEW_ROWS * sum(words.values())


def _unquoted(text: str, words: Mapping[str, int], *, own_style: bool) -> str:
    if text[0] in _PAIRS and text[1:] in words:
        return text[1:]
    plain = without_quotes(text)
    return text if own_style and plain not in words else plain


def _unmarked(column: Column, text: str, words: Mapping[str, int]) -> str:
    """The text without a footnote's mark or a comma behind it; empty where it has none, or may need it."""
    is_short = column.type in _VALUES or len(text) <= _SHORT_TEXT
    if is_short and (stem := _BEHIND.sub("", text)) in words and stem != text:
        return stem
    if column.type in _CODES and _POINT_BEHIND.search(text):
        return text[:-1]
    stem = _FOOTNOTE.sub("", text)
    if column.type in _VALUES:
        stem = _BEHIND.sub("", stem)
    if column.type == "number":
        stem = _SECOND_POINT.sub("", stem)
    if stem == text and _NUMBERED.search(text):
        # a second one of its name has a number as well
        stem = _NUMBERED.sub("", text)
        if column.type == "name":
            return "" if stem in words else stem
        return stem if stem in words or column.type == "date" else ""
    if stem == text and column.type == "name" and not _SHORTENED.search(text):
        stem = _POINT.sub("", text)
    letters = sum(map(str.isalnum, stem))
    # no grade and no initial ends with a comma: OR: is OR
    code = letters > 1 and (stem in words or not stem.isascii() or stem == _BEHIND.sub("", text))
    enough = letters >= _LEAST or code or _NUMBER.fullmatch(stem)
    return stem if stem != text and letters and enough else ""


def _write_dashes_alike(work: Work, column: Column) -> None:
    """One sign for a hyphen in codes and ranges, most of which have a plain one; and in names."""
    groups = work.grouped(column)
    words = [value for kind, value in groups if kind == "str" and len(value) <= _LONGEST]
    odd = [value for value in words if _DASH.search(value)]
    if not odd:
        return
    plain = sum("-" in value for value in words)
    if column.type in ("name", "date", "email") or (plain >= _MOST * len(words) - len(odd) and len(odd) < plain):
        for value in odd:
            work.change_all(column, groups["str", value], "stray_marks", _DASH.sub("-", value))
