"""Why rows are refused, counted: what a page draws before it lists them one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

#: what a message says of one row alone
_OWN = re.compile(r"\d{4}-\d{2}-\d{2}|“[^”]*”|\d+([.,]\d+)*")
#: refused rows that a page lists without being asked
FEW = 5
#: reasons that a page draws
_MOST = 8


def reasons_of(said: Iterable[tuple[str, str]]) -> list[tuple[str, str, int, int]]:
    """(column, message, cells, share of the most frequent in percent), from the (column, message) of each refused cell;
    of a few their list says it. Messages that differ in days, numbers and words of the file alone are one reason."""
    counts: Counter[tuple[str, str]] = Counter()
    whole: dict[tuple[str, str], str] = {}
    for column, message in said:
        alike = column, _OWN.sub("…", message).replace("….", "…")
        counts[alike] += 1
        # what all of them say is said
        whole[alike] = message if whole.get(alike, message) == message else alike[1]
    most = counts.most_common(_MOST)
    if len(most) < 2 and counts.total() <= FEW:
        return []
    return [(alike[0], whole[alike], n, round(100 * n / most[0][1])) for alike, n in most]
