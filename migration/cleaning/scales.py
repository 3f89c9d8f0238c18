"""Numbers on another scale than their column: 8.5/10 among points of 100, 0.85 among them, 85% among grades of 5."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column

SCALE_DOUBT = gettext_noop("The others of the column are on another scale.")
_OF = re.compile(r"/\s*(5|10|100)")
_SCALES = (5, 10, 100)
#: numbers that show the scale, the share of them that keeps to it, and how many of another may be slips
_ENOUGH, _SHARE, _FEW = 3, 0.9, 0.1
#: times as large as one: what the least of the others is where 0.85 can be a share of one
_AWAY = 5

#: what was read of a cell: value, readings, unit, whether it is a percentage
Read = tuple[Decimal | None, tuple[Decimal, ...], str, bool]


def other_scales(column: Column, read: Mapping[Any, Read], often: Mapping[Any, int]) -> dict[Any, list[Decimal]]:
    """Cells on another scale than their column -> what they can be, in its own scale first. Scores alone have one."""
    if column.meaning != "score":
        return {}
    bare = {key: abs(Decimal(str(key[1]))) for key in often if key[0] in ("int", "float")}
    for key, (value, _readings, unit, percent) in read.items():
        if value is not None and not unit and not percent:
            bare[key] = abs(value)
    size = sum(often[key] for key in bare)
    scale = next((one for one in _SCALES if _keeps_to(one, bare, often)), 0)
    if size < _ENOUGH or not scale:
        return {}
    found: dict[Any, list[Decimal]] = {}
    for key, (value, _readings, unit, percent) in read.items():
        of = _OF.fullmatch(unit)
        written = int(of[1]) if of else 100 if percent else 0
        if value and written and written != scale and not (percent and scale > 1 and value <= scale):
            found[key] = [value * scale / written, value]
    few = {key for key, value in bare.items() if 0 < value < 1}
    others = [value for key, value in bare.items() if key not in few and value]
    if scale == _SCALES[-1] and sum(often[key] for key in few) <= _FEW * size and min(others, default=0) >= _AWAY:
        for key in few:
            value = read[key][0] if key in read else Decimal(str(key[1]))
            if value is not None:
                found[key] = [value * 100, value]
    return found


def _keeps_to(scale: int, bare: Mapping[Any, Decimal], often: Mapping[Any, int]) -> bool:
    """Whether hardly a number is beyond; a single one of a few says nothing of a scale of 100."""
    beyond = sum(often[key] for key, value in bare.items() if value > scale)
    return beyond <= max((1 - _SHARE) * sum(often[key] for key in bare), scale == _SCALES[-1])
