"""Numbers such as 79.430: a little more than 79, or thousands as half of Europe writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import Any

from migration.cleaning.meanings import is_money
from migration.cleaning.work import Column

_POINT = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])")
_DECIMALS = re.compile(r"\d*\.\d+")
_THOUSAND = 1000
#: numbers that tell what size the others are, and how many times as large one may be
_ENOUGH, _TIMES = 5, 20
#: so few others are slips
_FEW = 0.05


def read_points(
    column: Column,
    read: Mapping[Any, tuple[Decimal | None, Any, str, bool]],
    floats: Iterable[float],
    often: Mapping[Any, int],
    *,
    european: bool,
    doubted: Container[Any] = (),
) -> dict[Any, tuple[Decimal, ...]]:
    """Cells that have a point before three digits -> what they can mean; one reading where the column shows it.
    Nothing for cells that mean what they say. ``often``: in how many rows each cell is;
    ``doubted``: cells that tell nothing of the others."""
    dotted = {key: value for key, (value, *_rest) in read.items() if value is not None and is_dotted(key[1])}
    sure = [Decimal(str(one)) for one in floats]
    for key, (value, several, *_rest) in read.items():
        if key not in dotted and key not in doubted and (value is not None or several):
            # 1,234 is thousands, save among decimal commas
            sure.append(value if value is not None else several[1 if european else 0])
    if european:
        return {key: _among_commas(value, sure) for key, value in dotted.items()}
    if any(one != one.to_integral_value() for one in sure) or any(_has_decimals(key[1]) for key in read):
        odd = _are_odd(column, read, dotted, often)
        return {
            key: (value * _THOUSAND, value) for key, value in dotted.items() if odd or _is_far_too_small(value, sure)
        }
    others = sum(count for key, count in often.items() if key not in dotted)
    if others < _FEW * sum(often.get(key, 0) for key in dotted) or not sure:
        # all have three decimals: nobody is paid so, other things are measured so
        both = has_whole_thousands(column)
        return {key: (value * _THOUSAND, value) for key, value in dotted.items()} if both else {}
    return {key: found for key, value in dotted.items() if (found := _by_size(value, sure))}


def _are_odd(column: Column, read: Iterable[Any], dotted: Container[Any], often: Mapping[Any, int]) -> bool:
    """Whether a few amounts of money have three digits behind the point while the others have none or two."""
    if not has_whole_thousands(column):
        return False
    texts = {key: unicodedata.normalize("NFKC", key[1]) for key in read}
    finer = [key for key, text in texts.items() if key not in dotted and re.search(r"\.\d{3,}", text)]
    few = sum(often[key] for key in texts if key in dotted)
    return not finer and few <= max(1, _FEW * sum(often.values()))


def _among_commas(value: Decimal, sure: list[Decimal]) -> tuple[Decimal, ...]:
    large = value * _THOUSAND
    if len(sure) >= _ENOUGH and abs(large) > max(map(abs, sure)) * _TIMES:
        return (large, value)
    return (large,)


def _by_size(value: Decimal, sure: list[Decimal]) -> tuple[Decimal, ...]:
    least, most = min(map(abs, sure)), max(map(abs, sure))
    small, large = abs(value), abs(value) * _THOUSAND
    if len(sure) >= _ENOUGH and large <= most * _TIMES and small * _TIMES < least:
        return (value * _THOUSAND,)
    if len(sure) >= _ENOUGH and large > most * _TIMES and small * _TIMES >= least:
        return ()
    return (value * _THOUSAND, value)


def _is_far_too_small(value: Decimal, sure: list[Decimal]) -> bool:
    """Whether only the thousand of a number fits among the others, although these have decimals: 8.500 beside 9,800."""
    sizes = [abs(one) for one in sure if one]
    return (
        len(sizes) >= _ENOUGH
        and abs(value) * _TIMES < min(sizes)
        and min(sizes) <= abs(value) * _THOUSAND * _TIMES
        and abs(value) * _THOUSAND <= max(sizes) * _TIMES
    )


def has_whole_thousands(column: Column) -> bool:
    """Whether nobody keeps three decimals of what a column counts."""
    return column.meaning == "count" or is_money(column.name, column.meaning)


def is_dotted(text: str) -> bool:
    return len(_POINT.findall(unicodedata.normalize("NFKC", text))) == 1


def _has_decimals(text: str) -> bool:
    # two points mark thousands
    return text.count(".") == 1 and any(
        len(one.split(".")[1]) != 3 or one[:1] in "0." for one in _DECIMALS.findall(text)
    )
