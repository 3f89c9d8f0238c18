"""A table by all rules, those across rows too, before it is imported: commands clean as pages do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.templatetags.suite import points
from migration.cleaning import RULES, Doubt, Hints, find_table
from migration.cleaning.layout import Layout
from migration.cleaning.work import DROP, KEEP, WHOLE_ROW
from migration.rules import folded, text_of
from migration.services import sources
from migration.services.answers import check_decided
from migration.services.cells import Reader, check_fields, heading_index, known_headings
from migration.services.choices import OTHERS
from migration.services.cleansing import CleanTable, clean_tables
from migration.services.fields import Type
from migration.services.kept import Looked
from migration.services.mapping import Mapping, template_columns
from migration.services.preparing import stated
from migration.services.reading import Table
from migration.services.recognising import recognise, with_dictionary
from migration.services.saying import above_headings, doubtful, mend_of, say
from migration.services.sources import Source
from migration.services.terms import own_spellings

#: rules whose doubts are cells that are no value of their type
_UNREADABLE = frozenset({"dates", "numbers", "truth", "clock_times"})
#: what is left out because it is there already
_MERGING = frozenset({"duplicates"})


@dataclass(frozen=True)
class Whole:
    """A clean table, ready for the import. ``refuse``: rows in doubt; ``raw``: the cells as they came, by row;
    ``own``: those of rows that no rule moved; ``merged``: rows that repeat another, ``left_out``: those that are none.
    """

    table: Table
    mapping: Mapping
    refuse: list[RowProblem] = field(default_factory=list)
    raw: dict[int, list[Any]] = field(default_factory=dict)
    own: AnyMapping[int, list[Any]] = field(default_factory=dict)
    merged: int = 0
    left_out: int = 0


def is_whole(rows: int) -> bool:
    """Whether the rows of a table are compared with each other: those of larger ones are not."""
    return rows <= sources.LARGE


def look_at_whole(source: Source, notes: Sequence[str], kind: str, mapping: Mapping, hints: Hints | None) -> Whole:
    """The table of ``source`` clean, with the mapping that is left to say. Raises BadInput."""
    check_fields(kind, mapping)
    layout, heading_row = _layout(source, kind, mapping)
    start = layout.start + layout.heading_rows - 1
    head = Table(source.name, [(start, list(layout.headings)), *layout.body])
    known, said = recognise(head, kind, replace(mapping, heading_row=start))
    reader = Reader(source.name, kind, known, layout.headings)
    says_part = bool(known.needs)
    # with the rows that say nothing of this kind
    known = reader.mapping
    _check_twice(source, layout, reader)
    columns = {name: layout.headings[place] for name, place in reader.place_of.items()} | reader.template_of
    hints = _with_spellings(with_dictionary(known, hints), [*columns, *known.attributes])
    clean = clean_tables([(source, kind, _for_cleaning(known, columns, heading_row), hints)])[0]
    check_decided(clean.cleaned, hints, source.name)
    rows: list[tuple[int, list[Any]]] = [(start, list(layout.headings))]
    width = len(layout.headings)
    rows += [(number, list(cells[:width])) for number, cells in clean.cleaned.rows]
    passed_over = len(clean.raw) - len(clean.work.numbers)
    if len(rows) == 1 and passed_over:
        raise BadInput("file", source.name, _("No row is left to import."), _("Look at the rows left out."))
    if len(rows) == 1:
        raise BadInput(
            "file", source.name, _("There are headings, but no rows."), _("Choose the file that has the rows.")
        )
    merged = merged_in(clean)
    told = _told(clean)
    if passed_over and says_part:
        text = ngettext("%(n)s row says nothing of this kind.", "%(n)s rows say nothing of this kind.", passed_over)
        told.append(text % {"n": points(passed_over)})
    return Whole(
        table=Table(source.name, rows, list(dict.fromkeys([*notes, *said, *told]))),
        mapping=_for_import(known, columns, start),
        refuse=_refused(clean, columns, known, reader),
        raw=clean.raw,
        own=own_cells(clean),
        merged=merged,
        left_out=len(clean.cleaned.dropped) - merged + passed_over,
    )


def _layout(source: Source, kind: str, mapping: Mapping) -> tuple[Layout, int]:
    """The table, and the row of its headings where it had to be said: the row that has most of the kind's headings,
    if the look of the table alone would take one that has fewer."""
    layout = find_table(source.rows, source.merged, mapping.heading_row)
    at = heading_index(Table(source.name, source.rows), kind, mapping)
    names = known_headings(kind, mapping)
    number, cells = source.rows[at]
    best = sum(folded(text_of(cell)) in names for cell in cells)
    if layout is None or sum(folded(one) in names for one in layout.headings) < best:
        layout = find_table(source.rows, source.merged, number)
        mapping = replace(mapping, heading_row=number)
    if layout is None or not layout.body:
        raise BadInput(
            "file", source.name, _("There are headings, but no rows."), _("Choose the file that has the rows.")
        )
    return layout, mapping.heading_row


def _check_twice(source: Source, layout: Layout, reader: Reader) -> None:
    if layout.heading_rows > 1:
        return
    cells = next(cells for number, cells in source.rows if number == layout.start)
    count = Counter(folded(text_of(cell)) for cell in cells)
    for place in reader.place_of.values():
        heading = layout.headings[place]
        if count[folded(heading)] > 1 and layout.tables == 1:
            raise BadInput("file", heading, _("Two columns have this heading."), _("Rename one of them, or remove it."))


def _with_spellings(hints: Hints, names: Sequence[str]) -> Hints:
    """The suite's own spellings under what was said."""
    terms = {name: dict(words) for name, words in hints.terms.items()}
    for name in names:
        if words := {**own_spellings(name), **terms.get(name, {})}:
            terms[name] = words
    return replace(hints, terms=terms)


