"""What is known of a file before anybody says anything: its template, the meaning of its headings, the dictionary."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from migration.cleaning import Hints
from migration.cleaning.types import guess
from migration.rules import folded, text_of
from migration.services.cells import heading_index
from migration.services.choices import OTHERS
from migration.services.fields import fields_of
from migration.services.mapping import Mapping, template_columns
from migration.services.matching import Seen, are_told, suggest
from migration.services.reading import Table
from migration.services.templates import template_for, with_template
from migration.services.terms import dictionary

#: rows that are looked at for the type of a column
_ROWS = 500


def recognise(table: Table, kind: str, mapping: Mapping) -> tuple[Mapping, list[str]]:
    """The mapping with the template of these headings, else with the columns that mean a field although they are not
    called like it; and what to tell people. A mapping that names columns says everything itself."""
    if mapping.columns or mapping.attributes or mapping.is_complete:
        return mapping, []
    start = heading_index(table, kind, mapping)
    headings = [text_of(cell) for cell in table.rows[start][1]]
    template = template_for([one for one in headings if one], [kind])
    if template is not None:
        return with_template(mapping, template), [_("Mapped as in the template %(name)s.") % {"name": template.name}]
    body = table.rows[start + 1 : start + 1 + _ROWS]
    seen = [
        Seen(heading, *guess(heading, column), is_told=are_told(column))
        for place, heading in enumerate(headings)
        if heading
        for column in [[cells[place] for _number, cells in body if place < len(cells)]]
    ]
    usual = {folded(one) for one in headings}
    columns = {
        name: heading
        for name, heading in suggest(kind, seen).items()
        if name not in mapping.constants and not usual & _usual_headings(kind, name)
    }
    # two columns of a heading are told apart by nobody
    names = [folded(one) for one in headings]
    columns = {
        name: text
        for name, text in columns.items()
        if all(names.count(folded(one)) == 1 for one in template_columns(text) or [text])
    }
    if not columns:
        return mapping, []
    said = ", ".join(f"{' + '.join(template_columns(text)) or text} → {name}" for name, text in columns.items())
    return replace(mapping, columns=columns), [_("Recognised by what they mean: %(columns)s.") % {"columns": said}]


def _usual_headings(kind: str, name: str) -> set[str]:
    """Headings by which the import finds a field itself."""
    return {folded(heading) for one in fields_of(kind) if one.name == name for heading in one.headings}


def with_dictionary(mapping: Mapping, hints: Hints | None) -> Hints:
    """The hints with what words were decided to mean; what the mapping or the hints say themselves comes first."""
    hints = hints or Hints()
    terms = dict(hints.terms)
    for name, words in dictionary().items():
        own = mapping.values.get(name, {})
        if OTHERS in own:
            continue
        said = {**mapping.hints.terms.get(name, {}), **hints.terms.get(name, {})}
        terms[name] = {**{word: meaning for word, meaning in words.items() if word not in own}, **said}
    return replace(hints, terms=terms)
