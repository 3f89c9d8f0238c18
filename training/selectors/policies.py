"""Reads about policies: who sees which, what is in force, and how a rule reads in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from people.models import Department, Employee, Level, Position
from people.selectors import current_assignments, today
from training.models import (
    Activity,
    Category,
    LearningRecord,
    LedgerEntry,
    PointsYear,
    Policy,
    Rule,
    RuleVersion,
    Target,
    TargetRequirement,
)
from training.selectors.policy_document import target_document, version_document
from training.selectors.policy_words import Line, Names, rule_notes, target_lines, version_words
from training.selectors.policy_words.names import as_day

SCOPE = ("department", "position", "level", "employee")
#: what a scope names -> (model, the key that policy files use)
PLACES: dict[str, tuple[Any, str]] = {
    "department": (Department, "code"), "position": (Position, "code"), "level": (Level, "code"),
    "employee": (Employee, "employee_no"),
}  # fmt: skip
VIEW = "training.view_policies"


def visible_policies(user: Any) -> QuerySet[Policy]:
    """Everything for those who may read policies, nothing for others."""
    return Policy.objects.all() if user.has_perm(VIEW) else Policy.objects.none()


def visible_rules(user: Any) -> QuerySet[Rule]:
    return Rule.objects.filter(policy__in=visible_policies(user)).select_related("policy", "activity", *SCOPE)


def visible_versions(user: Any) -> QuerySet[RuleVersion]:
    return RuleVersion.objects.filter(rule__in=visible_rules(user)).select_related("rule__policy", "rule__activity")


def visible_targets(user: Any) -> QuerySet[Target]:
    return Target.objects.filter(policy__in=visible_policies(user)).select_related("policy", "year", *SCOPE)


def visible_years(user: Any) -> QuerySet[PointsYear]:
    """Points years are no secret inside the company."""
    return PointsYear.objects.all() if user.is_authenticated else PointsYear.objects.none()


def visible_categories(user: Any) -> QuerySet[Category]:
    return Category.objects.select_related("parent") if user.is_authenticated else Category.objects.none()


def visible_activities(user: Any) -> QuerySet[Activity]:
    return Activity.objects.select_related("category") if user.is_authenticated else Activity.objects.none()


def policy_by_code(code: str) -> Policy | None:
    """For commands, which run with the rights of the operator."""
    return Policy.objects.filter(code=code).first()


def policy_codes() -> list[str]:
    """For commands, which run with the rights of the operator."""
    return list(Policy.objects.order_by("code").values_list("code", flat=True))


def year_by_name(name: str) -> PointsYear | None:
    """For commands, which run with the rights of the operator."""
    return PointsYear.objects.filter(name=name).first()


def year_names() -> list[tuple[str, str]]:
    """For selects: years that are not closed, the newest first."""
    names = PointsYear.objects.exclude(status=PointsYear.Status.CLOSED).order_by("-start_date")
    return [(name, name) for name in names.values_list("name", flat=True)]


def current_year(day: dt.date | None = None) -> PointsYear | None:
    """The points year of ``day`` (default today), or else the newest that began."""
    day = day or today()
    return PointsYear.objects.filter(start_date__lte=day).order_by("-start_date").first() or PointsYear.objects.first()


def year_of(user: Any, name: str) -> PointsYear | None:
    """The year of this name; the current one where it is empty or unknown."""
    found = visible_years(user).filter(name=name).first() if name else None
    return found or current_year()


def policies_with_counts(user: Any) -> QuerySet[Policy]:
    return visible_policies(user).annotate(
        rule_count=Count("rules", filter=Q(rules__withdrawn_at__isnull=True), distinct=True),
        target_count=Count("targets", distinct=True),
    )


# --- in plain words ---------------------------------------------------------------------------------------------------
def figure(value: Decimal) -> str:
    """12.50 as 12.5."""
    number = value.normalize()
    return number_format(number, decimal_pos=max(0, -int(number.as_tuple().exponent)), force_grouping=True)


def earning_text(version: RuleVersion, names: Names | None = None) -> str:
    """ "2 points per hour, at most 40 points a year": everything that the version says."""
    return version_words(version_document(version), names or Names())


def rule_sentence(rule: Rule, version: RuleVersion, names: Names | None = None) -> str:
    """ "Middle management, R&D: 30 points each time for Technical project."."""
    return _("%(people)s: %(earning)s for %(activity)s.") % {
        "people": rule.scope_text(),
        "earning": earning_text(version, names),
        "activity": rule.activity.name,
    }


# --- the policy page --------------------------------------------------------------------------------------------------
@dataclass
class RuleLine:
    """A rule as the policy page shows it: the version of today, the next one, and all of them."""

    rule: Rule
    versions: list[RuleVersion]
    current: RuleVersion | None = None
    coming: RuleVersion | None = None
    sentence: str = ""
    earning: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def shown(self) -> RuleVersion | None:
        return self.current or self.coming or (self.versions[0] if self.versions else None)


@dataclass
class ActivityGroup:
    activity: Activity
    lines: list[RuleLine] = field(default_factory=list)


def rule_line(rule: Rule, day: dt.date | None = None, names: Names | None = None) -> RuleLine:
    """Versions newest first, with the one in force on ``day`` (default today)."""
    day = day or today()
    versions = sorted(rule.versions.all(), key=lambda version: version.start_date, reverse=True)
    line = RuleLine(rule, versions)
    for version in versions:
        if version.start_date > day:
            line.coming = version
        elif version.end_date is None or version.end_date >= day:
            line.current = version
    if line.shown:
        names = names or Names()
        line.notes = rule_notes(rule.terms)
        line.sentence, line.earning = rule_sentence(rule, line.shown, names), earning_text(line.shown, names)
    return line


def rules_by_activity(policy: Policy, names: Names | None = None) -> list[ActivityGroup]:
    """The policy's rules, grouped; the widest scope first within an activity."""
    rules = policy.rules.select_related("activity__category", *SCOPE).prefetch_related("versions")
    groups: dict[int, ActivityGroup] = {}
    for rule in rules.order_by("activity__category__code", "activity__name", "code"):
        group = groups.setdefault(rule.activity_id, ActivityGroup(rule.activity))
        line = rule_line(rule, names=names)
        group.lines.append(line)
    for group in groups.values():
        group.lines.sort(key=lambda line: (line.current is None, len(line.rule.scope_parts())))
    return list(groups.values())


