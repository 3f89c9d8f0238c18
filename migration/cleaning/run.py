"""A table from raw rows to clean ones: the rules in their order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from migration.cleaning import agreements, contradictions, id_numbers, merged, persons, rows, shifts, sums
from migration.cleaning.bands import report_odd_bands
from migration.cleaning.borrowed import report_borrowed_words
from migration.cleaning.chinese_words import report_chinese_slips
from migration.cleaning.clocks import read_clocks
from migration.cleaning.code_dates import restore_codes, restore_values
from migration.cleaning.codes import write_codes_alike, write_known_codes, write_numbers_apart, write_signs_alike
from migration.cleaning.dates import clean_dates
from migration.cleaning.day_order import report_shown_order
from migration.cleaning.day_slips import ask_either_way
from migration.cleaning.day_times import read_times
from migration.cleaning.emails import clean_emails
from migration.cleaning.exchanged_days import restore_births
from migration.cleaning.exchanged_names import mend_exchanged_names
from migration.cleaning.far_days import report_far_days
from migration.cleaning.identifiers import (
    clean_identifiers,
    restore_booleans,
    write_phones_alike,
)
from migration.cleaning.joined import mend_joined
from migration.cleaning.layout import Layout, is_filled
from migration.cleaning.letter_case import mend_case, mend_short_texts
from migration.cleaning.lone import report_lone
from migration.cleaning.marks import take_text_marks
from migration.cleaning.number_dates import restore_numbers
from migration.cleaning.numbers import clean_numbers
from migration.cleaning.oddities import (
    report_days_among_words,
    report_letters_in_phones,
    report_odd_codes,
    report_off_scale,
    report_out_of_place,
    report_short_identifiers,
    report_small_letters,
    report_words_among_codes,
)
from migration.cleaning.placeholders import empty_placeholders, report_lost
from migration.cleaning.ranges import report_ranges
from migration.cleaning.registry import gettext_noop
from migration.cleaning.shortened import report_cut_words
from migration.cleaning.strays import report_digits_in_words
from migration.cleaning.text import clean_text, tidy
from migration.cleaning.types import guess
from migration.cleaning.variants import unify_names, unify_texts, unify_variants
from migration.cleaning.wholes import write_wholes_alike
from migration.cleaning.words import (
    apply_terms,
    clean_truth,
    report_misspelt_placeholders,
    report_name_spelling,
    report_spelling,
)
from migration.cleaning.work import Change, Column, Doubt, Dropped, Hints, Say, Work, shown
from migration.rules import text_of


class Rows(Sequence[tuple[int, list[str]]]):
    """The rows that are left, each made of the columns when somebody asks for it: a million need no second copy."""

    def __init__(self, work: Work) -> None:
        self._columns = work.columns
        self._numbers = work.numbers
        self._places = list(work.places()) if work.dropped else range(len(work.numbers))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return map(self._row, self._places)

    def __getitem__(self, index: Any) -> Any:
        places = self._places[index]
        return [self._row(place) for place in places] if isinstance(index, slice) else self._row(cast(int, places))

    def _row(self, place: int) -> tuple[int, list[str]]:
        return self._numbers[place], [shown(column.cells[place]) for column in self._columns]


@dataclass
class Cleaned:
    """``rows``: (number in the file, a text per column), without those left out. Doubted cells stand as they were."""

    columns: list[Column]
    rows: Sequence[tuple[int, list[str]]]
    changes: list[Change]
    doubts: list[Doubt]
    dropped: list[Dropped]
    notes: list[Say] = field(default_factory=list)
    #: rows of the table before anything was left out
    total: int = 0

    @property
    def headings(self) -> list[str]:
        return [column.title for column in self.columns]


ColumnRule = Callable[[Work, Column], None]
#: type of a column -> its rules in order; those of ``*`` come before
_BY_TYPE: dict[str, tuple[tuple[str, ColumnRule], ...]] = {
    "date": (("dates", clean_dates), ("out_of_range", report_far_days)),
    "number": (
        ("value_to_date", restore_numbers), ("clock_times", read_clocks), ("clock_times", read_times),
        ("numbers", clean_numbers), ("numbers", write_wholes_alike), ("out_of_range", report_ranges),
        ("out_of_range", report_off_scale),
    ),
    "id": (
        ("clock_times", read_times), ("value_to_date", restore_codes), ("code_form", write_codes_alike),
        ("code_form", write_known_codes),
        ("", clean_identifiers), ("out_of_place", report_words_among_codes), ("id_length", report_short_identifiers),
        ("id_length", report_odd_codes), ("letter_case", report_small_letters),
    ),
    "idnumber": (("", clean_identifiers), ("id_length", report_short_identifiers)),
    "phone": (
        ("code_form", write_numbers_apart), ("", clean_identifiers), ("phones", report_letters_in_phones),
        ("phones", write_phones_alike), ("id_length", report_short_identifiers),
    ),
    "email": (("email", clean_emails),),
    "truth": (("truth", clean_truth),),
    "gender": (("variants", unify_variants), ("spelling", report_spelling)),
    "category": (
        ("clock_times", read_times), ("spreadsheet_booleans", restore_booleans), ("value_to_date", restore_values),
        ("variants", unify_variants),
        ("code_form", write_known_codes), ("code_form", write_signs_alike), ("letter_case", mend_case),
        ("spelling", report_spelling), ("spelling", report_chinese_slips), ("spelling", report_odd_bands),
        ("spelling", report_cut_words), ("spelling", report_digits_in_words),
        ("out_of_place", report_days_among_words), ("out_of_place", report_out_of_place),
    ),
    "name": (
        ("spreadsheet_booleans", restore_booleans), ("variants", unify_names), ("variants", mend_joined),
        ("letter_case", mend_case), ("spelling", report_name_spelling), ("spelling", report_digits_in_words),
        ("out_of_place", report_out_of_place),
    ),
    "text": (
        ("clock_times", read_times), ("spreadsheet_booleans", restore_booleans), ("value_to_date", restore_values),
        ("variants", unify_texts),
        ("variants", mend_joined), ("letter_case", mend_short_texts), ("spelling", report_cut_words),
        ("spelling", report_digits_in_words), ("out_of_place", report_days_among_words),
    ),
}  # fmt: skip
_FIRST: tuple[tuple[str, ColumnRule], ...] = (
    ("", clean_text), ("terms", apply_terms), ("spreadsheet_errors", report_lost), ("placeholders", empty_placeholders),
    ("placeholders", report_misspelt_placeholders),
)  # fmt: skip
_ROWS_BEFORE = (
    ("blank_rows", rows.drop_blank), ("repeated_headings", rows.drop_headings), ("totals", sums.drop_sums),
    ("totals", sums.drop_extremes), ("notes", report_lone),
)  # fmt: skip
_ROWS_AFTER = (
    ("exchanged_days", restore_births), ("out_of_place", report_borrowed_words),
    ("duplicates", rows.drop_duplicates), ("exchanged_names", mend_exchanged_names),
    ("near_duplicates", persons.report_near_duplicates),
    ("id_numbers", id_numbers.report_id_numbers), ("date_order", contradictions.report_date_order),
    ("date_order", report_shown_order),
    ("status", contradictions.report_status), ("own_manager", contradictions.report_own_manager),
    ("ages", agreements.report_ages), ("outcomes", agreements.report_outcomes),
)  # fmt: skip


@dataclass(frozen=True)
class Fields:
    """How columns are mapped: heading -> field, and field -> type (see types.py) where the field has one."""

    of: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    #: whether a person rightly has several rows; None where only the table can tell
    several: bool | None = None


def clean(
    layout: Layout, *, hints: Hints | None = None, fields: Fields | None = None, today: dt.date,
    has_sheets: bool = False,
) -> Cleaned:  # fmt: skip
    """Clean the table that ``layout`` found."""
    work = clean_cells(layout, hints=hints, fields=fields, today=today, has_sheets=has_sheets)
    check_rows(work)
    return finish(work, layout)


def check_rows(work: Work) -> None:
    """The rules that compare rows, and cells of a row."""
    for rule, step in _ROWS_AFTER:
        if work.on(rule):
            step(work)


def clean_cells(
    layout: Layout, *, hints: Hints | None = None, fields: Fields | None = None, today: dt.date,
    whole_rows: bool = True, keeps_rows: bool = True, has_sheets: bool = False,
    readings: Mapping[tuple[int, str], tuple[str, ...]] | None = None,
) -> Work:  # fmt: skip
    """The rules for cells, and, with ``whole_rows``, those that need only the row itself. Without ``keeps_rows`` the
    body of the layout is let go of once it is columns. ``has_sheets``: the first column says of which sheet a row is;
    no rule takes it for a cell of the row. ``readings``: (row, cell) -> what other encodings make of it."""
    fields, hints = fields or Fields(), hints or Hints()
    columns, extras = _columns(layout)
    sheets = [columns.pop(0)] if has_sheets else []
    work = Work(columns, [number for number, _cells in layout.body], hints, today)
    if not keeps_rows:
        layout.body.clear()
    work.several = fields.several
    work.readings = {(row, tidy(cell)): tuple(map(tidy, others)) for (row, cell), others in (readings or {}).items()}
    _name(work, fields)
    if whole_rows:
        for rule, step in _ROWS_BEFORE:
            if work.on(rule):
                step(work)
    for column in columns if work.on("stray_marks") else ():
        take_text_marks(work, column)
    _guess(work, fields, columns)
    if whole_rows and work.on("shifted_rows"):
        before = [list(column.cells) for column in columns]
        gone = len(work.dropped)
        shifts.mend_shifts(work, extras)
        # cells that came home may tell more of their column
        moved = [column for column, cells in zip(columns, before, strict=True) if column.cells != cells]
        _guess(work, fields, columns if len(work.dropped) > gone else moved)
    if whole_rows and work.on("merged_cells"):
        merged.ask_merged(work)
    for column in columns:
        for rule, apply in (*_FIRST, *_BY_TYPE.get(column.type, ())):
            if not rule or work.on(rule):
                apply(work, column)
    if work.on("swapped_dates"):
        ask_either_way(work)
    for column in sheets:
        _put_sheets(work, column, fields)
    return work


def _put_sheets(work: Work, column: Column, fields: Fields) -> None:
    """In front; where the sheets are a field, as departments may be, they are cleaned as its cells are."""
    column.field = fields.of.get(column.name, "")
    column.type, column.meaning = fields.types.get(column.field, "category"), column.field
    for rule, apply in (*_FIRST, *_BY_TYPE[column.type]) if column.field else ():
        if not rule or work.on(rule):
            apply(work, column)
    work.sheets = column
    work.columns.insert(0, column)


def _notes_of(layout: Layout) -> list[Say]:
    """What the sheet holds beside the table that is read."""
    notes = []
    for number, one in enumerate(layout.others, 2):
        if one in layout.beside:
            text = gettext_noop(
                "A second table beside the first was not read: %(columns)s. In a mapping, table: %(table)s reads it."
            )
        else:
            text = gettext_noop(
                "Another table of the sheet was not read: rows %(first)s to %(last)s (%(columns)s). "
                "In a mapping, table: %(table)s reads it."
            )
        said = {"first": one.first, "last": one.last, "columns": ", ".join(one.headings), "table": number}
        notes.append(Say(text, said))
    if not layout.heading_rows:
        notes.append(Say(gettext_noop("The table has no headings: its first row is read as the others.")))
    if layout.turned:
        text = gettext_noop(
            "The headings seem to stand in the first column (%(columns)s): turn the table and send it again, "
            "or write turned: yes into a mapping."
        )
        notes.append(Say(text, {"columns": ", ".join(layout.turned)}))
    if layout.groups:
        text = gettext_noop("Titles between the rows, such as “%(title)s”, are read as the column “%(column)s”.")
        title = " ".join(filter(None, map(text_of, layout.groups[0][1])))
        notes.append(Say(text, {"title": title, "column": layout.group_column}))
    for first, last in layout.reordered:
        text = gettext_noop(
            "Rows %(first)s to %(last)s have their columns in another order: each cell was put under its heading."
        )
        notes.append(Say(text, {"first": first, "last": last}))
    return notes


def finish(work: Work, layout: Layout) -> Cleaned:
    notes = list(work.notes)
    notes += _notes_of(layout)
    dropped = [work.dropped[place] for place in sorted(work.dropped)]
    gone = {one.row for one in dropped} - {work.numbers[place] for place in work.places()}
    if work.on("notes"):
        dropped += [
            Dropped(number, "notes", Say(gettext_noop("A note below the table."))) for number, _cells in layout.notes
        ]
        dropped += [
            Dropped(number, "notes", Say(gettext_noop("Units below the headings."))) for number, _cells in layout.units
        ]
        title = gettext_noop("A title of the rows below, which say it in a column of their own.")
        dropped += [Dropped(number, "notes", Say(title)) for number, _cells in layout.groups]
    return Cleaned(
        columns=work.columns,
        rows=Rows(work),
        changes=work.changes(),
        # rows that were left out afterwards need no decision
        doubts=sorted((one for one in work.doubts if one.row not in gone), key=lambda one: one.row),
        dropped=dropped,
        notes=notes,
        total=len(work.numbers) + len(layout.notes) + len(layout.units) + len(layout.groups),
    )


def _columns(layout: Layout) -> tuple[list[Column], dict[int, list[Any]]]:
    width = len(layout.headings)
    cells: list[Sequence[Any]] = [
        row if len(row) == width else [*row[:width], *[None] * (width - len(row))] for _number, row in layout.body
    ]
    columns = [Column(heading, [row[place] for row in cells]) for place, heading in enumerate(layout.headings)]
    extras = {
        place: list(row[width:])
        for place, (_number, row) in enumerate(layout.body)
        if any(is_filled(cell) for cell in row[width:])
    }
    return columns, extras


def _name(work: Work, fields: Fields) -> None:
    for column in work.columns:
        column.field = fields.of.get(column.name, "")


def _guess(work: Work, fields: Fields, columns: Sequence[Column]) -> None:
    for column in columns:
        present = [column.cells[place] for place in work.places()] if work.dropped else column.cells
        column.type, column.meaning = guess(column.name, present)
        if column.field:
            column.type = fields.types.get(column.field) or column.type
            column.meaning = _MEANING.get(column.field, column.meaning or column.field)
        column.type = work.hints.of(work.hints.types, column) or column.type


#: fields whose meaning is not their name
_MEANING = {"start_date": "assignment_start", "amount": "salary", "hours": "duration", "minutes": "duration"}
