"""Chinese words of which one character is another one: 生工部 among many 生产部."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from migration.cleaning.words import NUMERALS, ask_slip, counts_of
from migration.cleaning.work import Column, Work

_WORD = re.compile(r"(?=.*[\u4e00-\u9fff])[\u4e00-\u9fffA-Za-z0-9]{3,12}")
#: how often a usual word comes, and how often a slip of it may, for each time of it
_USUAL, _RARE_SHARE = 10, 0.05


def report_chinese_slips(work: Work, column: Column) -> None:
    """Rule ``spelling``: a rare word that differs from a usual one in one character. Where the column has as many rare
    words that resemble none, it has rare words by nature: 法务部 beside 财务部 is one of them."""
    counts = counts_of(work, column)
    usual = defaultdict(list)
    for word, count in counts.most_common():
        if count < _USUAL:
            break
        for pattern in _with_a_gap(word):
            usual[pattern].append(word)
    if not usual:
        return
    rare = [word for word, count in counts.items() if count < _USUAL and _WORD.fullmatch(word)]
    slips = {word: near for word in rare if (near := _near(word, counts, usual))}
    if len(slips) < len(rare) - len(slips):
        return
    for word, near in slips.items():
        ask_slip(work, column, word, near)


_TELLING = NUMERALS | frozenset("0123456789")


def _near(word: str, counts: Counter[str], usual: dict[str, list[str]]) -> list[str]:
    """Usual words that differ in one character, which is no numeral or the like, the most frequent first."""
    found = {other for pattern in _with_a_gap(word) for other in usual.get(pattern, ())}
    found = {other for other in found if counts[word] <= max(1, _RARE_SHARE * counts[other]) and _is_slip(word, other)}
    return sorted(found, key=lambda other: (-counts[other], other))


def _is_slip(word: str, other: str) -> bool:
    one, two = next((a, b) for a, b in zip(word, other, strict=True) if a != b)
    # neither 生产一部 and 生产二部, nor UI设计师 and UX设计师
    return not ({one, two} <= _TELLING or (one.isascii() and two.isascii()))


def _with_a_gap(word: str) -> list[str]:
    if not _WORD.fullmatch(word):
        return []
    return [f"{word[:at]}\0{word[at + 1 :]}" for at in range(len(word))]
