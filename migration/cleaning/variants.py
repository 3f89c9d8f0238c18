"""Columns of a few words: one way to write each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from migration.cleaning.letter_case import USUAL_CASE
from migration.cleaning.registry import gettext_noop
from migration.cleaning.shortened import whole_words
from migration.cleaning.text import fold
from migration.cleaning.words import REPEATED, SAME_WORDS, like
from migration.cleaning.work import Column, Say, Work


def unify_variants(work: Work, column: Column, most: float = 1) -> None:
    """Rule ``variants``: case, blanks and the signs between words make no other word; the usual spelling wins, unless
    another comes more than ``most`` times for each time of it."""
    groups = work.grouped(column)
    spellings: dict[str, Counter[str]] = {}
    for (kind, value), places in groups.items():
        if kind == "str":
            spellings.setdefault(_key(column, value), Counter())[value] += len(places)
    every = Counter({value: len(places) for (kind, value), places in groups.items() if kind == "str"})
    usual = _usual_case(spellings)
    blanks = _has_blanks(spellings)
    joined = sum(any(" " not in text and _INSIDE.search(text) for text in counts) for counts in spellings.values())
    words = _pair_of_genders(spellings) if column.type == "gender" else {}
    for (kind, value), places in groups.items():
        if kind != "str":
            continue
        counts = spellings[_key(column, value)]
        best = words.get(_key(column, value)) or _best(counts, usual)
        if best is not None and (apart := _apart(counts, best, blanks=blanks, joined=joined == 1)):
            best = apart
        elif best is not None and _may_be_blank(counts, best, spellings):
            best = None
        if value == best or (most < 1 and len(places) > most * counts[best or value]):
            continue
        if best is not None:
            work.change_all(column, places, "variants", best)
            continue
        if whole_words(value, counts.total(), every):
            # asked about as cut short, with the whole word
            continue
        for place in places:
            reason = gettext_noop("The column writes this word in several ways, none more often than another.")
            work.doubt(column, place, "variants", tuple(counts), Say(reason))


_SHARE_OF_WORDS, _LONGEST = 0.67, 40
#: words from which a column shows its case
_SEVERAL = 3
_INSIDE = re.compile(r"[a-z][A-Z]")
#: blanks and hyphens that make no other word where digits are: More-than 5, Level1; 2000 1 is not 20001, nor P-1 P1
_BETWEEN = re.compile(
    r"(?<=[^\W\d_])[ -](?=[^\W\d_])|(?<=[^\W\d_]) (?=\d)|(?<=\d) (?=[^\W\d_])|(?<=[^\W\d_]{3})-(?=\d)"
)


def unify_names(work: Work, column: Column) -> None:
    if column.meaning in REPEATED:
        unify_variants(work, column)


def unify_texts(work: Work, column: Column) -> None:
    """Short texts that come again, such as countries; nobody's remarks."""
    groups = work.grouped(column)
    words = [value for kind, value in groups if kind == "str"]
    size = sum(map(len, groups.values()))
    if words and len(words) <= _SHARE_OF_WORDS * size and max(map(len, words)) <= _LONGEST:
        unify_variants(work, column, most=_SLIPS if _REMARKS.search(column.name) else 1)


#: columns that people write what they like in, and for each time of the usual spelling, how often another is a slip
_REMARKS = re.compile(r"comment|remark|\bnotes?\b|feedback|suggestion|备注|说明|评语|意见|建议", re.IGNORECASE)
_SLIPS = 0.1


#: Master's & above, R&D
_AND = re.compile(r"(?<=\w)[\s_-]*&[\s_-]*(?=\w)|\s+and\s+", re.IGNORECASE)
#: between the same numbers, as in 3-5 years, and behind the last one
_APART, _LAST_POINT = re.compile(r"(?<=\d)[ _](?=\d)"), re.compile(r"(?<=\w\d)\.$")


def _key(column: Column, value: str) -> str:
    word = _BETWEEN.sub("", fold(_AND.sub("and", value)))
    if word[-1:] == "." or "-" in word or " " in word:
        word = _LAST_POINT.sub("", _APART.sub("-", word))
    return SAME_WORDS.get(word, word) if column.type == "gender" or column.meaning == "marital" else word


def _case(text: str) -> str:
    return "upper" if text.isupper() else "lower" if text.islower() else "mixed"


def _usual_case(spellings: Mapping[str, Counter[str]]) -> tuple[str, float]:
    """The case of nearly all words that are written in one way, and their share; empty where there is none."""
    found = Counter(_case(next(iter(counts))) for counts in spellings.values() if len(counts) == 1)
    if not found:
        return "", 0
    style, often = found.most_common(1)[0]
    share = often / found.total()
    return (style, share) if found.total() >= _SEVERAL and share >= USUAL_CASE else ("", 0)