def targets_of(policy: Policy) -> QuerySet[Target]:
    needs = TargetRequirement.objects.select_related("category").order_by("category__code")
    return (
        policy.targets.select_related("year", *SCOPE)
        .prefetch_related(Prefetch("requirements", queryset=needs))
        .order_by("-year__start_date", "-total", "name")
    )


def scope_filter(scope: Any, prefix: str = "") -> Q:
    """Assignments that a scope fits; employee included."""
    found = Q()
    if scope.department:
        found &= Q(**{f"{prefix}department__ancestor_links__ancestor": scope.department})
    if scope.position:
        found &= Q(**{f"{prefix}position": scope.position})
    if scope.level:
        found &= Q(**{f"{prefix}level": scope.level})
    if scope.band:
        found &= Q(**{f"{prefix}level__band": scope.band})
    if scope.employee:
        found &= Q(**{f"{prefix}employee": scope.employee})
    return found


@dataclass(frozen=True)
class Reach:
    """Whom a change would touch: people in the scope today, and their records of the activity since a day."""

    people: int
    records: int


def reach_of(*, scope: Any, activity: Activity | None, start_date: dt.date | None) -> Reach:
    """Counts in years that are not closed; a wider rule that loses to a narrower one is counted as well."""

    people = current_assignments().filter(scope_filter(scope)).values("employee_id")
    records = 0
    if activity and start_date:
        records = (
            LearningRecord.objects.filter(
                activity=activity, status="active", happened_on__gte=start_date, employee__in=people
            )
            .exclude(happened_on__lte=_closed_until())
            .count()
        )
    return Reach(people.count(), records)


def reach_of_item(rule: Rule | None, item: Mapping[str, Any], start: Any) -> Reach | None:
    """The reach of a rule that is being entered, in the spelling of policy files; None while it names nobody known."""
    day = as_day(start) if start else None
    if rule:
        return reach_of(scope=rule, activity=rule.activity, start_date=day)
    draft = Rule(band=str(item.get("for", {}).get("band", "")))
    for name, (model, key) in PLACES.items():
        code = item.get("for", {}).get(name)
        found = model.objects.filter(**{key: code}).first() if code else None
        if code and found is None:
            return None
        setattr(draft, name, found)
    activity = Activity.objects.filter(code=item.get("activity", "")).first()
    return reach_of(scope=draft, activity=activity, start_date=day) if activity else None


