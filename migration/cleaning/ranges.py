"""Numbers that cannot be: ages of 250, scores beyond their scale, 999 for what nobody knows."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from itertools import pairwise

from migration.cleaning.meanings import is_money
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work
from migration.rules import text_of

#: meaning -> what its numbers can be
RANGES = {"age": (14, 100), "percent": (0, 100)}
SCALES = (5, 10, 100)
#: share of a column that keeps to what can be; where it is less, the heading was misread
_SHARE, _USUAL = 0.98, 0.75
_GAP = 1.3
#: years, and how many of them show that a column holds years
_YEARS, _ENOUGH = (1800, 2100), 12
#: numbers that show that none is below 0, or far above, and the share of them that must show it
_MANY_NUMBERS, _NEARLY_ALL = 50, 0.97
#: the greatest of numbers that count something in a person's life, and how many times as large none is
_SMALL, _TIMES = (5, 150), 10
#: how many times the middle one the greatest of numbers is that lie close together
_CLOSE = 2
#: how many times the least the greatest of pays that are alike is
_ALIKE = 10
#: how many times the pay of nearly all the highest is at most
_TOP = 4
_PAY = re.compile(r"salary|\bpay\b|\brate\b|wage|income|gehalt|lohn|薪|工资", re.IGNORECASE)
_MAY_BE_NEGATIVE = re.compile(
    r"balance|other|change|diff|delta|net|gap|varian|z.?score|temperature|adjust|correct|growth|loss|margin|index|factor|"
    r"其他|其它|差|余额|调整|增长|变动|偏",
    re.IGNORECASE,
)
#: numbers beside which a single one right beyond 100 is a slip
_SOME = 5
#: numbers just beyond a limit that say that it is none here, and how far from it they lie, as a share of the range
_BEYOND, _NEAR = 3, 0.05
#: from which size on numbers are amounts, and how far beyond the others such a one may lie
_AMOUNTS, _BESIDE = 1000, 0.25
_CODES = frozenset(sign * int("9" * digits) for digits in range(2, 8) for sign in (1, -1)) | {-1}
#: how many times the greatest of the others a code is; a lesser one comes so often, while no other does
_FAR, _OFTEN, _MANY, _AGAIN = 3, 3, 5, 4
#: share of answers from 1 up to which 0 is none of them
_NO_ZERO = 0.88
#: share of a column from which -1 is one of its answers
_MOST_CODES = 0.12


def report_ranges(work: Work, column: Column) -> None:
    """Rule ``out_of_range``: ages, and scores beyond the scale that nearly all others keep to."""
    values: dict[int, float] = {}
    for place, cell in work.filled(column):
        try:
            values[place] = float(cell)
        except (TypeError, ValueError):
            continue
    limits = work.hints.of(work.hints.ranges, column) or _limits(column, list(values.values()))
    _report_codes(work, column, values)
    if limits is None:
        return
    least, most = limits
    others = [value for value in values.values() if least <= value <= most]
    for place, value in values.items():
        if not least <= value <= most:
            said = Say(_outside(least, most), {"least": f"{least:.10g}", "most": f"{most:.10g}"})
            candidates = _signs(column.cells[place], value, least, most) or slips(value, others)
            work.doubt(column, place, "out_of_range", candidates, said)


def _outside(least: float, most: float) -> str:
    if math.isinf(most):
        return gettext_noop("This is less than %(least)s, as none of the others is.")
    if math.isinf(least):
        return gettext_noop("This is more than %(most)s, as none of the others is.")
    return gettext_noop("This is not between %(least)s and %(most)s, as the others are.")


def slips(value: float, others: Collection[float]) -> tuple[str, ...]:
    """Numbers among ``others`` that one slip of the pen makes this of: a point that was lost, a digit too many."""
    text = f"{abs(value):.10g}"
    if not others or not math.isfinite(value):
        return ()
    least, most = min(others), max(others)
    if most > _AMOUNTS:
        # amounts may lie a little beyond the others
        least, most = least * (1 - _BESIDE), most * (1 + _BESIDE)
    if value != int(value) or not text.isdigit():
        shifted = (Decimal(text).scaleb(-places).normalize() for places in (1, 2))
        return tuple(f"{one:f}" for one in shifted if "e" not in text and least <= one <= most)
    options = [text[:-places] + "." + text[-places:] for places in range(1, min(3, len(text)))]
    options += [text[:place] + text[place + 1 :] for place in range(len(text) - 1) if text[place] == text[place + 1]]
    if _keeps(list(others), float.is_integer, _USUAL):
        options = [one for one in options if float(one).is_integer()]
    found = [f"{float(one):g}" for one in options if least <= float(one) <= most]
    return tuple(dict.fromkeys(found))


def _signs(cell: object, value: float, least: float, most: float) -> tuple[str, ...]:
    """What a number below 0 can be, where the others are above: itself, and the same without its sign."""
    text = text_of(cell)
    return (text, text[1:]) if text[:1] == "-" and least <= -value <= most else ()


def _report_codes(work: Work, column: Column, values: dict[int, float]) -> None:
    """999 or -1 far from all others, or that comes again and again while nothing else does: a code for what nobody
    knows, more likely than a number."""
    codes = {place for place, value in values.items() if value in _CODES}
    others = [value for place, value in values.items() if place not in codes]
    if not codes or len(codes) > _MOST_CODES * len(values) or not _keeps(others, lambda one: one >= 0, _SHARE):
        return
    counts = Counter(values.values())
    again, usual = max(Counter(others).values()), _greatest(others)
    for place in codes:
        value = values[place]
        apart = not 0 <= value <= _FAR * usual or (value > _GAP * usual and counts[value] >= _OFTEN)
        if apart or counts[value] >= max(_MANY, _AGAIN * again):
            reason = gettext_noop("This may be a code for a value that nobody knows.")
            work.doubt(column, place, "out_of_range", (), Say(reason))


#: share of a column that may lie far beyond all others
_WRONG = 0.06


def _greatest(values: list[float]) -> float:
    """The greatest, without the few far beyond all others."""
    in_order = sorted(values)
    usual = in_order[int((1 - _WRONG) * (len(in_order) - 1))]
    if usual <= 1 and sum(0 < one < 1 for one in values) > _HALF * len(values):
        # shares of one
        return 1.0
    most = usual * (_CLOSE if 0 < usual < _SMALL[0] else _FAR)
    return max(one for one in in_order if one <= most or most <= 0)


def _limits(column: Column, values: list[float]) -> tuple[float, float] | None:
    if column.meaning in RANGES:
        least, most = RANGES[column.meaning]
        if not _keeps(values, lambda one: least <= one <= most, _USUAL):
            return None
        return (
            float("-inf") if _goes_on(values, least, -_NEAR * (most - least)) else least,
            float("inf") if _goes_on(values, most, _NEAR * (most - least)) else most,
        )
    if column.meaning == "score" and values:
        for scale in SCALES:
            if _keeps(values, lambda one: 0 <= one <= scale, _SHARE) or _far_off(values, scale):  # noqa: B023 - used at once
                low = scale == SCALES[0] and _keeps(values, lambda one: one >= 1, _NO_ZERO) and len(set(values)) <= 12
                return 1.0 if low else 0.0, float(scale)
        return None
    if not column.meaning and len(values) >= _ENOUGH and _keeps(values, _is_year, _SHARE):
        return float(_YEARS[0]), float(_YEARS[1])
    if column.meaning in ("salary", "duration", "count") and _keeps(values, lambda one: one >= 0, _USUAL):
        if column.meaning == "salary":
            # costs and bonuses may be of any size
            return _pay_limits(values) if _PAY.search(column.name) else (0.0, float("inf"))
        return 0.0, (_own_limits(column, values) or (0.0, float("inf")))[1]
    if not column.meaning and is_money(column.name, "") and _keeps(values, lambda one: one >= 0, _NEARLY_ALL):
        return None if len(values) < _MANY_NUMBERS or _MAY_BE_NEGATIVE.search(column.name) else (0.0, float("inf"))
    if len(values) >= _MANY_NUMBERS and not _MAY_BE_NEGATIVE.search(column.name):
        return _own_limits(column, values)
    return None


def _pay_limits(values: list[float]) -> tuple[float, float]:
    """From 0; where nearly all are paid alike, from a tenth of the least of these up to four times the greatest."""
    in_order = sorted(values)
    least, most = (in_order[int(share * (len(in_order) - 1))] for share in (1 - _NEARLY_ALL, _NEARLY_ALL))
    if len(values) < _MANY_NUMBERS or least <= 0 or most > _ALIKE * least:
        return 0.0, _below_a_gap(values)
    return float(f"{least / _TIMES:.3g}"), float(f"{most * _TOP:.3g}")


def _below_a_gap(values: list[float]) -> float:
    """The greatest number below a few that are hundreds of times as large: rates per hour, and what is paid a year."""
    in_order = sorted(value for value in values if value > 0)
    few = int(_MOST_CODES * len(in_order))
    if len(in_order) < _MANY_NUMBERS or len(in_order) < _HALF * len(values):
        return float("inf")
    for low, high in pairwise(in_order[-few - 1 :]):
        if high >= _GAP_OF_PAY * low:
            return low
    return float("inf")


#: how many times as large numbers beyond a gap are, and the share of a column that is filled with numbers above 0
_GAP_OF_PAY, _HALF = 100, 0.3


def _own_limits(column: Column, values: list[float]) -> tuple[float, float] | None:
    """Limits that the numbers show themselves: the ends of a scale, none below 0, and none ten times as large as all
    others."""
    if _OF_STEPS.search(column.name) and (scale := _scale_of(values)):
        return scale
    low = sorted(values)[int((1 - _NEARLY_ALL) * len(values))]
    counts = (
        _keeps(values, float.is_integer, _NEARLY_ALL)
        or _keeps(values, lambda one: abs(one) <= 1, _NEARLY_ALL)
        # numbers that are alike, such as marks: none is the opposite of another
        or low * _ALIKE >= _greatest(values) > 0
    )
    positive = counts and _keeps(values, lambda one: one >= 0, _NEARLY_ALL) and not is_money(column.name, "")
    greatest = _greatest(values)
    apart = [one for one in values if one > greatest]
    others = sorted(one for one in values if one <= greatest)
    # where the others lie close together, as points do, less is far
    close = positive and greatest <= _CLOSE * others[len(others) // 2]
    far_from = _far_from(greatest, others, close=close)
    far = [one for one in apart if one >= far_from]
    most = float("inf")
    if far:
        # nothing joins these to the others, whatever lies between
        most = greatest if len(far) == len(apart) else far_from * (1 - _EVEN)
    if greatest >= _SMALL[0]:
        most = min(most, _below_a_gap(values))
    if not positive and most == float("inf"):
        return None
    return 0.0 if positive else float("-inf"), most


def _far_from(greatest: float, others: list[float], *, close: bool) -> float:
    """From which number on one is far from ``others``, which are in order: of shares of one, of what counts something
    in a person's life, and of a few whole numbers that come again and again, as codes and levels do."""
    if greatest <= 1 and not all(map(float.is_integer, others)) and len(others) >= _MANY_NUMBERS:
        return _CLOSE
    if _SMALL[0] <= greatest <= _SMALL[1]:
        return (_FAR if close else _TIMES) * greatest
    if not 0 < greatest < _SMALL[0] or len(others) < _MANY_NUMBERS:
        return float("inf")
    counts = Counter(one for one in others if one >= 0)
    is_code = all(counts[number] >= _LEVEL * len(others) for number in range(int(min(counts)), int(greatest) + 1))
    return _TIMES if is_code and len(counts) > 1 else float("inf")


