"""What is usual among numbers of a column, and what lies beyond."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: numbers that show what is usual, the share of them at each end that is not, and how far beyond is usual all the same
ENOUGH, _ODD, _BEYOND = 20, 0.02, 0.1


@dataclass(frozen=True)
class Usual:
    """From ``least`` to ``most``; where too few numbers show it, anything is usual."""

    least: float = float("-inf")
    most: float = float("inf")
    is_shown: bool = False

    def __contains__(self, number: float) -> bool:
        return self.least <= number <= self.most


def usual_of(numbers: Iterable[int]) -> Usual:
    """Where nearly all of ``numbers`` lie, with a margin."""
    found = sorted(numbers)
    if len(found) < ENOUGH:
        return Usual()
    odd = int(_ODD * len(found))
    beyond = _BEYOND * (found[-1 - odd] - found[odd])
    return Usual(found[odd] - beyond, found[-1 - odd] + beyond, is_shown=True)
