"""Sheets of a workbook with the same headings, such as one for each month, as one table: docs/decisions/
sheets-of-the-same-headings-are-one-table.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from migration.cleaning import find_table
from migration.cleaning.headings import line
from migration.cleaning.layout import Layout, Row
from migration.cleaning.meanings import meaning_of
from migration.cleaning.month_names import months_named
from migration.cleaning.text import tidy
from migration.cleaning.work import Say
from migration.rules import BesideRow, SheetRow, folded, text_of
from migration.services.saying import beginning, shown

if TYPE_CHECKING:
    from migration.services.sources import Source

#: between the names of sheets that are read as one table, and so in a mapping
BETWEEN = " + "
#: what the column is called that says the sheet of each row
HEADINGS = ("Sheet", "Sheet name", "Source sheet")
#: headings from which sheets are told to be alike: code and name are those of many lists
_LEAST = 3
#: share of a sheet's rows that stand in an earlier one, from which it is another state of the same, or a copy
_REPEATED = 0.5
#: what a table of persons has, each of whom is there once
_PERSONS = frozenset({"hire_date", "birth_date"})
_PERIOD = re.compile(
    r"(19|20)\d\d|\bQ[1-4]\b|\bKW\s?\d|\b(week|wk|day)\s?\d|[\d一二三四五六七八九十]\s*(月|季度|季|周|日|号)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_NUMBERED = re.compile(r"(.*) \(\d+\)")
_JOINED = gettext_noop(
    "The sheets %(sheets)s have the same headings and are read as one table; its column “%(column)s” says of which "
    "sheet a row is. In a mapping, sheet: %(example)s reads one alone."
)
_LEFT_OUT = gettext_noop("Not read, above, between or below the rows of the sheets: %(lines)s.")
_AGAIN = gettext_noop(
    "Sheet %(sheet)s has the headings of %(first)s, but says most of its rows again: it is a table of its own."
)


@dataclass(frozen=True)
class _Part:
    source: Source
    layout: Layout


def several(sheet: str, known: Iterable[str]) -> list[str]:
    """The sheets that ``Jan + Feb`` names; none where that is no list of sheets."""
    names, parts = set(known), sheet.split(BETWEEN)
    return parts if len(parts) > 1 and sheet not in names and names.issuperset(parts) else []


def joined(sources: Sequence[Source], heading_row: int = 0) -> list[Source]:
    """Those sheets of the same headings as one source, for each group of them; the sources themselves stay as they
    are. What is no table of rows below headings is left alone."""
    groups: dict[tuple[str, frozenset[str]], list[_Part]] = {}
    candidates = [one for one in sources if one.sheet and one.rows and one.table < 2 and not one.total]
    if len({(one.file, one.sheet) for one in candidates}) < 2:
        return []
    for source in candidates:
        layout = find_table(source.rows, source.merged, heading_row)
        if layout is not None and layout.body and _is_plain(layout):
            key = source.file, frozenset(map(folded, layout.headings))
            groups.setdefault(key, []).append(_Part(source, layout))
    found = [_joined(parts[: BesideRow.MOST + 1], heading_row) for parts in groups.values() if len(parts) > 1]
    return [one for one in found if one is not None]


def _is_plain(layout: Layout) -> bool:
    """Whether the rows stand below headings that tell their columns apart, and in one table."""
    names = set(layout.headings)
    twice = any((found := _NUMBERED.fullmatch(one)) and found[1] in names for one in layout.headings)
    return bool(
        layout.heading_rows and len(names) >= _LEAST and layout.tables == 1 and not layout.turned and not twice
        and len(set(map(folded, names))) == len(layout.headings)
    )  # fmt: skip


def _joined(parts: list[_Part], heading_row: int) -> Source | None:
    first, *others = parts
    seen = set(map(_said, _rows_of(first, first.layout.headings)))
    is_of_persons = any(meaning_of(one) in _PERSONS for one in first.layout.headings)
    kept, notes = [first], []
    for part in others:
        rows = list(map(_said, _rows_of(part, first.layout.headings)))
        again = sum(row in seen for row in rows) >= _REPEATED * len(rows)
        if again and (is_of_persons or not _is_period(part.source.sheet)):
            notes.append(Say(_AGAIN, {"sheet": part.source.sheet, "first": first.source.sheet}))
            continue
        seen.update(rows)
        kept.append(part)
    if len(kept) < 2:
        return None
    names = tuple(part.source.sheet for part in kept)
    taken = set(map(folded, first.layout.headings))
    column = next((one for one in HEADINGS if folded(one) not in taken), "")
    if not column:
        return None
    start = first.layout.start + first.layout.heading_rows - 1
    table: list[Row] = [(start, [column, *first.layout.headings])]
    for place, part in enumerate(kept):
        sheet = part.source.sheet
        for number, cells in zip(_numbers(part), _rows_of(part, first.layout.headings), strict=True):
            table.append((SheetRow.on(number, place, sheet), [sheet, *cells]))
    if not _is_found(table, heading_row and start):
        return None
    said = {"sheets": ", ".join(names), "column": column, "example": names[0]}
    notes = [Say(_JOINED, said), *(note for part in kept for note in _notes_of(part)), *_left_out(kept), *notes]
    return replace(first.source, sheet=BETWEEN.join(names), rows=table, merged=[], notes=notes, sheets=names)


def _is_period(sheet: str) -> bool:
    """Whether a sheet is called by a month, a quarter, a week or a year: what is told of each may well be the same."""
    return bool(_PERIOD.search(sheet)) or any(map(months_named, _WORD.findall(sheet)))


def _numbers(part: _Part) -> Iterator[int]:
    return (number for number, _cells in part.layout.body)


def _rows_of(part: _Part, headings: list[str]) -> Iterator[list[Any]]:
    """The cells of the rows in the order of ``headings``, then those beyond."""
    own = {folded(heading): place for place, heading in enumerate(part.layout.headings)}
    places = [own[folded(heading)] for heading in headings]
    width = len(headings)
    for _number, cells in part.layout.body:
        row = [cells[place] if place < len(cells) else None for place in places]
        yield [*row, *cells[width:]]


def _said(cells: list[Any]) -> tuple[str, ...]:
    return tuple(tidy(text_of(cell)) for cell in cells)


def _is_found(rows: list[Row], heading_row: int) -> bool:
    """Whether all rows are found again below the headings: the first sheet's are not taken for others."""
    layout = find_table(rows, (), heading_row)
    return (
        layout is not None and layout.headings == rows[0][1] and len(layout.body) == len(rows) - 1
        and not layout.first_column and not layout.others and layout.tables == 1 and not layout.turned
    )  # fmt: skip


