"""The rows of a file in pieces: how far an import is can be told between them, and whoever stops it is heard.

Rows that are held against each other stand in one piece, so that pieces say what all rows together would say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models.functions import Lower

from hrsuite.lib.errors import BadRows, Outcome, RowProblem
from migration.models import Kind
from people.models import Employee
from people.services.bulk.places import storable
from recruitment.models import Candidate
from training.models import Course
from training.services.records.rows import folded

Rows = Sequence[tuple[int, dict[str, Any]]]
#: told how many rows are saved so far; may raise whatever ends the import
Heard = Callable[[int], None]
#: rows of one piece
PIECE = 1000
_CHUNK = 2000


def nobody_hears(done: int) -> None:
    """For whoever does not want to know how far it is."""


def in_pieces(kind: str, rows: Rows, save: Callable[[Rows], Outcome], heard: Heard = nobody_hears) -> Outcome:
    """Save all ``rows``, a piece at a time. Raises BadRows with the problems of all pieces: then the caller takes back
    what was written."""
    if len(rows) <= PIECE:
        return save(rows)
    outcomes: list[Outcome] = []
    problems: list[RowProblem] = []
    done = 0
    for piece in pieces_of(kind, rows):
        try:
            outcomes.append(save(piece))
        except BadRows as error:
            problems += error.problems
        done += len(piece)
        heard(done)
    if problems:
        raise BadRows(sorted(problems, key=lambda one: one.row))
    return Outcome(
        created=sum(one.created for one in outcomes), changed=sum(one.changed for one in outcomes),
        unchanged=sum(one.unchanged for one in outcomes), kept=sum(one.kept for one in outcomes),
        overtaken=sum(one.overtaken for one in outcomes),
        written=frozenset().union(*(one.written for one in outcomes)),
    )  # fmt: skip


def pieces_of(kind: str, rows: Rows) -> Iterator[Rows]:
    """The rows in pieces of about :data:`PIECE`, people in the order in which everybody locks them."""
    sets = _Sets()
    ties = _TIES.get(kind, _of_person)
    firsts = []
    for _number, values in rows:
        own = [one for one in ties(values) if one[1]]
        firsts.append(own[0] if own else None)
        for one in own[1:]:
            sets.join(own[0], one)
    for tied in _KNOWN.get(kind, _nothing_known)(rows):
        for one in tied[1:]:
            sets.join(tied[0], one)
    groups: dict[Any, list[tuple[int, dict[str, Any]]]] = {}
    for row, first in zip(rows, firsts, strict=True):
        groups.setdefault(sets.root(first) if first else row[0], []).append(row)
    places = _places(rows)
    last = max(places.values(), default=0) + 1
    piece: list[tuple[int, dict[str, Any]]] = []
    for group in sorted(groups.values(), key=lambda one: min(places.get(_number_of(row[1]), last) for row in one)):
        piece += group
        if len(piece) >= PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _places(rows: Rows) -> dict[str, int]:
    numbers = sorted({number for _row, values in rows if (number := _number_of(values)) and storable(number)})
    return dict(Employee.objects.filter(employee_no__in=numbers).values_list("employee_no", "pk"))


def _number_of(values: dict[str, Any]) -> str:
    return str(values.get("employee_no", "")).strip()


class _Sets:
    """Keys that belong together, however far apart they came."""

    def __init__(self) -> None:
        self._above: dict[tuple[str, str], tuple[str, str]] = {}

    def root(self, key: tuple[str, str]) -> tuple[str, str]:
        top = key
        while (above := self._above.get(top, top)) != top:
            top = above
        while key != top:
            self._above[key], key = top, self._above[key]
        return top

    def join(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self._above[second] = first


# --- what rows of a kind are held against each other by: (what, which) ------------------------------------------------
def _of_person(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [("employee", _number_of(values))]


def _of_event(values: dict[str, Any]) -> list[tuple[str, str]]:
    name = f"{values.get('source', 'import')}\x1f{values.get('source_id', '')}" if values.get("source_id") else ""
    return [("event", name), *_of_person(values), ("team", folded(values.get("team", "")))]


def _of_course(values: dict[str, Any]) -> list[tuple[str, str]]:
    name = values.get("name", "")
    # a course without a code is known by its name, and gets that for a code
    return [("code", folded(values.get("code", "") or name[:40])), ("name", folded(name))]


def _of_candidate(values: dict[str, Any]) -> list[tuple[str, str]]:
    names = ("candidate_no", "email", "phone")
    return [(name, str(values.get(name, "")).strip().lower()) for name in names]


_TIES: dict[str, Callable[[dict[str, Any]], list[tuple[str, str]]]] = {
    Kind.RECORDS: _of_event, Kind.SCORES: _of_event, Kind.COURSES: _of_course, Kind.CANDIDATES: _of_candidate,
}  # fmt: skip


# --- and what the suite knows to be one -------------------------------------------------------------------------------
def _nothing_known(rows: Rows) -> list[list[tuple[str, str]]]:
    return []


def _known_courses(rows: Rows) -> list[list[tuple[str, str]]]:
    return [
        [("code", folded(code)), ("name", folded(name))] for code, name in Course.objects.values_list("code", "name")
    ]


def _known_candidates(rows: Rows) -> list[list[tuple[str, str]]]:
    found: dict[int, tuple[Any, ...]] = {}
    known = Candidate.objects.annotate(lowered=Lower("email"))
    for name, column in (("candidate_no", "number"), ("email", "lowered"), ("phone", "phone")):
        said = {str(values.get(name, "")).strip() for _number, values in rows} - {""}
        wanted = sorted({one.lower() if name == "email" else one for one in said if storable(one)})
        for start in range(0, len(wanted), _CHUNK):
            some = known.filter(**{f"{column}__in": wanted[start : start + _CHUNK]})
            found |= {pk: tuple(one) for pk, *one in some.values_list("pk", "number", "lowered", "phone")}
    names = ("candidate_no", "email", "phone")
    return [
        [(name, text.lower()) for name, text in zip(names, one, strict=True) if text]
        for one in found.values()
    ]  # fmt: skip


_KNOWN: dict[str, Callable[[Rows], list[list[tuple[str, str]]]]] = {
    Kind.COURSES: _known_courses, Kind.CANDIDATES: _known_candidates,
}  # fmt: skip
