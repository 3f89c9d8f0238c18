"""How likely a cell is in each column of a table, by what the other cells of the column are.

A cell is a value (which a column of a few words or numbers has again and again) and a look: a number of a size, a day
of some years, words of a script and length. Of a look nobody has seen all values, so a value is as likely as its look
divided by how many values of that look the table has; this is the same in every column, and columns can be compared.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from migration.cleaning.marks import bare
from migration.cleaning.numbers import looks_like_number, number_in
from migration.cleaning.placeholders import is_lost, is_placeholder
from migration.cleaning.readings import looks_like_date
from migration.cleaning.text import tidy
from migration.cleaning.work import Column
from migration.rules import text_of

#: share of cells that are none of their column's: of the kind that it has, and of another kind
_STRAY, _OTHER_KIND = 0.01, 0.001
#: share of cells, at least, that nothing like them came before in a column: a slip of the pen, somebody unknown
_NEW = 0.003
#: steps of a size of numbers, for each ten times; and what neighbouring sizes tell of each other
_STEPS = 4
_NEAR = ((0, 0.5), (-1, 0.2), (1, 0.2), (-2, 0.05), (2, 0.05))
#: how much of a number's likelihood comes from its size alone, however many decimals it has
_SIZE_ALONE = 0.15
#: decimals of a number, three for more
_DECIMALS = (0, 1, 2, 3)
_YEARS = 5
#: by how much (e to this) a cell is likelier in the column beside, to be looked at
_RATHER = 3.0
#: how likely a word of the same scale in another column is, such as those of two questions; words that show a scale,
#: and how much oftener one may come in one column than in the other
_KIN, _SHARED, _AS_OFTEN = 0.5, 2, 5
_FEW = 60
#: rows that slipped, for each pair of columns, where chance alone explains the cells alike in them
_SLIPPED = 0.05
#: share of cells that two columns have in common from which they hold the same, and of numbers in such columns
_ALIKE, _NUMBERS = 0.6, 0.95
_DAY = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_RUNS = re.compile(r"\d+|[^\W\d_]+")
#: pieces of a text from which it is only long
_PIECES = 8

Look = tuple[Hashable, ...]
_EMPTY: Look = ("",)


@lru_cache(maxsize=200_000)
def _look(text: str) -> Look:
    """What kind of cell a tidy text is; a number and a day with where they lie on a line."""
    if not text:
        return _EMPTY
    if is_placeholder(text) or is_lost(text):
        return ("?",)
    if looks_like_number(text) and (number := number_in(text)[0]) is not None:
        decimals = max(0, -int(number.normalize().as_tuple().exponent)) if number else 0
        size = 0 if not number else math.floor(_STEPS * math.log10(float(abs(number)) + 1)) + 1
        digits = len(text) if text.isdigit() and text[0] == "0" and len(text) > 1 else 0
        return ("n", min(decimals, 3), digits or number < 0, size)
    if looks_like_date(text) or _DAY.fullmatch(text):
        year = _YEAR.search(text)
        return ("d", "", "", int(year[0]) // _YEARS if year else 0)
    if "@" in text and "." in text:
        return ("@",)
    shape = _RUNS.sub(lambda match: "9" * min(6, len(match[0])) if match[0].isdigit() else "a", text)
    digits = any(map(str.isdigit, text))
    if len(shape) > _PIECES + 4 and not digits:
        return ("t", bool(_CJK.search(text)))
    return (
        "w",
        bool(_CJK.search(text)),
        shape if digits else shape.count(" "),
        min(len(text) // 4, 4) if digits else min(len(text) // 6, 2),
    )


class Likely:
    """Logarithms of the likelihood of cells in ``columns``, learnt from the rows at ``places``. ``empty``: how many
    cells of each column are empty, of how many rows."""

    def __init__(self, columns: Sequence[Column], places: Collection[int], empty: Sequence[int], rows: int) -> None:
        self._known = places
        self._empty, self._rows = empty, rows
        texts = [[_text(column.cells[place]) for place in places] for column in columns]
        self._texts = texts
        self._values = [Counter(one) for one in texts]
        self._filled_in = [values.total() - values[""] for values in self._values]
        looks = [Counter[Look]() for _one in columns]
        kinds: dict[Look, int] = Counter()
        for count, own in zip(self._values, looks, strict=True):
            for text, often in count.items():
                own[_look(text)] += often
        for text in set().union(*self._values):
            kinds[_look(text)] += 1
        self._looks, self._kinds = looks, kinds
        pooled: Counter[Look] = Counter()
        for own in looks:
            pooled.update(own)
        del pooled[_EMPTY]
        self._pooled, self._filled = pooled, max(1, sum(pooled.values()))
        self._kinds_in = [Counter[Hashable]() for _one in looks]
        for own, found in zip(looks, self._kinds_in, strict=True):
            for look, often in own.items():
                found[look[0]] += often
        self._again = [_again(count) for count in self._values]
        self._kin = [self._kin_of(number) for number in range(len(columns))]
        self._seen: dict[tuple[int, str, bool], float] = {}
        self._twice: dict[int, float] = {}
        self._alike: dict[tuple[int, int], bool] = {}

    def knows(self, place: int) -> bool:
        return place in self._known

    def of(self, number: int, cell: Any, *, own: bool) -> float:
        """``own``: the cell is one of those from which the column was learnt."""
        text = _text(cell)
        key = (number, text, own)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = math.log(self._likelihood(number, text, own=own))
        return found

    def is_beside(self, number: int, cell: Any) -> bool:
        """Whether a cell of the column would be at home in one beside it much rather."""
        beside = [one for one in (number - 1, number + 1) if 0 <= one < len(self._values)]
        text = _text(cell)
        if self._is_usual(number, text, beside):
            return False
        here = self.of(number, cell, own=True)
        return any(self.of(one, cell, own=False) > here + _RATHER for one in beside)

    def _is_usual(self, number: int, text: str, beside: Collection[int]) -> bool:
        """Whether so much of the column looks like the cell, and nothing beside it is the cell, that no likelihood
        beside can be the greater one by far: most cells, and cheap to see."""
        look = _look(text)
        usual = self._looks[number][look] * (1 - self._again[number]) * _NEAR[0][1]
        return usual > 2 * math.exp(-_RATHER) * len(self._known) and not any(
            text in self._values[one] for one in beside
        )

    def twice(self, number: int) -> float:
        """Share of rows in which a cell can be there twice, in the column and in the one before, because the row
        slipped: 1 where chance brings no two alike."""
        found = self._twice.get(number)
        if found is None:
            one, other = self._values[number - 1], self._values[number]
            rows = max(1, len(self._known))
            chance = sum(often * other[text] for text, often in one.items() if text) / rows
            both = sum(a == b != "" for a, b in zip(self._texts[number - 1], self._texts[number], strict=True))
            beyond = max(0.0, both - chance - 2 * math.sqrt(chance))
            found = self._twice[number] = (beyond + _SLIPPED) / rows if chance >= 1 else 1.0
        return found

    def alike(self, number: int, other: int) -> bool:
        """Whether two columns hold the same things about as often, such as the scores of two subjects: nobody can tell
        from a cell which of them it is of."""
        key = (min(number, other), max(number, other))
        if key not in self._alike:
            one, two = self._values[number], self._values[other]
            if min(len(one), len(two)) <= _FEW:
                shared = _in_common(one, two, "")
            else:
                numbers = [self._kinds_in[at]["n"] >= _NUMBERS * self._filled_in[at] for at in key]
                shared = _in_common(self._looks[number], self._looks[other], _EMPTY) if all(numbers) else 0.0
            self._alike[key] = shared >= _ALIKE
        return self._alike[key]

    def is_seen(self, number: int, cell: Any) -> bool:
        """Whether another row has the cell in the column, or the column has so many that this tells nothing."""
        values = self._values[number]
        return len(values) > _FEW or values[_text(cell)] > 1

    def anywhere(self, cell: Any) -> float:
        """Of a cell that stands where it has nothing to do."""
        text = _text(cell)
        return math.log(self._at_large(_look(text)))

    def _kin_of(self, number: int) -> list[Counter[str]]:
        """Values of the columns that have the same few words about as often."""
        own = self._values[number]
        if len(own) > _FEW:
            return []
        words = [text for text in own if text and _look(text)[0] == "w"]
        found = []
        for other in self._values:
            if other is own or len(other) > _FEW:
                continue
            both = (word for word in words if word in other)
            shared = (one for one in both if max(own[one], other[one]) <= _AS_OFTEN * min(own[one], other[one]))
            if len(list(islice(shared, _SHARED))) == _SHARED:
                found.append(other)
        return found

    def _at_large(self, look: Look) -> float:
        return (self._pooled[look] + 0.5) / (self._filled + 1) / max(1, self._kinds[look])

    def _likelihood(self, number: int, text: str, *, own: bool) -> float:
        look, values, looks = _look(text), self._values[number], self._looks[number]
        empty = (max(0, self._empty[number] - (own and look == _EMPTY)) + 0.5) / (self._rows + 1)
        if look == _EMPTY:
            return empty
        filled = self._filled_in[number] - own
        at_large = self._at_large(look)
        if filled <= 0:
            return (1 - empty) * at_large
        again = self._again[number]
        as_look = self._as_look(look, looks, own=own) / filled / max(1, self._kinds[look])
        within = again * max(0, values[text] - own) / filled + max(1 - again, _NEW) * as_look
        for count in self._kin[number]:
            if text in count:
                within = max(within, _KIN * again * count[text] / max(1, len(self._known)))
        alike = (self._kinds_in[number][look[0]] - own) / filled
        # a few cells do not show all that a column can hold
        stray = max(_OTHER_KIND + (_STRAY - _OTHER_KIND) * alike, (filled + 2) ** (alike - 2))
        return max(1e-15, (1 - empty) * ((1 - stray) * within + stray * at_large))

    def _as_look(self, look: Look, looks: Counter[Look], *, own: bool) -> float:
        """How many cells of the column have the look, or one that lies near."""
        if look[0] not in ("n", "d"):
            return looks[look] - own
        name, decimals, sign, at = look
        found = alone = -own * _NEAR[0][1]
        for step, weight in _NEAR:
            near = at + step  # type: ignore[operator]
            found += weight * looks[name, decimals, sign, near]
            if name == "n":
                alone += weight * sum(looks[name, other, sign, near] for other in _DECIMALS)
        return max(0.0, (1 - _SIZE_ALONE) * found + _SIZE_ALONE * alone if name == "n" else found)


def _again(values: Counter[str]) -> float:
    """How likely the next filled cell has a value that was there before: few come once where they come again."""
    filled = values.total() - values[""]
    once = sum(count == 1 for text, count in values.items() if text)
    return max(0.0, 1 - (once + 0.5) / filled) if filled else 0.0


def _in_common(one: Counter[Any], other: Counter[Any], empty: Any) -> float:
    """Share of the filled cells of two columns that both have."""
    filled, beside = one.total() - one[empty], other.total() - other[empty]
    if not filled or not beside:
        return 0.0
    return sum(min(often / filled, other[text] / beside) for text, often in one.items() if text != empty)


def _text(cell: Any) -> str:
    text = cell if type(cell) is str else text_of(cell)
    return _plain(text) if text else ""


@lru_cache(maxsize=200_000)
def _plain(text: str) -> str:
    return bare(tidy(text)).casefold()
