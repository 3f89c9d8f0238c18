"""What a comma means in a column of numbers: 1,234 is a thousand, or a little more than one.

The cells decide together. One mistyped amount among thirty (``7,1500`` or ``71,50`` beside ``$40,000``) is asked about;
it does not turn the others into 40.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from migration.cleaning.currencies import currency_in
from migration.cleaning.points import has_whole_thousands, is_dotted
from migration.cleaning.work import Column, Work

#: share of the numbers with a comma up to which those with decimals behind it are slips; amounts have two decimals, and
#: three digits behind a comma are thousands wherever they are the most
_FEW, _FEW_AMOUNTS = 0.05, 0.5
#: numbers that show a column's way of writing
_ENOUGH, _ENOUGH_AMOUNTS = 5, 3
_ONE_COMMA = re.compile(r"(\d+),(\d+)")
_SURE_COMMA = re.compile(r"(?<![\d.,])(\d+,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+)(?![\d.,])")
_SURE_POINT = re.compile(r"(?<![\d.,])(\d+\.(\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(,\d{3})+\.\d+)(?![\d.,])")
#: groups of digits begin with no zero: 0,848 says what it is
_ZERO = re.compile(r"(?<!\d)0,")
_LOOKED_AT = 2000

Read = Mapping[Any, tuple[Decimal | None, tuple[Decimal, ...], str, bool]]


@dataclass(frozen=True)
class Commas:
    """``decimal``: what the comma of 1,234 marks, None where the column shows both. ``asked``: cells that speak against
    the others -> what they can mean, the likeliest first."""

    decimal: bool | None
    asked: Mapping[Any, tuple[Decimal, ...]] = field(default_factory=dict)


def read_commas(work: Work, column: Column, read: Read, groups: Mapping[Any, Sequence[int]]) -> Commas:
    """What the commas of a column mean, by all its cells together."""
    slips: list[Any] = []
    open_keys: list[Any] = []
    decimals = grouped = thousands = points = 0
    for key, (value, readings, _unit, _percent) in read.items():
        text, count = key[1], len(groups[key])
        if value is None:
            if len(readings) > 1:
                open_keys.append(key)
            continue
        if "," in text and ("." not in text or text.rfind(",") > text.rfind(".")) and _decimal_comma(text):
            decimals += count
            if "." in text:
                grouped += count
            elif not _ZERO.search(text):
                slips.append(key)
        elif "," in text and (text.count(",") > 1 or "." in text):
            thousands += count
        elif "." in text and not is_dotted(text):
            points += count
    points += sum(len(places) for key, places in groups.items() if key[0] == "float" and not float(key[1]).is_integer())
    unsure = sum(len(groups[key]) for key in open_keys)
    if not decimals:
        dots = sum(len(groups[key]) for key, one in read.items() if one[0] is not None and is_dotted(key[1]))
        if dots > unsure > 0 and not has_whole_thousands(column):
            # 228,379 beside 249.382, as nearly all are: the sign is a slip more likely than the size
            return Commas(False, {key: read[key][1][::-1] for key in open_keys})
        # whole numbers around 1,234 are thousands of something as well
        found = Commas(bool(open_keys) and not (thousands or points) and _elsewhere(work, column))
        work.decimal_signs["."] += points
        return found
    others = thousands + unsure
    paid = has_whole_thousands(column) or _mostly_money(groups)
    usual = _FEW_AMOUNTS if paid and others >= _ENOUGH else _FEW
    few = decimals <= max(1, usual * (decimals + others))
    if few and others >= (_ENOUGH_AMOUNTS if paid else _ENOUGH):
        return Commas(False, _slips(slips, read, groups, without=open_keys))
    if thousands or points:
        return Commas(None)
    work.decimal_signs[","] += decimals
    # 1,200 beside 12,34: no amount has three decimals, save where points mark the thousands
    return Commas(True, {key: read[key][1] for key in open_keys} if paid and not grouped else {})


def _slips(
    slips: list[Any], read: Read, groups: Mapping[Any, Any], without: list[Any]
) -> dict[Any, tuple[Decimal, ...]]:
    """Numbers with decimals behind a comma that marks thousands elsewhere -> what may have been meant."""
    sure = [abs(read[key][1][0]) for key in without]
    sure += [abs(one[0]) for key, one in read.items() if one[0] is not None and key not in slips and one[0]]
    sure += [abs(Decimal(str(key[1]))) for key in groups if key[0] in ("float", "int") and key[1]]
    least, most = min(sure) / 2, max(sure) * 2
    found = {}
    for key in slips:
        value = read[key][0]
        match = _ONE_COMMA.search(unicodedata.normalize("NFKC", key[1]))
        if value is None or match is None:
            continue
        sign = -1 if value < 0 else 1
        # a digit too many, one that is missing, a comma for a point
        several = [sign * Decimal(match[1] + match[2])]
        if len(match[2]) < 3:
            several.append(sign * Decimal(match[1] + match[2].ljust(3, "0")))
        elif len(match[2]) > 3:
            several.append(sign * Decimal(match[1] + match[2][:3]))
        several.append(value)
        found[key] = tuple(dict.fromkeys(sorted(several, key=lambda one: not least <= abs(one) <= most)))
    return found


def _mostly_money(groups: Mapping[Any, Sequence[int]]) -> bool:
    texts = [key for key in groups if key[0] == "str"]
    named = sum(len(groups[key]) for key in texts if currency_in(key[1]))
    return named > sum(len(groups[key]) for key in texts) / 2


def _elsewhere(work: Work, column: Column) -> bool:
    """Whether the other numbers of the table have decimal commas, and no decimal points: all 168,022 may be so, too."""
    if has_whole_thousands(column):
        return False
    signs = Counter(work.decimal_signs)
    # those before are clean by now
    for other in work.columns[work.columns.index(column) + 1 :]:
        if other.type == "number":
            texts = [unicodedata.normalize("NFKC", one) for one in other.cells[:_LOOKED_AT] if isinstance(one, str)]
            commas = sum(bool(_SURE_COMMA.search(text)) for text in texts)
            signs["."] += sum(bool(_SURE_POINT.search(text)) for text in texts)
            signs[","] += commas if commas >= sum("," in text for text in texts) / 2 else 0
    return signs[","] >= _ENOUGH and not signs["."]


def _decimal_comma(text: str) -> bool:
    before, after = text.rsplit(",", 1)
    return len(re.sub(r"\D", "", after)) != 3 or "." in before or bool(_ZERO.search(text))
