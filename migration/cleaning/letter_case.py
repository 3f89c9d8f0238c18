"""The case of letters: words in capitals or small letters in a column that writes them otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.words import is_plain_slip
from migration.cleaning.work import Column, Say, Work


def mend_case(work: Work, column: Column) -> None:
    """Rule ``letter_case``: words in capitals or small letters in a column that writes them otherwise."""
    groups = work.grouped(column)
    style_of = {value: style for kind, value in groups if kind == "str" and (style := _style(value, column))}
    styles: Counter[str] = Counter()
    for value, style in style_of.items():
        styles[style] += len(groups["str", value])
    if column.type == "category":
        _mend_codes(work, column, groups)
    if len(styles) < 2:
        return
    if column.type == "name" and styles["lower"] <= _SLIPS * styles.total():
        _ask_small(work, column, groups, style_of)
    usual, count = styles.most_common(1)[0]
    texts = column.type == "text" and styles.total() >= _MANY_NAMES
    if count < (_USUAL_TEXTS if texts else _USUAL_NAMES if column.type == "name" else USUAL_CASE) * styles.total():
        return
    known: dict[str, set[str]] = {}
    for text, style in style_of.items():
        if style == usual:
            known.setdefault(text.casefold(), set()).add(text)
    for (kind, value), places in groups.items():
        style = style_of.get(value, "") if kind == "str" else ""
        if style in ("", usual, "mixed") or (
            column.type != "name" and len(places) >= min(_OWN_CASE * styles.total(), _OFTEN)
        ):
            continue
        spellings = known.get(value.casefold(), set())
        sure = value.upper() if usual == "upper" else value.lower() if usual == "lower" else ""
        if len(spellings) == 1:
            sure = next(iter(spellings))
        for place in places:
            if sure:
                work.change(column, place, "letter_case", sure)
            else:
                begun = sorted(one for one in style_of if _is_ending_more(value, one))
                meant = [one for one, style in style_of.items() if style == usual and is_plain_slip(value, one)]
                candidates = tuple(dict.fromkeys((*meant[:3], *sorted(spellings), *begun, value.title(), value)))
                reason = gettext_noop("The column writes its words in another case.")
                work.doubt(column, place, "letter_case", candidates, Say(reason))


def mend_short_texts(work: Work, column: Column) -> None:
    """Rule ``letter_case`` for texts as short as names of places are; nobody's remarks."""
    texts = [cell for _place, cell in work.filled(column) if isinstance(cell, str)]
    long = sum(len(text) > _LONGEST or text.count(" ") > _BLANKS for text in texts)
    if len(texts) >= _MANY_NAMES and not long:
        mend_case(work, column)


def _mend_codes(work: Work, column: Column, groups: dict[Any, list[int]]) -> None:
    """Ri among codes of two or three capitals, such as those of states, is RI."""
    texts = {key: key[1] for key in groups if key[0] == "str" and key[1].isascii() and key[1].isalpha()}
    codes = Counter({text: len(groups[key]) for key, text in texts.items() if len(text) in _CODE and text.isupper()})
    if len(codes) < _ENOUGH_CODES or codes.total() < _USUAL_CODES * sum(map(len, groups.values())):
        return
    for key, text in texts.items():
        if not text.isupper() and any(len(text) == len(code) for code in codes):
            work.change_all(column, groups[key], "letter_case", text.upper())


def _ask_small(work: Work, column: Column, groups: dict[Any, list[int]], style_of: Mapping[str, str]) -> None:
    """Names in small letters where hardly one is, whether the others are in capitals or not."""
    if any(style == "upper" for style in style_of.values()) and any(style == "mixed" for style in style_of.values()):
        for text in [text for text, style in style_of.items() if style == "lower"]:
            for place in groups["str", text]:
                reason = gettext_noop("The column writes its words in another case.")
                work.doubt(column, place, "letter_case", (text.title(), text.upper(), text), Say(reason))


def _is_ending_more(text: str, word: str) -> bool:
    """passed of Pass."""
    return len(word) >= _SHORTEST and text.casefold()[: len(word)] == word.casefold() and text[len(word) :] in _ENDINGS


#: letters of a word, and endings that make another form of it
_SHORTEST, _ENDINGS = 4, ("d", "ed", "s", "es", "ing")
#: signs and blanks of a short text
_LONGEST, _BLANKS = 40, 4
#: letters from which a word in capitals is hardly an abbreviation
_LONG_WORD = 8
#: letters of a code, how many codes show that all have capitals, and their share of the column
_CODE, _ENOUGH_CODES, _USUAL_CODES = (2, 3), 5, 0.85
#: share of a column up to which a case is somebody's slip
_SLIPS = 0.05
#: share of a column from which its case is how it writes words
USUAL_CASE, _USUAL_NAMES, _USUAL_TEXTS, _MANY_NAMES = 0.7, 0.6, 0.85, 20
#: share of a column, and number of rows, from which a word in another case is none by mistake
_OWN_CASE, _OFTEN = 0.03, 20


def _style(text: str, column: Column) -> str:
    """upper, lower or mixed; empty for texts too short to tell, such as abbreviations."""
    letters = sum(letter.isalpha() and letter.isascii() for letter in text)
    if letters < 2:
        return ""
    if text.isupper():
        if column.type == "text" and " " not in text and letters < _LONG_WORD:
            # a name of letters, such as SWISU
            return ""
        return "upper" if letters >= (3 if column.type == "name" else 5) else ""
    return "lower" if text.islower() else "mixed"
