"""The second pass: plain rows as lines for the database, all others as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from migration.services.naming import content_of, name_of
from migration.services.streaming.columns import ODD, UNTOUCHED, Columns
from migration.services.streaming.stream import Rows
from training.models import Activity
from training.services.records import lane
from training.services.records.checks import LENGTHS
from training.services.records.plain import Amounts, PlainRows, Remembering

_FIELDS = ("activity", "course", "hours", "minutes", "count", "score", "passed", "title", "source", "source_id")
_NAMING = (
    "employee_no", "happened_on", "activity", "course", "title", "hours", "minutes", "count", "score", "passed",
)  # fmt: skip
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def written(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPED)


class Texts(Remembering):
    """As Remembering; texts that no rule changes are not even looked up."""

    def __init__(self, answer: Callable[[Any], Any], longest: int) -> None:
        super().__init__(answer)
        self._longest = longest

    def __missing__(self, key: Any) -> Any:
        if isinstance(key, str) and len(key) <= self._longest and UNTOUCHED.fullmatch(key):
            return key
        return super().__missing__(key)


@dataclass
class Piece(lane.Piece):
    """Lines of plain rows, and the rows that are not plain."""

    odd: Rows = field(default_factory=list)


class Lines:
    """Makes lines of the rows of a stream whose columns are decided."""

    def __init__(self, columns: Columns, plain: PlainRows, activity: str) -> None:
        self.columns, self.plain, self.only_activity = columns, plain, activity
        self.fields = {one.name: one for one in columns.reader.fields}
        told: dict[str, Callable[[Any], Any]] = {
            "employee_no": lambda value: ODD if value is None else self._person(value),
            "happened_on": lambda value: ODD if value is None else plain.day(value) or ODD,
            "title": lambda value: self._text("title", value or ""),
            "source": lambda value: self._text("source", "import" if value is None else value),
            "source_id": lambda value: None if value is None else self._text("source_id", value),
        }
        self.codes = {
            name: self._codes(name, told.get(name))
            for name in ("employee_no", "happened_on", *_FIELDS)
            if name in self.fields
        }
        names = [one.name for one in columns.reader.fields if one.attribute]
        self.extra = {name: self._codes(name, None) for name in names if name in columns.reader.heading_of}
        self.extra |= {
            name: (place, Remembering(columns.attribute(name))) for name, place in columns.attributes.items()
        }
        self.activities: dict[int, Activity] = {}
        self.places = Remembering(self._place)
        self.amounts = Remembering(self._amounts)
        self.attributes = Remembering(self._attributes)

    def _codes(self, name: str, more: Callable[[Any], Any] | None) -> tuple[int | None, Any]:
        """(place, key -> value), or (None, the value of all rows)."""
        read = self.columns.values(self.fields[name])
        place = self.columns.reader.place_of.get(name)

        def value(key: Any) -> Any:
            found = read(key)
            return found if found is ODD or more is None else more(found)

        if place is None:
            return None, value("")
        is_text = self.columns.columns[place].is_text
        return place, Texts(value, LENGTHS[name]) if is_text else Remembering(value)

    def _person(self, number: str) -> Any:
        found = self.plain.person(number)
        return (found[0], number, found[1], found[2]) if found else ODD

    def _text(self, column: str, value: str) -> Any:
        text = self.plain.text(column, value)
        return ODD if text is None else written(text)

    def _place(self, key: tuple[Any, Any]) -> Any:
        activity, course = key
        found = self.plain.place(activity or ("" if course else self.only_activity), course or "")
        if found is None:
            return None
        self.activities[found[0].pk] = found[0]
        return found[0].pk, f"{found[0].pk}\t{written(found[1])}"

    def _amounts(self, key: tuple[Any, ...]) -> str | None:
        activity, hours, minutes, count, score, passed = key
        found = self.plain.amounts(
            self.activities[activity], Amounts(hours if minutes is None else minutes, count, score, passed)
        )
        if found is None:
            return None
        return "\t".join(map(written, (found.minutes, found.count, found.score, found.passed)))

    def _attributes(self, values: tuple[Any, ...]) -> str | None:
        text = self.plain.attributes(
            {name: value for name, value in zip(self.extra, values, strict=True) if value is not None}
        )
        return None if text is None else written(text)

    def _values(self, keys: dict[int, Sequence[Any]], code: tuple[int | None, Any] | None, size: int) -> list[Any]:
        if code is None:
            return [None] * size
        place, values = code
        return [values] * size if place is None else list(map(values.__getitem__, keys[place]))

    def piece(self, rows: Rows, keys: dict[int, Sequence[Any]], odd: set[int]) -> Piece:
        """``odd``: places of rows that are known not to be plain."""
        size = len(rows)
        people = self._values(keys, self.codes["employee_no"], size)
        days = self._values(keys, self.codes["happened_on"], size)
        others = [self._values(keys, self.codes.get(name), size) for name in _FIELDS]
        extras = [self._values(keys, code, size) for code in self.extra.values()]
        for column in (people, days, *others, *extras):
            if ODD in column:
                odd.update(at for at, value in enumerate(column) if value is ODD)
        told = list(zip(*extras, strict=True)) if extras else [()] * size
        done = Piece()
        self._fill(done, zip(rows, people, days, *others, told, strict=True), odd)
        return done

    def _fill(self, done: Piece, told: Iterator[tuple[Any, ...]], odd: set[int]) -> None:
        places, amounts, attributes = self.places, self.amounts, self.attributes
        for at, (
            row,
            person,
            day,
            activity,
            course,
            hours,
            minutes,
            count,
            score,
            passed,
            title,
            source,
            name,
            extra,
        ) in enumerate(told):
            if at in odd:
                done.odd.append(row)
                continue
            place = places[activity, course]
            said = amounts[place[0], hours, minutes, count, score, passed] if place else None
            more = attributes[extra]
            who, number, first, last = person
            if said is None or more is None or not first <= day <= last or (name is None and "\\" in title):
                done.odd.append(row)
                continue
            if name is None:
                values = (number, day, activity, course, title, hours, minutes, count, score, passed)
                name, done.wholes[row[0]] = self._named(values, extra)
            done.rows.append(row[0])
            done.lines.append(f"{source}\t{name}\t{who}\t{place[1]}\t{day}\t{said}\t{title}\t{more}")

    def _named(self, said: tuple[Any, ...], extra: tuple[Any, ...]) -> tuple[str, str]:
        """The automatic name, and its long form."""
        values = {name: value for name, value in zip(_NAMING, said, strict=True) if value is not None}
        values["attributes"] = {name: one for name, one in zip(self.extra, extra, strict=True) if one is not None}
        short = name_of(values)
        return short, f"{short}-{content_of(values)}"
