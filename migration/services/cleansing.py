"""Files as clean tables: cleaning alone, without a database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hrsuite.lib.errors import BadInput
from migration.cleaning import Change, Cleaned, Doubt, Dropped, Fields, Hints, Say, find_table
from migration.cleaning.contradictions import report_departed
from migration.cleaning.day_order import day_in
from migration.cleaning.layout import Layout
from migration.cleaning.numbers import plain_text
from migration.cleaning.placeholders import is_lost
from migration.cleaning.run import check_rows, clean_cells, finish
from migration.cleaning.types import guess
from migration.cleaning.unsure import report_broken, report_unsure
from migration.cleaning.work import WHOLE_ROW, Column, Work, shown
from migration.rules import folded, number_of, row_json, row_shown
from migration.services.answers import of_table
from migration.services.fields import FIELDS, GENDERS, Type
from migration.services.joining import in_place
from migration.services.mapping import Mapping, fill, is_template, template_columns
from migration.services.matching import COLUMN_TYPES, Seen, are_told, suggest
from migration.services.preparing import IDENTIFIERS, ask_about_currency, ask_about_units
from migration.services.saying import above_headings, say
from migration.services.sources import Source, check_headings, others_left, read_sources
from migration.services.tables import chosen, is_alone
from people.selectors import today

#: kinds whose files have one row for each person, or course
_ONE_ROW = frozenset({"employees", "courses", "departures", "candidates"})
_BARE = gettext_noop("There are headings, but no rows.")
#: examples of rows that a change names
_ROWS = 20


@dataclass
class CleanTable:
    """``mapping``: field -> heading, as given or suggested."""

    source: Source
    layout: Layout
    work: Work
    #: filled when all tables have been read
    cleaned: Cleaned = field(default_factory=lambda: Cleaned([], [], [], [], []))
    mapping: dict[str, str] = field(default_factory=dict)
    is_suggested: bool = False
    #: raw cells by row number, for the workbook of what was refused
    raw: dict[int, list[Any]] = field(default_factory=dict)
    #: has headings and nothing else
    is_bare: bool = False

    @property
    def doubts(self) -> list[Doubt]:
        return self.cleaned.doubts

    def as_json(self) -> dict[str, Any]:
        cleaned = self.cleaned
        return {
            "file": self.source.file, "sheet": self.source.sheet, "encoding": self.source.encoding,
            "rows": cleaned.total, "rows_out": len(cleaned.rows),
            "left_out": [_dropped(one) for one in cleaned.dropped],
            "mapping": self.mapping, "mapping_suggested": self.is_suggested,
            "columns": [{"name": one.name, "field": one.field, "type": one.type} for one in cleaned.columns],
            "changes": [change_json(one) for one in cleaned.changes],
            "doubts": [doubt_json(one) for one in cleaned.doubts],
            "notes": [say(one) for one in cleaned.notes],
        }  # fmt: skip


def _dropped(one: Dropped) -> dict[str, Any]:
    return {**row_json(one.row), "rule": one.rule, "reason": say(one.reason)}


def change_json(one: Change) -> dict[str, Any]:
    return {
        "rule": one.rule, "column": one.column, "before": one.before, "after": one.after, "count": len(one.rows),
        "rows": [row_shown(row) for row in one.rows[:_ROWS]],
    }  # fmt: skip


def doubt_json(one: Doubt) -> dict[str, Any]:
    return {
        **row_json(one.row), "column": one.column, "value": one.value, "candidates": list(one.candidates),
        "reason": say(one.reason), "rule": one.rule,
    }  # fmt: skip


def clean_files(
    files: Iterable[tuple[str, bytes]],
    *,
    kind: str = "",
    mapping: Mapping | None = None,
    hints: Hints | None = None,
    with_rows: bool = True,
) -> list[CleanTable]:
    """The main table of each file, clean. ``kind`` maps columns to its fields. Without ``with_rows`` the rows as they
    came are let go of, which a report needs and nothing else. Raises BadInput for an unusable file."""
    tables = []
    mapping = mapping or Mapping()
    for name, data in files:
        sources = read_sources(name=name, data=data, sheet=mapping.sheet, encoding=mapping.encoding)
        # a large file is let go of once its rows are there
        del data
        for source in _main(_with_joined(sources, mapping)):
            source = chosen(replace(source, notes=[*source.notes, *others_left(source, sources)]), mapping)
            tables.append(_clean(source, kind, mapping, hints or Hints(), keeps_rows=with_rows))
            tables[-1].work.notes += above_headings(tables[-1].layout.above)
            tables[-1].work.notes += _lacking(kind, tables[-1].mapping, mapping)
    _finish(tables)
    if all(table.is_bare for table in tables):
        name = tables[0].source.name
        raise BadInput("file", name, _("There are headings, but no rows."), _("Choose the file that has the rows."))
    for table in tables:
        if table.is_bare:
            table.cleaned.notes.append(Say(_BARE))
    return tables


def clean_tables(
    given: Sequence[tuple[Source, str, Mapping, Hints]], same: AnyMapping[int, int] | None = None
) -> list[CleanTable]:
    """Tables with the kind, mapping and hints of each, clean; rows of one are compared with those of the others.
    ``same``: place of a table that stands there once more -> place of the one that says what becomes of its rows."""
    tables = [_clean(*one) for one in given]
    for place, first in (same or {}).items():
        _follow(tables[place].work, tables[first].work)
    _finish(tables)
    return tables


def _follow(work: Work, first: Work) -> None:
    """Whole rows are what they are of whatever kind: they are left out and asked about as in ``first``."""
    places = {number: place for place, number in enumerate(work.numbers)}
    for one in first.dropped.values():
        if one.row in places:
            work.drop(places[one.row], one.rule, one.reason)
    asked = [one for one in first.doubts if one.column == WHOLE_ROW and one.row in places]
    work.doubts[:] = [*(one for one in work.doubts if one.column != WHOLE_ROW), *asked]


def _finish(tables: Sequence[CleanTable]) -> None:
    _look_across([table.work for table in tables])
    for table in tables:
        table.cleaned = finish(table.work, table.layout)


def _with_joined(sources: list[Source], mapping: Mapping) -> list[Source]:
    """Sheets of the same headings as one table, unless the mapping names another table of a sheet."""
    return sources if is_alone(mapping) else in_place(sources, mapping.heading_row)


def _main(sources: list[Source]) -> list[Source]:
    """The fullest sheet of each workbook, every text."""
    best: dict[str, Source] = {}
    for source in sources:
        if source.rows and (source.file not in best or source.cells > best[source.file].cells):
            best[source.file] = source
    if not best:
        raise BadInput(
            "file",
            sources[0].file if sources else "",
            _("The file has no rows."),
            _("Choose the file that has the rows."),
        )
    return list(best.values())


def _clean(source: Source, kind: str, mapping: Mapping, hints: Hints, *, keeps_rows: bool = True) -> CleanTable:
    layout = find_table(source.rows, source.merged, mapping.heading_row)
    if layout is None:
        raise BadInput("file", source.name, _("The file has no rows."), _("Choose the file that has the rows."))
    check_headings(source, layout)
    # rules work on columns: the rows stay as they came
    raw = dict(layout.body) if keeps_rows else {}
    last = next((cells for number, cells in reversed(layout.body) if number == source.open_end), layout.headings)
    lacks = len(last) < len(layout.headings)
    if not keeps_rows:
        source.rows.clear()
    is_bare = not layout.body
    given = dict(mapping.columns)
    is_suggested = bool(kind) and not given
    if is_suggested:
        given = suggest(
            kind,
            [
                Seen(name, *guess(name, cells), is_told=are_told(cells))
                for place, name in enumerate(layout.headings)
                for cells in [_column(layout, place)]
            ],
            by_heading_alone=True,
        )
    _check(given, mapping, layout)
    plain = {folded(heading): name for name, heading in given.items() if not is_template(heading)}
    fields = Fields(
        of={heading: plain[folded(heading)] for heading in layout.headings if folded(heading) in plain},
        types={one.name: COLUMN_TYPES[one.type] for one in FIELDS.get(kind, ()) if one.type in COLUMN_TYPES}
        | dict.fromkeys(IDENTIFIERS, "id"),
        several=kind not in _ONE_ROW if kind else None,
    )
    _pass_over(layout, mapping)
    hints = told(kind, mapping, of_table(hints, names_of(source)), source)
    work = clean_cells(
        layout, hints=hints, fields=fields, today=today(), keeps_rows=keeps_rows, has_sheets=bool(source.sheets),
        readings=source.unsure,
    )  # fmt: skip
    work.notes += [*source.notes, *_twice(layout, given)]
    report_unsure(work, source.unsure)
    report_broken(work, source.broken, source.open_end, lacks=lacks)
    _finish_fields(work, given, mapping)
    check_rows(work)
    return CleanTable(source, layout, work, mapping=given, is_suggested=is_suggested, raw=raw, is_bare=is_bare)


def names_of(source: Source) -> set[str]:
    """What answers may call the table that a row is of."""
    return {source.name, *(f"{source.file} · {sheet}" for sheet in source.sheets)}


def _column(layout: Layout, place: int) -> list[Any]:
    return [cells[place] for _number, cells in layout.body if place < len(cells)]


def _check(given: AnyMapping[str, str], mapping: Mapping, layout: Layout) -> None:
    known = {folded(heading) for heading in layout.headings}
    if mapping.heading_row and layout.start != mapping.heading_row:
        raise BadInput(
            "heading_row", mapping.heading_row, _("This row is empty."), _("Name the row with the headings.")
        )
    named = [heading for text in given.values() for heading in (template_columns(text) or [text])]
    for heading in [*named, *(rule.column for rule in mapping.skip)]:
        if folded(heading) not in known:
            raise BadInput(
                "mapping", heading, _("The file has no column of this heading."),
                _("Correct the mapping, or choose the file that it was made for."),
            )  # fmt: skip


_LACKING = gettext_noop(
    "No column serves what rows of %(kind)s need: %(fields)s. Name it in a mapping, or look whether the kind is right."
)
_TWICE = gettext_noop("Several columns have the heading %(heading)s: the first is called so, the next %(next)s.")


def _lacking(kind: str, given: AnyMapping[str, str], mapping: Mapping) -> list[Say]:
    names = [one.name for one in FIELDS.get(kind, ()) if one.required]
    lacking = [name for name in names if name not in given and name not in mapping.constants]
    return [Say(_LACKING, {"kind": kind, "fields": ", ".join(lacking)})] if lacking else []


def _twice(layout: Layout, given: AnyMapping[str, str]) -> list[Say]:
    """Columns that nobody can tell apart by their heading, where one serves a field."""
    headings = set(layout.headings)
    return [
        Say(_TWICE, {"heading": heading, "next": f"{heading} (2)"})
        for heading in dict.fromkeys(given.values())
        if heading in headings and f"{heading} (2)" in headings
    ]


def told(kind: str, mapping: Mapping, hints: Hints, source: Source | None = None) -> Hints:
    """The hints with what the mapping says of words, dates and empty cells."""
    own = mapping.hints
    terms = {name: dict(words) for name, words in mapping.values.items()}
    if any(one.type == Type.GENDER for one in FIELDS.get(kind, ())):
        terms["gender"] = {**GENDERS, **terms.get("gender", {})}
    for name, words in (*own.terms.items(), *hints.terms.items()):
        terms[name] = {**terms.get(name, {}), **words}
    return replace(
        hints,
        off=hints.off | own.off,
        types={**own.types, **hints.types},
        orders={**own.orders, **hints.orders},
        formats={**mapping.dates, **own.formats, **hints.formats},
        widths={**own.widths, **hints.widths},
        ranges={**own.ranges, **hints.ranges},
        terms=terms,
        compact=mapping.compact,
        empty=hints.empty | own.empty | mapping.empty,
        kept=hints.kept | own.kept | {word for words in mapping.values.values() for word in words},
        answers={**own.answers, **hints.answers},
        from_1904=hints.from_1904 or own.from_1904 or bool(source and source.from_1904),
    )


def _pass_over(layout: Layout, mapping: Mapping) -> None:
    """Leave rows out that the mapping passes over."""
    places = {folded(heading): place for place, heading in enumerate(layout.headings)}
    for rule in mapping.skip:
        place = places[folded(rule.column)]
        layout.body = [
            (number, cells)
            for number, cells in layout.body
            if not rule.holds(cells[place] if place < len(cells) else None)
        ]


def _finish_fields(work: Work, given: AnyMapping[str, str], mapping: Mapping) -> None:
    """What a mapping makes of clean columns: units, compact fields, constants, fields of several columns."""
    amount = next((one for one in work.columns if one.field == "amount"), None)
    if amount is not None and "currency" not in given and "currency" not in mapping.constants:
        ask_about_currency(work, amount)
    for column in work.columns:
        factor = mapping.units.get(column.field)
        if factor is None:
            continue
        ask_about_units(work, column, factor)
        for place, cell in list(work.filled(column)):
            try:
                work.change(column, place, "numbers", plain_text(number_of(shown(cell)) * factor))
            except (ValueError, ArithmeticError):
                continue
    size = len(work.numbers)
    own = {folded(one.name): one for one in work.columns}
    for name, heading in given.items():
        known = own.get(folded(heading))
        if known is not None and known.field != name:
            # a column that serves two fields is there twice
            work.columns.append(Column(heading, list(known.cells), type=known.type, meaning=name, field=name))
        if is_template(heading):
            named = set(map(folded, template_columns(heading)))
            parts = [(folded(one.name), one.cells) for one in work.columns if folded(one.name) in named]
            cells = [fill(heading, {name: cells[place] for name, cells in parts}) for place in range(size)]
            work.columns.append(
                Column(heading, cells, type="name" if name == "name" else "text", meaning=name, field=name)
            )
    for name, value in mapping.constants.items():
        constant = next((one for one in work.columns if one.field == name), None)
        if constant is None:
            work.columns.append(Column(name, [value] * size, meaning=name, field=name))
        else:
            for place in list(work.places()):
                if not shown(constant.cells[place]):
                    constant.cells[place] = value


def _look_across(works: list[Work]) -> None:
    """Records of people against their hire and exit in another file that came along."""
    exits: dict[str, dt.date] = {}
    hires: dict[str, dt.date] = {}
    for work in works:
        key = work.meaning("employee_no")
        for meaning, found in (("exit_date", exits), ("hire_date", hires)):
            column = work.meaning(meaning)
            if key is None or column is None:
                continue
            for place in work.places():
                if (day := day_in(column, place)) and not is_lost(shown(key.cells[place])):
                    found[shown(key.cells[place])] = day
    for work in works:
        if work.on("date_order") and work.meaning("hire_date") is None:
            report_departed(work, exits, hires)


def counts(tables: Sequence[CleanTable]) -> dict[str, int]:
    left_out = Counter(one.rule for table in tables for one in table.cleaned.dropped)
    return {
        "rows": sum(table.cleaned.total for table in tables),
        "rows_out": sum(len(table.cleaned.rows) for table in tables),
        "left_out": sum(left_out.values()),
        "changed": sum(len(one.rows) for table in tables for one in table.cleaned.changes),
        "doubts": sum(len(table.doubts) for table in tables),
    }
