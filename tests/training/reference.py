"""The points engine once more: plain, slow, one record after the other, written from section 4 of the design.

It reads tables through the ORM and shares nothing with the SQL. Where both say the same for random input, a mistake
would have to be made twice in two different ways.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from django.conf import settings

from people.models import Assignment, Department, Employee, Scope
from training.models import (
    Category,
    LearningRecord,
    LedgerEntry,
    PointsYear,
    RuleVersion,
    Standing,
    Target,
    TargetRequirement,
)

FOREVER = dt.date.max
#: (record, category, rule version) -> [counted, full]
Ledger = dict[tuple[int, int, int], list[Decimal]]


@dataclass
class Stand:
    """What a standing must say."""

    department: int | None = None
    target: int | None = None
    share: Decimal | None = None
    required: Decimal | None = None
    met: bool | None = None
    total: Decimal = Decimal(0)
    full_total: Decimal = Decimal(0)
    categories: dict[str, list[Decimal]] = field(default_factory=dict)
    missing: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class Expected:
    ledger: Ledger
    standings: dict[int, Stand]


def expect(year: PointsYear) -> Expected:
    """What ledger and standings of everybody must say in this year."""
    facts = _Facts(year)
    ledger: Ledger = {}
    standings = {}
    for employee in Employee.objects.all():
        target, since = facts.target_of(employee)
        mine = facts.book(employee, target)
        ledger |= mine
        standings[employee.pk] = facts.stand(employee, target, since, mine)
    return Expected(ledger, standings)


def actual(year: PointsYear) -> Expected:
    """What the product's tables say, in the same shape; entries that cancel out are nothing."""
    ledger: Ledger = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for entry in LedgerEntry.objects.filter(year=year, record__isnull=False):
        sums = ledger[entry.record_id, entry.category_id, entry.rule_version_id]
        sums[0] += entry.amount
        sums[1] += entry.full_amount
    standings = {
        one.employee_id: Stand(
            department=one.department_id,
            target=one.target_id,
            share=one.share,
            required=one.required,
            met=one.met,
            total=one.total,
            full_total=one.full_total,
            categories={node: sums for node, sums in _decimals(one.categories).items() if any(sums)},
            missing=_decimals(one.missing),
        )
        for one in Standing.objects.filter(year=year)
    }
    return Expected({key: sums for key, sums in ledger.items() if any(sums)}, standings)


def _decimals(value: Any) -> Any:
    return json.loads(json.dumps(value), parse_float=Decimal, parse_int=Decimal)


def _two_places(value: Fraction, *, down: bool = False, places: int = 2) -> Decimal:
    """Half up, or cut off."""
    scale = 10**places
    whole = floor(value * scale) if down else floor(value * scale + Fraction(1, 2))
    return Decimal(whole) / scale