def _scale_of(values: list[float]) -> tuple[float, float] | None:
    """The ends of a scale of whole numbers from 0 or 1 on, each of which comes often, where what lies beyond comes so
    rarely that it is no next step; None where none is seen."""
    counts = Counter(values)
    least = 0 if counts[0] >= _STEP * len(values) else 1
    most = least
    while most <= _LONGEST and counts[most] >= max(_STEP * len(values), _FEWEST):
        most += 1
    most -= 1
    beyond = {number: often for number, often in counts.items() if not least <= number <= most}
    if len(values) < _MANY_NUMBERS or most - least + 1 < _STEPS or most > _LONGEST or not beyond:
        return None
    # one after the other beyond the end leads on
    if sum(beyond.values()) > _WRONG * len(values) or (counts[most + 1] and counts[most + 2]):
        return None
    few = max(1, _SELDOM * len(values))
    ends = ((counts[most + 1], counts[most]), (counts[least - 1], counts[least]))
    if any(beside > min(few, _RARE * end) for beside, end in ends) or max(beyond.values()) > counts[most]:
        return None
    return float(least), float(most)


#: what has steps; what is counted has no last one
_OF_STEPS = re.compile(
    r"level|grade|band\b|rank|stage|tier|education|involvement|satisfaction|balance|rating|scale|等级|级别|层级|档",
    re.IGNORECASE,
)
#: share of a column that each step of a scale has, and cells; how many steps there are; what share of the last step's
#: cells, and of all, a number right beyond it has at most that is none
_STEP, _FEWEST = 0.02, 3
_STEPS, _LONGEST, _RARE, _SELDOM = 3, 10, 0.15, 0.005
#: a limit lies this share below the least number that is far
_EVEN = 0.001
#: share of a column that each of its levels has
_LEVEL = 0.01


