"""Chinese words of which one character is another one: 生工部 among many 生产部."""

from __future__ import annotations

import re
from collections import Counter

from migration.cleaning.words import NUMERALS, ask_slip, but_for_a_sign, counts_of
from migration.cleaning.work import Column, Work

_WORD = re.compile(r"(?=.*[\u4e00-\u9fff])[\u4e00-\u9fffA-Za-z0-9]{3,12}")
#: how often a usual word comes, and how often a slip of it may, for each time of it
_USUAL, _RARE_SHARE = 10, 0.05


def report_chinese_slips(work: Work, column: Column) -> None:
    """Rule ``spelling``: a rare word that differs from a usual one in one character. Where the column has as many rare
    words that resemble none, it has rare words by nature: 法务部 beside 财务部 is one of them."""
    counts = counts_of(work, column)
    alike = but_for_a_sign(counts, _WORD, _USUAL)
    rare = [word for word, count in counts.items() if count < _USUAL and _WORD.fullmatch(word)]
    slips = {word: near for word in rare if (near := _meant(word, alike.get(word, []), counts))}
    if not slips:
        return
    if len(slips) < len(rare) - len(slips):
        return
    for word, near in slips.items():
        ask_slip(work, column, word, near)


_TELLING = NUMERALS | frozenset("0123456789")


def _meant(word: str, near: list[str], counts: Counter[str]) -> list[str]:
    """Those of the words nearby that the word is a slip of: none where the character is a numeral or the like."""
    return [other for other in near if counts[word] <= max(1, _RARE_SHARE * counts[other]) and _is_slip(word, other)]


def _is_slip(word: str, other: str) -> bool:
    one, two = next((a, b) for a, b in zip(word, other, strict=True) if a != b)
    # neither 生产一部 and 生产二部, nor UI设计师 and UX设计师
    return not ({one, two} <= _TELLING or (one.isascii() and two.isascii()))
