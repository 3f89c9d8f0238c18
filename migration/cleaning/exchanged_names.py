"""First and last name in each other's column."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping

from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.usual_names import usual_names
from migration.cleaning.work import Column, Say, Work, shown

#: share of the rows from which it is how the table is made
_MANY = 0.3
#: how often a name of the lists counts as seen in its place; what is added to counts; how much more probable two names
#: are in each other's place, as the logarithm of it, before anybody is asked
_LISTED, _ADDED, _SURE = 3, 0.5, 2.8
#: rows whose address or full name shows which name is which
_ENOUGH = 10
_PLACE = re.compile(r"\{([^{}]+)\}")
_Pattern = Callable[[str, str], str]
#: how addresses and full names are made of first and last name
_PATTERNS: tuple[_Pattern, ...] = (
    lambda first, last: first + last,
    lambda first, last: last + first,
    lambda first, last: first[:1] + last,
    lambda first, last: last[:1] + first,
    lambda first, last: first + last[:1],
    lambda first, last: last + first[:1],
)


def mend_exchanged_names(work: Work) -> None:
    """Rule ``exchanged_names``: names that an address or the full name of the row shows in each other's column are put
    back. Elsewhere names are asked about that others of the table, or of the usual ones, have the other way round."""
    first, last = work.meaning("first_name"), work.meaning("last_name")
    if first is None or last is None:
        return
    told: dict[int, bool] = {}
    for column in work.columns:
        # a field made of both, as mappings do, tells nothing
        if column.type == "email" or (column.meaning == "name" and "{" not in column.name):
            told.update(_told_by(work, column, first, last))
    for place in [place for place, is_exchanged in told.items() if is_exchanged]:
        one, other = first.cells[place], last.cells[place]
        work.change(first, place, "exchanged_names", other)
        work.change(last, place, "exchanged_names", one)
        _make_anew(work, place, first, last)
    _ask_by_others(work, first, last, told)


def _told_by(work: Work, column: Column, first: Column, last: Column) -> Mapping[int, bool]:
    """Place -> whether an address or a full name shows first and last name exchanged, where the rows agree on how it
    is made of them."""
    texts = {place: _letters(shown(cell).partition("@")[0]) for place, cell in work.filled(column)}
    rows = {
        place: (text, one, other)
        for place, text in texts.items()
        if (one := _name(first, place)) and (other := _name(last, place)) and one != other
    }
    often = Counter({
        number: sum(made(one, other) == text for text, one, other in rows.values())
        for number, made in enumerate(_PATTERNS)
    })  # fmt: skip
    if not often:
        return {}
    number, _count = often.most_common(1)[0]
    usual = _PATTERNS[number]
    found = {
        place: usual(one, other) != text
        for place, (text, one, other) in rows.items()
        if (usual(one, other) == text) != (usual(other, one) == text)
    }
    exchanged = sum(found.values())
    if len(found) < max(_ENOUGH, len(rows) / 2) or exchanged > _MANY * len(found):
        return {}
    return found


def _name(column: Column, place: int) -> str:
    return "" if place in column.doubted else _letters(shown(column.cells[place]))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())


def _ask_by_others(work: Work, first: Column, last: Column, told: Mapping[int, bool]) -> None:
    firsts = {place: fold(shown(cell)) for place, cell in work.filled(first)}
    lasts = {place: fold(shown(cell)) for place, cell in work.filled(last)}
    given, family = Counter(firsts.values()), Counter(lasts.values())
    odd = [
        place for place, one in firsts.items()
        if place not in told and (other := lasts.get(place)) and one != other
        and _is_odd(given[one] - 1, family[one], given[other], family[other] - 1, one, other)
    ]  # fmt: skip
    if len(odd) > max(1, _MANY * len(firsts)):
        return
    reason = Say(gettext_noop("First and last name seem to have changed places."))
    for place in odd:
        one, other = shown(first.cells[place]), shown(last.cells[place])
        work.doubt(first, place, "exchanged_names", (other, one), reason)
        work.doubt(last, place, "exchanged_names", (one, other), reason)
        _make_anew(work, place, first, last)


def _make_anew(work: Work, place: int, first: Column, last: Column) -> None:
    """Fields that a mapping made of both names, once these have changed."""
    cells = {one.name: shown(one.cells[place]) for one in work.columns}
    for column in work.columns:
        if "{" in column.name and all(f"{{{one.name}}}" in column.name for one in (first, last)):
            made = _PLACE.sub(lambda match: cells.get(match[1], match[0]), column.name)
            work.change(column, place, "exchanged_names", " ".join(made.split()))


def _is_odd(one_given: int, one_family: int, other_given: int, other_family: int, one: str, other: str) -> bool:
    """Whether both names of a row are more often in the other column, by what the other rows and the lists say."""
    firsts, lasts = usual_names()
    # the lists say nothing against what the table shows
    for_one = _odds(one_family + _LISTED * (one in lasts and not one_given), one_given + _LISTED * (one in firsts))
    for_other = _odds(
        other_given + _LISTED * (other in firsts and not other_family), other_family + _LISTED * (other in lasts)
    )
    return min(for_one, for_other) > 0 and for_one + for_other >= _SURE


def _odds(there: int, here: int) -> float:
    return math.log((there + _ADDED) / (here + _ADDED))
