"""Rows of a table as values of fields, with every cell that cannot be taken reported under the file's own heading."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, RowProblem
from migration.cleaning import Hints
from migration.cleaning.day_signs import time_of
from migration.rules import (
    date_of,
    day_first_in,
    folded,
    minutes_of,
    number_of,
    text_of,
    truth_of,
    whole_of,
)
from migration.services.choices import NOTHING
from migration.services.fields import GENDERS, Field, Type, called, fields_of
from migration.services.mapping import Condition, Mapping, fill, is_template, template_columns
from migration.services.preparing import prepare
from migration.services.reading import Table
from migration.services.said import check_types
from migration.services.saying import above_headings, cut_off, doubtful, filled, say, too_long, unreadable
from people.selectors import today
from people.services.attributes import read_value

HEADING_ROWS = 10
#: rows between two words about how far it is
TOLD_EVERY = 500
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
HOUR = Decimal(60)
#: in a mapping's values: what every word means that is not listed
OTHERS = folded("*")


def is_error(text: str) -> bool:
    """What a spreadsheet shows instead of a value."""
    return text.startswith("#") and (set(text) == {"#"} or text in {"#N/A", "#REF!", "#VALUE!", "#NAME?"})


@dataclass
class Parsed:
    """``rows``: (number in the file, field -> value; fields without a value are left out)."""

    headings: list[str]
    #: field -> heading as the file writes it
    heading_of: dict[str, str]
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    passed_over: int = 0
    total: int = 0
    notes: list[str] = field(default_factory=list)
    #: cells as they came, by row, headings left out
    raw: dict[int, list[Any]] = field(default_factory=dict)

    def in_order(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields as the file's columns stand, one of several columns by its first; those without a column last."""
        places = {heading: place for place, heading in enumerate(self.headings)}

        def place(name: str) -> int:
            heading = self.heading_of.get(name, "")
            return places.get(heading, places.get(heading.split(" + ")[0], len(places)))

        return dict(sorted(fields.items(), key=lambda one: place(one[0])))

    def renamed(self, problem: RowProblem) -> RowProblem:
        """The problem with the file's own heading for the field."""
        field_name, value = problem.column, problem.value
        if field_name == "minutes" and field_name not in self.heading_of:
            field_name = "hours"
            # as the file says it, not as it is kept
            value = f"{Decimal(value) / HOUR:.2f}".removesuffix(".00") if isinstance(value, int) else value
        column = self.heading_of.get(field_name) or called(problem.column, field_name)
        return RowProblem(problem.row, column, value, problem.message, problem.mend)


def parse(
    table: Table,
    kind: str,
    mapping: Mapping,
    hints: Hints | None = None,
    heard: Callable[[int], None] | None = None,
    own: AnyMapping[int, list[Any]] | None = None,
) -> Parsed:
    """Find the headings, match them with the fields of ``kind`` and read every row. Raises BadInput.

    ``heard`` is told now and then how many rows are read. ``own``: of a table that was cleaned before, the cells as
    they came, by row."""
    check_fields(kind, mapping)
    start = heading_index(table, kind, mapping)
    headings = [text_of(cell) for cell in table.rows[start][1]]
    while headings and not headings[-1]:
        headings.pop()
    reader = Reader(table.name, kind, mapping, headings)
    above = [say(one) for one in above_headings(table.rows[:start])]
    parsed = Parsed(headings, reader.heading_of, notes=[*table.notes, *above, *reader.notes])
    body = table.rows[start + 1 :]
    if not body:
        raise BadInput(
            "file", table.name, _("There are headings, but no rows."), _("Choose the file that has the rows.")
        )
    parsed.raw = dict(body)
    prepared = prepare(body, reader.columns(headings), mapping, hints or Hints(), reader.today)
    reader.look_at_dates(prepared.rows)
    for (number, raw), (_number, cells) in zip(body, prepared.rows, strict=True):
        parsed.total += 1
        if heard and not parsed.total % TOLD_EVERY:
            heard(parsed.total)
        if any(filled(cell) for cell in cells[len(headings) :]):
            parsed.problems.append(too_long(number, cells, len(headings)))
        elif number == table.open_end and len(cells) < len(headings):
            parsed.problems.append(cut_off(number, cells))
        elif reader.passes_over(raw):
            parsed.passed_over += 1
        else:
            values, problems = reader.read(number, cells, own.get(number, raw) if own else raw)
            if not problems:
                # a cell that could be read all the same
                problems = [parsed.renamed(doubtful(doubt)) for doubt in prepared.doubts.get(number, ())]
            parsed.problems += problems
            if not problems:
                parsed.rows.append((number, values))
    return parsed


