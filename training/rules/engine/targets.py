"""Which target is whose, what it asks, and how far it is reached (docs/policy-format.md, step 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from training.rules.engine.account import Account, Line, Need
from training.rules.engine.conditions import compile_condition
from training.rules.engine.inputs import Person, Post
from training.rules.engine.measures import Measure
from training.rules.engine.plan import Plan, Spec, Target
from training.rules.engine.pricing import Evidence, employee_lookup
from training.rules.engine.prorata import Asked, ProRata, asked, first_day, own_factor
from training.rules.engine.values import (
    CENT,
    DAY,
    ONE,
    ZERO,
    Rounding,
    Span,
    fraction,
    number,
    plain,
    sure_number,
)  # fmt: skip
from training.rules.engine.windows import Stretch, whole_of, window_of


@dataclass
class Goal:
    """Somebody's target in a period, with the part of it that is asked."""

    target: Target
    asked: Asked
    required: Decimal
    formula: str
    #: the days whose points count for it
    window: Span
    stay: Span
    pro_rata: ProRata
    day: dt.date
    #: of every target that was theirs, where transfers are weighted: the part of the period
    weights: list[tuple[Target, Decimal]]


def stay_of(person: Person, span: Span) -> Span | None:
    """Their days on staff within a period."""
    return span.meet(Span(person.hire_date, person.exit_date or dt.date.max))


def _reaching(person: Person, period: Span, stay: Span) -> list[tuple[Post, Span]]:
    """Posts that touch the period, with the days for which they stand.

    The first of all reaches back, each one on to the next.
    """
    found = []
    for index, post in enumerate(person.posts):
        if post.start > stay.end or (post.end is not None and post.end < period.start):
            continue
        start = dt.date.min if index == 0 else post.start
        end = person.posts[index + 1].start - DAY if index + 1 < len(person.posts) else dt.date.max
        found.append((post, Span(start, end)))
    return found


def target_on(plan: Plan, person: Person, period: str, post: Post | None, day: dt.date) -> Target | None:
    """The most specific target of a period that fits."""
    best: tuple[Any, Target] | None = None
    for target in plan.targets:
        if target.year != period:
            continue
        strength = target.scope.strength(person.employee_no, post)
        if strength is None or not target.when(_employee(person, day, post)):
            continue
        key = (*strength, target.has_when, target.priority, target.spec.get("id") or 0)
        if best is None or key >= best[0]:
            best = key, target
    return best[1] if best else None


def _employee(person: Person, day: dt.date, post: Post | None) -> Any:
    seen = Person(
        person.employee_no, person.hire_date, person.exit_date, person.attributes,
        (Post(dt.date.min, None, post.departments, post.position, post.level, post.band),) if post else (),
    )  # fmt: skip
    lookup = employee_lookup(seen, day)
    return lambda name: lookup(name[9:]) if name.startswith("employee.") else None


def goal_of(plan: Plan, person: Person, period: str, as_of: dt.date | None) -> Goal | None:
    """None without a target, or where somebody was not on staff."""
    span = plan.span(period)
    stay = stay_of(person, span)
    if stay is None:
        return None
    theirs = _theirs(plan, person, period, span, stay)
    target = theirs[-1][1]
    if target is None:
        return None
    rule = ProRata.of(target.spec.get("pro_rata"))
    rounding = Rounding.of(rule.rounding) or Rounding(CENT)
    said = target.spec.get("window")
    weights: list[tuple[Target, Decimal]] = []
    kinds = len({other and other.name for held, other in theirs if held.meet(stay)})
    is_weighted = rule.transfers == "weighted" and kinds > 1
    if is_weighted:
        part = asked(rule, person=person, period=span, whole=span, stay=stay, since=stay.start)
    else:
        whole = whole_of(said, span, person)
        part = asked_within(plan, person, period, target, whole, theirs if whole == span else None)
    if part.exempt:
        required, formula = ZERO, f"exempt: {part.fraction}"
    elif is_weighted:
        own = own_factor(rule, person)
        weights = [(other, weight * own) for other, weight in _weights(rule, span, stay, theirs)]
        required = rounding(sum((other.total * weight for other, weight in weights), ZERO))
        formula = " + ".join(f"{plain(other.total)} × {_short(weight)}" for other, weight in weights)
        formula = f"{formula} = {plain(required)}"
    else:
        required, formula = rounding(target.total * part.share), plain(target.total)
        if part.fraction:
            formula = f"{formula} × {part.fraction} = {plain(required)}"
    window = window_of(said, span, as_of, person)
    return Goal(target, part, required, formula, window, stay, rule, stay.end, weights)


