"""A policy's document, compiled once and then asked for every employee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from training.rules.engine.conditions import Condition, always, compile_condition
from training.rules.engine.inputs import Post
from training.rules.engine.shares import Points, codes, limit_name, points_of, scoped_rule
from training.rules.engine.values import DAY, MODES, Rounding, Span, day, fraction, month_day, number, sure_number

Spec = Mapping[str, Any]


class UnknownPeriod(LookupError):
    """The document has no points year of this name."""


@dataclass(frozen=True)
class Scope:
    """Whom something is for; empty parts fit everyone."""

    employee: str = ""
    position: str = ""
    department: str = ""
    level: str = ""
    band: str = ""

    @classmethod
    def of(cls, spec: Spec | None) -> Scope:
        return cls(**{name: str(value) for name, value in (spec or {}).items()})

    def strength(self, employee_no: str, post: Post | None) -> tuple[int, ...] | None:
        """Compared part by part, the greater wins; None where it does not fit."""
        post = post or _NOWHERE
        if self.employee and self.employee != employee_no:
            return None
        if self.position and self.position != post.position:
            return None
        if self.department and self.department not in post.departments:
            return None
        if (self.level and self.level != post.level) or (self.band and self.band != post.band):
            return None
        distance = -1 - post.departments.index(self.department) if self.department else -1_000_000
        return bool(self.employee), bool(self.position), distance, bool(self.level), bool(self.band)


_NOWHERE = Post(dt.date.min)


@dataclass(frozen=True)
class Choice:
    """A condition with a figure: a band, a multiplier or a bonus. ``attribute``: the figure stands in the record."""

    when: Condition
    figure: Decimal
    attribute: str = ""


def _choices(specs: Iterable[Spec] | None, figure: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(compile_condition(spec.get("when")), sure_number(spec.get(figure)), str(spec.get("attribute") or ""))
        for spec in specs or ()
    )


@dataclass(frozen=True)
class Limit:
    """At most so much. ``takes``: which of the figures it states."""

    name: str
    when: Condition
    categories: frozenset[str] | None
    activities: frozenset[str] | None
    rules: frozenset[str] | None
    at_most: Decimal | None
    times: int | None
    deduct_at_most: Decimal | None
    share_of_total: Decimal | None
    share_of_required: Decimal | None
    #: of which points only a share, or in proportion to which
    share_of: Points | None
    ratio_to: Points | None
    per: str
    each: str
    #: whose version says it: two policies in force may each have a rule of the same code
    of: Rule | None
    #: where only so many records count: ``first`` or ``highest``
    keep: str

    @property
    def caps(self) -> str:
        """The category whose points of the period it caps, and nothing else; empty for any other limit."""
        others = (self.activities, self.rules, self.times, self.each, self.of)
        if self.categories is None or len(self.categories) > 1 or self.at_most is None or self.per != "period":
            return ""
        is_narrow = any(one is not None and one != "" for one in others) or self.when is not always
        return "" if is_narrow else min(self.categories)

    @property
    def compares_sums(self) -> bool:
        shares = (self.share_of_total, self.share_of_required, self.share_of, self.ratio_to)
        return any(one is not None for one in shares)


@dataclass(frozen=True, eq=False)
class Version:
    """A rule between two days."""

    rule: Rule
    span: Span
    when: Condition
    has_when: bool
    points: Decimal | None
    basis: str
    minutes: Decimal
    attribute: str
    every: tuple[int, str] | None
    units: Rounding | None
    bands: tuple[Choice, ...]
    tiers: tuple[tuple[Decimal | None, Decimal], ...]
    multipliers: tuple[Choice, ...]
    bonus: tuple[Choice, ...]
    rounding: Rounding | None
    min_per_record: Decimal | None
    max_per_record: Decimal | None
    max_per_year: Decimal | None
    limits: tuple[Limit, ...]
    category: str
    #: the caller's own mark
    id: Any = None


@dataclass(eq=False)
class Rule:
    """What an activity earns for a scope."""

    code: str
    activity: str
    scope: Scope
    adds: bool
    priority: int
    team: str | None
    #: what limits and conditions may call it
    names: frozenset[str]
    versions: list[Version] = field(default_factory=list)


@dataclass(frozen=True)
class Category:
    """Node of the tree. ``line``: itself and all above, nearest first."""

    code: str
    name: str
    line: tuple[str, ...]
    in_total: bool
    window: str
    floor: Decimal | None

    @property
    def depth(self) -> int:
        return len(self.line)


@dataclass(frozen=True)
class Target:
    """What is needed. ``spec`` keeps the file's spelling of the rest."""

    name: str
    year: str
    scope: Scope
    when: Condition
    has_when: bool
    total: Decimal
    priority: int
    spec: Spec


