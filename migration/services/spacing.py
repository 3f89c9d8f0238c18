"""Columns that nothing but blanks tells apart, as reports of old systems print them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: columns and lines that such a table has at least
_COLUMNS, _LINES = 3, 5
_WIDE_BLANK = re.compile(r" {2,}")


def columns_of(lines: Sequence[str]) -> list[list[str]]:
    """The cells of each line; empty where the lines are no such table."""
    if len(lines) < _LINES:
        return []
    found = [_WIDE_BLANK.split(line.strip()) for line in lines]
    width = len(found[0])
    if width >= _COLUMNS and all(len(cells) == width for cells in found):
        return found
    drawn = [_drawn(line) for line in lines]
    size = max(map(len, drawn))
    blank = [all(at >= len(line) or line[at] == " " for line in drawn) for at in range(size)]
    # a column begins where its heading does, and all lines have a blank before
    starts = [at for at, letter in enumerate(drawn[0]) if letter != " " and (at == 0 or blank[at - 1])]
    ends = [*starts[1:], size]
    # two words of a heading have one blank between, and nothing below the second
    starts = [
        at
        for at, end in zip(starts, ends, strict=True)
        if at < 2 or drawn[0][at - 2] == " " or any("".join(line[at:end]).strip() for line in drawn[1:])
    ]
    found = [
        ["".join(line[start:end]).strip() for start, end in zip(starts, [*starts[1:], size], strict=True)]
        for line in drawn
    ]
    is_table = len(starts) >= _COLUMNS and all(blank[: starts[0]]) and _gaps_are_wide(drawn, starts)
    return found if is_table else []


def _drawn(line: str) -> list[str]:
    """A letter for each place: wide ones take two."""
    return [one for letter in line for one in ((letter, "") if _is_wide(letter) else (letter,))]


def _is_wide(letter: str) -> bool:
    return letter > "\u1100" and unicodedata.east_asian_width(letter) in "WF"


def _gaps_are_wide(drawn: Sequence[list[str]], starts: Sequence[int]) -> bool:
    """Whether most cells end before the place in front of the next column."""
    for start in starts[1:]:
        before = [line[start - 2] for line in drawn if len(line) > start]
        if sum(one == " " for one in before) < 0.5 * len(before):
            return False
    return True
