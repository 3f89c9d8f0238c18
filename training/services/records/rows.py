"""What a row of records says, and the facts that it stands for once its references are looked up."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from people.models import Attribute
from people.selectors import attributes_of
from training.models import Activity, Course, LearningRecord, PointsYear


@dataclass(frozen=True)
class RecordRow:
    """A row to save. ``row`` is its number in the file; references are by code, activities and courses also by name.

    ``activity`` may be empty where ``course`` is given. ``source`` and ``source_id`` name the evidence for good.
    """

    row: int
    employee_no: str
    activity: str
    happened_on: dt.date
    minutes: int | None = None
    count: int | None = None
    score: Decimal | None = None
    passed: bool | None = None
    course: str = ""
    title: str = ""
    source: str = ""
    source_id: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.source.strip(), self.source_id.strip()


@dataclass(frozen=True)
class Facts:
    """The content of a record: two records with equal facts say the same. ``attributes`` is canonical JSON."""

    employee_id: int
    activity_id: int
    course_id: int | None
    happened_on: dt.date
    minutes: int | None
    count: int | None
    score: Decimal | None
    passed: bool | None
    title: str
    attributes: str

    @classmethod
    def of(cls, record: LearningRecord) -> Facts:
        *plain, attributes = (getattr(record, name) for name in FACT_COLUMNS)
        values = (*plain, canonical(attributes))
        return cls(*values)

    def same_as(self, saved: Facts, *, passed_derived: bool) -> bool:
        """Equal content; a result that was derived from a pass mark may have been derived from another one."""
        if self == saved:
            return True
        passed = saved.passed if passed_derived else self.passed
        # not stated means once
        count = saved.count if (self.count or 1) == (saved.count or 1) else self.count
        return replace(self, passed=passed, count=count) == saved


FACT_COLUMNS = (
    "employee_id", "activity_id", "course_id", "happened_on", "minutes", "count", "score", "passed", "title",
    "attributes",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An employee, as far as records care."""

    id: int
    hire_date: dt.date
    exit_date: dt.date | None


def canonical(attributes: Mapping[str, Any]) -> str:
    """JSON text that is equal for equal content. Raises ValueError or TypeError for what JSON does not have."""
    if not attributes:
        return "{}"
    return json.dumps(dict(attributes), sort_keys=True, ensure_ascii=False, allow_nan=False)


def storable(text: str) -> bool:
    """PostgreSQL can keep it: no NUL characters, no halves of surrogate pairs."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


def folded(text: str) -> str:
    """Codes and names are found whatever their case and the blanks around them."""
    return text.strip().casefold()


class References:
    """Everything that some rows refer to, fetched in a constant number of queries."""

    def __init__(self, rows: Sequence[RecordRow]) -> None:
        self._look_up(
            {row.employee_no.strip() for row in rows},
            {row.course for row in rows if row.course.strip()},
            has_attributes=any(row.attributes for row in rows),
        )

    @classmethod
    def of(cls, *, numbers: Iterable[str], courses: Iterable[str], has_attributes: bool) -> References:
        """The same for rows that nobody holds in memory: all employee numbers and courses that they name."""
        refs = cls.__new__(cls)
        refs._look_up(set(numbers), {one for one in courses if one.strip()}, has_attributes=has_attributes)
        return refs

    def _look_up(self, numbers: Iterable[str], courses: Iterable[str], *, has_attributes: bool) -> None:
        self.people = _people(numbers)
        activities = list(Activity.objects.all())
        # a code beats a name
        self.activities = {folded(one.name): one for one in activities} | {folded(one.code): one for one in activities}
        self.activity_codes = [one.code for one in activities if one.is_active]
        self.courses = _courses(courses)
        self.years = _years()
        self.attributes = attributes_of(Attribute.Owner.RECORD) if has_attributes else {}

    def year_of(self, day: dt.date) -> PointsYear | None:
        """The points year that ``day`` falls into."""
        return next((year for year in self.years if year.start_date <= day <= year.end_date), None)


def _people(numbers: Iterable[str]) -> dict[str, Person]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT employee_no, id, hire_date, exit_date FROM people_employee WHERE employee_no = ANY(%s)",
            [[number for number in numbers if storable(number)]],
        )
        return {number: Person(*rest) for number, *rest in cursor.fetchall()}


def _courses(wanted: Iterable[str]) -> dict[str, Course]:
    keys = {folded(one) for one in wanted}
    if not keys:
        return {}
    found = [one for one in Course.objects.select_related("activity") if keys & {folded(one.code), folded(one.name)}]
    names = [folded(one.name) for one in found]
    # a name that two courses share names none of them
    by_name = {folded(one.name): one for one in found if names.count(folded(one.name)) == 1}
    return by_name | {folded(one.code): one for one in found}


def _years() -> list[PointsYear]:
    # shared lock: nobody closes a year between this check and our commit
    return list(PointsYear.objects.raw("SELECT * FROM training_pointsyear ORDER BY start_date DESC FOR SHARE"))
