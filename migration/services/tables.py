"""The tables of a sheet: the one that is read, those above, below and beside it, and one that lies on its side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hrsuite.lib.errors import BadInput
from migration.cleaning import find_table
from migration.cleaning.sideways import stood_up
from migration.cleaning.work import Say
from migration.services.joining import BETWEEN, joined, several
from migration.services.mapping import Mapping
from migration.services.sources import LARGE, Source

#: what a mapping says of ``turned``
YES, NO = "yes", "no"
_TURNED = gettext_noop(
    "The table lay on its side and was turned: row numbers are those of its columns, counted from 1."
)


def standing(source: Source, mapping: Mapping) -> Source:
    """The table turned where it plainly lies on its side, or where the mapping says so."""
    if mapping.turned == NO or (mapping.heading_row and mapping.turned != YES):
        return source
    rows = stood_up(source.rows, is_sure=mapping.turned == YES)
    if not rows:
        return source
    return replace(source, rows=rows, merged=[], open_end=0, broken={}, notes=[*source.notes, Say(_TURNED)])


def with_others(sources: Iterable[Source], mapping: Mapping) -> list[Source]:
    """The sources standing, then the other tables of their sheets, then sheets of the same headings as one table."""
    found = [standing(source, mapping) for source in sources]
    others = (other for source in found for other in others_of(source, mapping))
    return [*found, *others, *together(found, mapping)]


def together(sources: Sequence[Source], mapping: Mapping) -> list[Source]:
    """Sheets that are read as one table where somebody waits: what all of them have is not too much for that."""
    if is_alone(mapping) or (mapping.sheet and BETWEEN not in mapping.sheet):
        return []
    named = several(mapping.sheet, [one.sheet for one in sources])
    groups = joined([one for one in sources if not named or one.sheet in named], mapping.heading_row)
    return [one for one in groups if len(one.rows) <= LARGE]


def is_alone(mapping: Mapping) -> bool:
    """Whether a mapping says of which table of a sheet it speaks, or how that lies."""
    return mapping.table > 1 or bool(mapping.turned)


def others_of(source: Source, mapping: Mapping) -> list[Source]:
    """The tables of a sheet that are not read by themselves; the first is its table 2."""
    layout = None if source.total or not source.rows else find_table(source.rows, source.merged, mapping.heading_row)
    return [
        replace(source, rows=one.rows, table=number, notes=[], open_end=min(source.open_end, one.last))
        for number, one in enumerate(layout.others if layout else (), 2)
    ]


def chosen(source: Source, mapping: Mapping) -> Source:
    """The table that the mapping names. Raises BadInput where the sheet has none such."""
    source = standing(source, mapping)
    if mapping.table < 2:
        return source
    others = others_of(source, mapping)
    if mapping.table - 2 >= len(others):
        raise BadInput(
            "table", mapping.table, _("The sheet has no such table."),
            _("Tables of the sheet: 1 to %(count)s.") % {"count": len(others) + 1},
        )  # fmt: skip
    return others[mapping.table - 2]
