"""Whether a cell can stand in a column, as the other cells of the column show."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from migration.cleaning.clocks import minutes_in
from migration.cleaning.layout import is_filled
from migration.cleaning.marks import bare
from migration.cleaning.number_words import number_in_words
from migration.cleaning.numbers import looks_like_number, number_in
from migration.cleaning.placeholders import is_lost, is_placeholder
from migration.cleaning.readings import looks_like_date
from migration.cleaning.text import fold, tidy
from migration.cleaning.types import sample_of
from migration.cleaning.words import truth_in
from migration.cleaning.work import Column
from migration.rules import text_of

_OFTEN, _USUAL = 3, 0.01
#: times what this share of a number column keeps below; a tenth of it may have slipped in
_HUGE, _MOST = 1000, 0.8
#: share of a column's numbers beyond which one is strange at either end, and from how many numbers that can be seen
_ENDS, _MANY_NUMBERS = 0.01, 50
_LONGEST_NUMBER, _DAY = 40, re.compile(r"(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4})(\s.*)?")
#: most words of a column that has no others
_CLOSED = 40
#: share of its rows up to which a column that is nearly empty has cells
_NEVER = 0.03
#: types of columns that have no words, or only their own
_NO_WORDS = frozenset({"date", "number", "truth", "gender"})


def _shape(text: str) -> str:
    return "".join("9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in text)


def usual_words(counts: Counter[str], size: int) -> set[str]:
    """Words that are no slip; those of slipped rows are rare."""
    return {word for word, count in counts.items() if count >= max(_OFTEN, _USUAL * size)}


def _is_no_number(word: str) -> bool:
    return bool(word) and not looks_like_number(word)


class Fit:
    """Whether a cell can stand in a column: 1 it can, 0 it is empty or anything can, -1 it is out of place."""

    def __init__(self, column: Column, elsewhere: set[str]) -> None:
        self.column = column
        #: words of other columns that are none of this one
        self.elsewhere = elsewhere
        self._ends = _ends_of(column)
        sample = sample_of(column.cells)
        texts = [fold(text_of(cell)) for cell in sample]
        self.digits = bool(texts) and sum(text.isdigit() for text in texts) > 0.95 * len(texts)
        shapes = Counter(map(_shape, texts)).most_common(1)
        #: letters and digits that nearly all identifiers have in the same places
        self.shape = shapes[0][0] if column.type == "id" and shapes and shapes[0][1] > 0.9 * len(texts) else ""
        self.words = usual_words(Counter(texts), len(texts)) - elsewhere if column.type == "category" else set()
        self.no_digits = column.type == "name" or (
            column.type == "text"
            and bool(texts)
            and sum(any(map(str.isdigit, text)) for text in texts) < 0.01 * len(texts)
        )
        filled = sum(map(is_filled, column.cells))
        self.always = filled >= 0.96 * max(1, len(column.cells))
        self.never = len(column.cells) >= _MANY_NUMBERS and filled <= _NEVER * len(column.cells)
        known = sum(text in self.words for text in texts)
        #: whether the column has a few words and hardly another
        self.is_closed = bool(self.words) and len(self.words) <= _CLOSED and known > 0.95 * len(texts)
        #: words and open ends that come again among the numbers: never, <1
        self.own: set[str] = set()
        if column.type == "number":
            self.own = {word for word in usual_words(Counter(texts), len(texts)) - elsewhere if _is_no_number(word)}
        found = map(_number, sample) if column.type == "number" else ()
        plain = sorted(one for one in found if one is not None)
        self.most = plain[int(_MOST * (len(plain) - 1))] if plain else 0
        self._known: dict[Any, int] = {}

    def _is_huge(self, text: str) -> bool:
        """Beyond all measure of the column: 20220509 among scores."""
        return self.most > 0 and (_number(text) or 0) > _HUGE * self.most

    def is_strange(self, cell: Any) -> bool:
        """A number less or greater than nearly all of the column, or any where none is; no proof by itself."""
        if self.never:
            return is_filled(cell)
        if self._ends is None or not is_filled(cell):
            return False
        number = _number(cell)
        return number is not None and not self._ends[0] <= number <= self._ends[1]

    def is_foreign(self, cell: Any) -> bool:
        return is_filled(cell) and self(cell) == 0 and not is_placeholder(tidy(text_of(cell)))

    def __call__(self, cell: Any) -> int:
        key = (type(cell).__name__, cell)
        if key not in self._known:
            self._known[key] = self._look(cell)
        return self._known[key]

    def _look(self, cell: Any) -> int:
        text = tidy(text_of(cell))
        if not text:
            return 0
        if isinstance(cell, str) and (plain := bare(text)) != text:
            cell = text = plain
        if is_placeholder(text) or is_lost(text):
            return 0
        if self.column.type in _NO_WORDS and fold(text) in self.elsewhere and not any(map(str.isdigit, text)):
            return -1
        match self.column.type:
            case "date":
                if _DAY.fullmatch(text):  # one that does not exist is at home among days, too
                    return int(looks_like_date(text))
                return 1 if looks_like_date(cell if not isinstance(cell, str) else text, serials=True) else -1
            case "number" if fold(text) in self.own:
                return 1
            case "number":
                is_number = looks_like_number(cell if not isinstance(cell, str) else text) or _is_word(cell, text)
                return 1 if is_number and not self._is_huge(text) else -1
            case "email":
                return 1 if "@" in text else -1
            case "id" if self.shape and not self.digits:
                return 1 if _shape(fold(text)) == self.shape else -1
            case "id" if self.digits:
                return 1 if looks_like_number(text) else -1
            case "truth" if truth_in(text) is not None:
                return 1
            case "gender" | "truth":
                return 1 if len(text) <= 8 and not text.isdigit() and "@" not in text else -1
            case "category":
                if fold(text) in self.words:
                    return 1
                odd = looks_like_number(text) or looks_like_date(text) or "@" in text
                return -1 if (odd and self.words) or fold(text) in self.elsewhere else 0
        if fold(text) in self.elsewhere:
            return -1
        if self.no_digits and (looks_like_number(text) or looks_like_date(cell) or "@" in text):
            return -1
        return 0


def _number(cell: Any) -> float | None:
    value = number_in(cell)[0] if isinstance(cell, str) and len(cell) < _LONGEST_NUMBER else cell
    return float(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else None


def _ends_of(column: Column) -> tuple[float, float] | None:
    """Between what nearly all numbers of the column lie; None where it has too few, or is none of numbers."""
    if column.type not in ("number", "truth"):
        return None
    numbers = sorted(one for cell in sample_of(column.cells) if (one := _number(cell)) is not None)
    if len(numbers) < _MANY_NUMBERS:
        return None
    away = int(_ENDS * len(numbers))
    return numbers[away], numbers[-1 - away]


def _is_word(cell: Any, text: str) -> bool:
    """A number in words, a clock, yes or no: something that a person writes among numbers."""
    return number_in_words(text) is not None or minutes_in(cell) is not None or truth_in(text) is not None