def _theirs(plan: Plan, person: Person, period: str, days: Span, stay: Span) -> list[tuple[Span, Target | None]]:
    """Days of each post and the target of a period that it has, those before the hire (of a first stay) among them."""
    seats = _reaching(person, days, stay)
    found = [(held, target_on(plan, person, period, post, min(held.end, stay.end))) for post, held in seats]
    return found or [(stay, target_on(plan, person, period, None, stay.end))]


def asked_within(
    plan: Plan,
    person: Person,
    period: str,
    target: Target,
    whole: Span,
    theirs: Sequence[tuple[Span, Target | None]] | None = None,
) -> Asked:
    """What is asked of an amount that is for ``whole``, of which somebody was at least a day on staff.

    ``theirs``: their targets in ``whole``, where they are known.
    """
    stay = stay_of(person, whole) or whole
    if theirs is None:
        theirs = _theirs(plan, person, period, whole, stay)
    since = max(min((days.start for days, other in theirs if other is target), default=stay.start), stay.start)
    rule = ProRata.of(target.spec.get("pro_rata"))
    return asked(rule, person=person, period=plan.span(period), whole=whole, stay=stay, since=since)


def _short(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.0001")))


def _weights(
    rule: ProRata, span: Span, stay: Span, theirs: Sequence[tuple[Span, Target | None]]
) -> list[tuple[Target, Decimal]]:
    whole = rule.size(span, rule.unit)
    found: list[tuple[Target, Decimal]] = []
    for days, target in theirs:
        part = days.meet(stay)
        if target is None or part is None:
            continue
        if rule.unit == "days":
            size = Decimal(part.days())
        else:
            # a month belongs to the target of its last day on staff
            size = Decimal(sum(1 for month in stay.months() if rule.counts(month, stay) and _last(month, stay) in part))
        found.append((target, size / whole))
    return found


def _last(month: Span, stay: Span) -> dt.date:
    return min(month.end, stay.end)


def caps_of(plan: Plan, goal: Goal, *, person: Person) -> list[tuple[str, Decimal]]:
    """Every (category, cap) among the requirements that are asked, the deepest category first."""
    found = _caps(goal.target.spec.get("requirements"), _prefixed(employee_lookup(person, goal.day)))
    return sorted(found, key=lambda item: -len(plan.line_of(item[0])))


def _caps(requirements: Sequence[Spec] | None, employee: Any) -> list[tuple[str, Decimal]]:
    found: list[tuple[str, Decimal]] = []
    for spec in requirements or ():
        if spec.get("only_if") and not compile_condition(spec["only_if"])(employee):
            continue
        cap = number(spec.get("cap"))
        if cap is not None and spec.get("category"):
            found.append((str(spec["category"]), cap))
        for name in ("any", "all", "requirements"):
            found += _caps(spec.get(name), employee)
    return found


def is_plain(spec: Spec) -> bool:
    """The minimum of one category, of points, and nothing else."""
    others = ("activity", "when", "measure", "take", "best", "each", "window", "any", "all")
    return isinstance(spec.get("category"), str) and not any(spec.get(name) for name in others)


_NONE: Sequence[Stretch] = ()


class Requirements:
    """Measures the requirements of a goal on an account's lines."""

    def __init__(
        self,
        plan: Plan,
        goal: Goal,
        account: Account,
        evidence: Evidence,
        look: Callable[[Any], tuple[Span, list[Line], Sequence[Stretch]]],
        share_in: Callable[[Any], Decimal],
    ) -> None:
        self.plan, self.goal, self.account, self.evidence = plan, goal, account, evidence
        #: the days of a requirement's own window, what counts in them, and the periods in it
        self.look = look
        #: the part that is asked of what is for such a window
        self.share_in, self.share = share_in, goal.asked.share
        self.window, self.periods = goal.window, _NONE
        self.rounding = Rounding.of(goal.pro_rata.rounding) or Rounding(CENT)
        self.employee = employee_lookup(account.person, goal.day)
        #: the requirements that the one looked at stands in
        self.around: tuple[Spec, ...] = ()
        self.lent: dict[str, Decimal] = {}
        specs = goal.target.spec.get("requirements") or ()
        self.own_minimum: dict[str, Decimal] = {}
        for spec in specs:
            if is_plain(spec) and self._is_asked(spec):
                code = str(spec["category"])
                self.own_minimum[code] = max(self._required(spec), self.own_minimum.get(code, ZERO))

    def _is_asked(self, spec: Spec) -> bool:
        return not spec.get("only_if") or compile_condition(spec["only_if"])(_prefixed(self.employee))

    def all(self) -> list[Need]:
        specs = self.goal.target.spec.get("requirements") or ()
        pool = [line for line in self.account.seen if line.is_full]
        return [need for spec in specs if (need := self.need(spec, pool))]

    def need(self, spec: Spec, pool: Sequence[Line], *, is_named: bool = False) -> Need | None:
        """``is_named``: it stands inside a requirement that names a category."""
        if not self._is_asked(spec):
            return None
        for word in ("any", "all"):
            if word in spec:
                return self._several(spec, word, pool, is_named)
        if "total" in spec:
            required = self._scaled(sure_number(spec["total"]), spec)
            return Need(str(spec.get("name") or "total"), required, self.account.total, self.account.total >= required)
        if spec.get("window"):
            self.window, seen, self.periods = self.look(spec["window"])
            self.share = self.share_in(spec["window"])
            pool = [line for line in seen if line.is_full]
            need = self._one(spec, pool, is_named)
            self.window, self.periods, self.share = self.goal.window, (), self.goal.asked.share
            return need
        return self._one(spec, pool, is_named)

    def _one(self, spec: Spec, pool: Sequence[Line], is_named: bool) -> Need:
        is_named = is_named or bool(spec.get("category"))
        inside = self._lines(spec, pool)
        lines = inside if is_named else [line for line in inside if not self._is_aside(line)]
        required, most = self._required(spec), number(spec.get("maximum"))
        each = spec.get("each")
        if each:
            need = self._in_parts(spec, lines, required, each)
        else:
            counted = self._measure(spec, lines, self.window)
            counted += self._stand_in(spec, required - counted, pool)
            need = Need(need_name(spec), required, counted, counted >= required and _within(counted, most))
        need.most = most
        need.category = str(spec["category"]) if is_plain(spec) else ""
        around, self.around = self.around, (*self.around, spec)
        inner = [part for sub in spec.get("requirements") or () if (part := self.need(sub, inside, is_named=is_named))]
        self.around = around
        need.parts = [*need.parts, *inner]
        need.met = need.met and all(part.met for part in inner)
        return need

    def _is_aside(self, line: Line) -> bool:
        return line.record is not None and self.plan.is_aside(line.version.rule, line.category)

    def _several(self, spec: Spec, word: str, pool: Sequence[Line], is_named: bool) -> Need:
        parts = [need for sub in spec[word] if (need := self.need(sub, pool, is_named=is_named))]
        if word == "all":
            met = all(part.met for part in parts)
            return Need(
                need_name(spec, word), Decimal(len(parts)), Decimal(sum(part.met for part in parts)), met, parts
            )
        met = any(part.met for part in parts) or not parts
        return Need(need_name(spec, word), ONE if parts else ZERO, ONE if met and parts else ZERO, met, parts)

    # --- how much is asked ------------------------------------------------------------------------
    def _scaled(self, minimum: Decimal, spec: Spec) -> Decimal:
        return minimum if spec.get("fixed") else self.rounding(minimum * self.share)

    def _required(self, spec: Spec) -> Decimal:
        if spec.get("share_of_total") is not None:
            return self.rounding((fraction(spec["share_of_total"]) or ZERO) * max(self.account.total, ZERO))
        if spec.get("share_of_required") is not None:
            return self.rounding((fraction(spec["share_of_required"]) or ZERO) * self.goal.required)
        minimum = sure_number(spec.get("minimum"))
        is_whole = spec.get("each") or spec.get("take") == "average"
        return minimum if is_whole else self._scaled(minimum, spec)

    # --- how much there is ------------------------------------------------------------------------
    def _lines(self, spec: Spec, pool: Sequence[Line]) -> list[Line]:
        category = spec.get("category")
        activity = spec.get("activity")
        categories = (
            {str(code) for code in (category if isinstance(category, list | tuple) else [category])}
            if category
            else None
        )
        activities = (
            {str(code) for code in (activity if isinstance(activity, list | tuple) else [activity])}
            if activity
            else None
        )
        inside = self.plan.below(categories) if categories else None
        when = compile_condition(spec.get("when")) if spec.get("when") else None
        found = []
        for line in pool:
            if inside and line.category not in inside:
                continue
            if line.record is None:
                if not activities and when is None:
                    found.append(line)
                continue
            if activities and line.record.activity not in activities:
                continue
            span = line.span or self.window
            if when and not when(
                self.evidence.lookup(line.record, span, category=line.category, rule=line.version.rule)
            ):
                continue
            found.append(line)
        return found

    def _measure(self, spec: Spec, lines: Sequence[Line], span: Span) -> Decimal:
        return Measure(self.plan, self.evidence, spec, self._period_of, self.around).of(lines, span)

    def _period_of(self, day: dt.date) -> Span:
        return next((one.days for one in self.periods if day in one.days), self.window)

    def _in_parts(self, spec: Spec, lines: Sequence[Line], required: Decimal, each: Any) -> Need:
        parts: list[Need] = []
        person = self.account.person
        since = max(person.hire_date, first_day(self.goal.pro_rata, person))
        staff = Span(since, person.exit_date or dt.date.max)
        most = number(spec.get("maximum"))
        for part in self.window.parts(each):
            if part.meet(staff):
                inside = [mine for line in lines if (mine := line.within(part))]
                counted = self._measure(spec, inside, part)
                met = counted >= required and _within(counted, most)
                parts.append(Need(f"{part.start}/{part.end}", required, counted, met, most=most))
        least = min((part.counted for part in parts), default=ZERO)
        return Need(need_name(spec), required, least, all(part.met for part in parts), parts)

    def _stand_in(self, spec: Spec, missing: Decimal, pool: Sequence[Line]) -> Decimal:
        added = ZERO
        for sub in spec.get("substitutes") or ():
            left = missing - added
            if left <= 0:
                break
            code = str(sub.get("category"))
            rate = number(sub.get("rate")) or ONE
            there = sum((line.counted for line in self._lines({"category": code}, pool)), ZERO)
            free = there - self.own_minimum.get(code, ZERO) - self.lent.get(code, ZERO)
            most = number(sub.get("at_most"))
            taken = max(min(free, left / rate, free if most is None else most), ZERO)
            self.lent[code] = self.lent.get(code, ZERO) + taken
            added += taken * rate
        return added


def need_name(spec: Spec, word: str = "") -> str:
    """What a requirement without a name is called."""
    parts = [spec.get("name"), spec.get("category"), spec.get("activity"), word, spec.get("measure"), "points"]
    found = next(part for part in parts if part)
    return "/".join(str(part) for part in found) if isinstance(found, list | tuple) else str(found)


def _within(counted: Decimal, most: Decimal | None) -> bool:
    return most is None or counted <= most


def _prefixed(employee: Any) -> Any:
    return lambda name: employee(name[9:]) if name.startswith("employee.") else None
