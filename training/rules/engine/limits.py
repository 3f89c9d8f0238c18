"""Limits and caps: first come, first counted (docs/policy-format.md, step 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from training.rules.engine.account import Line
from training.rules.engine.plan import Limit, Plan, Version
from training.rules.engine.pricing import Evidence
from training.rules.engine.shares import Points
from training.rules.engine.values import ONE, ZERO, Span, bucket, share_down

Key = tuple[object, ...]


class Limits:
    """Cuts the priced lines of one person, in place."""

    def __init__(self, plan: Plan, evidence: Evidence, span: Span, period: str) -> None:
        self.plan, self.evidence, self.span, self.period = plan, evidence, span, period
        #: what caps took off, by category
        self.cut: dict[str, Decimal] = {}

    def chosen(self, limit: Limit, lines: Sequence[Line]) -> list[Line]:
        return [line for line in lines if self._touches(limit, line)]

    def _touches(self, limit: Limit, line: Line) -> bool:
        if limit.categories and line.category not in self.plan.below(limit.categories):
            return False
        if line.record is None:
            return not (limit.activities or limit.rules)
        if not (limit.categories or limit.rules or limit.of) and self._is_aside(line):
            return False
        if limit.activities and line.record.activity not in limit.activities:
            return False
        if limit.rules and not limit.rules.intersection(line.version.rule.names):
            return False
        if limit.of is not None and line.version.rule is not limit.of:
            return False
        return limit.when(self.evidence.lookup(line.record, self.span, category=line.category, rule=line.version.rule))

    def _is_aside(self, line: Line) -> bool:
        return self.plan.is_aside(line.version.rule, line.category)

    def _within(self, per: str, line: Line) -> object:
        """The day, month … or period that a line counts in."""
        if line.record is None or per == "period":
            return self.period
        if per == "record":
            return line.record.id
        return bucket(per, line.record.happened_on, self.period)

    def _key(self, limit: Limit, line: Line) -> Key:
        record = line.record
        if record is None:
            return ()
        when = self._within(limit.per, line)
        if not limit.each:
            return (when,)
        if limit.each == "category":
            return when, line.category
        own = {"course": record.course, "title": record.title, "activity": record.activity, "source": record.source}
        return when, own[limit.each] if limit.each in own else str(record.attributes.get(limit.each, ""))

    # --- limits that run along the days -----------------------------------------------------------
    def run(self, limit: Limit, lines: Sequence[Line], *, version: object = None) -> None:
        """``at_most``, ``times`` and ``deduct_at_most`` of one limit, over all lines.

        A version's own limit counts all records of its rule, and cuts those of the version.
        """
        sums: dict[Key, Decimal] = defaultdict(lambda: ZERO)
        taken: dict[Key, Decimal] = defaultdict(lambda: ZERO)
        seen: dict[Key, set[int]] = defaultdict(set)
        why = f"limit:{limit.name}"
        chosen = self.chosen(limit, lines)
        if limit.keep == "highest" and limit.times is not None:
            self._keep_highest(limit, chosen, version, why)
        for line in chosen:
            key = self._key(limit, line)
            cuts = version is None or line.version is version
            if cuts:
                before = line.counted
                self._cut(limit, line, sums[key], taken[key], seen[key], why)
                if limit.caps:
                    self._note(limit.caps, before - line.counted)
            sums[key] += line.counted
            taken[key] -= min(line.counted, ZERO)
            if line.counted != 0 and line.record:
                seen[key].add(line.record.id)

    def _keep_highest(self, limit: Limit, lines: Sequence[Line], version: object, why: str) -> None:
        """Of records that count together so many times only, those with most points; of equal ones the first."""
        worth: dict[Key, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for line in lines:
            if line.record and line.counted != 0:
                worth[self._key(limit, line)][line.record.id] += line.counted
        kept: set[int] = set()
        for records in worth.values():
            kept.update(sorted(records, key=lambda pk: -records[pk])[: limit.times])
        for line in lines:
            if line.record and line.record.id not in kept and (version is None or line.version is version):
                line.cut_to(ZERO, why)

    def _cut(self, limit: Limit, line: Line, used: Decimal, taken: Decimal, seen: set[int], why: str) -> None:
        if limit.times is not None and line.record and line.record.id not in seen and len(seen) >= limit.times:
            line.cut_to(ZERO, why)
        if limit.deduct_at_most is not None and line.counted < 0:
            line.cut_to(max(line.counted, min(taken - limit.deduct_at_most, ZERO)), why)
        if limit.at_most is not None and line.counted > 0:
            line.cut_to(max(min(line.counted, limit.at_most - used), ZERO), why)

    def years(self, lines: Sequence[Line]) -> None:
        """``max_per_year``: of an activity, under the version of each record."""
        sums: dict[Key, Decimal] = defaultdict(lambda: ZERO)
        for line in lines:
            if line.record is None:
                continue
            most, key = line.version.max_per_year, (line.record.activity, self._is_aside(line))
            if most is not None and line.counted > 0:
                line.cut_to(max(min(line.counted, most - sums[key]), ZERO), "year")
            sums[key] += line.counted

    def cap(self, category: str, most: Decimal, lines: Sequence[Line]) -> None:
        """A target's cap on a category and everything below it."""
        total, inside = ZERO, self.plan.below([category])
        for line in lines:
            if line.category in inside:
                if line.counted > 0:
                    before = line.counted
                    line.cut_to(max(min(line.counted, most - total), ZERO), f"category:{category}")
                    self._note(category, before - line.counted)
                total += line.counted

    def _note(self, category: str, points: Decimal) -> None:
        if points > 0:
            self.cut[category] = self.cut.get(category, ZERO) + points

    # --- limits that compare sums -----------------------------------------------------------------
    def compare(self, limit: Limit, lines: Sequence[Line], required: Decimal | None, *, version: object = None) -> None:
        """``share_of_total``, ``share_of_required``, ``share_of`` and ``ratio_to``: trims the newest first."""
        chosen = [line for line in self.chosen(limit, lines) if version is None or line.version is version]
        groups: dict[Key, list[Line]] = defaultdict(list)
        for line in chosen:
            groups[self._key(limit, line)].append(line)
        for key, group in groups.items():
            # of a month only what was earned in that month is compared
            same_time = [line for line in lines if self._key(limit, line)[:1] == key[:1]]
            most = self._most(limit, same_time, group, required)
            if most is not None:
                _trim(group, max(most, ZERO), f"limit:{limit.name}")

    def _most(
        self, limit: Limit, lines: Sequence[Line], group: Sequence[Line], required: Decimal | None
    ) -> Decimal | None:
        if limit.share_of_total is not None:
            if limit.share_of_total >= ONE:
                return None
            inside = {id(line) for line in group}
            others = _sum(lines, lambda line: id(line) not in inside and self.plan.in_total(line.category))
            return share_down(limit.share_of_total / (ONE - limit.share_of_total) * others)
        if limit.share_of_required is not None:
            return None if required is None else share_down(limit.share_of_required * required)
        if limit.share_of is not None:
            whole = limit.share_of
            if whole.at_most >= ONE:
                return None
            inside = {id(line) for line in group}
            others = _sum(lines, lambda line: id(line) not in inside and self._is_of(whole, line))
            return share_down(whole.at_most / (ONE - whole.at_most) * others)
        base = limit.ratio_to
        if base is None:
            return None
        return share_down(base.at_most * _sum(lines, lambda line: self._is_of(base, line)))

    def _is_of(self, points: Points, line: Line) -> bool:
        if points.categories and not points.categories.intersection(self.plan.line_of(line.category)):
            return False
        if line.record is None:
            return not points.activities and points.when is None
        if not points.categories and self._is_aside(line):
            return False
        if points.activities and line.record.activity not in points.activities:
            return False
        if points.when is None:
            return True
        return points.when(self.evidence.lookup(line.record, self.span, category=line.category, rule=line.version.rule))


