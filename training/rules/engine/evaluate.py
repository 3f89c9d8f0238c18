"""One employee's account of a period, step by step as docs/policy-format.md tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from training.rules.engine import carry
from training.rules.engine.account import ADJUSTMENT, Account, Line
from training.rules.engine.inputs import Adjustment, Person, Post, Record
from training.rules.engine.keep import settle
from training.rules.engine.limits import Limits, comparing
from training.rules.engine.plan import Plan, Spec, Version
from training.rules.engine.pricing import Evidence, Pricing
from training.rules.engine.shares import codes
from training.rules.engine.targets import Goal, Requirements, asked_within, caps_of, goal_of, stay_of
from training.rules.engine.values import ZERO, Span, cents
from training.rules.engine.windows import Stretch, stretches, whole_of, window_of


def evaluate(
    plan: Plan,
    *,
    period: str,
    person: Person,
    records: Iterable[Record],
    adjustments: Sequence[Adjustment] = (),
    as_of: dt.date | None = None,
) -> Account:
    """Unranked: ``finish`` gives rank, status and outcomes. UnknownPeriod where the document has no such year.

    ``records`` are all active ones that may matter, of earlier periods too; with ``as_of`` those up to that day count.
    """
    known = [record for record in records if as_of is None or record.happened_on <= as_of]
    evidence = Evidence(plan, person, known)
    return _Evaluation(plan, evidence, adjustments, as_of).account(period)


class _Evaluation:
    def __init__(
        self, plan: Plan, evidence: Evidence, adjustments: Sequence[Adjustment], as_of: dt.date | None
    ) -> None:
        self.plan, self.evidence, self.adjustments, self.as_of = plan, evidence, adjustments, as_of
        self._accounts: dict[str, Account] = {}

    def account(self, period: str) -> Account:
        """Worked out once: what is carried into a period is asked for by every window that is looked at."""
        if period not in self._accounts:
            self._accounts[period] = self._account(period)
        return self._accounts[period]

    def _account(self, period: str) -> Account:
        plan, person = self.plan, self.evidence.person
        span = plan.span(period)
        stay = stay_of(person, span)
        # what is asked of a person is asked of their last day on staff
        account = Account(person.employee_no, period, person, day=stay.end if stay else span.end)
        goal = goal_of(plan, person, period, self.as_of)
        account.lines = self._lines(account, period, span, goal)
        account.seen = account.lines
        if goal is not None and goal.window != span:
            looked_at = Account("", period, person)
            account.seen = self._lines(looked_at, period, goal.window, goal)
            account.voided, account.cut, account.carried = looked_at.voided, looked_at.cut, looked_at.carried
        self._stated(account, goal.window if goal else span)
        _sum_up(plan, account)
        if goal is not None:
            self._judge(account, goal)
        if plan.needs_history:
            self._look_back(account)
        return account

    def _prior(self, period: str) -> Account:
        """A period that is over: as its newest snapshot has it, where it was closed."""
        person = self.evidence.person
        if period not in person.settled:
            return self.account(period)
        left = person.settled[period]
        account = settle(period, person, left)
        if self.plan.needs_history and "in_a_row" not in left:
            self._look_back(account)
        # what nobody asked for when the year was closed is worked out
        if "earned" not in left and any(spec.get("earned_in_last_months") for spec in self.plan.carry_over):
            account.lines = self.account(period).lines
        if "cut" not in left and any(spec.get("above") == "cap" for spec in self.plan.carry_over):
            account.cut = self.account(period).cut
        return account

    def _look_back(self, account: Account) -> None:
        """Periods in a row; those without a target or exempt are passed over."""
        before = self.plan.before(account.period)
        if before is not None:
            prior = self._prior(before)
            account.missed_in_a_row, account.met_in_a_row = prior.missed_in_a_row, prior.met_in_a_row
        if account.required is None or account.exempt:
            return
        account.missed_in_a_row = 0 if account.met else account.missed_in_a_row + 1
        account.met_in_a_row = account.met_in_a_row + 1 if account.met else 0

    def _lines(self, account: Account, period: str, span: Span, goal: Goal | None) -> list[Line]:
        """What counts in a period, or in the window of a target, which takes its place."""
        lines = self._limited(account, period, span, goal)
        carry.convert(self.plan, lines)
        lines += self._brought(account, period, span, goal)
        lines += self._given(span, period)
        self._voids(account, lines, period, span)
        return lines

    def _lines_within(self, period: str, window: Span, goal: Goal, periods: Sequence[Stretch]) -> list[Line]:
        """What counts in a requirement's own window: as it counts in each period, if it lies within."""
        found: list[Line] = []
        for stretch in periods:
            part = Account("", period, self.evidence.person)
            lines = [
                line
                for line in self._limited(part, stretch.name, stretch.days, goal)
                if line.record and line.record.happened_on in self.plan.window(line.category, window)
            ]
            carry.convert(self.plan, lines)
            if not self._reaches_back(goal, period) and stretch.days.start <= self.plan.span(period).start:
                lines += self._went_on(stretch.name, window)
            lines += self._given(stretch.days.meet(window), period if stretch.name == period else "")
            if lines:
                self._voids(part, lines, stretch.name, stretch.days)
            found += lines
        return found

    def _limited(self, account: Account, period: str, span: Span, goal: Goal | None) -> list[Line]:
        plan = self.plan
        required = goal.required if goal and not goal.asked.exempt else None
        lines = Pricing(plan, self.evidence).lines(span, period)
        limits = Limits(plan, self.evidence, span, period)
        versions = _limited(plan, limits, lines)
        if goal is not None and not goal.asked.exempt:
            for category, most in caps_of(plan, goal, person=self.evidence.person):
                limits.cap(category, most, lines)
        account.cut = limits.cut
        for limit, version in comparing(plan, versions):
            limits.compare(limit, lines, required, version=version)
        return lines

    def _given(self, days: Span | None, period: str) -> list[Line]:
        """Adjustments of a period, and of earlier ones whose last day is among the days."""
        found = []
        for given in self.adjustments:
            span = self.plan.periods.get(given.period)
            if given.period == period or (span and days and span.end in days):
                found.append(Line(ADJUSTMENT, given.category, given.amount, given.amount, span=span))
        return found

    def _brought(self, account: Account, period: str, span: Span, goal: Goal | None) -> list[Line]:
        if not (self.plan.carry_over or self.plan.debts) or self._reaches_back(goal, period):
            return []
        before = self.plan.before(period)
        if before is None:
            return []
        # the period before is over: it is judged whole, whatever day is asked for
        return carry.carried_in(self.plan, self._prior(before), span, account)

    def _reaches_back(self, goal: Goal | None, period: str) -> bool:
        """Whether the target looks at earlier points themselves: what is carried would count them twice."""
        return goal is not None and goal.window.start < self.plan.span(period).start

    def _went_on(self, period: str, window: Span) -> list[Line]:
        """What a cap took off a period of the window counts in the next one; surplus and debts are in it as earned."""
        caps = any(spec.get("above") == "cap" for spec in self.plan.carry_over)
        before = self.plan.before(period) if period and caps else None
        if before is None or self.plan.span(before).end not in window:
            return []
        return carry.cut_carried_in(self.plan, self._prior(before))

    def _voids(self, account: Account, lines: list[Line], period: str, span: Span) -> None:
        plan = self.plan
        for condition, spec in plan.breaches:
            days = self._days_of(spec, period, span)
            if any(condition(self.evidence.lookup(one, part)) for part in days for one in self.evidence.within(part)):
                whole = str(spec.get("voids", "period")) == "period"
                account.voided = account.voided or whole
                categories = None if whole else set(codes(spec["voids"]))
                carry.void(plan, lines, categories, str(spec.get("name") or "breach"))
                account.cut = carry.still_cut(plan, account.cut, categories)
        carry.round_sums(plan, lines)
        carry.floor(plan, lines)

    def _days_of(self, spec: Spec, period: str, span: Span) -> list[Span]:
        """Days on which such a breach voids this period: its own, or those of periods before it."""
        first = int(spec.get("after") or 0)
        found: list[Span] = []
        at: str | None = period
        for back in range(first + int(spec.get("periods") or 1)):
            if at is None:
                break
            if back >= first:
                found.append(span if at == period else self.plan.span(at))
            at = self.plan.before(at) if at else None
        return found

    def _stated(self, account: Account, span: Span) -> None:
        for record in self.evidence.within(span):
            account.stated[record.activity] = account.stated.get(record.activity, 0) + 1
        counted = {line.record.id: line.record.activity for line in account.seen if line.record and line.is_counted}
        for activity in counted.values():
            account.times[activity] = account.times.get(activity, 0) + 1

    def _judge(self, account: Account, goal: Goal) -> None:
        account.target, account.target_spec = goal.target.name, goal.target
        account.required, account.formula = goal.required, goal.formula
        account.share, account.exempt, account.day = goal.asked.share, goal.asked.exempt, goal.day
        if goal.asked.exempt:
            account.met = True
            return

        def look(window: Any) -> tuple[Span, list[Line], Sequence[Stretch]]:
            span = window_of(window, self.plan.span(account.period), self.as_of, account.person)
            if span == goal.window:
                return span, account.seen, ()
            periods = stretches(self.plan, account.period, span)
            return span, self._lines_within(account.period, span, goal, periods), periods

        def share_in(window: Any) -> Decimal:
            if goal.weights:
                return goal.asked.share
            whole = whole_of(window, self.plan.span(account.period), account.person)
            return asked_within(self.plan, account.person, account.period, goal.target, whole).share

        account.requirements = Requirements(self.plan, goal, account, self.evidence, look, share_in).all()
        account.met = account.total >= goal.required and all(need.met for need in account.requirements)


