"""The table while it is being cleaned: columns, what was changed, what is in doubt, what was left out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from migration.rules import row_key, row_shown, text_of

#: column of doubts that concern a whole row
WHOLE_ROW = ""


@dataclass(frozen=True)
class Say:
    """A sentence that a screen can translate: ``text`` with ``%(name)s`` for its values."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values


@dataclass(frozen=True)
class Doubt:
    """A cell that a person must decide. ``candidates`` may be empty; the likeliest comes first."""

    row: int
    column: str
    value: str
    candidates: tuple[str, ...]
    reason: Say
    rule: str


@dataclass(frozen=True)
class Dropped:
    row: int
    rule: str
    reason: Say


@dataclass(frozen=True)
class Change:
    """One rule did the same to the same value in ``rows`` of a column."""

    rule: str
    column: str
    before: str
    after: str
    rows: Sequence[int]


@dataclass
class Column:
    """``cells`` become cleaner step by step. ``type``, ``meaning``: see types.py and meanings.py."""

    name: str
    cells: list[Any]
    type: str = "text"
    meaning: str = ""
    #: places of cells that stay as they are, because a person must decide
    doubted: set[int] = field(default_factory=set)
    #: places of days that can be read as year, day, month too, and how many others are so, and how many are not
    either_way: set[int] = field(default_factory=set)
    day_second: tuple[int, int] = (0, 0)
    #: places of days that systems write where they know none
    no_days: set[int] = field(default_factory=set)
    #: what comes first in dates that are written alike (orders.py)
    orders: Mapping[str, str] = field(default_factory=dict)
    #: the field of the suite that it is mapped to
    field: str = ""
    #: whether its days name their month: day and month cannot have been exchanged
    names_months: bool = False

    @property
    def title(self) -> str:
        return self.field or self.name


@dataclass(frozen=True)
class Hints:
    """What people said beforehand. Columns are named by heading or field."""

    off: frozenset[str] = frozenset()
    #: column -> type
    types: Mapping[str, str] = field(default_factory=dict)
    #: column -> dmy, mdy or ymd
    orders: Mapping[str, str] = field(default_factory=dict)
    #: column -> formats of strptime
    formats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: column -> digits of its identifiers
    widths: Mapping[str, int] = field(default_factory=dict)
    #: column -> (least, most)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    #: column or ``*`` -> folded word -> the suite's word
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: fields whose cells lose the blanks inside
    compact: frozenset[str] = frozenset()
    #: folded cells that mean nothing, beside the usual ones; and words that mean something all the same
    empty: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    #: (rule or ``*``, column or ``*``, value or ``*``) -> answer
    answers: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    #: whether serial numbers count from 1904
    from_1904: bool = False

    def of(self, table: Mapping[str, Any], column: Column) -> Any:
        return table.get(column.field) if column.field in table else table.get(column.name)


#: between a value and its row
ROW = "\x1f"


def in_row(value: str, row: int) -> str:
    """A value of answers that is meant in this row alone: equal cells may have different candidates."""
    return f"{value}{ROW}{row_key(row)}"


def without_row(value: str) -> str:
    return value.partition(ROW)[0]


#: answers that are no values
KEEP, EMPTY, DROP, FIRST = "keep", "empty", "drop", "first"


