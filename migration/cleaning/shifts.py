"""Rows that slipped a column to the side, seen from what the cells of the columns are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from migration.cleaning.beyond import report_beyond
from migration.cleaning.currencies import currency_in
from migration.cleaning.layout import is_filled
from migration.cleaning.likely import Likely
from migration.cleaning.moves import Move, Weighed, weigh
from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import WHOLE_ROW, Say, Work
from migration.rules import text_of

#: share of rows that slip before any is known, rows that this counts for, and what it can be at most
_SHARE, _WEIGHT, _MOST = 0.01, 50, 0.3
#: how likely a row must stand to be left alone, and a move be to be made
_STANDS, _EVEN, _MOVED = 0.92, 0.5, 0.98
#: above which a row is not weighed again by what others show
_SURELY = 0.9995
#: share of rows that did not slip from which they alone show what columns hold
_KEPT = 0.4
#: share of filled cells from which a column is asked why one is empty
_FILLED = 0.7
#: rows that show what columns hold
_LEAST_ROWS, _LEARNT = 6, 5000
#: moves of a row that a person can choose from
_OFFERED = 5
_SLIPPED = gettext_noop("The cells of this row seem to have slipped to the side.")
_LOST = gettext_noop("The row had slipped to the side, and this value is lost.")


def mend_shifts(work: Work, extras: dict[int, list[Any]]) -> None:
    """Rule ``shifted_rows``. ``extras``: place -> cells beyond the last heading."""
    rows = list(work.places())
    if len(work.columns) < 2 or not rows:
        return
    if len(rows) < _LEAST_ROWS:
        for place, extra in extras.items():
            if place not in work.dropped:
                report_beyond(work, place, extra, [])
        return
    all_empty = _empty(work, rows)
    empty = all_empty
    suspects = _suspects(work, rows, extras, Likely(work.columns, _learnt_from(rows, ()), empty, len(rows)))
    found: dict[int, Weighed] = {}
    share, slipped = _SHARE, set(suspects)
    for _time in range(3):
        likely = Likely(work.columns, _learnt_from(rows, slipped), empty, len(rows))
        found |= {place: _weighed(work, place, extras.get(place, []), likely, share) for place in suspects}
        suspects = [place for place in suspects if found[place].stands < _SURELY or place in extras]
        if not suspects:
            break
        slipped = {place for place, one in found.items() if one.moves and one.stands < _EVEN}
        share = min(_MOST, max(_SHARE / 2, (len(slipped) + _SHARE * _WEIGHT) / (len(rows) + _WEIGHT)))
        empty = [all_empty[at] - gone for at, gone in enumerate(_empty(work, slipped))]
    slips = any(one.moves and _is_sure(one.moves[0]) for one in found.values())
    for place, one in found.items():
        _decide(work, place, one if slips else _without_within(one), extras.get(place, []))


def _is_sure(move: Move) -> bool:
    return move.chance >= _MOVED and not move.is_within


def _without_within(one: Weighed) -> Weighed:
    """Where no row surely slipped, an empty cell among scores, or others of one kind, is one that is empty."""
    stands = one.stands + sum(move.chance for move in one.moves if move.is_within)
    return Weighed(stands, tuple(move for move in one.moves if not move.is_within))


def _learnt_from(rows: list[int], slipped: Collection[int]) -> set[int]:
    """Rows that show what columns hold: those that did not slip, as far as it is known, unless these are few."""
    kept = [place for place in rows if place not in slipped]
    if len(kept) < _KEPT * len(rows):
        kept = rows
    return set(kept[:: max(1, len(kept) // _LEARNT)])


def _weighed(work: Work, place: int, extra: list[Any], likely: Likely, share: float) -> Weighed:
    cells = [column.cells[place] for column in work.columns]
    return weigh(likely, cells, list(extra), share, own=likely.knows(place))


def _empty(work: Work, rows: Collection[int]) -> list[int]:
    return [sum(not is_filled(column.cells[place]) for place in rows) for column in work.columns]


def _suspects(work: Work, rows: list[int], extras: dict[int, list[Any]], likely: Likely) -> list[int]:
    """Rows with a cell beyond the headings, with an empty one where most have something, with one there twice, or with
    one that would be at home in the column beside."""
    found = {place for place in extras if place not in work.dropped}
    asked = {one.row for one in work.doubts if one.column == WHOLE_ROW}
    before = None
    for number, column in enumerate(work.columns):
        found.update(work.places_of(column, lambda cell, at=number: is_filled(cell) and likely.is_beside(at, cell)))  # type: ignore[misc]
        empty = work.places_of(column, lambda cell: not is_filled(cell))
        if len(empty) <= (1 - _FILLED) * len(rows):
            found.update(empty)
        if before is not None:
            found.update(
                place for place in rows if before[place] == column.cells[place] and is_filled(column.cells[place])
            )
        before = column.cells
    return sorted(place for place in found if work.numbers[place] not in asked)


def _decide(work: Work, place: int, one: Weighed, extra: list[Any]) -> None:
    best = one.moves[0] if one.moves else None
    if best is None or one.stands >= _STANDS:
        if extra:
            report_beyond(work, place, extra, [move.cells for move in one.moves[:_OFFERED]])
    elif best.joins and not _has_currency(work, place, best):
        # nothing but the number itself speaks for it
        _ask_number(work, place, best)
    elif best.chance >= _MOVED and not best.is_unsure:
        _apply(work, place, best)
    else:
        _ask(work, place, one, extra)


def _has_currency(work: Work, place: int, move: Move) -> bool:
    return any(
        text_of(column.cells[place]) != text_of(cell) and currency_in(text_of(cell))
        for column, cell in zip(work.columns, move.cells, strict=True)
    )


def _ask_number(work: Work, place: int, move: Move) -> None:
    for column, cell in zip(work.columns, move.cells, strict=True):
        if text_of(column.cells[place]) != text_of(cell):
            work.doubt(column, place, "shifted_rows", (text_of(cell),), Say(_SLIPPED))


def _apply(work: Work, place: int, move: Move) -> None:
    for column, cell in zip(work.columns, move.cells, strict=True):
        if text_of(column.cells[place]) != text_of(cell):
            work.change(column, place, "shifted_rows", cell)
    if move.lost >= 0:
        work.doubt(work.columns[move.lost], place, "shifted_rows", (), Say(_LOST))


def _ask(work: Work, place: int, one: Weighed, extra: list[Any]) -> None:
    moves = [move.cells for move in one.moves[:_OFFERED]]
    stands_at = sum(move.chance > one.stands for move in one.moves[:_OFFERED])
    if extra:
        report_beyond(work, place, extra, moves, stands_at)
    else:
        work.doubt_row(place, "shifted_rows", Say(_SLIPPED), moves, stands_at)
