"""One way to write whole numbers in a column: 95.0 among 95 and 88 is 95, and 95 among 88.00 and 12.50 is 95.00."""

from __future__ import annotations

import re
from collections import Counter

from migration.cleaning.work import Column, Work

_BARE = re.compile(r"-?(0|[1-9]\d*)")
_WITH_ZEROS = re.compile(r"(-?(?:0|[1-9]\d*))\.(0+)")
_DECIMALS = re.compile(r"-?\d+\.(\d+)")


def write_wholes_alike(work: Work, column: Column) -> None:
    """Rule ``numbers``: as most of the column's whole numbers are written; where they have decimals, as many as all."""
    groups = work.grouped(column)
    zeros = {key: match for key in groups if key[0] == "str" and (match := _WITH_ZEROS.fullmatch(key[1]))}
    if not zeros:
        return
    bare = [key for key in groups if key[0] == "int" or (key[0] == "str" and _BARE.fullmatch(key[1]))]
    if not bare:
        return
    if sum(len(groups[key]) for key in bare) >= sum(len(groups[key]) for key in zeros):
        for key, match in zeros.items():
            work.change_all(column, groups[key], "numbers", match[1])
        return
    widths = Counter(len(match[1]) for key in groups if key[0] == "str" and (match := _DECIMALS.fullmatch(key[1])))
    if len(widths) == 1:
        for key in bare:
            work.change_all(column, groups[key], "numbers", f"{key[1]}.{'0' * next(iter(widths))}")
