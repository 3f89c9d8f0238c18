"""First and last name in each other's column."""

from __future__ import annotations

from collections import Counter

from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.work import Say, Work, shown

#: share of the rows from which it is how the table is made
_FEW = 0.05
#: others that have each of the two names in its usual place, at least, and both together: many names are both
_OTHERS = (3, 8)


def report_exchanged_names(work: Work) -> None:
    """Rule ``exchanged_names``: a first name that only others have as their last one, beside the other way round."""
    first, last = work.meaning("first_name"), work.meaning("last_name")
    if first is None or last is None:
        return
    firsts = {place: fold(shown(cell)) for place, cell in work.filled(first)}
    lasts = {place: fold(shown(cell)) for place, cell in work.filled(last)}
    given, family = Counter(firsts.values()), Counter(lasts.values())
    odd = [
        place for place, one in firsts.items()
        if (other := lasts.get(place)) and given[one] == 1 and family[other] == 1
        and min(family[one], given[other]) >= _OTHERS[0] and family[one] + given[other] >= _OTHERS[1]
        and one != other
    ]  # fmt: skip
    if len(odd) > max(1, _FEW * len(firsts)):
        return
    reason = Say(gettext_noop("First and last name seem to have changed places."))
    for place in odd:
        one, other = shown(first.cells[place]), shown(last.cells[place])
        work.doubt(first, place, "exchanged_names", (other, one), reason)
        work.doubt(last, place, "exchanged_names", (one, other), reason)