def _has_blanks(spellings: Mapping[str, Counter[str]]) -> bool:
    """Whether words of a column have blanks between them as it mostly writes them, and hardly an underscore."""
    usual = [counts.most_common(1)[0][0] for counts in spellings.values()]
    return any(" " in text for text in usual) and sum("_" in text for text in usual) < 2


def _apart(counts: Counter[str], best: str, *, blanks: bool, joined: bool) -> str:
    """The spelling with blanks, of one that has none, where it is not much rarer: ON LEAVE of ON_LEAVE; however
    rare where capitals show the blanks, and no other word is ``joined`` so."""
    if " " in best:
        return ""
    others = [text for text in counts if " " in text]
    others = [
        text for text in others
        if (blanks and counts[text] * _AS_OFTEN >= counts[best]) or (joined and _is_joined(best, text))
    ]  # fmt: skip
    return max(others, key=lambda text: counts[text], default="")


def _may_be_blank(counts: Counter[str], best: str, spellings: Mapping[str, Counter[str]]) -> bool:
    """Whether one word alone has an underscore, and is written with a blank as well, and not only now and then."""
    return (
        "_" in best
        and _CLEARLY * counts[best.replace("_", " ")] > counts[best]
        and sum(any("_" in text for text in words) for words in spellings.values()) == 1
    )


#: how many times as often a spelling comes that is surely the column's
_CLEARLY = 5


def _is_joined(text: str, apart: str) -> bool:
    """HumanResources of Human Resources: capitals show where the blanks were."""
    return text == apart.replace(" ", "") and all(word[0].isupper() for word in apart.split())


#: how many times as often the spelling without blanks may come
_AS_OFTEN = 3


def _best(counts: Counter[str], usual: tuple[str, float]) -> str | None:
    ordered = counts.most_common(2)
    style, share = usual
    if len(ordered) == 1:
        return ordered[0][0]
    if ordered[0][1] > ordered[1][1]:
        best, often = ordered[0]
        if best.istitle() and len(best) == _LETTERS and best.upper() in counts and best.upper() not in _FORMS:
            # Hr of HR, It of IT
            return best.upper()
        other = _in_case(counts, best, style)
        # nobody writes words in small letters among capitals
        is_plain = style == "upper" and best.islower()
        if not other or (counts[other] < (1 - _BY_FAR) * often and not is_plain):
            return best
        # MORE MONEY in a column of small letters, more often than more money
        return other if is_plain or (share >= _NEARLY_ALL and (style != "mixed" or best.islower())) else None
    # as often as each other: the one in the case of the column
    alike = [text for text in counts if _case(text) == style and counts[text] == ordered[0][1]]
    if style in ("upper", "lower"):
        return alike[0] if len(alike) == 1 else None
    # mixed case is how people write
    mixed = [text for text in counts if not text.isupper() and not text.islower() and counts[text] == ordered[0][1]]
    return mixed[0] if len(mixed) == 1 else None


#: share of a word's cells from which its spelling is no slip, whatever the case of the column is; share of the other
#: words whose case is that of the column; letters up to which a word in capitals can be an abbreviation
_BY_FAR, _NEARLY_ALL, _ABBREVIATION = 0.75, 0.9, 4


#: letters of abbreviations that nobody writes in small ones, where they stand in capitals as well; no such ones
_LETTERS = 2
_FORMS = frozenset({"MR", "MS", "DR", "JR", "SR", "ST", "NO", "OK"})


def _in_case(counts: Counter[str], best: str, style: str) -> str:
    """The most frequent spelling in the case of the column, where ``best`` differs from it in case alone."""
    if not style or _case(best) == style or (len(best) <= _ABBREVIATION and best.isupper()):
        return ""
    alike = [text for text in counts if text.casefold() == best.casefold() and _case(text) == style]
    return max(alike, key=lambda text: counts[text], default="")


#: words for the two genders that belong together
_GENDERS = (("male", "female"), ("m", "f"), ("m", "w"), ("man", "woman"), ("男", "女"), ("男性", "女性"))


def _pair_of_genders(spellings: Mapping[str, Counter[str]]) -> dict[str, str]:
    """Key -> the word for it: both of the pair, and in the case, that most cells have."""
    folds: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for key in ("male", "female"):
        for text, count in spellings.get(key, {}).items():
            folds[fold(text)] += count
            texts[text] += count
    if not folds:
        return {}
    pair = max(_GENDERS, key=lambda one: sum(folds[word] for word in one))
    examples = Counter({text: count for text, count in texts.items() if fold(text) in pair})
    if not examples:
        return {}
    example = examples.most_common(1)[0][0]
    return {key: like(word, example) for key, word in zip(("male", "female"), pair, strict=True)}
