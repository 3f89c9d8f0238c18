"""What an evaluation is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Post:
    """An assignment, both days included, open without ``end``. ``departments``: their own first, then those above."""

    start: dt.date
    end: dt.date | None = None
    departments: tuple[str, ...] = ()
    position: str = ""
    level: str = ""
    band: str = ""

    def covers(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or self.end >= day)


@dataclass(frozen=True)
class Leave:
    """A long leave, both days included, open where ``end`` is None."""

    start: dt.date
    end: dt.date | None
    kind: str = ""


@dataclass(frozen=True)
class Person:
    """An employee with what policies ask about. ``posts`` in order of their start."""

    employee_no: str
    hire_date: dt.date
    exit_date: dt.date | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    leaves: tuple[Leave, ...] = ()
    #: period to what its newest snapshot leaves to the next one (see :func:`keep.leave`); nothing: no line in it
    settled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def post_on(self, day: dt.date) -> Post | None:
        return next((post for post in reversed(self.posts) if post.covers(day)), None)


@dataclass(frozen=True)
class Record:
    """An active learning record. ``team``: (department, how many members) where it is a team's achievement."""

    id: int
    activity: str
    happened_on: dt.date
    minutes: int | None = None
    count: int | None = None
    score: Decimal | None = None
    passed: bool | None = None
    course: str = ""
    title: str = ""
    source: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    team: tuple[str, int] | None = None


@dataclass(frozen=True)
class Adjustment:
    """Points that a person gave or took by hand."""

    period: str
    category: str
    amount: Decimal
