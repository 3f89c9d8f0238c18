"""Write a policy as a file: the same order and the same spelling every time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import yaml

from training.models import Activity, Basis, Category, Course, PointsYear, Policy, Rule, RuleVersion, Target

DAY = dt.timedelta(days=1)


class _Number(str):
    """A figure, written as it stands."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # items of a list stand two to the right of its name
        super().increase_indent(flow, False)


def _represent_number(dumper: yaml.SafeDumper, value: _Number) -> yaml.Node:
    kind = "float" if "." in value else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(value))


_Dumper.add_representer(_Number, _represent_number)


def _number(value: Decimal | int | None) -> _Number | None:
    """Without idle zeros: 40, 7.5."""
    if value is None:
        return None
    text = f"{Decimal(value):f}"
    return _Number(text.rstrip("0").rstrip(".") if "." in text else text)


def _kept(**fields: Any) -> dict[str, Any]:
    """Fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _scope(scope: Any) -> dict[str, str]:
    return _kept(
        department=scope.department and scope.department.code,
        position=scope.position and scope.position.code,
        level=scope.level and scope.level.code,
        band=str(scope.band),
        employee=scope.employee and scope.employee.employee_no,
    )


def _version(version: RuleVersion, following: RuleVersion | None) -> dict[str, Any]:
    # a version that ends where the next begins needs no “until”
    is_closed_by_next = following is not None and version.end_date == following.start_date - DAY
    return _kept(
        **{"from": version.start_date},
        until=None if is_closed_by_next else version.end_date,
        points=_number(version.rate),
        basis=str(Basis(version.basis).value),
        max_per_record=_number(version.max_per_record),
        max_per_year=_number(version.max_per_year),
        reason=version.reason,
    )


def _rule(rule: Rule) -> dict[str, Any]:
    versions = sorted(rule.versions.all(), key=lambda version: version.start_date)
    followers: list[RuleVersion | None] = [*versions[1:], None]
    return _kept(
        code=rule.code,
        activity=rule.activity.code,
        **{"for": _scope(rule)},
        priority=_number(rule.priority) if rule.priority else None,
        versions=[_version(version, following) for version, following in zip(versions, followers, strict=True)],
    )


def _target(target: Target) -> dict[str, Any]:
    requirements = [
        _kept(
            category=need.category.code,
            minimum=_number(need.minimum) if need.minimum else None,
            cap=_number(need.cap),
        )
        for need in target.requirements.all()
    ]
    return _kept(
        name=target.name,
        year=target.year.name,
        **{"for": _scope(target)},
        total=_number(target.total),
        pro_rata=str(target.pro_rata) if target.pro_rata != Target.ProRata.MONTHS else None,
        priority=_number(target.priority) if target.priority else None,
        requirements=requirements,
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
        for category in rows.values():
            if category.parent_id == parent and category.pk in wanted:
                parent_code = rows[parent].code if parent else None
                lines += [_kept(code=category.code, name=category.name, parent=parent_code), *below(category.pk)]
        return lines

    return below(None)


def _used_elsewhere(policy: Policy) -> set[int]:
    return set(Rule.objects.exclude(policy=policy).values_list("activity_id", flat=True))


def export_policy(policy: Policy) -> str:
    """The policy with the years, categories, activities and courses that it uses, as YAML."""
    scope = ("department", "position", "level", "employee")
    rules = list(
        policy.rules.select_related("activity", *scope).prefetch_related("versions").order_by("activity__code", "code")
    )
    targets = list(
        policy.targets.select_related("year", *scope)
        .prefetch_related("requirements__category")
        .order_by("year__start_date", "name")
    )
    # what only other policies use is theirs to write
    activities = list(
        Activity.objects.exclude(pk__in=_used_elsewhere(policy) - {rule.activity_id for rule in rules})
        .select_related("category")
        .order_by("code")
    )
    used = {activity.category_id for activity in activities}
    used |= {need.category_id for target in targets for need in target.requirements.all()}
    years = PointsYear.objects.order_by("start_date")
    courses = Course.objects.filter(activity__in=activities).select_related("activity").order_by("code")
    document = _kept(
        format=_Number("1"),
        policy=_kept(code=policy.code, name=policy.name, description=policy.description),
        years=[
            _kept(
                name=year.name,
                start=year.start_date,
                end=year.end_date,
                status=str(year.status) if year.status != PointsYear.Status.OPEN else None,
            )
            for year in years
        ],
        categories=_categories(used),
        activities=[
            _kept(
                code=activity.code,
                name=activity.name,
                category=activity.category.code,
                measure=str(activity.measure),
                pass_mark=_number(activity.pass_mark),
            )
            for activity in activities
        ],
        courses=[
            _kept(
                code=course.code, name=course.name, activity=course.activity.code,
                minutes=_number(course.minutes), skill=course.skill, summary=course.summary,
            )
            for course in courses
        ],
        rules=[_rule(rule) for rule in rules],
        targets=[_target(target) for target in targets],
    )  # fmt: skip
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
