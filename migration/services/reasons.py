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
    counts = Counter((column, _OWN.sub("…", message)) for column, message in said)
    most = counts.most_common(_MOST)
    if len(most) < 2 and counts.total() <= FEW:
        return []
    return [(column, message, n, round(100 * n / most[0][1])) for (column, message), n in most]
