"""Several files at once: which tables they hold, what each is, and the order in which they come in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.cleaning import find_table
from migration.models import Kind
from migration.services.content import Content
from migration.services.fields import FIELDS, fields_of
from migration.services.inspecting import inventory_of
from migration.services.joining import in_place
from migration.services.mapping import Mapping
from migration.services.saying import say
from migration.services.sources import members_of, passed_over, read_beginnings, read_sources, tables_among
from migration.services.tables import chosen, is_alone
from migration.services.templates import template_for


@dataclass(frozen=True)
class Part:
    """A table with its kind; ``sheet`` is empty where the file has only this one."""

    name: str
    data: bytes
    kind: str
    sheet: str = ""
    #: by its columns: nobody said what it is
    is_guessed: bool = False
    #: of a table that is imported as another kind, too: rows that say nothing of this kind are passed over
    is_further: bool = False
    #: what to say of the file that it stands in
    notes: tuple[str, ...] = ()


def named(given: str, kind: str) -> tuple[Path, str]:
    """``departures=leavers.csv``: the file, and what its rows are; ``kind`` for a plain name."""
    said, separator, path = given.partition("=")
    if separator and said in Kind.values and not Path(given).exists():
        return Path(path), said
    return Path(given), kind


def parts_of(name: str, data: bytes, *, kind: str, mapping: Mapping) -> list[Part]:
    """The tables of a file. With a kind it is one table per file; else every table says by its columns what it is,
    and those that hold nothing known are left out. Raises BadInput where no table is known."""
    parts: list[Part] = []
    passed: list[str] = []
    for member, content in tables_among(members_of(name, data, passed=passed), passed):
        if kind:
            parts.append(Part(member, content, kind))
            continue
        sources = read_sources(name=member, data=content, sheet=mapping.sheet, encoding=mapping.encoding)
        filled = [one for one in sources if one.rows]
        filled = [
            chosen(one, mapping) for one in (filled if is_alone(mapping) else in_place(filled, mapping.heading_row))
        ]
        for source in filled:
            guessed = _kind_of(inventory_of(source, mapping.heading_row), mapping)
            if guessed:
                parts.append(Part(member, content, guessed, source.sheet if len(filled) > 1 else "", is_guessed=True))
    if parts and passed:
        parts[0] = replace(parts[0], notes=(say(passed_over(passed)),))
    if not parts:
        raise BadInput(
            "--as", name, _("What the rows are cannot be told from the columns."),
            _("Say it: --as with one of %s.") % ", ".join(Kind.values),
        )  # fmt: skip
    return parts


def _kind_of(inventory: AnyMapping[str, Any], mapping: Mapping) -> str:
    """What the rows are: as the columns look, else as the template of these headings says."""
    if inventory.get("kind") or mapping.columns:
        return inventory.get("kind", "")
    template = template_for([one["name"] for one in inventory["columns"]], Kind.values)
    return template.kind if template else ""


def in_order(parts: Iterable[Part]) -> list[Part]:
    order = {kind: place for place, kind in enumerate(Kind.values)}
    return sorted(parts, key=lambda one: order[one.kind])


def headings_in(parts: Sequence[Part], mapping: Mapping) -> set[str]:
    """What answers may call the columns of tables that are imported: their headings and fields."""
    found = {*mapping.columns, *mapping.attributes}
    for part in parts:
        found |= {one.name for one in fields_of(part.kind)} if part.kind in FIELDS else set()
        content = Content.of(part.data)
        for source in read_beginnings(name=part.name, content=content, encoding=mapping.encoding):
            layout = find_table(source.rows, source.merged, mapping.heading_row)
            found |= set(layout.headings) if layout else set()
    return found
