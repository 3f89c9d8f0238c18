"""Cells on their way to be imported: the cleaning rules for cells, in the columns that are fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from migration.cleaning.clocks import read_clocks
from migration.cleaning.currencies import currency_in
from migration.cleaning.dates import clean_dates
from migration.cleaning.identifiers import clean_identifiers
from migration.cleaning.layout import Row
from migration.cleaning.numbers import clean_numbers, number_in, plain_text
from migration.cleaning.oddities import report_small_letters
from migration.cleaning.placeholders import empty_placeholders, report_lost
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import clean_text
from migration.cleaning.words import apply_terms
from migration.cleaning.work import Column, Doubt, Hints, Say, Work
from migration.rules import number_of
from migration.services.fields import Field, Type
from migration.services.mapping import Mapping

_DURATION = (("clock_times", read_clocks), ("numbers", clean_numbers))
#: type of a field -> the rules of its column beside those for all
_RULES = {
    Type.DATE: (("dates", clean_dates),),
    Type.NUMBER: (("numbers", clean_numbers),),
    Type.WHOLE: (("numbers", clean_numbers),),
    Type.HOURS: _DURATION,
    Type.MINUTES: _DURATION,
}
_FOR_ALL = (
    ("", clean_text), ("terms", apply_terms), ("spreadsheet_errors", report_lost), ("placeholders", empty_placeholders),
)  # fmt: skip
#: what amounts are in where nothing says it
OWN_CURRENCY = "CNY"
_CURRENCY = gettext_noop(
    "The amounts are in %(currency)s, and the file has no currency: set currency to it, or take them as %(own)s."
)
IDENTIFIERS = frozenset({"employee_no", "source_id", "candidate_no", "hired_as"})


@dataclass
class Prepared:
    """``doubts``: row number -> what a person must decide; ``changed``: cells that a rule changed."""

    rows: list[Row]
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    changed: int = 0


@dataclass
class Decided:
    """What becomes of the different cells of a column: key of the raw cell -> the clean one, or a doubt."""

    fresh: dict[Any, Any]
    doubts: dict[Any, Doubt]


#: different cells of a column: (key, cell), the first ones first
Firsts = list[tuple[Any, Any]]
Columns = AnyMapping[int, tuple[str, Field | None]]


def prepare(body: list[Row], columns: Columns, mapping: Mapping, hints: Hints, today: dt.date) -> Prepared:
    """The rows with clean cells. ``columns``: place -> (heading, its field, or None for a part of one)."""
    # every different cell once: files repeat theirs, and what a column shows it shows by its kinds of cells
    firsts = {place: _firsts(body, place) for place in columns}
    prepared = Prepared(list(body))
    for place, decided in decide(firsts, columns, mapping, hints, today).items():
        _put_back(prepared, place, decided)
    return prepared


def told(mapping: Mapping, hints: Hints) -> Hints:
    return replace(
        hints,
        off=hints.off | mapping.hints.off,
        orders={**mapping.hints.orders, **hints.orders},
        formats={**mapping.dates, **mapping.hints.formats, **hints.formats},
        widths={**mapping.hints.widths, **hints.widths},
        terms={**mapping.hints.terms, **hints.terms},
        # what the mapping gives a meaning to has one
        kept=hints.kept | mapping.hints.kept | {word for words in mapping.values.values() for word in words},
        answers={**mapping.hints.answers, **hints.answers},
        from_1904=hints.from_1904 or mapping.hints.from_1904,
    )


def decide(
    firsts: AnyMapping[int, Firsts], columns: Columns, mapping: Mapping, hints: Hints, today: dt.date
) -> dict[int, Decided]:
    """The rules for cells, over the different cells of each column, by its place."""
    size = max(map(len, firsts.values()), default=0)
    works = []
    for place, (heading, one) in columns.items():
        name = one.name if one else ""
        cells = [cell for _key, cell in firsts[place]]
        meaning = "duration" if one and one.type in (Type.HOURS, Type.MINUTES) else name
        works.append((Column(heading, cells + [None] * (size - len(cells)), meaning=meaning, field=name), one, place))
    work = Work([column for column, _field, _place in works], list(range(size)), told(mapping, hints), today)
    has_currency = "currency" in mapping.constants or any(one and one.name == "currency" for _c, one, _p in works)
    for column, one, _place in works:
        rules = _FOR_ALL + (_RULES.get(one.type, ()) if one else ())
        if one is not None and one.name in IDENTIFIERS:
            rules += (("", clean_identifiers), ("letter_case", report_small_letters))
        for rule, apply in rules:
            if not rule or work.on(rule):
                apply(work, column)
        if one is not None and one.name in mapping.units:
            ask_about_units(work, column, mapping.units[one.name])
        if one is not None and one.name == "amount" and not has_currency:
            ask_about_currency(work, column)
    asked = {(doubt.column, doubt.row): doubt for doubt in work.doubts}
    return {
        place: Decided(
            {key: column.cells[at] for at, (key, _c) in enumerate(firsts[place]) if _key(column.cells[at]) != key},
            {key: asked[column.title, at] for at, (key, _c) in enumerate(firsts[place]) if (column.title, at) in asked},
        )
        for column, _field, place in works
    }


def _key(cell: Any) -> Any:
    """1, 1.0 and True are different cells."""
    return cell if isinstance(cell, str) else (type(cell), cell)


def _firsts(body: list[Row], place: int) -> list[tuple[Any, Any]]:
    found: dict[Any, Any] = {}
    for _number, cells in body:
        if place < len(cells):
            cell = cells[place]
            found.setdefault(cell if isinstance(cell, str) else (type(cell), cell), cell)
    return list(found.items())


def _put_back(prepared: Prepared, place: int, decided: Decided) -> None:
    """Give every row the clean form of its cell, and its doubt."""
    fresh, doubts = decided.fresh, decided.doubts
    if not fresh and not doubts:
        return
    for index, (number, cells) in enumerate(prepared.rows):
        key = _key(cells[place]) if place < len(cells) else None
        if key in doubts:
            prepared.doubts.setdefault(number, []).append(replace(doubts[key], row=number))
        elif key in fresh:
            changed = list(cells)
            changed[place] = fresh[key]
            prepared.rows[index] = (number, changed)
            prepared.changed += 1


def ask_about_units(work: Work, column: Column, factor: Decimal) -> None:
    """The mapping says in which unit the column counts: a cell that says one itself may mean another. Candidates are
    what would be imported: the number by itself, and times the factor."""
    places = {number: place for place, number in enumerate(work.numbers)}
    for change in work.changes():
        if change.column != column.title or change.rule not in ("numbers", "clock_times"):
            continue
        if change.rule == "clock_times" or number_in(change.before)[2]:
            for row in change.rows:
                if places[row] not in work.dropped and places[row] not in column.doubted:
                    column.cells[places[row]] = change.before
                    reason = Say(gettext_noop("The mapping says the unit of the column, and the cell says one itself."))
                    options = (change.after, plain_text(number_of(change.after) * factor))
                    work.doubt(column, places[row], "numbers", options, reason)


def stated(constants: AnyMapping[str, str]) -> dict[str, str]:
    """The constants that cleaning has to know: what amounts are in."""
    return {name: value for name, value in constants.items() if name == "currency"}


def ask_about_currency(work: Work, column: Column) -> None:
    """Amounts that name a currency, where the file names none: they would be taken for the suite's own. The first of
    them is asked about for all."""
    rows = {
        row: (change, said) for change in work.changes()
        if change.column == column.title and change.rule == "numbers"
        and (said := currency_in(change.before)) not in ("", OWN_CURRENCY)
        for row in change.rows
    }  # fmt: skip
    for place, number in enumerate(work.numbers):
        if number in rows and place not in work.dropped and place not in column.doubted:
            change, said = rows[number]
            column.cells[place] = change.before
            told = {"currency": said, "own": OWN_CURRENCY}
            work.doubt(column, place, "numbers", (change.after,), Say(_CURRENCY, told))
            return