class _Facts:
    def __init__(self, year: PointsYear) -> None:
        self.year = year
        self.parent_of = dict(Department.objects.values_list("id", "parent_id"))
        self.category_parent = dict(Category.objects.values_list("id", "parent_id"))
        self.assignments: dict[int, list[Assignment]] = defaultdict(list)
        for assignment in Assignment.objects.select_related("level").order_by("start_date"):
            self.assignments[assignment.employee_id].append(assignment)
        self.versions = list(RuleVersion.objects.filter(rule__policy__is_active=True).select_related("rule"))
        self.targets = list(Target.objects.filter(policy__is_active=True, year=year))
        self.requirements: dict[int, list[TargetRequirement]] = defaultdict(list)
        for requirement in TargetRequirement.objects.all():
            self.requirements[requirement.target_id].append(requirement)
        self.down = settings.POINTS_ROUNDING == "down"

    # --- scopes -------------------------------------------------------------------------------------
    def closeness(self, scope: Scope, employee: Employee, at: Assignment | None) -> tuple[int, ...] | None:
        """How specific a scope is for somebody at a place; greater is more specific, None does not fit."""
        if scope.employee_id and scope.employee_id != employee.pk:
            return None
        if scope.position_id and (at is None or at.position_id != scope.position_id):
            return None
        if scope.level_id and (at is None or at.level_id != scope.level_id):
            return None
        if scope.band and (at is None or at.level.band != scope.band):
            return None
        nearness = -1
        if scope.department_id:
            steps = self.steps_up(at.department_id if at else None, scope.department_id)
            if steps is None:
                return None
            nearness = 1000 - steps
        return (
            1 if scope.employee_id else 0,
            1 if scope.position_id else 0,
            nearness,
            1 if scope.level_id else 0,
            1 if scope.band else 0,
        )

    def steps_up(self, department: int | None, ancestor: int) -> int | None:
        steps = 0
        while department is not None:
            if department == ancestor:
                return steps
            department = self.parent_of[department]
            steps += 1
        return None

    def assignment_on(self, employee: Employee, day: dt.date) -> Assignment | None:
        for assignment in self.assignments[employee.pk]:
            if assignment.start_date <= day <= (assignment.end_date or FOREVER):
                return assignment
        return None

    def version_for(self, record: LearningRecord, employee: Employee) -> RuleVersion | None:
        best: tuple[Any, RuleVersion] | None = None
        at = self.assignment_on(employee, record.happened_on)
        for version in self.versions:
            if version.rule.activity_id != record.activity_id:
                continue
            if not version.start_date <= record.happened_on <= (version.end_date or FOREVER):
                continue
            closeness = self.closeness(version.rule, employee, at)
            if closeness is None:
                continue
            weight = (closeness, version.rule.priority, version.start_date, version.pk)
            if best is None or weight > best[0]:
                best = (weight, version)
        return best[1] if best else None

    # --- targets ------------------------------------------------------------------------------------
    def days_on_staff(self, employee: Employee) -> tuple[dt.date, dt.date]:
        return (
            max(employee.hire_date, self.year.start_date),
            min(employee.exit_date or FOREVER, self.year.end_date),
        )

    def places_in_year(self, employee: Employee) -> list[tuple[dt.date, Assignment]]:
        """(since when it counts, assignment): the first one known reaches back to the first day."""
        first, last = self.days_on_staff(employee)
        if first > last:
            return []
        known = [one for one in self.assignments[employee.pk] if one.start_date <= last]
        return [
            (first if one is known[0] else max(first, one.start_date), one)
            for one in known
            if (one.end_date or FOREVER) >= self.year.start_date
        ]

    def target_at(self, employee: Employee, at: Assignment | None) -> Target | None:
        fitting = []
        for target in self.targets:
            closeness = self.closeness(target, employee, at)
            if closeness is not None:
                fitting.append(((closeness, target.priority, target.pk), target))
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def target_of(self, employee: Employee) -> tuple[Target | None, dt.date | None]:
        """The target of the last place in the year, and since which day of the year it was theirs."""
        first, last = self.days_on_staff(employee)
        if first > last:
            return None, None
        places = self.places_in_year(employee)
        if not places:
            return self.target_at(employee, None), first
        target = self.target_at(employee, places[-1][1])
        return target, min(since for since, place in places if self.target_at(employee, place) == target)

    def share(self, employee: Employee, target: Target, since: dt.date) -> Fraction:
        last = self.days_on_staff(employee)[1]
        if target.pro_rata == "days":
            return Fraction((last - since).days + 1, (self.year.end_date - self.year.start_date).days + 1)
        if target.pro_rata == "months":
            return Fraction(_months(since, last), _months(self.year.start_date, self.year.end_date))
        return Fraction(1)

    # --- points -------------------------------------------------------------------------------------
    def upwards(self, category: int) -> list[int]:
        chain = [category]
        while (parent := self.category_parent[chain[-1]]) is not None:
            chain.append(parent)
        return chain

    def full_value(self, record: LearningRecord, version: RuleVersion) -> Decimal:
        if version.basis == "per_hour":
            units = Fraction(record.minutes or 0, 60)
        else:
            units = Fraction(1 if record.count is None else record.count)
            if version.basis == "per_pass" and not record.passed:
                units = Fraction(0)
        return _two_places(units * Fraction(version.rate), down=self.down)

    def book(self, employee: Employee, target: Target | None) -> Ledger:
        ledger: Ledger = {}
        of_activity: dict[int, Decimal] = defaultdict(Decimal)
        of_category: dict[int, Decimal] = defaultdict(Decimal)
        caps = {one.category_id: one.cap for one in self.requirements[target.pk]} if target else {}
        records = LearningRecord.objects.filter(employee=employee, status="active").select_related("activity")
        for record in sorted(records, key=lambda one: (one.happened_on, one.pk)):
            if not self.year.start_date <= record.happened_on <= self.year.end_date:
                continue
            version = self.version_for(record, employee)
            if version is None:
                continue
            full = counts = self.full_value(record, version)
            if version.max_per_record is not None:
                counts = min(counts, version.max_per_record)
            if version.max_per_year is not None:
                counts = min(counts, max(version.max_per_year - of_activity[record.activity_id], Decimal(0)))
            chain = self.upwards(record.activity.category_id)
            for category in chain:
                if caps.get(category) is not None:
                    counts = min(counts, caps[category] - of_category[category])
            of_activity[record.activity_id] += counts
            for category in chain:
                of_category[category] += counts
            if full:
                ledger[record.pk, record.activity.category_id, version.pk] = [counts, full]
        return ledger

    def stand(self, employee: Employee, target: Target | None, since: dt.date | None, mine: Ledger) -> Stand:
        places = self.places_in_year(employee)
        stand = Stand(department=places[-1][1].department_id if places else None)
        booked = [(category, *sums) for (_record, category, _version), sums in mine.items()]
        for entry in LedgerEntry.objects.filter(employee=employee, year=self.year, record__isnull=True):
            booked.append((entry.category_id, entry.amount, entry.full_amount))
        for category, counted, full in booked:
            stand.total += counted
            stand.full_total += full
            for node in self.upwards(category):
                sums = stand.categories.setdefault(str(node), [Decimal(0), Decimal(0)])
                sums[0] += counted
                sums[1] += full
        stand.categories = {node: sums for node, sums in stand.categories.items() if any(sums)}
        if target is not None and since is not None:
            share = self.share(employee, target, since)
            stand.target, stand.share = target.pk, _two_places(share, places=6)
            stand.required = _two_places(share * Fraction(target.total))
            for requirement in self.requirements[target.pk]:
                has = stand.categories.get(str(requirement.category_id), [Decimal(0)])[0]
                needs = _two_places(share * Fraction(requirement.minimum))
                if needs > has:
                    stand.missing[str(requirement.category_id)] = needs - has
            stand.met = stand.total >= stand.required and not stand.missing
        return stand


def _months(first: dt.date, last: dt.date) -> int:
    """Calendar months touched."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
