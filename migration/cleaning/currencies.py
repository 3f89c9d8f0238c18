"""The currency that an amount names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from migration.cleaning.meanings import is_money

_SIGNS = r"CNY|RMB|USD|EUR|GBP|HKD|JPY|INR|CHF|CAD|AUD|SGD|NZD|SEK|NOK|DKK|PLN|BRL|ZAR|AED|[¥￥$€£₹]"
CURRENCY = re.compile(
    rf"^({_SIGNS}|US\$|[ACS]\$|HK\$|R\$|Rs\.?)\s*|\s*({_SIGNS}|元整?|人民币|rupees?|dollars?|euros?)$", re.IGNORECASE
)


def foreign_in(heading: str, groups: dict[tuple[str, Any], list[int]]) -> set[tuple[str, Any]]:
    """Cells in another currency than most of those that name one; and the few that name a foreign one below a Chinese
    heading, among amounts that name none."""
    said = {key: one for key in groups if key[0] == "str" and (one := currency_in(key[1]))}
    if len(set(said.values())) < 2:
        return set(said) if _CHINESE.search(heading) and _CHINAS not in said.values() and _few(said, groups) else set()
    counts = Counter({key: len(groups[key]) for key in said})
    totals: Counter[str] = Counter()
    for key, count in counts.items():
        totals[said[key]] += count
    usual = totals.most_common(1)[0][0]
    return {key for key, one in said.items() if one != usual}


def money_among(heading: str, meaning: str, groups: dict[tuple[str, Any], list[int]]) -> set[tuple[str, Any]]:
    """The few cells that name a currency where hours, scores, days or persons are counted."""
    if is_money(heading, "") or (meaning not in _COUNTED and not _COUNTED_WORD.search(heading)):
        return set()
    said = {key for key in groups if key[0] == "str" and currency_in(key[1])}
    return said if _few(said, groups) else set()


def _few(said: Collection[tuple[str, Any]], groups: dict[tuple[str, Any], list[int]]) -> bool:
    return sum(len(groups[key]) for key in said) <= _FEW * sum(map(len, groups.values()))


#: share of a column's cells up to which they are none of it
_FEW = 0.2
_CHINAS = "CNY"
_CHINESE = re.compile("[\u3400-\u9fff]")
_COUNTED = frozenset({"score", "duration", "age", "count", "percent"})
_COUNTED_WORD = re.compile(
    r"(?<![a-z])(hours?|days?|minutes?|points|scores?|ratings?|age|years?|times|count|absences)(?![a-z])|"
    r"学时|课时|小时|时长|工时|分钟|积分|学分|得分|分数|成绩|评分|天数|次数|人数|年龄|年限|工龄|司龄",
    re.IGNORECASE,
)


def currency_in(text: str) -> str:
    """The code of the currency that an amount names; empty where it names none."""
    match = _NAMED_CURRENCY.search(text)
    return _SAME_CURRENCY.get(match[0].upper(), match[0].upper()) if match else ""


_NAMED_CURRENCY = re.compile(rf"[A-Z]{{1,2}}\$|{_SIGNS}", re.IGNORECASE)
_SAME_CURRENCY = {
    "US$": "USD", "HK$": "HKD",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "RMB": "CNY", "₹": "INR",
}  # fmt: skip
