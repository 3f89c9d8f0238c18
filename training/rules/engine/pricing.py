"""What one record is worth: the rule it falls under and its points before limits (docs/policy-format.md, 2 and 3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from training.rules.engine.account import AWARD, TEAM, Line
from training.rules.engine.conditions import Lookup
from training.rules.engine.inputs import Person, Post, Record
from training.rules.engine.plan import Choice, Plan, Rule, Version
from training.rules.engine.values import ONE, ZERO, Span, bucket, cents, floor_units, number, plain, stated_day


def employee_lookup(person: Person, day: dt.date) -> Lookup:
    """Values of ``employee.…`` on a day."""
    post = person.post_on(day)

    def value(name: str) -> Any:
        if name == "number":
            return person.employee_no
        if name == "department":
            return frozenset(post.departments) if post and post.departments else None
        if name in ("position", "level", "band"):
            return (getattr(post, name) or None) if post else None
        if name == "hire_date":
            return person.hire_date
        if name == "exit_date":
            return person.exit_date
        if name == "service_years":
            return full_years(person.hire_date, day)
        if name == "service_months":
            return full_months(person.hire_date, day)
        return person.attributes.get(name)

    return value


def full_years(start: dt.date, day: dt.date) -> int:
    """Completed years from one day to another; 29 February completes on 1 March."""
    return max(day.year - start.year - ((day.month, day.day) < (start.month, start.day)), 0)


def full_months(start: dt.date, day: dt.date) -> int:
    """Completed months; the 31st completes on the first of the month after a shorter one."""
    return max((day.year - start.year) * 12 + day.month - start.month - (day.day < start.day), 0)


class Evidence:
    """A person's records in their order, with what conditions may ask about each."""

    def __init__(self, plan: Plan, person: Person, records: Iterable[Record]) -> None:
        self.plan, self.person = plan, person
        self.records = sorted(records, key=lambda record: (record.happened_on, record.id))
        self._ever: dict[int, int] = {}
        self._in_span: dict[Span, dict[int, int]] = {}
        self._number(self.records, self._ever)

    def _number(self, records: Sequence[Record], into: dict[int, int]) -> None:
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for record in records:
            key = (record.activity, f"course {record.course}" if record.course else record.title)
            counts[key] += 1
            into[record.id] = counts[key]

    def within(self, span: Span) -> list[Record]:
        return [record for record in self.records if record.happened_on in span]

    def nth(self, record: Record, span: Span) -> int:
        if span not in self._in_span:
            numbers: dict[int, int] = {}
            self._number(self.within(span), numbers)
            self._in_span[span] = numbers
        return self._in_span[span].get(record.id, 1)

    def lookup(self, record: Record, span: Span, *, category: str = "", rule: Rule | None = None) -> Lookup:
        """Values of the record and of its employee on that day."""
        employee: list[Lookup] = []

        def value(name: str) -> Any:
            if name.startswith("employee."):
                if not employee:
                    employee.append(employee_lookup(self.person, record.happened_on))
                return employee[0](name[9:])
            special = _RECORD.get(name)
            if special is not None:
                return special(record)
            if name == "category":
                return frozenset(self.plan.line_of(category or self.plan.category_of(record.activity)))
            if name == "rule":
                return rule.names if rule else None
            if name == "skill":
                return self.plan.skills.get(record.course) or None
            if name == "passed":
                return passed(self.plan, record)
            if name == "nth":
                # a category with years of its own counts within them
                where = category or self.plan.category_of(record.activity)
                return self.nth(record, self.plan.window(where, span))
            if name == "nth_ever":
                return self._ever.get(record.id, 1)
            if name.startswith(DAYS_UNTIL):
                until = stated_day(value(name.removeprefix(DAYS_UNTIL)))
                return None if until is None else (until - record.happened_on).days
            found = record.attributes.get(name)
            return None if found == "" else found

        return value


#: days from the record to the date that the name after it states
DAYS_UNTIL = "days_until."
_RECORD: dict[str, Callable[[Record], Any]] = {
    "activity": lambda record: record.activity,
    "course": lambda record: record.course or None,
    "title": lambda record: record.title or None,
    "source": lambda record: record.source or None,
    "happened_on": lambda record: record.happened_on,
    "month": lambda record: record.happened_on.month,
    "minutes": lambda record: record.minutes,
    "hours": lambda record: None if record.minutes is None else Decimal(record.minutes) / 60,
    "count": lambda record: record.count,
    "score": lambda record: record.score,
    "department": lambda record: record.team[0] if record.team else None,
}


def passed(plan: Plan, record: Record) -> bool | None:
    """As stated, or by the activity's pass mark."""
    if record.passed is not None or record.score is None:
        return record.passed
    mark = number((plan.activities.get(record.activity) or {}).get("pass_mark"))
    return None if mark is None else record.score >= mark


