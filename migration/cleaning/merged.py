"""Words that stand once for several rows: cells that were merged, and of which a csv keeps only the first."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from migration.cleaning.layout import is_filled
from migration.cleaning.numbers import looks_like_number
from migration.cleaning.readings import looks_like_date
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.work import Column, Say, Work, shown

#: cells of a column below its first one, for each that is filled; and how many words there are at least
_BLOCK, _LEAST = 4, 2
#: share of cells up to which words that come again stand for several rows; how often one would follow itself by
#: chance, for it to be none that it never does (one in a thousand)
_FILLED, _SURE = 0.6, 7
_LONGEST = 40
_WORDS = frozenset({"category", "text", "name"})
#: most rows that a word stands for: a remark on the first of thousands is one on the first
_MOST = 200
#: what a row rightly lacks
_OWN = frozenset({"reason", "first_name", "last_name", "exit_date"})


def ask_merged(work: Work) -> None:
    """Rule ``merged_cells``: the first row has a word, each comes once only, and most cells below them are empty."""
    places = list(work.places())
    for column in work.columns:
        if column.type in _WORDS and column.meaning not in _OWN and _is_merged(column, places):
            _ask(work, column, places)


def _is_merged(column: Column, places: list[int]) -> bool:
    words = [fold(shown(column.cells[place])) for place in places if is_filled(column.cells[place])]
    once = len(set(words)) == len(words) and len(words) * _BLOCK <= len(places)
    return (
        len(words) >= _LEAST
        and (once or _never_follow(column, words, len(places)))
        and is_filled(column.cells[places[0]])
        and len(words) * _MOST >= len(places)
        and max(map(len, words)) <= _LONGEST
        and not any(looks_like_number(word) or looks_like_date(word) for word in words)
    )


def _never_follow(column: Column, words: list[str], rows: int) -> bool:
    """Whether a few words come again and again, but none right after itself, where chance would have it so."""
    often = Counter(words)
    by_chance = (len(words) - 1) * sum((count / len(words)) ** 2 for count in often.values())
    return (
        column.type == "category"
        and len(words) <= _FILLED * rows
        and by_chance >= _SURE
        and all(word != other for word, other in pairwise(words))
    )


def _ask(work: Work, column: Column, places: list[int]) -> None:
    above = ""
    reason = Say(gettext_noop("The word above seems to stand for this row, too, as in merged cells."))
    for place in places:
        if is_filled(column.cells[place]):
            above = shown(column.cells[place])
        else:
            work.doubt(column, place, "merged_cells", (above, ""), reason)