def comparing(plan: Plan, versions: Iterable[Version]) -> list[tuple[Limit, Version | None]]:
    """The limits that compare sums, in the order in which they run, with the version whose own they are.

    Shares of what is required first: they look at no other points, so whatever looks at theirs sees what counts. Then
    those of the rules by activity, code and day, so that neither records nor the order of a file decide; then the
    policy's as they stand.
    """
    own = [(limit, version) for version in sorted(versions, key=_place) for limit in version.limits]
    every: list[tuple[Limit, Version | None]] = [*own, *((limit, None) for limit in plan.limits)]
    found = [(limit, version) for limit, version in every if limit.compares_sums]
    return sorted(found, key=lambda pair: pair[0].share_of_required is None)


def _place(version: Version) -> tuple[object, ...]:
    rule = version.rule
    return rule.activity, rule.code, sorted(rule.names), version.span.start


def _sum(lines: Sequence[Line], fits: Callable[[Line], bool]) -> Decimal:
    return sum((line.counted for line in lines if fits(line)), ZERO)


def _trim(group: Sequence[Line], most: Decimal, why: str) -> None:
    excess = sum((line.counted for line in group), ZERO) - most
    for line in reversed(group):
        if excess <= 0:
            return
        if line.counted > 0:
            cut = min(line.counted, excess)
            line.cut_to(line.counted - cut, why)
            excess -= cut
