"""What a policy file says, as plain values; references are still codes and names."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadRows, RowProblem
from people.models import Band
from training.models import Basis, Measure, PointsYear, Target
from training.services.policy_file.reader import Table, read

TOP = ("format", "policy", "years", "categories", "activities", "courses", "rules", "targets")
FORMAT = "1"
SCOPE = ("department", "position", "level", "band", "employee")
DAY = dt.timedelta(days=1)
Item = TypeVar("Item")


@dataclass
class Year:
    at: Table
    name: str
    start: dt.date
    end: dt.date
    status: str


@dataclass
class CategoryOf:
    at: Table
    code: str
    name: str
    parent: str


@dataclass
class ActivityOf:
    at: Table
    code: str
    name: str
    category: str
    measure: str
    pass_mark: Decimal | None


@dataclass
class CourseOf:
    at: Table
    code: str
    name: str
    activity: str
    minutes: int | None
    skill: str
    summary: str


@dataclass
class Version:
    at: Table
    start: dt.date
    end: dt.date | None
    basis: str
    points: Decimal
    max_per_record: Decimal | None
    max_per_year: Decimal | None
    reason: str


@dataclass
class RuleOf:
    at: Table
    code: str
    activity: str
    scope: dict[str, str]
    scope_at: Table
    priority: int
    versions: list[Version]


@dataclass
class RequirementOf:
    at: Table
    category: str
    minimum: Decimal
    cap: Decimal | None


@dataclass
class TargetOf:
    at: Table
    name: str
    year: str
    scope: dict[str, str]
    scope_at: Table
    total: Decimal
    pro_rata: str
    priority: int
    requirements: list[RequirementOf]


@dataclass
class PolicyFile:
    """A parsed file; ``problems`` grows while it is applied."""

    at: Table
    code: str
    name: str
    description: str
    years: list[Year] = field(default_factory=list)
    categories: list[CategoryOf] = field(default_factory=list)
    activities: list[ActivityOf] = field(default_factory=list)
    courses: list[CourseOf] = field(default_factory=list)
    rules: list[RuleOf] = field(default_factory=list)
    targets: list[TargetOf] = field(default_factory=list)


def shift_years(text: str, by: int) -> str:
    """The file with every year (1990 to 2099) moved by so many years: dates, names and comments alike."""
    return re.sub(r"(?<!\d)(?:19[9]\d|20\d\d)(?!\d)", lambda match: str(int(match[0]) + by), text)


def parse(text: str) -> PolicyFile:
    """Read a policy file. BadRows lists every problem with its line (``row``) and path (``column``)."""
    problems: list[RowProblem] = []
    top = read(text, problems)
    top.done(TOP)
    if (version := top.text("format", default=FORMAT)) != FORMAT:
        top.refuse("format", version, _("Unknown format."), _("This suite reads format 1."))
    policy = top.table("policy")
    policy.done(("code", "name", "description"))
    code = policy.text("code", required=True)
    file = PolicyFile(policy, code, policy.text("name", default=code), policy.text("description"))
    file.years = _once([year for item in top.tables("years") if (year := _year(item))], "name")
    file.categories = _once([_category(item) for item in top.tables("categories")], "code")
    file.activities = _once([_activity(item) for item in top.tables("activities")], "code")
    file.courses = _once([_course(item) for item in top.tables("courses")], "code")
    file.rules = _once([_rule(item) for item in top.tables("rules")], "code")
    file.targets = [target for item in top.tables("targets") if (target := _target(item))]
    if problems:
        raise BadRows(sorted(problems, key=lambda problem: problem.row))
    return file


def _once(items: list[Item], key: str) -> list[Item]:
    """Refuse a second item of the same code or name."""
    seen: set[str] = set()
    for item in items:
        value = getattr(item, key)
        if value and value in seen:
            item.at.refuse(key, value, _("This stands in the list twice."), _("Keep one of them."))  # type: ignore[attr-defined]
        seen.add(value)
    return items


def _year(item: Table) -> Year | None:
    item.done(("name", "start", "end", "status"))
    name, start, end = (
        item.text("name", required=True),
        item.day("start", required=True),
        item.day("end", required=True),
    )
    status = item.choice("status", PointsYear.Status.values)
    return Year(item, name, start, end, status) if start and end else None


def _category(item: Table) -> CategoryOf:
    item.done(("code", "name", "parent"))
    code = item.text("code", required=True)
    return CategoryOf(item, code, item.text("name", default=code), item.text("parent"))


def _activity(item: Table) -> ActivityOf:
    item.done(("code", "name", "category", "measure", "pass_mark"))
    code = item.text("code", required=True)
    return ActivityOf(
        item,
        code,
        item.text("name", default=code),
        item.text("category", required=True),
        item.choice("measure", Measure.values, default=Measure.TIMES),
        item.number("pass_mark"),
    )


def _course(item: Table) -> CourseOf:
    item.done(("code", "name", "activity", "minutes", "skill", "summary"))
    code = item.text("code", required=True)
    minutes = item.whole("minutes")
    if minutes is not None and minutes < 0:
        item.refuse("minutes", minutes, _("Minutes cannot be negative."), _("Write 0 or more."))
    return CourseOf(
        item,
        code,
        item.text("name", default=code),
        item.text("activity", required=True),
        minutes,
        item.text("skill"),
        item.text("summary"),
    )


def _scope(item: Table) -> tuple[dict[str, str], Table]:
    scope = item.table("for")
    scope.done(SCOPE)
    found = {name: scope.text(name) for name in SCOPE if name != "band"}
    found["band"] = scope.choice("band", Band.values)
    return {name: value for name, value in found.items() if value}, scope


def _rule(item: Table) -> RuleOf:
    item.done(("code", "activity", "for", "priority", "versions"))
    scope, scope_at = _scope(item)
    versions = [version for row in item.tables("versions") if (version := _version(row))]
    if "versions" not in item:
        item.refuse("versions", "", _("A rule needs a version."), _("Add “versions:” with “from” and “points”."))
    rule = RuleOf(
        item,
        item.text("code", required=True),
        item.text("activity", required=True),
        scope,
        scope_at,
        item.whole("priority", default=0) or 0,
        sorted(versions, key=lambda version: version.start),
    )
    _close_gaps(rule)
    return rule


def _version(item: Table) -> Version | None:
    item.done(("from", "until", "points", "basis", "max_per_record", "max_per_year", "reason"))
    start, points = item.day("from", required=True), item.number("points", required=True)
    end = item.day("until")
    basis = item.choice("basis", Basis.values, required=True)
    per_record, per_year, reason = item.number("max_per_record"), item.number("max_per_year"), item.text("reason")
    if start is None or points is None:
        return None
    if end and end < start:
        item.refuse("until", end, _("The last day is before the first day."), _("Write a later day, or leave it out."))
    return Version(item, start, end, basis, points, per_record, per_year, reason)


def _close_gaps(rule: RuleOf) -> None:
    """A version without “until” ends where the next begins; an “until” beyond that is an overlap."""
    for version, following in zip(rule.versions, rule.versions[1:], strict=False):
        if version.start == following.start:
            following.at.refuse(
                "from",
                following.start,
                _("Two versions of rule “%(code)s” start on this day.") % {"code": rule.code},
                _("Give one of them another day."),
            )
        elif version.end is None:
            version.end = following.start - DAY
        elif version.end >= following.start:
            following.at.refuse(
                "from",
                following.start,
                _("It overlaps the version from %(start)s until %(end)s.")
                % {"start": version.start, "end": version.end},
                _("Leave out that “until”, or start after it."),
            )


def _target(item: Table) -> TargetOf | None:
    item.done(("name", "year", "for", "total", "pro_rata", "priority", "requirements"))
    scope, scope_at = _scope(item)
    total = item.number("total", required=True)
    requirements = [_requirement(row) for row in item.tables("requirements")]
    target = TargetOf(
        item,
        item.text("name", required=True),
        item.text("year", required=True),
        scope,
        scope_at,
        total or Decimal(0),
        item.choice("pro_rata", Target.ProRata.values, default=Target.ProRata.MONTHS),
        item.whole("priority", default=0) or 0,
        requirements,
    )
    return None if total is None else target


def _requirement(item: Table) -> RequirementOf:
    item.done(("category", "minimum", "cap"))
    return RequirementOf(
        item, item.text("category", required=True), item.number("minimum") or Decimal(0), item.number("cap")
    )
