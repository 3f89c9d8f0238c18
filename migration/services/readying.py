"""The tables of an upload, cleaned as people decided: what the pages show of them, and how they are imported."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.templatetags.suite import points
from migration.cleaning import Cleaned
from migration.models import Kind, Upload, UploadTable
from migration.services.choices import (
    CREATED,
    OTHERS,
    Choices,
    choices_of,
    cleaning_mapping,
    encodings_in,
    hints_of_choices,
    import_mapping,
)
from migration.services.cleansing import CleanTable, clean_tables
from migration.services.content import Content, is_long_text
from migration.services.fields import Field, fields_of
from migration.services.further import used_elsewhere
from migration.services.importing import Progress, Report, import_content, import_table, nobody_asks
from migration.services.inspecting import told
from migration.services.kept import Looked, Said, kept_or_new
from migration.services.mapping import Mapping, is_template, template_columns
from migration.services.matching import Seen, resembling
from migration.services.reading import Table
from migration.services.saying import say
from migration.services.sealing import content_of_file, unseal_json
from migration.services.sources import Source, member_of, read_beginnings
from migration.services.tables import with_others
from migration.services.terms import WORDED, Word, dictionary, known_words, own_spellings, unknown_words
from migration.services.whole import merged_in, own_cells, to_decide
from people.models import User


@dataclass
class Ready:
    """A table with what was decided about it, clean. ``words``: those that nobody has decided yet."""

    table: UploadTable
    choices: Choices
    clean: Looked
    words: list[Word] = field(default_factory=list)
    #: fields of which the suite has no word yet
    first: frozenset[str] = frozenset()

    @property
    def heading_row(self) -> int:
        return self.clean.heading_row

    @property
    def is_beginning(self) -> bool:
        """The table is so large that pages see its beginning; the import reads it all."""
        return bool(self.clean.total)

    @property
    def left_out(self) -> int:
        """Rows of the table that are not imported: repeated, sums, notes, or left out by decision."""
        cleaned = self.clean.cleaned
        return cleaned.total - len(cleaned.rows) + self.clean.passed_over

    def let_go(self) -> None:
        """Forget the rows of the beginning: a large table is read anew."""
        self.clean.cleaned = Cleaned([], [], [], [], [])
        self.clean.raw.clear()

    def heading_of(self, title: str) -> str:
        """What the file calls a column that doubts and changes name by its field."""
        given = self.choices.columns.get(title, title)
        return " + ".join(template_columns(given)) if is_template(given) else given


def inventory(table: UploadTable) -> dict[str, Any]:
    """What it holds, as it was looked at, in the reader's language."""
    return told(unseal_json(table.inventory))


def headings_of(table: UploadTable) -> list[str]:
    return [one["name"] for one in inventory(table)["columns"]]


def missing_fields(table: UploadTable, choices: Choices) -> list[Field]:
    """Fields that every row needs and that have neither a column nor a constant."""
    if table.kind not in Kind.values:
        return []
    return [
        one
        for one in fields_of(table.kind)
        if one.required and one.name not in choices.columns and one.name not in choices.constants
    ]


#: who works somewhere needs all of these; a band stands for a level
_PLACE = ("department", "position", "level")
#: columns that resemble one field and are named
_ALIKE = 5


def wanted_fields(table: UploadTable, choices: Choices) -> list[Field]:
    """Fields that rows of people who are new need beside those that are served."""
    served = {*choices.columns, *choices.constants}
    if "band" in served:
        served.add("level")
    if table.kind not in (Kind.EMPLOYEES, Kind.ASSIGNMENTS) or not served & {*_PLACE}:
        return []
    return [one for one in fields_of(table.kind) if one.name in _PLACE and one.name not in served]


def unmapped(table: UploadTable, choices: Choices) -> list[str]:
    """Columns that serve nothing."""
    used = [*choices.columns.values(), *choices.attributes.values()]
    names = {name for text in used for name in (template_columns(text) or [text])}
    return [name for name in headings_of(table) if name not in names]


def may_serve(table: UploadTable, choices: Choices) -> list[tuple[str, Field]]:
    """Columns that serve nothing, though by their headings they can be fields that no column serves."""
    served = {*choices.columns, *choices.constants, *choices.attributes}
    fields = [one for one in fields_of(table.kind) if one.name not in served]
    left, elsewhere = set(unmapped(table, choices)), used_elsewhere(table)
    seen = [
        Seen(one["name"], one["type"], one["meaning"])
        for one in inventory(table)["columns"]
        if one["name"] in left and one["name"] not in elsewhere
    ]
    found = [(one.name, resembling(fields, one)) for one in seen]
    likely = [(name, field) for name, field in found if field is not None]
    # what many columns may be is told by none of them
    often = Counter(field.name for _name, field in likely)
    return [(name, field) for name, field in likely if often[field.name] <= _ALIKE]


