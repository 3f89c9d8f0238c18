"""Cells on their way to be imported: the cleaning rules for cells, in the columns that are fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from migration.cleaning.dates import clean_dates
from migration.cleaning.identifiers import clean_identifiers
from migration.cleaning.layout import Row
from migration.cleaning.numbers import clean_numbers
from migration.cleaning.placeholders import empty_placeholders, report_lost
from migration.cleaning.text import clean_text
from migration.cleaning.words import apply_terms
from migration.cleaning.work import Column, Doubt, Hints, Work
from migration.services.fields import Field, Type
from migration.services.mapping import Mapping

#: type of a field -> the rules of its column beside those for all
_RULES = {
    Type.DATE: (("dates", clean_dates),),
    Type.NUMBER: (("numbers", clean_numbers),),
    Type.WHOLE: (("numbers", clean_numbers),),
}
_FOR_ALL = (
    ("", clean_text), ("terms", apply_terms), ("spreadsheet_errors", report_lost), ("placeholders", empty_placeholders),
)  # fmt: skip
_IDENTIFIERS = frozenset({"employee_no", "source_id"})


@dataclass
class Prepared:
    """``doubts``: row number -> what a person must decide; ``changed``: cells that a rule changed."""

    rows: list[Row]
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    changed: int = 0


def prepare(
    body: list[Row], columns: AnyMapping[int, tuple[str, Field | None]], mapping: Mapping, hints: Hints, today: dt.date
) -> Prepared:
    """The rows with clean cells. ``columns``: place -> (heading, its field, or None for a part of one)."""
    told = replace(
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
    works = [_column(place, heading, one, body) for place, (heading, one) in columns.items()]
    work = Work([column for column, _field, _place in works], [number for number, _cells in body], told, today)
    for column, one, _place in works:
        rules = _FOR_ALL + (_RULES.get(one.type, ()) if one else ())
        if one is not None and one.name in _IDENTIFIERS:
            rules += (("", clean_identifiers),)
        for rule, apply in rules:
            if not rule or work.on(rule):
                apply(work, column)
    prepared = Prepared(_rows(body, works))
    for doubt in work.doubts:
        prepared.doubts.setdefault(doubt.row, []).append(doubt)
    prepared.changed = sum(len(one.rows) for one in work.changes())
    return prepared


def _column(place: int, heading: str, one: Field | None, body: list[Row]) -> tuple[Column, Field | None, int]:
    name = one.name if one else ""
    cells = [cells[place] if place < len(cells) else None for _number, cells in body]
    return Column(heading, cells, meaning=name, field=name), one, place


def _rows(body: list[Row], works: list[tuple[Column, Field | None, int]]) -> list[Row]:
    rows = []
    for index, (number, cells) in enumerate(body):
        fresh: list[Any] = list(cells)
        for column, _field, place in works:
            if place < len(fresh):
                fresh[place] = column.cells[index]
        rows.append((number, fresh))
    return rows
