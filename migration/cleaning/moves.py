"""What a row may have been before cells of it moved to the side, and how likely each of that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from migration.cleaning.beyond import is_split
from migration.cleaning.layout import is_filled
from migration.cleaning.likely import Likely
from migration.cleaning.numbers import looks_like_number

#: of moves of a part of the row, and of a cell that is none of the row, how many there are for each of others
_PART, _STRAY = 0.25, 0.1
#: columns from which two cells alike at the end of a row are strange
_NARROW = 3
#: share of rows with a cell too many that stand, with something noted behind
_NOTED = 0.1
#: how likely a text with a comma is beside one of its column that has none: with a blank behind it, without, and
#: where it has numbers
_JOINED, _JOINED_BARE, _JOINED_NUMBER = 0.2, 0.05, 0.002
#: share of rows up to which an empty cell is strange
_RARE = 0.3
#: what is no likelier than this beside the likeliest is not told
_LEAST = 0.003


@dataclass(frozen=True)
class Move:
    """``cells``: the row as it was; ``lost``: place of the value that is gone, -1 where none is; ``chance`` of all."""

    cells: tuple[Any, ...]
    lost: int
    chance: float
    #: whether a cell goes that says something, or nobody knows how it is written
    is_unsure: bool = False
    #: whether a number put together at its comma is all that changes
    joins: bool = False
    #: whether only columns that hold the same have other cells then: nothing but an empty cell speaks for it
    is_within: bool = False


@dataclass(frozen=True)
class Weighed:
    """``stands``: how likely the row is as it stands; the moves, the likeliest first."""

    stands: float
    moves: tuple[Move, ...]


Scored = tuple[float, Callable[[], list[Any]], int, bool]


def weigh(likely: Likely, cells: list[Any], extra: list[Any], share: float, *, own: bool) -> Weighed:
    """``share`` of rows that slipped; ``own``: the row is one of those that the likelihoods were learnt from."""
    row = _Row(likely, cells, extra, share, own=own)
    stands = row.stands()
    found = [(stands, None), *((one[0], one) for one in row.moves())]
    top = max(score for score, _one in found)
    total = sum(math.exp(score - top) for score, _one in found)
    best: dict[tuple[str, ...], tuple[float, Scored]] = {}
    here, stay = _texts(cells), math.exp(stands - top) / total
    for score, one in found:
        if one is None or score < top + math.log(_LEAST):
            continue
        texts = _texts(one[1]())
        if texts == here:
            # an empty cell that changes its place with another, or what stands behind the row goes
            stay += math.exp(score - top) / total
            continue
        chance, known = best.get(texts, (0.0, one))
        best[texts] = chance + math.exp(score - top) / total, known if known[0] >= score else one
    moves = []
    for chance, (_score, made, lost, is_unsure) in best.values():
        moved = tuple(made())
        within = not extra and _is_within(likely, cells, moved)
        moves.append(Move(moved, lost, chance, is_unsure, _joins(cells, moved), within))
    return Weighed(stay, tuple(sorted(moves, key=lambda one: -one.chance)))


def _texts(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(cell) if is_filled(cell) else "" for cell in cells)


def _is_within(likely: Likely, cells: Sequence[Any], moved: Sequence[Any]) -> bool:
    places = [place for place, (one, other) in enumerate(zip(cells, moved, strict=True)) if one != other]
    empty = [place for place in places if not is_filled(cells[place])]
    return (
        len(empty) <= 1
        and all(likely.alike(one, other) for one, other in pairwise(places))
        and all(place in empty or likely.is_seen(place, cells[place]) for place in places)
    )


def _joins(cells: Sequence[Any], moved: Sequence[Any]) -> bool:
    changed = [(str(one), str(other)) for one, other in zip(cells, moved, strict=True) if one != other]
    return len(changed) == 1 and all(one and other.startswith(one) and "," not in other for one, other in changed)


class _Row:
    """Sums of the likelihoods of a row's cells where they stand, one column to the right, and some to the left."""

    def __init__(self, likely: Likely, cells: list[Any], extra: list[Any], share: float, *, own: bool) -> None:
        self.likely, self.cells = likely, cells
        while extra and not is_filled(extra[-1]):
            extra = extra[:-1]
        self.extra, self.size = extra, len(cells)
        self.whole = [*cells, *extra]
        self.share = share
        here = [likely.of(place, cell, own=own) for place, cell in enumerate(cells)]
        right = [likely.of(place + 1, cell, own=False) for place, cell in enumerate(cells[:-1])]
        self.here = _sums(here)
        #: at place c: the cell before it
        self.after = _sums([0.0, *right])
        self.step = max(1, len(extra))
        back = [
            likely.of(place, self.whole[place + self.step], own=False) if place + self.step < len(self.whole) else 0.0
            for place in range(self.size)
        ]
        #: at place c: the cell as many places behind it as there are too many
        self.before = _sums(back)
        self.each = math.log(share / self.size)

    def stands(self) -> float:
        whole = self.here[-1]
        if self.extra:
            return whole + math.log(_NOTED) + sum(map(self.likely.anywhere, self.extra))
        return whole + math.log(1 - self.share)

    def moves(self) -> Iterator[Scored]:
        if self.extra:
            self.each = math.log((1 - _NOTED) / self.size)
            yield from self._joined(self.step)
            yield from self._without()
            return
        yield from self._to_the_right()
        yield from self._two_to_the_right()
        yield from self._to_the_left()
        yield from self._parts()

    def _made(self, *parts: Sequence[Any]) -> Callable[[], list[Any]]:
        return lambda: [cell for part in parts for cell in part]

    def _to_the_right(self) -> Iterator[Scored]:
        """A cell is missing, and the ones behind it moved to the left: each one belongs to the right of where it is."""
        cells, size = self.cells, self.size
        for place in range(size - 1):
            if _is_split(cells[place], cells[place + 1]):
                # the last cell, which was empty, fell off the row
                yield self._join(place, 1, self.likely.of(size - 1, "", own=False), [""])
        for place in range(0 if is_filled(cells[-1]) else size - 1):
            score = self.here[place] + self.after[size] - self.after[place + 1] + self.each
            yield score, self._made(cells[:place], [""], cells[place:-1]), place, False

    def _two_to_the_right(self) -> Iterator[Scored]:
        """Two cells are missing where hardly a row lacks its last two: a person says whether it is so."""
        cells, size = self.cells, self.size
        ends = [place for place in (size - 1, size - 2) if place > 0 and not is_filled(cells[place])]
        if len(ends) < 2 or any(self.likely.of(place, "", own=False) > math.log(_RARE) for place in ends):
            return
        twice = _sums([0.0, 0.0, *(self.likely.of(at + 2, cell, own=False) for at, cell in enumerate(cells[:-2]))])
        each = self.each + math.log(_PART / size)
        for place in range(size - 1):
            for other in range(place + 1, size):
                score = self.here[place] + self.after[other] - self.after[place + 1] + twice[size] - twice[other + 1]
                made = self._made(cells[:place], [""], cells[place : other - 1], [""], cells[other - 1 : -2])
                yield score + each, made, place, True

    def _to_the_left(self) -> Iterator[Scored]:
        """A cell too many, empty or there twice: the last one fell off the row."""
        cells, size = self.cells, self.size
        for place in range(size - 1):
            if self._is_surplus(place, 1):
                each = self.each
                if is_filled(cells[place]):
                    each = min(each, math.log(self.likely.twice(place)))
                score = self.here[place] + self.before[size - 1] - self.before[place] + each
                yield score, self._made(cells[:place], cells[place + 1 :], [""]), size - 1, False
        if size > _NARROW and is_filled(cells[-1]) and self._is_surplus(size - 1, 1):
            # two cells alike at the end say little
            score = self.here[size - 1] + self.each + math.log(_STRAY)
            yield score, self._made(cells[:-1], [""]), size - 1, True

    def _parts(self) -> Iterator[Scored]:
        """Only the cells up to an empty one moved, or those behind it up to another."""
        cells, size = self.cells, self.size
        each = self.each + math.log(_PART)
        for gap in range(size):
            if is_filled(cells[gap]):
                continue
            for end in range(gap + 1, size - 1):
                score = self.here[gap] + self.before[end] - self.before[gap] + self.here[size] - self.here[end + 1]
                yield (
                    score + each - math.log(end - gap + 1),
                    self._made(cells[:gap], cells[gap + 1 : end + 1], [""], cells[end + 1 :]),
                    end,
                    False,
                )
            for start in range(gap if gap < size - 1 else 0):
                score = (
                    self.here[start]
                    + self.after[gap + 1]
                    - self.after[start + 1]
                    + self.here[size]
                    - self.here[gap + 1]
                )
                yield (
                    score + each - math.log(gap - start + 1),
                    self._made(cells[:start], [""], cells[start:gap], cells[gap + 1 :]),
                    start,
                    False,
                )

    def _without(self) -> Iterator[Scored]:
        """As many cells too many as the row is too long."""
        whole, size, step = self.whole, self.size, self.step
        for place in range(size):
            score = self.here[place] + self.before[size] - self.before[place] + self.each
            surplus = whole[place : place + step]
            drops = not self._is_surplus(place, step)
            if drops:
                score += math.log(_STRAY) + sum(self.likely.anywhere(one) for one in surplus if is_filled(one))
            yield score, self._made(whole[:place], whole[place + step :]), -1, drops

    def _is_surplus(self, place: int, step: int) -> bool:
        """Whether the cells are empty, or say again what the one in front, or behind, says."""
        for at in range(place, place + step):
            cell = self.whole[at]
            if is_filled(cell) and not (at and self.whole[at - 1] == cell):
                return False
        return True

    def _joined(self, step: int) -> Iterator[Scored]:
        for place in range(self.size):
            part = self.whole[place : place + step + 1]
            if len(part) == step + 1 and all(isinstance(cell, str) and cell.strip() for cell in part):
                yield self._join(place, step, 0.0, [])

    def _join(self, place: int, step: int, more: float, tail: list[Any]) -> Scored:
        part = self.whole[place : place + step + 1]
        text = ("" if step == 1 and _is_split(*part) else ",").join(part)
        own = self.likely.of(place, text, own=False)
        if step > 1 or not _is_split(*part):
            spoken = (text, " ".join(map(str.strip, part)), "".join(map(str.strip, part)))
            own = max(self.likely.of(place, one, own=False) for one in spoken) + math.log(_chance_of_comma(part))
        # a number may have decimals behind its comma: two cells show which
        unsure = "," in text and all(map(looks_like_number, part))
        end = self.size - len(tail)
        score = self.here[place] + own + self.before[end] - self.before[min(place + 1, end)] + more + self.each
        return score, self._made(self.whole[:place], [text], self.whole[place + step + 1 :], tail), -1, unsure


def _chance_of_comma(part: Sequence[str]) -> float:
    """How likely a text with a comma in it is: people write a blank behind, and hardly join numbers or addresses."""
    if any(looks_like_number(one) or "@" in one for one in part):
        return _JOINED_NUMBER
    return _JOINED if all(one.startswith(" ") for one in part[1:]) else _JOINED_BARE


def _is_split(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and is_split(one.lstrip("$€£¥￥ "), other.rstrip("元 "))


def _sums(values: Sequence[float]) -> list[float]:
    return [0.0, *accumulate(values)]
