"""Signs of another kind inside words: digits for letters (V0luntary), letters of another alphabet."""

from __future__ import annotations

import itertools
import re

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: what people take for each other
_MEANT = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "8": "b"}
_WORD = re.compile(r"[A-Za-z013458]{4,}")
_DIGIT_INSIDE = re.compile(r"[A-Za-z][013458]{1,2}[A-Za-z]|[01][a-z]{2,}")
#: share of a column's rows up to which digits inside words are slips; digits of a word at most
_FEW, _MOST = 0.06, 3
#: letters of Cyrillic and Greek that look like Latin ones
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaeijopcyxsABEZHIKMNOPTYXo",
)
_MIXED = re.compile(r"[A-Za-z\u0370-\u04ff]+")
_LATIN = re.compile(r"[A-Za-z]")
_FOREIGN = re.compile(r"[\u0370-\u04ff]+")
#: letters that stand alone; share of the Latin cells of a column up to which others are somebody's slip
_ALONE, _SOME = 2, 0.5


def in_one_alphabet(text: str) -> str:
    """Latin letters for those of other alphabets that look like them, inside words that have Latin ones; and for one
    or two that stand alone beside Latin words, such as initials."""
    text = _MIXED.sub(_latin, text)
    return _in_latin(text) if _LATIN.search(text) else text


def _in_latin(text: str) -> str:
    """The text in Latin letters; as it is where it has words of others, or letters that look like none."""
    after = text.translate(_LOOKALIKES)
    is_short = max(map(len, _FOREIGN.findall(text)), default=0) <= _ALONE
    return after if is_short and not _FOREIGN.search(after) else text


def write_in_one_alphabet(work: Work, column: Column) -> None:
    """Rule ``lookalikes`` for cells that have no Latin letter, such as a grade, where all others have."""
    groups = work.grouped(column)
    texts = {key[1]: len(places) for key, places in groups.items() if key[0] == "str"}
    foreign = [text for text in texts if _FOREIGN.search(text)]
    if not foreign or any(_in_latin(text) == text for text in foreign):
        return
    if sum(texts[text] for text in foreign) <= _SOME * sum(texts[text] for text in texts if _LATIN.search(text)):
        for text in foreign:
            work.change_all(column, groups["str", text], "lookalikes", _in_latin(text))


def _latin(match: re.Match[str]) -> str:
    word = match[0]
    after = word.translate(_LOOKALIKES)
    return after if _LATIN.search(word) and after.isascii() else word


def report_digits_in_words(work: Work, column: Column) -> None:
    """Rule ``spelling``: a digit among the letters of a word, where hardly any other cell has one."""
    groups = work.grouped(column)
    texts = {key: key[1] for key in groups if key[0] == "str"}
    odd = {key: match for key, text in texts.items() if (match := _slip(text))}
    rows = sum(map(len, groups.values()))
    known = {text.casefold(): text for text in texts.values() if not _slip(text)}
    options = {key: [texts[key].replace(word, one) for one in _letters(word)] for key, word in odd.items()}
    told = {
        key: [known[text.casefold()] for text in several if text.casefold() in known]
        for key, several in options.items()
    }
    # however many, where the word itself is there as well
    few = sum(len(groups[key]) for key in odd) <= max(1, _FEW * rows)
    reason = Say(gettext_noop("A digit stands among the letters of a word."))
    for key, several in options.items():
        found = told[key]
        if not few and not found:
            continue
        for place in groups[key]:
            work.doubt(column, place, "spelling", tuple(dict.fromkeys(found or several)), reason)


def _slip(text: str) -> str:
    """The first word that has a digit for a letter."""
    words = (match[0] for match in _WORD.finditer(text))
    return next((word for word in words if _DIGIT_INSIDE.search(word) and _is_word(word)), "")


def _is_word(word: str) -> bool:
    digits = sum(map(str.isdigit, word))
    return digits <= min(_MOST, len(word) // 3) and any(map(str.islower, word))


def _letters(word: str) -> list[str]:
    options = [_MEANT.get(sign, sign) for sign in word]
    found = ["".join(signs) for signs in itertools.product(*options)]
    # or one that slipped in
    found.append("".join(sign for sign in word if not sign.isdigit()))
    return [
        one[:1].upper() + one[1:] if word[:1].isdigit() and len(word) > 1 and word.istitle() else one for one in found
    ]
