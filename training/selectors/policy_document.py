"""A policy as the document that its file says: plain values, every time in the same order and spelling.

Numbers are int or Decimal, days are dates (in nested terms: ``year-month-day``), everything else text, truth values,
lists and mappings. The engine evaluates this document, export writes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from people.models import Attribute
from training.models import Activity, Category, Course, PointsYear, Policy, Rule, RuleVersion, Target
from training.rules.engine.prorata import ProRata
from training.rules.engine.shares import scoped_rule
from training.rules.engine.values import Rounding

DAY = dt.timedelta(days=1)
SIMPLE_BASES = {"per_hour", "per_time", "per_pass"}
#: sections of the file that stand in the policy's terms
SECTIONS = (
    "multipliers", "limits", "conversions", "carry_over", "debts", "breaches", "ranking", "statuses", "outcomes",
    "teams",
)  # fmt: skip
SCOPE = ("department", "position", "level", "employee")


def policy_document(policy: Policy, *, with_ids: bool = False) -> dict[str, Any]:
    """The policy with the attributes, years, categories, activities and courses that it uses.

    ``with_ids`` marks targets and versions of rules with their ``id``: so lines of an account find their rows.
    """
    rules = list(
        policy.rules.select_related("activity", *SCOPE).prefetch_related("versions").order_by("activity__code", "code")
    )
    targets = list(
        policy.targets.select_related("year", *SCOPE)
        .prefetch_related("requirements__category")
        .order_by("year__start_date", "name")
    )
    # what only other policies use is theirs to write
    activities = list(
        Activity.objects.exclude(pk__in=_used_elsewhere(policy) - {rule.activity_id for rule in rules})
        .select_related("category")
        .order_by("code")
    )
    named = names_in([policy.terms, *(rule.terms for rule in rules), *(target.terms for target in targets)])
    named |= names_in(version.terms for rule in rules for version in rule.versions.all())
    used = {activity.category_id for activity in activities}
    used |= {need.category_id for target in targets for need in target.requirements.all()}
    used |= set(Category.objects.filter(code__in=named).values_list("pk", flat=True))
    courses = Course.objects.filter(activity__in=activities).select_related("activity").order_by("code")
    head = head_document(policy)
    return kept(
        format=head["format"],
        policy=head["policy"],
        attributes=declared_attributes(),
        years=[_year(year) for year in PointsYear.objects.order_by("start_date")],
        categories=_categories(used),
        activities=[_activity(activity) for activity in activities],
        courses=[_course(course) for course in courses],
        rules=[_rule(rule, with_ids) for rule in rules],
        **{name: policy.terms.get(name) for name in SECTIONS},
        targets=[_target(target, with_ids) for target in targets],
    )  # fmt: skip


def head_document(policy: Policy) -> dict[str, Any]:
    """The policy itself with its own sections: everything but rules, targets and what is shared."""
    return kept(
        format=1,
        policy=kept(
            code=policy.code, name=policy.name, description=policy.description, rounding=policy.terms.get("rounding"),
            floor=policy.terms.get("floor"),
        ),
        **{name: policy.terms.get(name) for name in SECTIONS},
    )  # fmt: skip


def rule_document(rule: Rule) -> dict[str, Any]:
    """One rule with all its versions."""
    return _rule(rule, with_ids=False)


def target_document(target: Target) -> dict[str, Any]:
    """One target."""
    return _target(target, with_ids=False)


def requirement_names(tables: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Names of requirements, and what they are called where they have none; of targets or requirements."""
    for table in tables:
        for below in ("requirements", "any", "all"):
            for need in table.get(below, ()):
                for key in ("name", "category", "activity"):
                    if isinstance(need.get(key), str):
                        yield need[key]
            yield from requirement_names(table.get(below, ()))


def requirements_of(policy_code: str) -> set[str]:
    """Names of the requirements that a policy's targets have."""
    targets = Target.objects.filter(policy__code=policy_code).select_related("year", *SCOPE)
    rows = targets.prefetch_related("requirements__category")
    return set(requirement_names(target_document(target) for target in rows))


def documents_in_force() -> list[dict[str, Any]]:
    """Every policy in force, with ids, by code; last what is there without any: years and the whole category tree."""
    bare = {
        "policy": {"code": ""},
        "years": [_year(year) for year in PointsYear.objects.order_by("start_date")],
        "categories": _categories(set(Category.objects.values_list("pk", flat=True))),
    }
    active = Policy.objects.filter(is_active=True).order_by("code")
    return [*(policy_document(policy, with_ids=True) for policy in active), bare]


