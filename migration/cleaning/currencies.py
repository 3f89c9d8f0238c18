"""The currency that an amount names."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

_SIGNS = r"CNY|RMB|USD|EUR|GBP|HKD|JPY|INR|CHF|CAD|AUD|SGD|NZD|SEK|NOK|DKK|PLN|BRL|ZAR|AED|[¥￥$€£₹]"
CURRENCY = re.compile(
    rf"^({_SIGNS}|US\$|[ACS]\$|HK\$|R\$|Rs\.?)\s*|\s*({_SIGNS}|元整?|人民币|rupees?|dollars?|euros?)$", re.IGNORECASE
)


def foreign_in(groups: dict[tuple[str, Any], list[int]]) -> set[tuple[str, Any]]:
    """Cells in another currency than most of those that name one."""
    said = {key: one for key in groups if key[0] == "str" and (one := currency_in(key[1]))}
    if len(set(said.values())) < 2:
        return set()
    counts = Counter({key: len(groups[key]) for key in said})
    totals: Counter[str] = Counter()
    for key, count in counts.items():
        totals[said[key]] += count
    usual = totals.most_common(1)[0][0]
    return {key for key, one in said.items() if one != usual}


def currency_in(text: str) -> str:
    """The code of the currency that an amount names; empty where it names none."""
    match = _NAMED_CURRENCY.search(text)
    return _SAME_CURRENCY.get(match[0].upper(), match[0].upper()) if match else ""


_NAMED_CURRENCY = re.compile(rf"[A-Z]{{1,2}}\$|{_SIGNS}", re.IGNORECASE)
_SAME_CURRENCY = {
    "US$": "USD", "HK$": "HKD",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "RMB": "CNY", "₹": "INR",
}  # fmt: skip
