"""Doubts as questions: one for all cells that are alike, in whichever table of the upload they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hrsuite.lib.errors import BadInput
from migration.cleaning import Doubt, Say
from migration.cleaning.contradictions import NEVER
from migration.cleaning.work import DROP, KEEP, WHOLE_ROW
from migration.models import Kind, UploadTable
from migration.rules import date_of, folded, minutes_of, number_of, row_name, sheet_of, text_of, truth_of, whole_of
from migration.services.cells import is_error
from migration.services.fields import Field, Type, fields_of
from migration.services.readying import Ready
from migration.services.saying import say
from people.selectors import today
from people.services.attributes import read_value

#: rows that a question names, and cells that show what a row is about
_ROWS, _CELLS = 8, 4
#: reasons that a group names
_REASONS = 2
#: rules whose doubts an order of day and month can settle
OF_DATES = ("dates", "swapped_dates")
#: kinds that refuse a row that says exactly what another one says: nobody can tell whether it happened twice. Others
#: refuse one that says something else of the same
_ONCE = frozenset({Kind.RECORDS, Kind.SCORES})
#: what the same field means otherwise: a course's name is nobody's
_OTHER_NAMES = {(Kind.COURSES, "name"): "course"}

#: file and position: a table, however many kinds it serves
Place = tuple[int, int]


def place_of(table: UploadTable) -> Place:
    return table.file_id, table.position


@dataclass
class Part:
    """The cells of a question in one table; ``column`` is what the cleaning calls it there."""

    ready: Ready
    column: str
    rows: list[int] = field(default_factory=list)


@dataclass
class Question:
    """Cells with the same value and candidates that are in doubt by the same rule, or a whole row."""

    key: str
    value: str
    candidates: tuple[str, ...]
    why: Say
    #: of the first row, to know it by
    about: str
    #: whether cells may stay, or be emptied: what the import refuses all the same may not
    can_keep: bool
    can_empty: bool
    is_row: bool = False
    parts: list[Part] = field(default_factory=list)

    @property
    def reason(self) -> str:
        return say(self.why)

    @property
    def offered(self) -> list[tuple[int, str]]:
        """(place among the candidates, text) of those that say what a cell, or the cells of a row, are."""
        is_row = self.parts[0].column == WHOLE_ROW
        return [(place, one) for place, one in enumerate(self.candidates) if not (is_row and one in (KEEP, DROP))]

    @property
    def shown(self) -> str:
        """The value, or what people call the row."""
        row = self.parts[0].rows[0]
        return row_name(row) if self.is_row and sheet_of(row) else self.value

    def where(self) -> list[tuple[str, list[str], bool]]:
        """(table, its first rows, whether there are more), each table once for all kinds that it serves."""
        return [
            (str(part.ready.table), list(map(row_name, part.rows[:_ROWS])), len(part.rows) > _ROWS)
            for part in self._once().values()
        ]

    @property
    def cells(self) -> int:
        return sum(len(part.rows) for part in self._once().values())

    def _once(self) -> dict[Place, Part]:
        found: dict[Place, Part] = {}
        for part in self.parts:
            known = found.get(place_of(part.ready.table))
            if known is None or len(known.rows) < len(part.rows):
                found[place_of(part.ready.table)] = part
        return found


@dataclass
class Group:
    """All questions of a rule about a column; an empty column means whole rows."""

    key: str
    rule: str
    column: str
    heading: str
    questions: list[Question] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return sum(one.cells for one in self.questions)

    @property
    def reason(self) -> str:
        """Why they are in doubt, what most cells are in doubt for first; what only one is about is left out."""
        if len({one.reason for one in self.questions}) == 1:
            return self.questions[0].reason
        cells: dict[str, int] = {}
        for one in self.questions:
            text = say(Say(one.why.text, dict.fromkeys(one.why.values, "…")))
            cells[text] = cells.get(text, 0) + one.cells
        return " ".join(sorted(cells, key=lambda text: -cells[text])[:_REASONS])

    @property
    def tables(self) -> list[str]:
        parts = [part.ready.table for one in self.questions for part in one.parts]
        return [str(one) for one in {place_of(table): table for table in parts}.values()]

    @property
    def is_dates(self) -> bool:
        return self.rule in OF_DATES

    @property
    def has_candidates(self) -> bool:
        return any(one.offered for one in self.questions)

    @property
    def can_keep(self) -> bool:
        return all(one.can_keep for one in self.questions)

    @property
    def can_empty(self) -> bool:
        return bool(self.column) and all(one.can_empty for one in self.questions)

    def parts(self) -> Iterator[Part]:
        return (part for one in self.questions for part in one.parts)


class Names:
    """What the tables of an upload call the same: a column by its field, and by its heading within a file."""

    def __init__(self, readies: Sequence[Ready]) -> None:
        self._of: dict[tuple[Place, str], str] = {}
        self.kinds: dict[Place, set[str]] = {}
        for ready in readies:
            self.kinds.setdefault(place_of(ready.table), set()).add(ready.table.kind)
            for column in ready.clean.cleaned.columns:
                self._of.setdefault(self._at(ready, column.title), self._own(ready, column.title))

    def of(self, ready: Ready, title: str) -> str:
        return self._of.get(self._at(ready, title)) or self._own(ready, title) if title else WHOLE_ROW

    def _at(self, ready: Ready, title: str) -> tuple[Place, str]:
        return place_of(ready.table), folded(ready.heading_of(title))

    def _own(self, ready: Ready, title: str) -> str:
        if title in ready.choices.columns:
            return _OTHER_NAMES.get((Kind(ready.table.kind), title), title)
        return folded(title)


def key_of(*parts: object) -> str:
    said = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:16]


def groups_of(readies: Sequence[Ready]) -> list[Group]:
    """The questions that are open, those about most cells first."""
    names = Names(readies)
    groups: dict[str, Group] = {}
    questions: dict[str, Question] = {}
    for ready in readies:
        fields = {one.name: one for one in fields_of(ready.table.kind)}
        for one in ready.clean.doubts:
            name = names.of(ready, one.column)
            can_keep = _can_keep(one, fields.get(one.column), names.kinds[place_of(ready.table)])
            # rows are no cells of a value: each stands for itself, and some may stay where others may not
            row = place_of(ready.table) if one.column == WHOLE_ROW else ()
            key = key_of("all", one.rule, name, can_keep if row else "")
            group = groups.setdefault(key, Group(key, one.rule, name, ready.heading_of(one.column)))
            own = key_of("one", one.rule, name, one.value, row, *one.candidates)
            question = questions.get(own)
            if question is None:
                question = questions[own] = Question(
                    own,
                    one.value,
                    one.candidates,
                    one.reason,
                    _about(ready, one),
                    can_keep,
                    can_empty=True,
                    is_row=one.column == WHOLE_ROW,
                )
                group.questions.append(question)
            question.can_keep &= can_keep
            question.can_empty &= not _is_required(fields.get(one.column))
            _add(question, ready, one)
    for group in groups.values():
        group.questions.sort(key=lambda one: -one.cells)
    return sorted(groups.values(), key=lambda one: -one.cells)


def _add(question: Question, ready: Ready, doubt: Doubt) -> None:
    part = question.parts[-1] if question.parts else None
    if part is None or part.ready is not ready:
        part = Part(ready, doubt.column)
        question.parts.append(part)
    part.rows.append(doubt.row)


def _about(ready: Ready, doubt: Doubt) -> str:
    filled = filter(None, map(text_of, ready.clean.raw.get(doubt.row, [])))
    return " · ".join(text[:30] for text, _place in zip(filled, range(_CELLS), strict=False))


def _is_required(one: Field | None) -> bool:
    return one is not None and one.required


def _can_keep(doubt: Doubt, one: Field | None, kinds: set[str]) -> bool:
    """Whether the import would take the cell, or row, as it is."""
    if doubt.column == WHOLE_ROW:
        return not (doubt.rule == "duplicates" and kinds & _ONCE)
    if doubt.reason.text in NEVER or (doubt.rule == "near_duplicates" and not kinds <= _ONCE):
        return False
    if one is None:
        return True
    if not doubt.value.strip():
        return not one.required
    try:
        _read(one, doubt.value)
    except (BadInput, ValidationError, ValueError, ArithmeticError):
        return False
    return True


def _read(one: Field, text: str) -> None:
    """As the import reads a clean cell. Raises what tells that it cannot."""
    if one.attribute:
        read_value(one.attribute, text)
        return
    match one.type:
        case Type.DATE:
            date_of(text, latest=today())
        case Type.NUMBER:
            number_of(text)
        case Type.WHOLE:
            whole_of(text)
        case Type.HOURS | Type.MINUTES:
            minutes_of(text, Decimal(1))
        case Type.TRUTH:
            truth_of(text)
        case Type.TEXT if is_error(text):
            raise ValueError(text)
        case Type.TEXT if one.name == "email":
            validate_email(text.strip())
