"""Whole rows: headings inside the table, rows that repeat another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from migration.cleaning.layout import is_filled
from migration.cleaning.placeholders import is_lost
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold, tidy
from migration.cleaning.work import Column, Say, Work, shown
from migration.rules import folded, text_of

#: a table whose rows repeat as often as this has no rows by mistake: one that is too long to compare, one where chance
#: may do so, and any; and how many may in the shortest
_NATURE, _OFTEN, _SURELY, _FEW = 0.05, 0.15, 0.5, 3
#: share of the pairs of equal rows that chance makes, from which the others may be its as well
_CHANCE = 0.02
#: rows of which a few say little of what is usual
_SHORT_TABLE = 20
#: how many rows that differ in a single cell, for each that differs in none, say so as well; most rows looked at
_CLOSE, _LEAST_COMPARED, _MOST_COMPARED = 3, 3, 100_000


def drop_blank(work: Work) -> None:
    """Rows without content; a number that only counts the lines of a form is none."""
    counters = [column for column in work.columns if is_counter(work, column)]
    looked_at = [column for column in work.columns if column not in counters] or work.columns
    places = work.places_of(looked_at[0], _is_blank) if looked_at else []
    for place in places:
        if all(_is_blank(column.cells[place]) for column in looked_at):
            work.drop(place, "blank_rows", Say(gettext_noop("The row is empty.")))


def _is_blank(cell: Any) -> bool:
    return not is_filled(cell) or not tidy(text_of(cell))


def drop_headings(work: Work) -> None:
    names = [fold(column.name) for column in work.columns]
    # rows that have a heading somewhere, each column's own in it
    places: set[int] = set()
    for column, name in zip(work.columns, names, strict=True):
        places.update(work.places_of(column, lambda cell, name=name: fold(text_of(cell)) == name))  # type: ignore[misc]
    for place in sorted(places):
        cells = [fold(text_of(column.cells[place])) for column in work.columns]
        filled = [(cell, name) for cell, name in zip(cells, names, strict=True) if cell]
        same = sum(cell == name for cell, name in filled)
        if (same >= 2 and same >= 0.6 * len(filled)) or (same and same == len(names)):
            work.drop(place, "repeated_headings", Say(gettext_noop("The headings come again here.")))


# --- rows that repeat -------------------------------------------------------------------------------------------------
#: meanings of columns that say of what event a row tells; a person may have many
EVENTS = frozenset({"happened_on", "course", "activity", "outcome", "assignment_start", "cycle"})
_PERIODS = frozenset(
    {
        "year", "month", "quarter", "week", "period", "cycle", "semester", "term", "session", "statusyear",
        "fiscalyear", "yearmonth", "appraisalcycle", "reviewperiod", "年度", "年份", "月份", "季度", "期间",
        "周期", "学期", "批次", "考核年度", "考核周期",
    }
)  # fmt: skip


def tells_of_events(work: Work) -> bool:
    """Whether a person may have several rows: by what the rows are, else by the columns, where numbers come again."""
    if work.several is not None:
        return work.several
    person = person_column(work)
    if person is None or not any(one.meaning in EVENTS or is_period(one) for one in work.columns):
        return False
    texts = [text for place in work.places() if (text := shown(person.cells[place]))]
    return len(set(texts)) < len(texts)


def is_period(column: Column) -> bool:
    return folded(column.name) in _PERIODS or column.field in ("cycle", "part")


def person_column(work: Work) -> Column | None:
    """The column that says of whom a row tells."""
    return work.meaning("employee_no", "id_number") or work.meaning("name")


def key_column(work: Work) -> Column | None:
    """The column that names each row, where nearly all its cells differ."""
    events = tells_of_events(work)
    for meaning in ("record_no",) if events else ("employee_no", "record_no", "id_number"):
        column = next((one for one in work.columns if meaning in (one.meaning, one.field)), None)
        if column is not None and _is_key(work, column) and not is_counter(work, column):
            return column
    if events:
        return None
    return next(
        (one for one in work.columns if one.type == "id" and _is_key(work, one) and not is_counter(work, one)), None
    )


def _is_key(work: Work, column: Column) -> bool:
    counts = Counter(shown(column.cells[place]) for place in work.places())
    rows = sum(counts.values())
    # a table of persons names each by their number, whatever is wrong in a few of its rows
    persons = work.several is False or (rows < _SHORT_TABLE and work.meaning("birth_date") is not None)
    share = 0.5 if persons and column.meaning == "employee_no" else 0.75
    return rows > 1 and len(counts) >= share * rows and counts.get("", 0) <= 0.1 * rows


def drop_duplicates(work: Work) -> None:
    """Rule ``duplicates``: equal in every cell after cleaning. Without a key, equal rows may be two events: a doubt.

    A number that only counts the rows says nothing beside a key; where nothing else names the rows, it does.
    """
    key = key_column(work)
    counters = [column for column in work.columns if is_counter(work, column)]
    compared = [one for one in work.columns if key is None or one not in counters]
    if key is None:
        key = next(iter(counters), None)
    if len(compared) < 2:
        return
    # a number that is lost is nobody's, and what is lost of an event may have told it from another
    lost = lost_at(work, compared if key is None else [key])
    again = [(place, places[0]) for places in equal_rows(work, compared, lost) for place in places[1:]]
    again.sort()
    if not again:
        return
    if key is None and _are_natural(work, compared, len(again)):
        text = gettext_noop("%(count)s rows repeat another one; nothing tells them apart, so all stay.")
        work.notes.append(Say(text, {"count": len(again)}))
        return
    for place, original in again:
        if key is not None:
            work.drop(place, "duplicates", Say(gettext_noop("The same as row %(row)s."), {"row": work.row(original)}))
        else:
            work.doubt_row(
                place,
                "duplicates",
                Say(gettext_noop("The same as row %(row)s; it may have happened twice."), {"row": work.row(original)}),
            )


def _are_natural(work: Work, columns: list[Column], again: int) -> bool:
    """Whether more rows are equal in all columns but one than in all: so few things are told of each that two may well
    be alike."""
    if len(columns) < _LEAST_COMPARED or len(work.numbers) > _MOST_COMPARED:
        return again > max(_FEW, _NATURE * len(work.numbers))
    # each row as a sum, from which any one column can be taken out
    rows = [[hash((place, text)) for place, text in enumerate(texts)] for _place, texts in work.texts_of(columns)]
    if again > max(_FEW, _OFTEN * len(work.numbers)):
        return again > _SURELY * len(rows) or _pairs_by_chance(rows) >= _CHANCE * again
    sums = [sum(row) for row in rows]
    close = 0
    for column in range(len(columns)):
        close += len(rows) - len({whole - row[column] for whole, row in zip(sums, rows, strict=True)}) - again
    return close >= _CLOSE * again


def _pairs_by_chance(rows: list[list[int]]) -> float:
    """Pairs of equal rows to be expected if no column told of another: n (n - 1) / 2 times, over the columns, the
    product of the chance that two cells are equal, as the different rows show it."""
    size = len(rows)
    rows = [list(row) for row in {tuple(row) for row in rows}]
    pairs = size * (size - 1) / 2
    for cells in zip(*rows, strict=True):
        pairs *= sum(count * (count - 1) for count in Counter(cells).values()) / max(1, len(rows) * (len(rows) - 1))
    return pairs


def lost_at(work: Work, columns: Iterable[Column]) -> set[int]:
    """Places of rows whose value a spreadsheet lost in one of ``columns``: #REF! is not the same as #REF!."""
    return {
        place
        for column in columns
        for place in work.places_of(column, lambda cell: isinstance(cell, str) and is_lost(cell.strip()))
    }


def equal_rows(work: Work, columns: list[Column], apart: Collection[int] = ()) -> list[list[int]]:
    """Places of rows that are equal in ``columns``, where there are several; those ``apart`` equal none."""
    # a number for each row instead of its texts: a million rows fit
    seen: set[int] = set()
    again: set[int] = set()
    for place, texts in work.texts_of(columns):
        if place not in apart:
            key = hash(texts)
            (again if key in seen else seen).add(key)
    groups: dict[tuple[str, ...], list[int]] = {}
    if again:
        for place, texts in work.texts_of(columns):
            if hash(texts) in again and place not in apart:
                groups.setdefault(texts, []).append(place)
    return [places for places in groups.values() if len(places) > 1]


def is_counter(work: Work, column: Column) -> bool:
    """A column 1, 2, 3 … says nothing about the row."""
    if fold(column.name) not in {"no", "no.", "序号", "#", "sn", "s/n", "index", "column1", "unnamed: 0", "column 1"}:
        return False
    cells = [text for place in work.places() if (text := tidy(text_of(column.cells[place])))]
    return bool(cells) and all(map(str.isdigit, cells)) and len(set(cells)) > 0.9 * len(cells)