def lasting(raw: Any, clean: Any) -> Any:
    """The part of an identifier that a cell gives, whatever format it is saved in: a day as 2026-03-31, with its time;
    everything else as in the file."""
    if not (isinstance(clean, str) and _ISO.fullmatch(clean)) or clean == raw:
        return raw
    time = f"{raw.time():%H:%M:%S}" if isinstance(raw, dt.datetime) else time_of(raw) if isinstance(raw, str) else ""
    time = f"{time}:00" if len(time) == len("14:30") else time
    return f"{clean} {time}" if time and time != "00:00:00" else clean


def check_fields(kind: str, mapping: Mapping) -> None:
    """Raises BadInput for a mapping of another kind, or of fields that there are not."""
    known = {one.name for one in fields_of(kind)}
    if mapping.kind and mapping.kind != kind:
        raise BadInput(
            "kind",
            kind,
            _("The mapping is for %(kind)s.") % {"kind": mapping.kind},
            _("Choose the mapping of this kind."),
        )
    for part in ("columns", "values", "constants", "dates", "units", "compact"):
        if unknown := sorted(set(getattr(mapping, part)) - known):
            mend = _("Fields of %(kind)s: %(fields)s.") % {"kind": kind, "fields": ", ".join(sorted(known))}
            raise BadInput(part, ", ".join(unknown), _("The mapping names an unknown field."), mend)
    check_types(mapping, fields_of(kind))


def known_headings(kind: str, mapping: Mapping) -> set[str]:
    """Folded headings that are a field's."""
    names = {folded(name) for one in fields_of(kind) for name in one.headings}
    return names | {folded(name) for text in mapping.columns.values() for name in (template_columns(text) or [text])}


def heading_index(table: Table, kind: str, mapping: Mapping) -> int:
    """Place of the heading row among the rows: as the mapping says, else where most headings are known.
    Raises BadInput."""
    if mapping.heading_row:
        for index, (number, _cells) in enumerate(table.rows):
            if number == mapping.heading_row:
                return index
        raise BadInput(
            "heading_row", mapping.heading_row, _("This row is empty."), _("Name the row with the headings.")
        )
    names = known_headings(kind, mapping)

    def known(index: int) -> int:
        return sum(folded(text_of(cell)) in names for cell in table.rows[index][1])

    # the first of equals
    return max(range(min(HEADING_ROWS, len(table.rows))), key=lambda index: (known(index), -index))