def tables_of(upload: Upload) -> list[UploadTable]:
    """Those that are to be imported, in the order in which they lean on each other."""
    order = {kind: place for place, kind in enumerate(Kind.values)}
    tables = UploadTable.objects.filter(file__upload=upload, is_skipped=False).select_related("file")
    return sorted(tables, key=lambda one: (order.get(one.kind, len(order)), one.file_id, one.position, one.pk))


def ready_tables(tables: Iterable[UploadTable]) -> list[Ready]:
    """Read and clean the tables. Raises BadInput where a file or a choice cannot be used any more."""
    tables = [one for one in tables if one.kind]
    words = dictionary()
    said = [(table, choices, _terms(choices, words)) for table in tables for choices in [choices_of(table)]]
    found = []
    for (table, choices, _words), clean in zip(said, kept_or_new(said, lambda: _clean(said)), strict=True):
        if table.is_further:
            _ask_once(clean)
        clean.cleaned.doubts[:] = to_decide(clean.doubts, {**choices.columns, **choices.attributes})
        ready = Ready(table, choices, clean, first=frozenset(name for name in CREATED if not known_words(name)))
        ready.words = _undecided(ready)
        found.append(ready)
    return found


def _same(tables: Sequence[UploadTable]) -> dict[int, int]:
    """Place of each table that stands in the upload once more -> place of the table itself."""
    own = {(one.file_id, one.position): place for place, one in enumerate(tables) if not one.is_further}
    return {
        place: own[one.file_id, one.position]
        for place, one in enumerate(tables)
        if one.is_further and (one.file_id, one.position) in own
    }


def _clean(said: Sequence[Said]) -> list[CleanTable]:
    tables = [table for table, _choices, _terms in said]
    sources = _sources(tables)
    given = [
        (sources[table.pk], table.kind, cleaning_mapping(table.kind, choices), hints_of_choices(choices, terms))
        for table, choices, terms in said
    ]
    return clean_tables(given, _same(tables))


def _ask_once(clean: Looked) -> None:
    """The same table of another kind asks about its other columns."""
    used = {one.title for one in clean.cleaned.columns if one.field}
    clean.cleaned.doubts[:] = [one for one in clean.cleaned.doubts if not one.column or one.column in used]


def _sources(tables: Sequence[UploadTable]) -> dict[int, Source]:
    found: dict[int, Source] = {}
    for file in {table.file_id: table.file for table in tables}.values():
        mine = [table for table in tables if table.file_id == file.pk]
        said = choices_of(mine[0]).file_mapping
        read = read_beginnings(
            name=file.name, content=content_of_file(file), encoding=said.encoding, encodings=encodings_in(file)
        )
        sources = with_others(read, said)
        found |= {table.pk: sources[table.position] for table in mine}
    return found