class Pricing:
    """Prices a person's records of one stretch of days."""

    def __init__(self, plan: Plan, evidence: Evidence, *, is_team: bool = False) -> None:
        self.plan, self.evidence, self.person = plan, evidence, evidence.person
        self._groups: dict[tuple[object, object], Decimal] = defaultdict(lambda: ZERO)
        #: the account of a department itself, which gets the full points of its records
        self.is_team = is_team

    def lines(self, span: Span, period: str) -> list[Line]:
        """Every line that the records of ``span`` earn, before limits and in their order."""
        found: list[Line] = []
        for record in self.evidence.within(self.plan.reach(span)):
            post = self.person.post_on(record.happened_on)
            for version in self._versions(record, post, span):
                if record.happened_on in self.plan.window(version.category, span):
                    line = self._line(record, version, span, period)
                    if line is not None:
                        found.append(line)
        return found

    def _versions(self, record: Record, post: Post | None, span: Span) -> list[Version]:
        best: tuple[Any, Version] | None = None
        adding: list[Version] = []
        for rule in self.plan.rules.get(record.activity, ()):
            if (rule.team is None) is not (record.team is None):
                continue
            strength = rule.scope.strength(self.person.employee_no, post)
            if strength is None:
                continue
            version = self._in_force(rule.versions, record, span)
            if version is None:
                continue
            if rule.adds:
                adding.append(version)
                continue
            key = (*strength, version.has_when, rule.priority, version.span.start)
            if best is None or key > best[0] or (key == best[0] and _comes_first(version, best[1])):
                best = key, version
        return [best[1], *adding] if best else adding

    def _in_force(self, versions: Sequence[Version], record: Record, span: Span) -> Version | None:
        for version in versions:
            if record.happened_on in version.span:
                lookup = self.evidence.lookup(record, span, category=version.category, rule=version.rule)
                return version if version.when(lookup) else None
        return None

    def _line(self, record: Record, version: Version, span: Span, period: str) -> Line | None:
        lookup = self.evidence.lookup(record, span, category=version.category, rule=version.rule)
        quantity = self._quantity(record, version, lookup, period)
        if quantity == 0:
            return None
        value, note = self._value(quantity, version, lookup)
        if value is None:
            return None
        if record.team and not self.is_team:
            value = _share_of_team(value, version.rule.team, record.team[1])
            if value is None:
                return None
            if version.rule.team == "equal":
                note = f"{note} ÷ {max(record.team[1], 1)}"
        # sums that are rounded are sums of exact values
        if version.rounding:
            value = version.rounding(value)
        if not self.plan.sum_rounding:
            value = cents(value, self.plan.cent_mode)
        if version.min_per_record is not None and value > 0:
            value = max(value, version.min_per_record)
        line = Line(
            kind=TEAM if record.team else AWARD, category=version.category, raw=value, counted=value, record=record,
            rule=version.rule.code, version_from=version.span.start, quantity=quantity, note=note, version=version,
            span=span,
        )  # fmt: skip
        if version.max_per_record is not None and value > version.max_per_record:
            line.cut_to(version.max_per_record, "record")
        return line

    def _quantity(self, record: Record, version: Version, lookup: Lookup, period: str) -> Decimal:
        times = Decimal(1 if record.count is None else record.count)
        match version.basis:
            case "per_hour":
                quantity = Decimal(record.minutes or 0) / 60
            case "per_minutes":
                quantity = Decimal(record.minutes or 0) / version.minutes
            case "per_pass":
                quantity = times if lookup("passed") else ZERO
            case "per_event":
                quantity = ONE
            case "per_attribute":
                quantity = number(lookup(version.attribute)) or ZERO
            case _:
                quantity = times
        if version.units:
            quantity = version.units(quantity)
        if version.every and quantity > 0:
            size, within = version.every
            key = version.rule, bucket(within, record.happened_on, period)
            before = self._groups[key]
            self._groups[key] = before + quantity
            quantity = floor_units(before + quantity, Decimal(size)) - floor_units(before, Decimal(size))
        return quantity

    def _value(self, quantity: Decimal, version: Version, lookup: Lookup) -> tuple[Decimal | None, str]:
        if version.tiers:
            value, note = _in_tiers(quantity, version.tiers), f"{_short(quantity)} in tiers"
        else:
            points = next((band.figure for band in version.bands if band.when(lookup)), version.points)
            if points is None:
                return None, ""
            value, note = quantity * points, f"{_short(quantity)} × {plain(points)}"
        for choice in (*version.multipliers, *self.plan.multipliers):
            factor = _factor(choice, lookup)
            if factor is not None:
                value, note = value * factor, f"{note} × {plain(factor)}"
        for bonus in version.bonus:
            if bonus.when(lookup):
                value, note = value + bonus.figure, f"{note} + {plain(bonus.figure)}"
        return value, note


def _comes_first(version: Version, other: Version) -> bool:
    """Of two that fit equally well: the one entered last, or by code where a file does not say."""
    if version.id is not None and other.id is not None:
        return bool(version.id > other.id)
    return version.rule.code < other.rule.code


def _short(quantity: Decimal) -> str:
    return plain(quantity.quantize(Decimal("0.0001")))


def _factor(choice: Choice, lookup: Lookup) -> Decimal | None:
    if not choice.when(lookup):
        return None
    return number(lookup(choice.attribute)) if choice.attribute else choice.figure


def _in_tiers(quantity: Decimal, tiers: Sequence[tuple[Decimal | None, Decimal]]) -> Decimal:
    value, below = ZERO, ZERO
    for up_to, points in tiers:
        upper = quantity if up_to is None else min(quantity, up_to)
        value += max(upper - below, ZERO) * points
        below = max(below, upper)
    return value


def _share_of_team(value: Decimal, share: str | None, members: int) -> Decimal | None:
    if share == "each":
        return value
    if share == "equal" and members:
        return value / members
    return None