class Reader:
    def __init__(self, name: str, kind: str, mapping: Mapping, headings: list[str]) -> None:
        self.kind, self.mapping = kind, mapping
        # a mapping may name the column of an attribute itself
        self.fields = [one for one in fields_of(kind) if one.name not in mapping.attributes]
        self.declared = {one.name: one.attribute for one in fields_of(kind) if one.attribute}
        self.places: dict[str, int] = {}
        for place, heading in enumerate(headings):
            if heading and folded(heading) in self.places and self._is_used(heading):
                raise BadInput(
                    "file", heading, _("Two columns have this heading."), _("Rename one of them, or remove it.")
                )
            self.places.setdefault(folded(heading), place)
        self.heading_of: dict[str, str] = {}
        self.template_of: dict[str, str] = {}
        self.place_of: dict[str, int] = {}
        self.day_first: dict[str, bool | None] = {}
        # the code of an attribute is meant before another field's usual headings, but not before a field's own name
        own = {folded(one.name) for one in self.fields if not one.attribute}
        exact = [one for one in self.fields if one.attribute and folded(one.name) not in own]
        for one in exact:
            if folded(one.name) in self.places:
                self._match(one, headings)
        for one in self.fields:
            if one.name not in self.heading_of:
                self._match(one, headings)
        if mapping.needs:
            silent = [
                Condition(self.heading_of[one], NOTHING, is_in=True) for one in mapping.needs if one in self.place_of
            ]
            self.mapping = mapping = replace(mapping, needs=(), skip=(*mapping.skip, *silent))
        for heading in [*mapping.attributes.values(), *(rule.column for rule in mapping.skip)]:
            self.place_of_heading(heading)
        self._check_required(name, headings)
        used = set(self.place_of.values()) | {self.place_of_heading(h) for h in mapping.attributes.values()}
        used |= {self.place_of_heading(c) for text in self.template_of.values() for c in template_columns(text)}
        used |= {self.place_of_heading(rule.column) for rule in mapping.skip}
        unread = [
            heading
            for place, heading in enumerate(headings)
            if heading and place not in used and heading not in mapping.elsewhere
        ]
        self.notes = [_("Columns not read: %(columns)s.") % {"columns": ", ".join(unread)}] if unread else []
        self.today = today()

    def columns(self, headings: list[str]) -> dict[int, tuple[str, Field | None]]:
        """The columns that are read: place -> heading and field, None for those that are a part of one."""
        parts = [heading for text in self.template_of.values() for heading in template_columns(text)]
        found: dict[int, tuple[str, Field | None]] = {self.place_of_heading(h): (h, None) for h in parts}
        fields = {one.name: one for one in self.fields}
        return found | {place: (headings[place], fields[name]) for name, place in self.place_of.items()}

    def _is_used(self, heading: str) -> bool:
        names = {folded(name) for one in self.fields for name in one.headings}
        return folded(heading) in names or folded(heading) in map(folded, self.mapping.columns.values())

    def place_of_heading(self, heading: str) -> int:
        """Raises BadInput where the file has no such column."""
        place = self.places.get(folded(heading))
        if place is None:
            raise BadInput(
                "mapping", heading, _("The file has no column of this heading."),
                _("Correct the mapping, or choose the file that it was made for."),
            )  # fmt: skip
        return place

    def _match(self, one: Field, headings: list[str]) -> None:
        given = self.mapping.columns.get(one.name, "")
        if is_template(given):
            for heading in template_columns(given):
                self.place_of_heading(heading)
            self.template_of[one.name] = given
            self.heading_of[one.name] = " + ".join(template_columns(given))
            return
        if given:
            place: int | None = self.place_of_heading(given)
        elif one.name in self.mapping.constants or self.mapping.is_complete:
            place = None
        else:
            mapped = [*self.mapping.columns.values(), *self.mapping.attributes.values()]
            mapped += [rule.column for rule in self.mapping.skip]
            taken = {*self.place_of.values(), *(self.places.get(folded(text), -1) for text in mapped)}
            found = (self.places.get(folded(name)) for name in one.headings)
            place = next((place for place in found if place is not None and place not in taken), None)
        if place is not None:
            self.place_of[one.name] = place
            self.heading_of[one.name] = headings[place]

    def _check_required(self, name: str, headings: list[str]) -> None:
        known = {*self.heading_of, *self.mapping.constants}
        # a row is of a person, or of a team
        nobody = any(one.name == "team" for one in self.fields) and not known & {"employee_no", "team"}
        for one in self.fields:
            if (
                (one.required or (nobody and one.name == "employee_no"))
                and one.name not in self.heading_of
                and one.name not in self.mapping.constants
            ):
                mend = _("Name its column in a mapping, or use one of the headings: %(known)s.")
                mend %= {"known": ", ".join(one.known()[:3])}
                if one.type == Type.DATE:
                    said = _(
                        "The same day for every row: a value for this field under Map, or --set %(field)s=%(day)s."
                    )
                    mend += " " + said % {"field": one.name, "day": today().replace(month=1, day=1)}
                raise BadInput(
                    one.name, name,
                    _("No column was recognised for this field among: %(columns)s.")
                    % {"columns": ", ".join(h for h in headings if h)[:300] or "–"},
                    mend,
                )  # fmt: skip

    def look_at_dates(self, body: list[tuple[int, list[Any]]]) -> None:
        """Learn from a whole column whether days or months come first."""
        for one in self.fields:
            if one.type == Type.DATE and one.name in self.place_of and one.name not in self.mapping.dates:
                place = self.place_of[one.name]
                self.day_first[one.name] = day_first_in(cells[place] for _n, cells in body if place < len(cells))

    def passes_over(self, cells: list[Any]) -> bool:
        return any(rule.holds(self.cell(cells, self.place_of_heading(rule.column))) for rule in self.mapping.skip)

    def cell(self, cells: list[Any], place: int) -> Any:
        cell = cells[place] if place < len(cells) else None
        return None if self.mapping.empty and folded(text_of(cell)) in self.mapping.empty else cell

    def read(self, number: int, cells: list[Any], raw: list[Any]) -> tuple[dict[str, Any], list[RowProblem]]:
        values: dict[str, Any] = {}
        problems: list[RowProblem] = []
        extra: dict[str, Any] = {}
        for one in self.fields:
            cell = self.value(one.name, cells, raw)
            if not filled(cell):
                if one.required:
                    heading = self.heading_of.get(one.name, one.name)
                    problems.append(RowProblem(number, heading, "", _("This cell is empty."), _("Fill it.")))
                continue
            try:
                value = self.convert(one, cell)
                if one.attribute:
                    extra[one.name] = read_value(one.attribute, value)
                else:
                    values[one.name] = value
            except BadInput as error:
                problems.append(
                    RowProblem(
                        number, self.heading_of.get(one.name, one.name), text_of(cell), error.message, error.mend
                    )
                )
            except (ValueError, ArithmeticError) as error:
                problems.append(unreadable(number, self.heading_of.get(one.name, one.name), cell, one.type, error))
        for name, heading in self.mapping.attributes.items():
            if text := text_of(self.cell(cells, self.place_of_heading(heading))):
                try:
                    extra[name] = read_value(self.declared[name], text) if name in self.declared else text
                except BadInput as error:
                    problems.append(RowProblem(number, heading, text, error.message, error.mend))
        if extra:
            values["attributes"] = extra
        return values, problems

    def value(self, name: str, cells: list[Any], raw: list[Any]) -> Any:
        if name in self.template_of:
            # a field of its own stands as in the file: identifiers made of it stay the same
            own = set(self.place_of.values())
            parts = {
                key: lasting(self.cell(raw, place), clean) if place in own else clean
                for key, place in self.places.items()
                for clean in [self.cell(cells, place)]
            }
            cell: Any = fill(self.template_of[name], parts)
        else:
            cell = self.cell(cells, self.place_of[name]) if name in self.place_of else None
        if not filled(cell):
            return self.mapping.constants.get(name)
        terms = self.mapping.values.get(name)
        return terms.get(folded(text_of(cell)), terms.get(OTHERS, cell)) if terms else cell

    def convert(self, one: Field, cell: Any) -> Any:
        """The value of a clean cell. Raises ValueError, or ArithmeticError, for what is none of the field's type."""
        factor = self.mapping.units.get(one.name, Decimal(1))
        match one.type:
            case Type.TEXT:
                text = text_of(cell)
                if is_error(text):
                    raise ValueError(text)
                return "".join(text.split()) if one.name in self.mapping.compact else text
            case Type.DATE if isinstance(cell, str) and _ISO.fullmatch(cell):
                # as the cleaning writes it, whatever format the file has
                return date_of(cell, latest=self.today)
            case Type.DATE:
                return date_of(
                    cell,
                    formats=self.mapping.dates.get(one.name, ()),
                    day_first=self.day_first.get(one.name),
                    latest=self.today,
                )
            case Type.NUMBER:
                return number_of(cell) * factor
            case Type.WHOLE:
                return whole_of(cell)
            case Type.HOURS:
                return minutes_of(cell, HOUR * factor)
            case Type.MINUTES:
                return minutes_of(cell, factor)
            case Type.TRUTH:
                return truth_of(cell)
            case Type.GENDER:
                return GENDERS.get(folded(text_of(cell)), text_of(cell))