class Plan:
    """A compiled policy. ``rounding``: how half a cent rounds (``half_up`` or ``down``)."""

    def __init__(self, document: Spec, *, rounding: str = "half_up") -> None:
        self.document = document
        self.cent_mode = MODES[rounding]
        policy = document.get("policy") or {}
        self.code = str(policy.get("code", ""))
        self.periods = {
            str(year["name"]): Span(_sure_day(year["start"]), _sure_day(year["end"]))
            for year in document.get("years") or ()
        }
        self.categories = _categories(document.get("categories") or ())
        self._below: dict[frozenset[str], frozenset[str]] = {}
        self.activities: dict[str, Spec] = {str(item["code"]): item for item in document.get("activities") or ()}
        self.skills = {str(item["code"]): str(item.get("skill") or "") for item in document.get("courses") or ()}
        self.sum_rounding = (
            policy.get("rounding") if (policy.get("rounding") or {}).get("of", "record") != "record" else None
        )
        self.record_rounding = None if self.sum_rounding else Rounding.of(policy.get("rounding"))
        self.floor = number(policy.get("floor"))
        self.rules: dict[str, list[Rule]] = {}
        for spec in document.get("rules") or ():
            rule = self._rule(spec)
            self.rules.setdefault(rule.activity, []).append(rule)
        self.multipliers = _choices(document.get("multipliers"), "times")
        self.limits = tuple(self.limit(spec) for spec in document.get("limits") or ())
        self.conversions: Sequence[Spec] = document.get("conversions") or ()
        self.carry_over: Sequence[Spec] = document.get("carry_over") or ()
        self.debts: Sequence[Spec] = document.get("debts") or ()
        self.breaches = [(compile_condition(spec.get("when")), spec) for spec in document.get("breaches") or ()]
        self.ranking: Spec = document.get("ranking") or {}
        self.statuses = self.outcome_list(document.get("statuses"))
        self.outcomes = self.outcome_list(document.get("outcomes"))
        self.teams: Spec = document.get("teams") or {}
        self.targets = [_target(spec) for spec in document.get("targets") or ()]
        said = [self.ranking, document.get("statuses"), document.get("outcomes"), document.get("targets")]
        self.needs_history = "_in_a_row" in str(said)
        #: whether an account asks the period before
        self.looks_back = bool(self.carry_over or self.debts or self.needs_history)
        self.needs_rank = bool(self.ranking) or "rank" in str(document.get("outcomes")) + str(document.get("statuses"))

    @classmethod
    def compile(cls, document: Spec, *, rounding: str = "half_up") -> Plan:
        """Compile a document in the spelling of the policy file."""
        return cls(document, rounding=rounding)

    # --- periods ----------------------------------------------------------------------------------
    def span(self, period: str) -> Span:
        if period not in self.periods:
            raise UnknownPeriod(period)
        return self.periods[period]

    def before(self, period: str) -> str | None:
        """The period that ended the day before this one began."""
        start = self.span(period).start
        return next((name for name, span in self.periods.items() if span.end + DAY == start), None)

    def window(self, category: str, span: Span) -> Span:
        """The days of a period for a category: its own years that begin in the period, where it has some.

        A span without days where none begins in it, as in three quarters of a year.
        """
        node = self.categories.get(category)
        if node is None or not node.window:
            return span
        start = month_day(node.window, span.start)
        following = month_day(node.window, span.end + DAY)
        return Span(start, following - DAY)

    def reach(self, span: Span) -> Span:
        """Days in which records of any category can count in a period."""
        windows = [self.window(code, span) for code, node in self.categories.items() if node.window]
        return Span(min([span.start, *(w.start for w in windows)]), max([span.end, *(w.end for w in windows)]))

    # --- categories -------------------------------------------------------------------------------
    def line_of(self, category: str) -> tuple[str, ...]:
        node = self.categories.get(category)
        return node.line if node else (category,)

    def below(self, categories: Iterable[str]) -> frozenset[str]:
        """These categories and all below them."""
        wanted = frozenset(categories)
        if wanted not in self._below:
            inside = {code for code, node in self.categories.items() if wanted.intersection(node.line)}
            self._below[wanted] = wanted | inside
        return self._below[wanted]

    def in_total(self, category: str) -> bool:
        node = self.categories.get(category)
        return node.in_total if node else True

    def category_of(self, activity: str) -> str:
        return str((self.activities.get(activity) or {}).get("category", ""))

    def is_aside(self, rule: Rule, category: str) -> bool:
        """Whether a rule adds points aside of the total to an activity of the total.

        Ethics in a course are hours of the course a second time: they count where their category is named.
        """
        return rule.adds and not self.in_total(category) and self.in_total(self.category_of(rule.activity))

    # --- pieces -----------------------------------------------------------------------------------
    def _rule(self, spec: Spec) -> Rule:
        team = spec.get("team")
        rule = Rule(
            code=str(spec["code"]),
            activity=str(spec["activity"]),
            scope=Scope.of(spec.get("for")),
            adds=bool(spec.get("adds")),
            priority=int(spec.get("priority") or 0),
            team=None
            if team is None or team is False
            else str((team if isinstance(team, Mapping) else {}).get("share", "none")),
            names=frozenset({str(spec["code"]), scoped_rule(str(spec.get("policy", "")), str(spec["code"]))}),
        )
        versions = sorted(spec.get("versions") or (), key=lambda item: _sure_day(item["from"]))
        for item, following in zip(versions, [*versions[1:], None], strict=True):
            end = day(item.get("until"))
            if end is None:
                end = _sure_day(following["from"]) - DAY if following else dt.date.max
            rule.versions.append(self._version(rule, item, Span(_sure_day(item["from"]), end)))
        return rule

    def _version(self, rule: Rule, spec: Spec, span: Span) -> Version:
        every = spec.get("every")
        limits = tuple(self.limit(item, rule=rule) for item in spec.get("limits") or ())
        return Version(
            rule=rule,
            span=span,
            when=compile_condition(spec.get("when")),
            has_when=bool(spec.get("when")),
            points=number(spec.get("points")),
            basis=str(spec.get("basis", "per_time")),
            minutes=sure_number(spec.get("minutes", 60)),
            attribute=str(spec.get("attribute") or ""),
            every=(int(every["times"]), str(every.get("within", "period"))) if every else None,
            units=Rounding.of(spec.get("units")),
            bands=_choices(spec.get("bands"), "points"),
            tiers=tuple(
                (number(tier.get("up_to")), sure_number(tier.get("points"))) for tier in spec.get("tiers") or ()
            ),
            multipliers=_choices(spec.get("multipliers"), "times"),
            bonus=_choices(spec.get("bonus"), "points"),
            rounding=Rounding.of(spec.get("rounding")) or self.record_rounding,
            min_per_record=number(spec.get("min_per_record")),
            max_per_record=number(spec.get("max_per_record")),
            max_per_year=number(spec.get("max_per_year")),
            limits=limits,
            category=str(spec.get("category") or self.category_of(rule.activity)),
            id=spec.get("id"),
        )

    def limit(self, spec: Spec, *, rule: Rule | None = None) -> Limit:
        rules = codes(spec.get("rule")) or ([rule.code] if rule else [])
        named = str(spec.get("name") or limit_name(spec, rule.code if rule else ""))
        times = spec.get("times")
        return Limit(
            name=named,
            when=compile_condition(spec.get("when")),
            categories=frozenset(codes(spec.get("category"))) or None,
            activities=frozenset(codes(spec.get("activity"))) or None,
            rules=frozenset(rules) or None,
            at_most=number(spec.get("at_most")),
            times=None if times is None else int(times),
            deduct_at_most=number(spec.get("deduct_at_most")),
            share_of_total=fraction(spec.get("share_of_total")),
            share_of_required=fraction(spec.get("share_of_required")),
            share_of=points_of(spec.get("share_of")),
            ratio_to=points_of(spec.get("ratio_to")),
            per=str(spec.get("per", "period")),
            each=str(spec.get("each") or ""),
            of=rule,
            keep=str(spec.get("keep") or "first"),
        )

    def outcome_list(self, specs: Iterable[Spec] | None) -> list[tuple[Condition, Spec]]:
        return [(compile_condition(spec.get("when")), spec) for spec in specs or ()]


def _sure_day(value: Any) -> dt.date:
    found = day(value)
    if found is None:
        raise ValueError(value)
    return found


def _target(spec: Spec) -> Target:
    return Target(
        name=str(spec["name"]),
        year=str(spec["year"]),
        scope=Scope.of(spec.get("for")),
        when=compile_condition(spec.get("when")) if spec.get("when") else always,
        has_when=bool(spec.get("when")),
        total=sure_number(spec.get("total")),
        priority=int(spec.get("priority") or 0),
        spec=spec,
    )


def _categories(specs: Iterable[Spec]) -> dict[str, Category]:
    rows = {str(spec["code"]): spec for spec in specs}
    found: dict[str, Category] = {}
    for code, spec in rows.items():
        line, above = [code], str(spec.get("parent") or "")
        while above and above in rows and above not in line:
            line.append(above)
            above = str(rows[above].get("parent") or "")
        own = [rows[step] for step in line]
        found[code] = Category(
            code=code,
            name=str(spec.get("name") or code),
            line=tuple(line),
            in_total=all(step.get("in_total", True) for step in own),
            window=next((str(step["window"]) for step in own if step.get("window")), ""),
            floor=number(spec.get("floor")),
        )
    return found