def _closed_until() -> dt.date:
    last = PointsYear.objects.filter(status=PointsYear.Status.CLOSED).order_by("-end_date").first()
    return last.end_date if last else dt.date.min


def booked_by(rule: Rule) -> int:
    """Ledger lines that this rule wrote."""
    return LedgerEntry.objects.filter(rule_version__rule=rule).count()


def booked_versions(rule: Rule) -> set[int]:
    """Ids of the versions that points are booked under."""
    booked = LedgerEntry.objects.filter(rule_version=OuterRef("pk"))
    return set(rule.versions.filter(Exists(booked)).values_list("pk", flat=True))


def category_codes() -> dict[str, str]:
    """Id, as the JSON of standings has it, to code."""
    return {str(pk): code for pk, code in Category.objects.values_list("pk", "code")}


# --- targets and categories as charts and trees -----------------------------------------------------------------------
@dataclass(frozen=True)
class Segment:
    """A coloured part of a target's bar; ``share`` of the total in percent."""

    name: str
    points: Decimal
    share: float
    color: str


@dataclass
class TargetBar:
    """A target with what its total is made of: the minimums, and the rest that is free to choose."""

    target: Target
    segments: list[Segment]
    caps: list[TargetRequirement]
    lines: list[Line] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Whether the bar says all that is required."""
        return "requirements" not in self.target.terms and bool(self.target.total)


COLORS = ("primary", "orange", "blue", "pink", "lime", "purple", "cyan", "yellow")


def target_bar(target: Target, names: Names | None = None) -> TargetBar:
    """The bar shows plain minimums; what else is asked is told in ``lines``."""
    needs = list(target.requirements.all())
    segments, used = [], Decimal(0)
    for number, need in enumerate(need for need in needs if need.minimum):
        share = float(need.minimum / target.total * 100) if target.total else 0.0
        segments.append(Segment(need.category.name, need.minimum, share, COLORS[number % len(COLORS)]))
        used += need.minimum
    if used < target.total:
        rest = target.total - used
        segments.append(Segment(_("free to choose"), rest, float(rest / target.total * 100), "secondary-lt"))
    bar = TargetBar(target, segments, [need for need in needs if need.cap is not None])
    document = target_document(target)
    if "requirements" not in target.terms:
        # told by the bar and its legend
        document.pop("requirements", None)
    # what holds unless something else is said needs no line at every target
    document.setdefault("pro_rata", {})
    bar.lines = target_lines(document, names or Names())
    return bar


def target_bars(policy: Policy, names: Names | None = None) -> list[tuple[PointsYear, list[TargetBar]]]:
    """(points year, its targets), the newest year first."""
    years: dict[int, tuple[PointsYear, list[TargetBar]]] = {}
    for target in targets_of(policy):
        years.setdefault(target.year_id, (target.year, []))[1].append(target_bar(target, names))
    return list(years.values())


@dataclass
class CategoryBranch:
    category: Category
    depth: int
    activities: list[Activity]


def category_tree(user: Any) -> list[CategoryBranch]:
    """Categories depth first, each with its own activities. Two queries."""
    activities: dict[int, list[Activity]] = {}
    for activity in visible_activities(user).order_by("name"):
        activities.setdefault(activity.category_id, []).append(activity)
    children: dict[int | None, list[Category]] = {}
    for category in visible_categories(user).order_by("name"):
        children.setdefault(category.parent_id, []).append(category)
    branches: list[CategoryBranch] = []

    def add(parent: int | None, depth: int) -> None:
        for category in children.get(parent, []):
            branches.append(CategoryBranch(category, depth, activities.get(category.pk, [])))
            add(category.pk, depth + 1)

    add(None, 0)
    return branches


def first_day(policy: Policy) -> dt.date:
    """From when a new rule is proposed: today; in a policy not yet in force from the beginning of the year."""
    day = today()
    year = None if policy.is_active else PointsYear.objects.filter(start_date__lte=day, end_date__gte=day).first()
    return year.start_date if year and year.status != PointsYear.Status.CLOSED else day


def has_others_in_force(policy: Policy) -> bool:
    """Whether points are booked by another policy as well."""
    return Policy.objects.filter(is_active=True).exclude(pk=policy.pk).exists()
