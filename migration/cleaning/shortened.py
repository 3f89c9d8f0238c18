"""Words cut short or abbreviated, which their column mostly writes out: Softw. Engineering, Prod, HR, 研发."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: rows of the whole one, and how many times as often it comes; those of one that has further words behind
_WHOLE, _TIMES, _MANY = 5, 10, 20
#: letters of a word that was cut short and letters that it lost; letters that an abbreviation of a word has
_SHORTEST, _LOST, _LEAST = 4, 3, 2
_MOST_TEXTS = 400
#: words of a column of which a single letter stands for one, and those that were misspelt
_FEW_WORDS = 8
_CHINESE = re.compile("[\u3400-\u9fff]{2,}")
#: how names of departments end
_ENDINGS = ("部门", "部", "中心", "处", "室", "组", "科")
_INITIALS = re.compile(r"[A-Z]{2,5}")
_NUMBERED = re.compile(r"[IVX\d]+|[A-Z]")
_BETWEEN = re.compile(r"[\s/&,-]+|(?<=\.)")


def report_cut_words(work: Work, column: Column) -> None:
    """Rule ``spelling``: a rare text that stands for a frequent one of which letters or words are gone."""
    groups = work.grouped(column)
    counts: Counter[str] = Counter({key[1]: len(places) for key, places in groups.items() if key[0] == "str"})
    if len(counts) > _MOST_TEXTS:
        return
    reason = Say(gettext_noop("This seems to be cut short."))
    for text, count in counts.items():
        longer = whole_words(text, count, counts)
        for place in groups["str", text] if longer else ():
            work.doubt(column, place, "spelling", (*longer[:3], text), reason)


def whole_words(text: str, count: int, counts: Counter[str]) -> list[str]:
    """Frequent texts that ``text`` is short for, most frequent first."""
    if not text or (not text[-1].isalpha() and text[-1] != "."):
        return []
    often = [
        one for one, times in counts.most_common() if times >= max(_WHOLE, _TIMES * count) and len(one) > len(text)
    ]
    found = [one for one in often if _is_cut(text, one) or _is_abbreviated(text, one)]
    return found or _lone(one for one in often if _is_name_of(text, one, counts))


def _lone(texts: Iterable[str]) -> list[str]:
    """The only one; where there are several, nobody knows."""
    found = list(texts)
    return found if len(found) == 1 else []


def _is_cut(text: str, whole: str) -> bool:
    """Ended inside a word."""
    return (
        _SHORTEST <= len(text) <= len(whole) - _LOST
        and whole.casefold().startswith(text.casefold())
        and whole[len(text)].isalpha()
        and whole.isascii()
    )


def _is_abbreviated(text: str, whole: str) -> bool:
    """The same words, of which some lack their end: Softw. Engineering."""
    short, long = _words(text), _words(whole)
    if len(short) != len(long) or len(short) < 2 or short == long:
        return False
    return all(
        one == other
        or (
            len(one.rstrip(".")) >= _LEAST and len(other) >= len(one.rstrip(".")) + _LEAST
            and other.startswith(one.rstrip("."))
        )
        for one, other in zip(short, long, strict=True)
    )  # fmt: skip


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN.split(text.casefold()) if word]


def _is_name_of(text: str, whole: str, counts: Counter[str]) -> bool:
    """Its initials, its first word, or what a Chinese department is called for short."""
    words = [word for word in _BETWEEN.split(whole) if word]
    if _INITIALS.fullmatch(text):
        return len(words) > 1 and "".join(word[0] for word in words if word[0].isupper()) == text
    if len(text) == 1 and text.isupper():
        # P among Pass and Fail
        return words[0][0] == text and len(counts) <= _FEW_WORDS
    if _CHINESE.fullmatch(text):
        return _is_chinese_name_of(text, whole)
    return (
        len(text) >= _SHORTEST
        and words[0] == text
        and counts[whole] >= _MANY
        and not any(_NUMBERED.fullmatch(word) for word in words[1:])
    )


def _is_chinese_name_of(text: str, whole: str) -> bool:
    """Its beginning, or some of its letters with the same first one and ending: 销管部 of 销售管理部."""
    if not whole.endswith(_ENDINGS):
        return False
    ending = next((ending for ending in _ENDINGS if text.endswith(ending)), "")
    if not ending:
        return whole.startswith(text)
    letters = iter(whole)
    return whole.endswith(ending) and whole[0] == text[0] and all(letter in letters for letter in text)