class Work:
    """Rules read columns from here and say here what they do."""

    def __init__(self, columns: list[Column], numbers: list[int], hints: Hints, today: dt.date) -> None:
        self.columns, self.numbers, self.hints, self.today = columns, numbers, hints, today
        self.doubts: list[Doubt] = []
        self.dropped: dict[int, Dropped] = {}
        self.notes: list[Say] = []
        self._changes: dict[tuple[str, str, str, str], list[int]] = {}
        #: places of rows that are asked about as a whole, because their cells may be others
        self.held: set[int] = set()
        self.settled: dict[tuple[int, int], str] = {}
        #: numbers of the columns read so far that have a decimal comma, and a decimal point
        self.decimal_signs: Counter[str] = Counter()
        #: whether a person rightly has several rows; None where only the table can tell
        self.several: bool | None = None
        #: (row, cell with a letter that is lost) -> what it may have been
        self.readings: Mapping[tuple[int, str], tuple[str, ...]] = {}
        #: the column that says of which sheet each row is, where the table has several
        self.sheets: Column | None = None

    def row(self, place: int) -> int | str:
        """What people call the row."""
        return row_shown(self.numbers[place])

    def on(self, rule: str) -> bool:
        return rule not in self.hints.off

    def places(self) -> Iterator[int]:
        """Rows that are still there."""
        every = range(len(self.numbers))
        return (place for place in every if place not in self.dropped) if self.dropped else iter(every)

    def filled(self, column: Column) -> Iterator[tuple[int, Any]]:
        """(place, cell) of rows still there whose cell has something and is not in doubt."""
        for place, cell in enumerate(column.cells):
            if cell is not None and cell != "" and place not in self.dropped and place not in column.doubted:
                yield place, cell

    def grouped(self, column: Column) -> dict[tuple[str, Any], list[int]]:
        """Places by (name of the cell's type, cell): what a rule decides once for all alike."""
        groups: dict[Any, list[int]] = {}
        known = groups.get
        away = column.doubted.union(self.dropped)
        for place, cell in enumerate(column.cells):
            if type(cell) is str:
                if not cell:
                    continue
                key: Any = cell
            elif cell is None:
                continue
            else:
                key = (type(cell).__name__, cell)
            if place in away:
                continue
            places = known(key)
            if places is None:
                groups[key] = [place]
            else:
                places.append(place)
        return {("str", key) if type(key) is str else key: places for key, places in groups.items()}

    def places_of(self, column: Column, test: Callable[[Any], bool]) -> list[int]:
        """Places of rows still there whose cell passes; equal cells are tested once."""
        known: dict[Any, bool] = {}
        found = []
        for place, cell in enumerate(column.cells):
            key = cell if type(cell) is str else (type(cell), cell)
            good = known.get(key)
            if good is None:
                good = known[key] = test(cell)
            if good and place not in self.dropped:
                found.append(place)
        return found

    def texts_of(self, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(place, its cells as they are shown) of rows still there."""
        cells = [column.cells for column in columns]
        for place in self.places():
            yield place, tuple([cell if type(cell := one[place]) is str else text_of(cell) for one in cells])

    def meaning(self, *names: str) -> Column | None:
        return next((one for name in names for one in self.columns if name in (one.field, one.meaning)), None)

    def change(self, column: Column, place: int, rule: str, after: Any) -> None:
        before, now = shown(column.cells[place]), shown(after)
        if before != now:
            self._changes.setdefault((rule, column.title, before, now), []).append(self.numbers[place])
        column.cells[place] = after

    def change_all(self, column: Column, places: Sequence[int], rule: str, after: Any) -> None:
        """The same for equal cells."""
        before, now = shown(column.cells[places[0]]), shown(after)
        if before != now:
            rows = self._changes.setdefault((rule, column.title, before, now), [])
            rows.extend([self.numbers[place] for place in places])
        for place in places:
            column.cells[place] = after

    def emptied(self, column: Column) -> Counter[str]:
        """The words for nothing that were taken out of the column, and how often."""
        return Counter({
            before: len(rows) for (rule, title, before, now), rows in self._changes.items()
            if rule == "placeholders" and title == column.title and not now
        })  # fmt: skip

    def as_it_came(self, column: Column, places: Collection[int]) -> dict[int, str]:
        """Those of the cells at ``places`` that a rule changed, as they stood before the first one did."""
        wanted = {self.numbers[place]: place for place in places}
        found: dict[int, str] = {}
        for (_rule, title, before, _now), rows in self._changes.items():
            if title == column.title:
                for number in wanted.keys() & set(rows):
                    found.setdefault(wanted[number], before)
        return found

    def doubt(
        self, column: Column, place: int, rule: str, candidates: Sequence[str], reason: Say, said: str = ""
    ) -> None:
        """Ask about a cell, unless it was asked before or somebody has answered. ``said``: what stands for its value,
        where cells that differ are asked about as one."""
        if place in column.doubted or place in self.dropped or place in self.held:
            return
        value = said or shown(column.cells[place])
        answer = self._answer(rule, column, value, self.numbers[place])
        if answer is None or (answer == FIRST and not candidates):
            column.doubted.add(place)
            self.doubts.append(Doubt(self.numbers[place], column.title, value, tuple(candidates), reason, rule))
            return
        if answer == DROP:
            self.drop(place, "decided", Say(gettext_noop("Left out by decision.")))
            return
        if answer == FIRST:
            answer = candidates[0]
        column.doubted.add(place)
        kept = shown(column.cells[place])
        self.change(column, place, "decided", {KEEP: kept, EMPTY: ""}.get(answer, answer))

    def _answer(self, rule: str, column: Column, value: str, row: int) -> str | None:
        answers = self.hints.answers
        if not answers:
            return None
        for one in (in_row(value, row), value, "*"):
            for title in (column.title, column.name, "*"):
                for name in (rule, "*"):
                    if (name, title, one) in answers:
                        return answers[name, title, one]
        return None

    def doubt_row(
        self, place: int, rule: str, reason: Say, readings: Sequence[Sequence[Any]] = (), stands_at: int = 0
    ) -> None:
        """Ask about a whole row; ``drop`` leaves it out. ``readings``: what its cells may be instead, the likeliest
        first, and at which place among them ``keep`` stands. A row is asked about once for that."""
        if place in self.dropped or place in self.held:
            return
        offered = {self._told(place, cells): cells for cells in readings}
        texts = list(offered)
        candidates = (*texts[:stands_at], KEEP, *texts[stands_at:], DROP)
        answer = self._row_answer(rule, place)
        answer = candidates[0] if answer == FIRST else answer
        if answer == DROP:
            self.drop(place, "decided", Say(gettext_noop("Left out by decision.")))
        elif answer in offered:
            for column, cell in zip(self.columns, offered[answer], strict=True):
                self.change(column, place, rule, cell)
        elif answer != KEEP:
            row = row_key(self.numbers[place])
            self.doubts.append(Doubt(self.numbers[place], WHOLE_ROW, row, candidates, reason, rule))
            if offered:
                self._hold(place, readings)

    def _told(self, place: int, cells: Sequence[Any]) -> str:
        """What a row's cells would be where they are others, by their headings: ``Hours=2; Score=85``."""
        pairs = zip(self.columns, cells, strict=True)
        return "; ".join(
            f"{column.name}={shown(cell)}" for column, cell in pairs if shown(column.cells[place]) != shown(cell)
        )

    def _hold(self, place: int, readings: Sequence[Sequence[Any]]) -> None:
        """Nobody asks about a row that may be another one, and what may move stays as it is."""
        self.held.add(place)
        for number, column in enumerate(self.columns):
            if any(shown(column.cells[place]) != shown(cells[number]) for cells in readings):
                column.doubted.add(place)

    def _row_answer(self, rule: str, place: int) -> str | None:
        row, answers = row_key(self.numbers[place]), self.hints.answers
        keys = ((rule, WHOLE_ROW, row), (rule, WHOLE_ROW, "*"), (rule, "*", row), (rule, "*", "*"))
        return next((answers[key] for key in keys if key in answers), None)

    def drop(self, place: int, rule: str, reason: Say) -> None:
        self.dropped.setdefault(place, Dropped(self.numbers[place], rule, reason))

    def changes(self) -> list[Change]:
        return [Change(*key, rows) for key, rows in self._changes.items()]


def shown(cell: Any) -> str:
    """A cell as it stands in the cleaned file; blanks around it stay, so that before and after tell them."""
    return cell if isinstance(cell, str) else text_of(cell)


def gettext_noop(text: str) -> str:
    return text
