"""Persons, and events of persons, who seem to be in the table twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from migration.cleaning.registry import gettext_noop
from migration.cleaning.rows import (
    EVENTS,
    equal_rows,
    is_counter,
    is_period,
    key_column,
    lost_at,
    person_column,
    tells_of_events,
)
from migration.cleaning.text import fold
from migration.cleaning.words import is_slip
from migration.cleaning.work import Column, Say, Work, shown

#: share of equal cells from which two rows with one key tell of the same person
_ALIKE = 0.5
_SAME = 0.7
_GROUP = 50
#: letters of a word up to which a slip in it is not to be told from another word
_SHORT = 3
#: share of rows up to which a second row for somebody is an exception, and from how many rows and columns it shows
_FEW, _SEVERAL, _LEAST_OTHERS = 0.06, 20, 3
#: what is measured of an event; everything else says which one it is
_MEASURES = frozenset({"number", "truth"})
_RESULTS = frozenset({"outcome", "reason", "score"})
_RESULT_WORD = re.compile(r"rating|grade|result|comment|remark|status|评级|等级|结果|评语|备注", re.IGNORECASE)


def report_near_duplicates(work: Work) -> None:
    if tells_of_events(work):
        _same_event(work)
        return
    key, name = key_column(work), _name_of(work)
    if key is not None:
        _same_key(work, key)
        if name is not None:
            _same_person(work, key, name)
    elif name is not None:
        _same_name(work, name)


def _same_event(work: Work) -> None:
    """A person may have many rows; two of the same event that differ in what was measured contradict each other."""
    person = person_column(work)
    if person is None:
        return
    counters = [column for column in work.columns if is_counter(work, column) or column.meaning == "record_no"]
    others = [column for column in work.columns if column is not person and column not in counters]
    if _ask_of_few(work, person, others):
        return
    has_period = any(is_period(one) for one in others)
    measures = [
        one for one in others
        if not is_period(one) and (
            one.type in _MEASURES or one.meaning in _RESULTS or _RESULT_WORD.search(one.name)
            or (has_period and one.type == "date" and one.meaning not in EVENTS)
        )
    ]  # fmt: skip
    event = [one for one in others if one not in measures]
    if not measures or not (has_period or any(one.type == "date" for one in event)):
        return
    if not has_period and all(one.type == "date" or one.meaning == "activity" for one in event):
        # what somebody does twice in a day; only what it was called would make it one event
        return
    for places in equal_rows(work, [person, *event], lost_at(work, [person, *event])):
        if len(places) == 2 and shown(person.cells[places[0]]):
            differing = [one for one in measures if shown(one.cells[places[0]]) != shown(one.cells[places[1]])]
            _ask_both(work, differing, places[0], places[1], _EVENT)


def _ask_of_few(work: Work, person: Column, others: list[Column]) -> bool:
    """Where nearly everybody has one row, a second one that hardly differs is no other event. Whether it is so."""
    same = equal_rows(work, [person], lost_at(work, [person]))
    groups = [places for places in same if shown(person.cells[places[0]])]
    rows = len(work.numbers) - len(work.dropped)
    if len(others) < _LEAST_OTHERS or rows < _SEVERAL or sum(map(len, groups)) > _FEW * rows:
        return False
    for places in groups:
        for later in places[1:]:
            differing = [one for one in others if shown(one.cells[places[0]]) != shown(one.cells[later])]
            if len(differing) <= (1 - _SAME) * len(others):
                _ask_both(work, differing, places[0], later, _PERSON)
    return True


def _same_key(work: Work, key: Column) -> None:
    for places in equal_rows(work, [key], lost_at(work, [key])):
        # a number that is lost is nobody's
        if shown(key.cells[places[0]]) and places[0] not in key.doubted:
            for later in places[1:]:
                _compare(work, key, places[0], later)


_PERSON = gettext_noop("Row %(row)s tells of the same person, with another value.")
_EVENT = gettext_noop("Row %(row)s tells of the same event, with another value.")


def _compare(work: Work, key: Column, first: int, later: int) -> None:
    others = [column for column in work.columns if column is not key and column is not work.sheets]
    differing = [column for column in others if shown(column.cells[first]) != shown(column.cells[later])]
    if len(differing) > (1 - _ALIKE) * len(others):
        reason = Say(
            gettext_noop("Row %(row)s has the same number and tells of somebody else."),
            {"row": work.row(first)},
        )
        work.doubt(key, later, "near_duplicates", (), reason)
        return
    if not differing:
        reason = Say(gettext_noop("This seems to be the person of row %(row)s."), {"row": work.row(first)})
        work.doubt_row(later, "near_duplicates", reason)
    _ask_both(work, differing, first, later, _PERSON)


def _ask_both(work: Work, differing: list[Column], first: int, later: int, reason: str) -> None:
    for column in differing:
        texts = [shown(column.cells[place]) for place in (first, later)]
        candidates = tuple(dict.fromkeys(sorted(texts, key=lambda text: not text)))
        for place, other in ((first, later), (later, first)):
            work.doubt(column, place, "near_duplicates", candidates, Say(reason, {"row": work.row(other)}))


def _name_of(work: Work) -> list[Column] | None:
    if name := work.meaning("name"):
        return [name]
    parts = [work.meaning("first_name"), work.meaning("last_name")]
    return [one for one in parts if one] if all(parts) else None


def _same_person(work: Work, key: Column, name: list[Column]) -> None:
    """Another number, the same name and birth date (or phone, ID number), or nearly all else the same."""
    seen: set[int] = set()
    lost = lost_at(work, [key])
    for first, later in _pairs(work, name):
        one, other = (_words(name, place) for place in (first, later))
        if later in seen or (first not in lost and shown(key.cells[first]) == shown(key.cells[later])):
            continue
        if one == other or _is_slip(one, other):
            seen.add(later)
            reason = Say(gettext_noop("This seems to be the person of row %(row)s."), {"row": work.row(first)})
            work.doubt_row(later, "near_duplicates", reason)


def _same_name(work: Work, name: list[Column]) -> None:
    """Without numbers: the same name and nearly all else the same, where names hardly come again."""
    words = [text for place in work.places() if (text := " ".join(_words(name, place)))]
    if len(words) < _SEVERAL or len(set(words)) < (1 - _FEW) * len(words):
        return
    seen: set[int] = set()
    for first, later in _pairs(work, name):
        if later not in seen and _words(name, first) == _words(name, later):
            seen.add(later)
            reason = Say(gettext_noop("This seems to be the person of row %(row)s."), {"row": work.row(first)})
            work.doubt_row(later, "near_duplicates", reason)


def _words(name: list[Column], place: int) -> list[str]:
    text = " ".join(shown(column.cells[place]) for column in name).replace(",", " ")
    return sorted(fold(word) for word in text.split())


def _is_slip(one: list[str], other: list[str]) -> bool:
    """Whether the words in which two names differ are a slip: Vane is none of Sand, whatever is in front."""
    left, right = (" ".join((Counter(a) - Counter(b)).elements()) for a, b in ((one, other), (other, one)))
    # words of three letters show no slip alone
    return is_slip(left, right) if min(len(left), len(right)) > _SHORT else is_slip(" ".join(one), " ".join(other))


def _pairs(work: Work, name: list[Column]) -> Iterator[tuple[int, int]]:
    for meaning in ("birth_date", "id_number", "phone"):
        column = work.meaning(meaning)
        if column is not None:
            groups: dict[str, list[int]] = {}
            for place, cell in work.filled(column):
                groups.setdefault(shown(cell), []).append(place)
            yield from _within(groups)
    by_name: dict[str, list[int]] = {}
    for place in work.places():
        if words := " ".join(_words(name, place)):
            by_name.setdefault(words, []).append(place)
    key_count = len(work.columns) - len(name) - 1
    if key_count < 4:
        return
    for first, later in _within(by_name):
        same = sum(shown(column.cells[first]) == shown(column.cells[later]) for column in work.columns) - len(name)
        if same >= _SAME * key_count:
            yield first, later


def _within(groups: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    for places in groups.values():
        if 1 < len(places) <= _GROUP:
            for index, later in enumerate(places):
                for first in places[:index]:
                    yield first, later