def _terms(choices: Choices, terms: AnyMapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The dictionary for the fields that the table has, over the suite's own spellings."""
    names = [*choices.columns, *choices.attributes]
    found = {name: {**own_spellings(name), **terms.get(name, {})} for name in names}
    # where nothing is said of a column, its cells need not be kept to be looked at
    return {name: words for name, words in found.items() if words}


def _undecided(ready: Ready) -> list[Word]:
    found = []
    for place, column in enumerate(ready.clean.cleaned.columns):
        if column.field in WORDED and OTHERS not in ready.choices.file_mapping.values.get(column.field, {}):
            counts = Counter(cells[place] for _number, cells in ready.clean.cleaned.rows if cells[place])
            new = ready.choices.new.get(column.field, [])
            found += [one for one in unknown_words(column.field, counts) if one.word not in new]
    return found


# --- importing --------------------------------------------------------------------------------------------------------
def import_ready(
    ready: Ready,
    *,
    actor: User | None,
    dry_run: bool = False,
    skip_bad: bool = False,
    with_changes: bool = False,
    progress: Progress = nobody_asks,
) -> Report:
    """Import a table as its pages showed it; a large one as a whole, by the rules for cells. Raises BadInput."""
    if ready.is_beginning and not with_changes:
        return _import_large(ready, actor, dry_run=dry_run, skip_bad=skip_bad, progress=progress)
    cleaned, headings = ready.clean.cleaned, ready.clean.headings
    width = len(headings)
    rows: list[tuple[int, list[Any]]] = [(ready.heading_row, list(headings))]
    rows += [(number, list(cells[:width])) for number, cells in cleaned.rows]
    if len(rows) == 1:
        raise BadInput("file", str(ready.table), _("No row is left to import."), _("Look at the rows left out."))
    mapping = _mapping(ready)
    merged = merged_in(ready.clean)
    return import_table(
        table=Table(str(ready.table), rows, _left_out(ready)),
        sha256=_sha256(ready.table), kind=ready.table.kind, actor=actor, mapping=mapping, refuse=_refused(ready),
        raw=ready.clean.raw, own=own_cells(ready.clean), left_out=ready.left_out - merged, merged=merged,
        dry_run=dry_run, skip_bad=skip_bad, with_changes=with_changes, progress=progress,
    )  # fmt: skip


def _mapping(ready: Ready) -> Mapping:
    mapping = import_mapping(ready.table.kind, ready.choices, ready.heading_row, ready.first)
    return replace(mapping, elsewhere=frozenset(used_elsewhere(ready.table)))


def _sha256(table: UploadTable) -> str:
    """Of the file that the table stands in, as commands tell it: of a zip the one inside."""
    file = table.file
    if not table.member or table.member == file.name:
        return file.sha256
    return hashlib.sha256(member_of(file.name, content_of_file(file).read(), table.member)).hexdigest()


def _import_large(ready: Ready, actor: User | None, *, dry_run: bool, skip_bad: bool, progress: Progress) -> Report:
    """Its rows are read as a stream, with the same columns, words, answers and rules for cells."""
    file, choices = ready.table.file, ready.choices
    said = choices.file_mapping
    mapping = replace(
        _mapping(ready),
        hints=said.hints, sheet=ready.table.sheet, encoding=said.encoding, values=said.values, dates=said.dates,
        units=said.units, empty=said.empty, skip=said.skip, compact=said.compact,
    )  # fmt: skip
    ready.let_go()
    content = content_of_file(file, is_apart=True)
    if not is_long_text(file.name, file.size):
        content = Content.of(member_of(file.name, content.read(), ready.table.member))
    return import_content(
        name=ready.table.member, content=content, kind=ready.table.kind, actor=actor, mapping=mapping,
        hints=hints_of_choices(choices, _terms(choices, dictionary())), dry_run=dry_run, skip_bad=skip_bad,
        progress=progress,
    )  # fmt: skip


def _left_out(ready: Ready) -> list[str]:
    """What to say of rows that are not imported and nobody is asked about."""
    passed = ready.clean.passed_over
    count = ready.left_out - passed
    said = []
    if count:
        text = ngettext("%(n)s row is left out by the cleaning.", "%(n)s rows are left out by the cleaning.", count)
        said.append(text % {"n": points(count)})
    if passed:
        text = ngettext("%(n)s row says nothing of this kind.", "%(n)s rows say nothing of this kind.", passed)
        said.append(text % {"n": points(passed)})
    return said


def _refused(ready: Ready) -> list[RowProblem]:
    """Rows that wait for a decision."""
    found = [
        RowProblem(
            one.row, ready.heading_of(one.column) or "–", one.value, say(one.reason), _("Decide it under Clean.")
        )
        for one in ready.clean.doubts
    ]
    undecided = {(one.field, one.word) for one in ready.words}
    for place, column in enumerate(ready.clean.cleaned.columns):
        if column.field in WORDED and undecided:
            found += [
                RowProblem(
                    number, ready.heading_of(column.field), cells[place], _("The suite does not know this word."),
                    _("Decide it under Words."),
                )
                for number, cells in ready.clean.cleaned.rows
                if (column.field, cells[place]) in undecided
            ]  # fmt: skip
    return found


@dataclass
class Tried:
    """What the import of a table would do, or why it cannot be done."""

    ready: Ready
    report: Report | None = None
    error: BadInput | None = None


def try_import(readies: Sequence[Ready], *, actor: User) -> list[Tried]:
    """Import everything in its order, the good rows alone, and take it all back: later tables see what earlier ones
    bring, and control totals are real."""
    tried = []
    with transaction.atomic():
        for ready in readies:
            try:
                tried.append(Tried(ready, import_ready(ready, actor=actor, skip_bad=True, with_changes=True)))
            except BadInput as error:
                tried.append(Tried(ready, error=error))
        transaction.set_rollback(True)
    return tried
