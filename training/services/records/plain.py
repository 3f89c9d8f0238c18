"""Rows of records that nothing stands against, told from others by looking at each different value once.

Whatever is not plain here is for the checks of a row (checks.py), which alone say what is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from people.selectors import today
from people.services.attributes import merged, read_values
from training.models import Activity, Measure
from training.services.records.checks import (
    LENGTHS,
    activity_of,
    amount_problems,
    course_of,
    passed_of,
)
from training.services.records.late import is_late
from training.services.records.rows import RecordRow, References, canonical, storable

#: values of which one remembers what they come to
REMEMBERED = 200_000


@dataclass(frozen=True)
class Amounts:
    """What is stored of the amounts that a row states."""

    minutes: int | None
    count: int | None
    score: Decimal | None
    passed: bool | None


class PlainRows:
    """Looks at values of rows, one kind at a time; None everywhere means: not plain."""

    def __init__(self, refs: References) -> None:
        self.refs = refs
        self.today = today()

    def text(self, column: str, value: str) -> str | None:
        """A title, source or source id as it is stored."""
        value = value.strip()
        is_missing = not value and column in ("source", "source_id")
        return None if is_missing or len(value) > LENGTHS[column] or not storable(value) else value

    def person(self, number: str) -> tuple[int, dt.date, dt.date] | None:
        """Id, first and last day."""
        found = self.refs.people.get(number.strip())
        return (found.id, found.hire_date, found.exit_date or dt.date.max) if found else None

    def day(self, day: dt.date) -> dt.date | None:
        row = RecordRow(row=0, employee_no="", activity="", happened_on=day)
        return None if day > self.today or is_late(row, self.refs) else day

    def place(self, activity: str, course: str) -> tuple[Activity, int | None] | None:
        row = RecordRow(row=0, employee_no="", activity=activity, happened_on=self.today, course=course)
        found = course_of(row, self.refs)
        if course.strip() and found is None:
            return None
        one = activity_of(row, found, self.refs)
        return (one, found.pk if found else None) if one else None

    def amounts(self, activity: Activity, said: Amounts) -> Amounts | None:
        row = RecordRow(
            row=0, employee_no="", activity=activity.code, happened_on=self.today, minutes=said.minutes,
            count=said.count, score=said.score, passed=said.passed,
        )  # fmt: skip
        if any(amount_problems(row, activity)):
            return None
        count = 1 if activity.measure == Measure.TIMES and said.count is None else said.count
        return Amounts(said.minutes, count, said.score, passed_of(row, activity))

    def attributes(self, said: Mapping[str, Any]) -> str | None:
        """Canonical JSON."""
        values, wrong = read_values(self.refs.attributes, said)
        if wrong:
            return None
        try:
            text = canonical(merged({}, values))
        except (TypeError, ValueError):
            return None
        return text if storable(text) and "\\u0000" not in text else None


class Remembering(dict[Any, Any]):
    """Answers of a function of one argument, forgotten when they are too many."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: Any) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[key] = self._answer(key)
        return found