def as_one(documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several policies as the one that is booked: what a policy says of all points is said of everybody's account.

    What it says of its rules (their codes, multipliers, rounding of records) stays among its own. Rounding of sums,
    floor and ranking are those of the first policy that states them.
    """
    if len(documents) == 1:
        return documents[0]
    codes = [str(one["policy"]["code"]) for one in documents]
    whole: dict[str, Any] = {"format": 1, "policy": {"code": "+".join(code for code in codes if code)}}
    for one in map(_apart, documents):
        for name, value in one.items():
            if name == "policy":
                whole["policy"] = {**value, **whole["policy"]}
            elif not isinstance(value, list):
                whole.setdefault(name, value)
            elif name in SHARED:
                known = whole.setdefault(name, [])
                seen = {identity(item) for item in known}
                known += [item for item in value if identity(item) not in seen]
            else:
                whole[name] = [*whole.get(name, []), *value]
    return whole


def _apart(document: dict[str, Any]) -> dict[str, Any]:
    """The policy with its rules marked as its own, and told apart by whatever names one of them."""
    head, code = dict(document["policy"]), str(document["policy"]["code"])
    own = {name: _scoped(value, code) for name, value in document.items() if name not in (*SHARED, "policy")}
    rounding = head.get("rounding") or {}
    of_records = None
    if rounding.get("of", "record") == "record":
        of_records = {name: value for name, value in rounding.items() if name != "of"}
        head.pop("rounding", None)
    factors = own.pop("multipliers", ())
    own["rules"] = [
        rule | {"policy": code, "versions": [_with(one, factors, of_records) for one in rule["versions"]]}
        for rule in own.get("rules", ())
    ]
    return {**document, **own, "policy": head, "multipliers": []}


def _with(version: dict[str, Any], factors: Sequence[Any], rounding: Mapping[str, Any] | None) -> dict[str, Any]:
    """A version with what its policy says of all of them."""
    more = {"multipliers": [*version.get("multipliers", ()), *factors]} if factors else {}
    return version | more | ({"rounding": rounding} if rounding and "rounding" not in version else {})


def _scoped(value: Any, policy: str, *, is_rule: bool = False) -> Any:
    """With codes of rules, wherever they stand, as those of this policy."""
    if isinstance(value, Mapping):
        return {name: _scoped(one, policy, is_rule=is_rule or name == "rule") for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_scoped(one, policy, is_rule=is_rule) for one in value]
    return scoped_rule(policy, value) if is_rule and isinstance(value, str) else value


def identity(item: Mapping[str, Any]) -> tuple[Any, Any]:
    """What names an item within its section."""
    return item.get("owner"), item.get("code", item.get("name"))


#: sections that say the same in every policy's document
SHARED = ("attributes", "years", "categories", "activities", "courses")


_BEYOND_COLUMNS = """
SELECT EXISTS (SELECT FROM training_category WHERE terms <> '{}') OR EXISTS (
    SELECT FROM training_policy AS p
    WHERE coalesce(p.id = %s, p.is_active) AND (
        p.terms <> '{}'
        OR EXISTS (SELECT FROM training_target AS t WHERE t.policy_id = p.id AND (t.terms <> '{}' OR t.total = 0))
        OR EXISTS (
            SELECT FROM training_rule AS r
            LEFT JOIN training_ruleversion AS v ON v.rule_id = r.id AND v.withdrawn_at IS NULL
            WHERE r.policy_id = p.id AND r.withdrawn_at IS NULL AND (
                r.terms <> '{}' OR v.terms <> '{}' OR v.rate < 0 OR v.basis <> ALL (%s)
            )
        )
    )
)
"""


def beyond_columns(policy: Policy | None = None) -> bool:
    """Whether a policy (or any in force) says what columns and requirement rows cannot, so that the engine books it."""
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND_COLUMNS, [policy.pk if policy else None, sorted(SIMPLE_BASES)])
        return bool(cursor.fetchone()[0])


def rounding_of(target: Target) -> Rounding:
    """How what a target asks is rounded: to cents, unless its pro rata says otherwise."""
    return Rounding.of(ProRata.of(target.terms.get("pro_rata")).rounding) or Rounding()


def kept(**fields: Any) -> dict[str, Any]:
    """Fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def figure(value: Decimal | int | None) -> int | Decimal | None:
    """Without idle zeros: 40, 7.5."""
    if value is None:
        return None
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else Decimal(f"{exact:f}".rstrip("0"))


def names_in(value: Any) -> set[str]:
    """Every text within terms, keys and values alike."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        return set().union(*({str(key)} | names_in(part) for key, part in value.items()))
    if isinstance(value, Iterable):
        return set().union(*(names_in(part) for part in value))
    return set()


def _used_elsewhere(policy: Policy) -> set[int]:
    return set(Rule.objects.exclude(policy=policy).values_list("activity_id", flat=True))


def declared_attributes() -> list[dict[str, Any]]:
    """Everything that is recorded of employees and records beside the suite's own fields."""
    return [
        kept(owner=str(row.owner), code=row.code, name=row.name, type=str(row.type), choices=list(row.choices))
        for row in Attribute.objects.order_by("owner", "code")
    ]


def _year(year: PointsYear) -> dict[str, Any]:
    return kept(
        name=year.name,
        start=year.start_date,
        end=year.end_date,
        status=str(year.status) if year.status != PointsYear.Status.OPEN else None,
    )


def _categories(used: set[int]) -> list[dict[str, Any]]:
    """The used categories with all above them, parents first."""
    rows = {category.pk: category for category in Category.objects.order_by("code")}
    wanted: set[int] = set()
    for pk in used:
        above: int | None = pk
        while above is not None and above not in wanted:
            wanted.add(above)
            above = rows[above].parent_id

    def below(parent: int | None) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        for row in rows.values():
            if row.parent_id == parent and row.pk in wanted:
                parent_code = rows[parent].code if parent else None
                lines += [kept(code=row.code, name=row.name, parent=parent_code, **row.terms), *below(row.pk)]
        return lines

    return below(None)


def _activity(activity: Activity) -> dict[str, Any]:
    return kept(
        code=activity.code,
        name=activity.name,
        category=activity.category.code,
        measure=str(activity.measure),
        pass_mark=figure(activity.pass_mark),
    )


def _course(course: Course) -> dict[str, Any]:
    return kept(
        code=course.code, name=course.name, activity=course.activity.code, minutes=figure(course.minutes),
        skill=course.skill, summary=course.summary,
    )  # fmt: skip


def _scope(scope: Any) -> dict[str, str]:
    return kept(
        department=scope.department and scope.department.code,
        position=scope.position and scope.position.code,
        level=scope.level and scope.level.code,
        band=str(scope.band),
        employee=scope.employee and scope.employee.employee_no,
    )


def _rule(rule: Rule, with_ids: bool) -> dict[str, Any]:
    versions = sorted(rule.versions.all(), key=lambda version: version.start_date)
    followers: list[RuleVersion | None] = [*versions[1:], None]
    return kept(
        code=rule.code,
        activity=rule.activity.code,
        **{"for": _scope(rule)},
        **rule.terms,
        priority=rule.priority or None,
        versions=[
            _version(version, following) | ({"id": version.pk} if with_ids else {})
            for version, following in zip(versions, followers, strict=True)
        ],
    )


def version_document(version: RuleVersion) -> dict[str, Any]:
    """A version by itself, as the file says it."""
    return _version(version, None)


def _version(version: RuleVersion, following: RuleVersion | None) -> dict[str, Any]:
    # a version that ends where the next begins needs no “until”
    is_closed_by_next = following is not None and version.end_date == following.start_date - DAY
    more = dict(version.terms)
    given_elsewhere = version.rate == 0 and ("bands" in more or "tiers" in more)
    before = kept(
        **{"from": version.start_date},
        until=None if is_closed_by_next else version.end_date,
        when=more.pop("when", None),
        points=None if given_elsewhere else figure(version.rate),
        basis=str(version.basis),
    )
    upper = {name: more.pop(name) for name in UPPER if name in more}
    return before | upper | kept(
        max_per_record=figure(version.max_per_record),
        max_per_year=figure(version.max_per_year),
        **more,
        reason=version.reason,
    )  # fmt: skip


#: terms of a version that are written before its caps
UPPER = (
    "minutes",
    "attribute",
    "every",
    "units",
    "bands",
    "tiers",
    "multipliers",
    "bonus",
    "rounding",
    "min_per_record",
)


def _target(target: Target, with_ids: bool) -> dict[str, Any]:
    more = dict(target.terms)
    rows = [
        kept(category=need.category.code, minimum=figure(need.minimum) if need.minimum else None, cap=figure(need.cap))
        for need in target.requirements.all()
    ]
    word = str(target.pro_rata) if target.pro_rata != Target.ProRata.MONTHS else None
    return kept(
        id=target.pk if with_ids else None,
        name=target.name,
        year=target.year.name,
        **{"for": _scope(target)},
        when=more.get("when"),
        total=figure(target.total),
        window=more.get("window"),
        pro_rata=more.get("pro_rata", word),
        priority=target.priority or None,
        requirements=more.get("requirements", rows),
        statuses=more.get("statuses"),
        outcomes=more.get("outcomes"),
    )