def _limited(plan: Plan, limits: Limits, lines: list[Line]) -> list[Version]:
    """Runs every limit that goes along the days; answers the versions that priced the lines."""
    versions = list(dict.fromkeys(line.version for line in lines))
    for version in versions:
        for limit in version.limits:
            if not limit.compares_sums:
                limits.run(limit, lines, version=version)
    limits.years(lines)
    for limit in plan.limits:
        if not limit.compares_sums:
            limits.run(limit, lines)
    return versions


def _sum_up(plan: Plan, account: Account) -> None:
    counted: dict[str, Decimal] = {}
    raw: dict[str, Decimal] = {}
    for line in account.seen:
        if not line.category or plan.in_total(line.category):
            account.total += line.counted
            account.raw_total += line.raw
        for category in plan.line_of(line.category) if line.category else ():
            counted[category] = counted.get(category, ZERO) + line.counted
            raw[category] = raw.get(category, ZERO) + line.raw
    account.total, account.raw_total = cents(account.total), cents(account.raw_total)
    account.categories = {code: (cents(counted[code]), cents(raw[code])) for code in sorted(counted)}


def evaluate_team(
    plan: Plan, *, period: str, department: str, above: tuple[str, ...], records: Iterable[Record]
) -> Account:
    """The account of a department itself: its team records at their full points, after limits."""
    span = plan.span(period)
    person = Person(f"department {department}", span.start, posts=(Post(dt.date.min, None, (department, *above)),))
    evidence = Evidence(plan, person, [replace(record, team=record.team or (department, 0)) for record in records])
    lines = Pricing(plan, evidence, is_team=True).lines(span, period)
    limits = Limits(plan, evidence, span, period)
    _limited(plan, limits, lines)
    account = Account(department, period, person, lines=lines, seen=lines)
    _sum_up(plan, account)
    return account
