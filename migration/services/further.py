"""One table, several kinds: rows that tell of a person may state the salary, the rating and the departure, too.

A table serves a further kind by standing in the upload once more, mapped by the columns that are of that kind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import Kind, UploadTable
from migration.rules import folded
from migration.selectors import imported_as, kinds_of
from migration.services.choices import Choices, choices_of, keep_choices
from migration.services.content import Content
from migration.services.fields import FIELDS
from migration.services.inspecting import inventory_of
from migration.services.mapping import template_columns
from migration.services.matching import Seen, is_named, suggest
from migration.services.resting import hold, hold_tables
from migration.services.sealing import unseal_json
from migration.services.several import Part
from migration.services.sources import read_beginnings
from migration.services.uploads import first_choices
from people.models import User

#: kinds that rows of another one may state besides -> fields that tell, which rows need to say anything of it
TELLING: dict[str, tuple[str, ...]] = {
    Kind.EMPLOYEES: ("name", "hire_date"),
    Kind.ASSIGNMENTS: ("start_date",),
    Kind.LEAVES: ("kind", "start_date"),
    Kind.DEPARTURES: ("exit_date",),
    Kind.RECORDS: ("course", "happened_on"),
    Kind.SCORES: ("score", "happened_on"),
    Kind.KPI: ("score",),
    Kind.RATINGS: ("rating",),
    Kind.SALARIES: ("amount",),
}
#: of these kinds the column must be called so: numbers about people are many
_NAMED = frozenset({Kind.LEAVES, Kind.SCORES, Kind.KPI, Kind.RATINGS})
#: headings that tell nothing beside other columns, by kind: one at least must say more
_VAGUE = {
    Kind.LEAVES: frozenset(
        map(folded, ("Kind", "Type", "类型", "Start date", "Start", "From", "First day", "开始日期", "起始日期"))
    ),
    Kind.SCORES: frozenset(map(folded, ("Score", "Mark", "Grade", "评分", "得分", "分数", "Date", "Day", "日期"))),
}
#: fields that a column may serve in several kinds; a raise begins with the post that it comes with
_SHARED = frozenset({"employee_no", "exit_date"})
_BEGINS = frozenset({Kind.ASSIGNMENTS, Kind.SALARIES})
_PLACE = ("department", "position", "level")


@dataclass(frozen=True)
class Further:
    """A kind of which a table has columns, too. ``columns``: field -> heading; ``own``: headings used by no other."""

    kind: str
    columns: dict[str, str]
    own: list[str]

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)


def further_of(table: UploadTable) -> QuerySet[UploadTable]:
    """The same table for further kinds."""
    found = UploadTable.objects.filter(file=table.file_id, position=table.position, is_further=True)
    return found.exclude(pk=table.pk).order_by("pk")


def propose(
    columns: Sequence[Mapping[str, Any]], served: Mapping[str, Choices], allowed: Collection[str]
) -> list[Further]:
    """Kinds of which a table has columns besides. ``columns`` are those of its inventory, ``served`` the kinds that it
    serves already with their choices, ``allowed`` the kinds that the reader may import."""
    used = {heading for choices in served.values() for heading in _headings(choices)}
    found: list[Further] = []
    for kind in TELLING:
        if not served or kind not in allowed or kind in served:
            continue
        shared = _shared(kind, served)
        seen = [
            Seen(one["name"], one["type"], one["meaning"], one.get("told", False))
            for one in columns
            if one["name"] not in used or one["name"] in shared
        ]
        one = _further(kind, seen, used)
        if one is not None and not (kind == Kind.SCORES and any(other.kind == Kind.RECORDS for other in found)):
            # an exam that is a record of a course is offered as that
            found.append(one)
    return found


def _shared(kind: str, served: Mapping[str, Choices]) -> set[str]:
    """Headings of columns that serve other kinds and may serve ``kind``, too."""
    found = {choices.columns[name] for choices in served.values() for name in _SHARED if name in choices.columns}
    if kind in _BEGINS:
        found |= {served[one].columns.get("start_date", "") for one in _BEGINS if one in served}
    return found - {""}


def _headings(choices: Choices) -> set[str]:
    texts = [*choices.columns.values(), *choices.attributes.values()]
    return {heading for text in texts for heading in template_columns(text) or [text]}


def _further(kind: str, seen: Sequence[Seen], used: Collection[str]) -> Further | None:
    columns = suggest(kind, seen)
    if "employee_no" not in columns or any(name not in columns for name in TELLING[kind]):
        return None
    if kind == Kind.ASSIGNMENTS and not any(name in columns for name in _PLACE):
        return None
    told = [columns[name] for name in TELLING[kind]]
    if kind in _NAMED and not all(_is_called_so(kind, name, columns[name], seen) for name in TELLING[kind]):
        return None
    if kind in _VAGUE and all(folded(heading) in _VAGUE[Kind(kind)] for heading in told):
        return None
    own = [heading for text in columns.values() for heading in template_columns(text) or [text] if heading not in used]
    return Further(kind, columns, own) if own else None


def _is_called_so(kind: str, name: str, heading: str, seen: Sequence[Seen]) -> bool:
    field = next(one for one in FIELDS[kind] if one.name == name)
    return any(is_named(field, one) for one in seen if one.name == heading)


def notes_besides(*, name: str, data: bytes, kinds: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """For whoever imports the file ``name`` by command as rows of ``kinds``: what it has columns of besides.

    ``columns``: field of the first kind -> heading, or headings with `` + `` between, as the import read them."""
    kind = kinds[0]
    if kind not in TELLING or kind in (Kind.RECORDS, Kind.SCORES):
        return []
    headings = {one: heading for one, heading in columns.items() if " + " not in heading}
    parts = {f"{one}-{n}": part for one, text in columns.items() for n, part in enumerate(text.split(" + "))}
    used = dict.fromkeys(kinds, Choices()) | {kind: Choices(columns={**parts, **headings})}
    notes = []
    for source in read_beginnings(name=name, content=Content.of(data)):
        for one in propose(inventory_of(source)["columns"], used, list(Kind.values)):
            said = {"kind": one.label, "columns": ", ".join(one.own), "argument": f"{one.kind}={name}"}
            notes.append(_("It also has columns of %(kind)s (%(columns)s): name it once more, %(argument)s.") % said)
    return notes


def with_further(parts: Sequence[Part]) -> list[Part]:
    """Mark the parts whose table stands there before as another kind, or came as one in an earlier import."""
    found: list[Part] = []
    for one in parts:
        is_again = any((one.name, one.sheet) == (other.name, other.sheet) and one.data == other.data for other in found)
        if not is_again and not one.sheet and one.kind != Kind.EMPLOYEES:
            is_again = bool(imported_as(Content.of(one.data).sha256) - {one.kind})
        found.append(replace(one, is_further=is_again))
    return found


def used_elsewhere(table: UploadTable) -> set[str]:
    """Headings of columns that ``table`` serves other kinds with."""
    same = UploadTable.objects.filter(file=table.file_id, position=table.position).exclude(pk=table.pk)
    return {heading for one in same for heading in _headings(choices_of(one))}


def proposals(table: UploadTable, user: User) -> list[Further]:
    """What ``table`` could bring besides, of what ``user`` may import."""
    if table.kind not in Kind.values or table.is_skipped:
        return []
    served = {one.kind: choices_of(one) for one in (table, *further_of(table))}
    return propose(unseal_json(table.inventory)["columns"], served, kinds_of(user))


@transaction.atomic
def add_further(*, table: UploadTable, kind: str, actor: User) -> UploadTable:
    """Let ``table`` serve ``kind`` as well. Raises BadInput where it has no columns of it, or ``actor`` may not."""
    table = hold_tables([table])[table.pk]
    found = next((one for one in proposals(table, actor) if one.kind == kind), None)
    if found is None:
        raise BadInput("kind", kind, _("This table has no further columns of that kind."), _("Choose one of the list."))
    further = UploadTable.objects.create(
        file=table.file, member=table.member, sheet=table.sheet, position=table.position, kind=kind, is_further=True,
        inventory=table.inventory,
    )  # fmt: skip
    choices = first_choices(further, unseal_json(table.inventory))
    if not choices.template:
        # what the table says first stays with that: only what it says besides is of this kind
        choices = Choices(columns=found.columns)
    given = choices_of(table).file_mapping
    if given.encoding or given.heading_row:
        choices.mapping = _where(given.encoding, given.heading_row)
    choices.needs, choices.is_mapped = _needs(kind, choices), True
    keep_choices(further, choices, actor=actor)
    return further


def _needs(kind: str, choices: Choices) -> list[str]:
    """Fields without which a row says nothing of ``kind``: a day alone is no place."""
    place = next((name for name in _PLACE if name in choices.columns), "") if kind == Kind.ASSIGNMENTS else ""
    return [*TELLING[kind], *([place] if place else [])]


def _where(encoding: str, heading_row: int) -> str:
    """What a mapping file said of how the table is read."""
    lines = [f"encoding: {encoding}"] if encoding else []
    return "\n".join([*lines, f"heading_row: {heading_row}"] if heading_row else lines)


@transaction.atomic
def remove_further(*, table: UploadTable, kind: str, actor: User) -> None:
    """Let ``table`` serve ``kind`` no more; there is nothing to do where it does not."""
    hold(table.file.upload_id)
    further_of(table).filter(kind=kind).delete()