def _notes_of(part: _Part) -> list[Say]:
    """What is said of a sheet, with its name."""
    said = [_(one.text) % one.values for one in part.source.notes]
    return [Say("%(sheet)s: %(said)s", {"sheet": part.source.sheet, "said": text}) for text in said]


def _left_out(parts: Sequence[_Part]) -> list[Say]:
    """The lines of the sheets that are no rows."""
    lines = []
    for part in parts:
        layout = part.layout
        rows = (*layout.above, *layout.units, *layout.notes, *layout.groups)
        own = [(number, line(cells)) for number, cells in rows]
        own += [(one.first, " ".join(one.headings)) for one in layout.others]
        lines += [f"{part.source.sheet}!{number} “{beginning(text)}”" for number, text in own]
    if not lines:
        return []
    return [Say(_LEFT_OUT, {"lines": shown(lines)})]


def in_place(sources: Sequence[Source], heading_row: int = 0) -> list[Source]:
    """The sources with each group of sheets that are one table where the first of them stands."""
    groups = joined(sources, heading_row)
    found = []
    for source in sources:
        group = next((one for one in groups if one.file == source.file and source.sheet in one.sheets), None)
        if group is None:
            found.append(source)
        elif source.sheet == group.sheets[0]:
            found.append(group)
    return found