def _is_year(value: float) -> bool:
    return value.is_integer() and _YEARS[0] <= value <= _YEARS[1]


def _goes_on(values: list[float], limit: float, reach: float) -> bool:
    """Whether several different numbers lie right beyond the limit: pupils of 13 beside those of 14."""
    low, high = sorted((limit, limit + reach))
    beyond = [one for one in values if low <= one <= high and one != limit]
    return len(beyond) >= _BEYOND and len(set(beyond)) > 1


def _far_off(values: list[float], most: int) -> bool:
    """Whether most numbers keep to a scale, and those that do not are not only a little above it."""
    beyond = [one for one in values if not 0 <= one <= most]
    # few numbers up to 10 may be of a longer scale; from 100 on a gap shows that they are not
    away = (_GAP if most == SCALES[-1] else 2) * most
    near = sum(0 <= one < away for one in beyond)
    few = max((1 - _SHARE) * len(values), 1 if most == SCALES[-1] and len(values) >= _SOME else 0)
    most_keep = 2 * len(beyond) < len(values)
    # one number that comes again and again, as 105 does, continues no scale
    is_none = near <= few or len({one for one in beyond if 0 <= one < away}) == 1
    return most_keep and len(beyond) <= (1 - _USUAL) * len(values) + is_none and is_none


def _keeps(values: list[float], test: Callable[[float], bool], share: float) -> bool:
    allowed = max((1 - share) * len(values), 1 if len(values) >= 5 else 0)
    return bool(values) and sum(not test(one) for one in values) <= allowed