def _for_cleaning(mapping: Mapping, columns: dict[str, str], heading_row: int) -> Mapping:
    """Words with a meaning for all others are left to the import, which knows the rest."""
    values = {name: words for name, words in mapping.values.items() if OTHERS not in words}
    return replace(
        mapping, columns=columns, constants=stated(mapping.constants), values=values, heading_row=heading_row
    )


def _for_import(mapping: Mapping, columns: dict[str, str], start: int) -> Mapping:
    """Units, dates and words are done."""
    return replace(
        mapping,
        heading_row=start,
        columns=columns,
        values={name: words for name, words in mapping.values.items() if OTHERS in words},
        dates={},
        units={},
        skip=(),
        compact=frozenset(),
        hints=Hints(off=frozenset(RULES)),
        is_complete=True,
    )


def _told(clean: CleanTable) -> list[str]:
    found = [say(one) for one in (*clean.cleaned.notes, *above_headings(clean.layout.above))]
    count = sum(len(one.rows) for one in clean.cleaned.changes)
    if count:
        said = ngettext(
            "%(n)s cell was cleaned: a report says how.", "%(n)s cells were cleaned: a report says how.", count
        )
        found.append(said % {"n": points(count)})
    return found


def _refused(clean: CleanTable, columns: dict[str, str], mapping: Mapping, reader: Reader) -> list[RowProblem]:
    """Rows that wait for a decision."""
    return [_problem(one, reader) for one in to_decide(clean.doubts, {**columns, **mapping.attributes})]


def own_cells(clean: CleanTable | Looked) -> dict[int, list[Any]]:
    """The cells as they came of rows that no rule moved: identifiers are made of them."""
    moved = {row for one in clean.cleaned.changes if one.rule == "shifted_rows" for row in one.rows}
    return {number: cells for number, cells in clean.raw.items() if number not in moved}


def merged_in(clean: CleanTable | Looked) -> int:
    """How many rows were left out because another one of the table says all of them."""
    return sum(one.rule in _MERGING for one in clean.cleaned.dropped)


def to_decide(doubts: Iterable[Doubt], columns: AnyMapping[str, str]) -> list[Doubt]:
    """The doubts about columns that serve something, and about whole rows. ``columns``: field or attribute -> heading,
    or template of headings."""
    used = {folded(part) for text in columns.values() for part in template_columns(text) or [text]}
    return [one for one in doubts if one.column in columns or folded(one.column) in used or one.column == WHOLE_ROW]


def _problem(doubt: Doubt, reader: Reader) -> RowProblem:
    if doubt.column == WHOLE_ROW:
        mend = _("Mend the row, or answer keep or drop in a list of decisions.")
        if offered := [one for one in doubt.candidates if one not in (KEEP, DROP)]:
            mend = _("It can be: %(candidates)s.") % {"candidates": " | ".join(offered)}
        return RowProblem(doubt.row, "–", "", say(doubt.reason), mend)
    problem = doubtful(doubt)
    type_ = next((one.type for one in reader.fields if one.name == doubt.column), Type.TEXT)
    return replace(
        problem,
        column=reader.heading_of.get(doubt.column, doubt.column),
        mend=mend_of(type_) if not doubt.candidates and doubt.rule in _UNREADABLE else problem.mend,
    )
