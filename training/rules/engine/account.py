"""What an evaluation answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from training.rules.engine.inputs import Person, Record
from training.rules.engine.values import ONE, ZERO, Span

#: kinds of lines that are not of one record
CARRY, DEBT, CONVERSION, ROUNDED, FLOOR, ADJUSTMENT, TEAM = (
    "carry_over",
    "debt",
    "conversion",
    "rounding",
    "floor",
    "adjustment",
    "team",
)
AWARD = "award"


@dataclass
class Line:
    """One line of an account. ``raw`` before limits, ``counted`` after; ``cuts`` names what took something."""

    kind: str
    category: str
    raw: Decimal
    counted: Decimal
    record: Record | None = None
    rule: str = ""
    version_from: dt.date | None = None
    quantity: Decimal | None = None
    cuts: list[str] = field(default_factory=list)
    note: str = ""
    #: does it count for requirements, or for the total only
    is_full: bool = True
    #: the version's own words, for its limits
    version: Any = None
    #: the days of the period that it counts in
    span: Span | None = None
    #: of a conversion: what each day brought
    pieces: list[tuple[dt.date, Decimal]] = field(default_factory=list)

    @property
    def record_id(self) -> int | None:
        return self.record.id if self.record else None

    @property
    def is_counted(self) -> bool:
        """Whether its record counts."""
        return self.counted != 0

    def within(self, part: Span) -> Line | None:
        """What of it lies in a part of the period: a record on its day, an adjustment with its whole period."""
        if self.record:
            return self if self.record.happened_on in part else None
        if self.pieces and self.counted:
            amount = sum((piece for day, piece in self.pieces if day in part), ZERO)
            return replace(self, raw=amount, counted=amount) if amount else None
        return self if self.span and self.span.start in part and self.span.end in part else None

    def cut_to(self, amount: Decimal, why: str) -> None:
        if amount != self.counted:
            self.counted = amount
            if why not in self.cuts:
                self.cuts.append(why)


@dataclass
class Need:
    """One requirement of a target with its figures; ``parts`` are sub-requirements or parts of the period."""

    name: str
    required: Decimal
    counted: Decimal
    met: bool
    parts: list[Need] = field(default_factory=list)
    category: str = ""
    note: str = ""
    #: met with no more than this only
    most: Decimal | None = None

    @property
    def missing(self) -> Decimal:
        return max(self.required - self.counted, ZERO)

    def walk(self) -> Iterator[Need]:
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass
class Outcome:
    """A named consequence. ``amount`` is a reward in whatever unit the policy means."""

    name: str
    value: Any = None
    amount: Decimal | None = None


@dataclass
class Account:
    """One employee's account of one period under one policy. ``share`` of the target asked, 0 to 1."""

    employee_no: str
    period: str
    person: Person
    lines: list[Line] = field(default_factory=list)
    #: lines that the target looks at: the period's, or those of its own window
    seen: list[Line] = field(default_factory=list)
    total: Decimal = ZERO
    raw_total: Decimal = ZERO
    categories: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    target: str | None = None
    target_spec: Any = None
    required: Decimal | None = None
    formula: str = ""
    share: Decimal = ONE
    exempt: bool = False
    met: bool | None = None
    requirements: list[Need] = field(default_factory=list)
    status: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    rank: int | None = None
    ranked: int = 0
    voided: bool = False
    #: periods in a row, this one included, where the plan asks for them
    missed_in_a_row: int = 0
    met_in_a_row: int = 0
    #: what was carried into this period, by the category that it went into: (periods ago, points)
    carried: dict[str, list[tuple[int, Decimal]]] = field(default_factory=dict)
    #: what caps took off, by category
    cut: dict[str, Decimal] = field(default_factory=dict)
    day: dt.date = dt.date.min
    #: records of the period by activity, whether they count or not, and those that count
    stated: dict[str, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)

    @property
    def surplus(self) -> Decimal:
        return max(self.total - self.required, ZERO) if self.required is not None else ZERO

    @property
    def missing(self) -> Decimal:
        return max(self.required - self.total, ZERO) if self.required is not None else ZERO

    def needs(self) -> Iterable[Need]:
        for need in self.requirements:
            yield from need.walk()
