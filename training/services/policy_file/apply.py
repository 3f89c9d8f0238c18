"""Bring a policy file in: everything or nothing, and nothing where nothing differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.models import Department, Employee, Level, Position, User
from training.models import Activity, Category, Course, Measure, PointsYear, Policy, Rule, Target
from training.models.terms import dump_terms, load_terms
from training.selectors.policy_document import SECTIONS, kept
from training.services.activities import change_activity, change_category, create_activity, create_category
from training.services.policies import (
    Terms,
    activate_policy,
    add_version,
    change_policy,
    change_rule,
    create_policy,
    create_rule,
    replace_version,
)
from training.services.policy_file.attributes import declare
from training.services.policy_file.names import check_names
from training.services.policy_file.parse import At, Document, PolicyFile
from training.services.scopes import Whom, check_fields
from training.services.targets import Goal, Need, change_target, check_minimums, check_need, create_target
from training.services.years import change_year, create_year, set_year_status

DAY = dt.timedelta(days=1)
#: field of a service -> field of the file
FILE_FIELDS = {
    "start_date": "from",
    "end_date": "until",
    "rate": "points",
    "scope": "for",
    "parent_id": "parent",
}
SCOPE_MODELS: dict[str, tuple[type[models.Model], str]] = {
    "department": (Department, "code"),
    "position": (Position, "code"),
    "level": (Level, "code"),
    "employee": (Employee, "employee_no"),
}


@dataclass
class Imported:
    """What an import did: (kind, code) pairs; ``left`` are rules and targets that the file does not name."""

    policy: Policy | None = None
    created: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    activated: bool = False


def import_policy(*, file: PolicyFile, activate: bool = False, dry_run: bool = False, actor: User | None) -> Imported:
    """Create and change what the file says, in one transaction.

    BadRows names every refused line; nothing is written then. What the file leaves out stays as it is. ``dry_run``
    undoes everything at the end.
    """
    importer = _Importer(file, actor)
    with transaction.atomic():
        importer.run(activate=activate)
        if importer.problems:
            raise BadRows(sorted(importer.problems, key=lambda problem: problem.row))
        if dry_run:
            transaction.set_rollback(True)
    return importer.done


class _Importer:
    def __init__(self, file: PolicyFile, actor: User | None) -> None:
        self.file, self.actor = file, actor
        self.problems: list[RowProblem] = file.problems
        self.done = Imported()

    def run(self, *, activate: bool) -> None:
        check_names(self.file)
        for stage in (self._attributes, self._years, self._categories, self._activities, self._courses):
            stage()
        policy = self._policy()
        if policy is None:
            return
        self.done.policy = policy
        self._rules(policy)
        self._targets(policy)
        if activate and not policy.is_active:
            with self._at(self.file.at):
                activate_policy(policy=policy, actor=self.actor)
                self.done.activated = True
        self._close_years()

    # --- how every item is treated ----------------------------------------------------------------
    @contextmanager
    def _at(self, table: At) -> Iterator[None]:
        """A refusal inside becomes a problem of the table; its writes are undone and the rest goes on."""
        try:
            with transaction.atomic():
                yield
        except BadInput as error:
            name = FILE_FIELDS.get(error.field, error.field)
            table.refuse(name if name in table else error.field, error.value, error.message, error.mend)

    def _note(self, kind: str, code: str, *, created: bool = False, changed: bool = False) -> None:
        if created:
            self.done.created.append((kind, code))
        elif changed:
            self.done.changed.append((kind, code))
        else:
            self.done.unchanged += 1

    def _find(self, model: type[Any], table: At, name: str, value: str, key: str = "code") -> Any:
        found = model.objects.filter(**{key: value}).first()
        if found is None:
            raise BadInput(
                name,
                value,
                _("There is no %(kind)s “%(value)s”.") % {"kind": model._meta.verbose_name, "value": value},
                _("Correct it, or add the %(kind)s first.") % {"kind": model._meta.verbose_name},
            )
        return found

    def _whom(self, scope: dict[str, str], table: At) -> Whom:
        fields: dict[str, Any] = {}
        for name, value in scope.items():
            if name == "band":
                fields[name] = value
                continue
            model, key = SCOPE_MODELS[name]
            with self._at(table):
                fields[name] = self._find(model, table, name, value, key)
        return Whom(**fields)

    # --- what every policy shares -----------------------------------------------------------------
    def _attributes(self) -> None:
        for item, at in self.file.items("attributes"):
            with self._at(at):
                what = declare(item, actor=self.actor)
                code = f"{item['owner']}.{item['code']}"
                self._note("attribute", code, created=what == "created", changed=what == "changed")

    def _years(self) -> None:
        for item, at in self.file.items("years"):
            with self._at(at):
                name, start, end = item["name"], item["start"], item["end"]
                year = PointsYear.objects.filter(name=name).first()
                was_there = year is not None
                if year is None:
                    year = create_year(name=name, start_date=start, end_date=end, actor=self.actor)
                before = (year.start_date, year.end_date, year.status)
                year = change_year(year=year, start_date=start, end_date=end, actor=self.actor)
                closes = item.get("status") == PointsYear.Status.CLOSED != year.status
                if "status" in item and not closes:
                    year = set_year_status(year=year, status=item["status"], actor=self.actor)
                changed = closes or before != (year.start_date, year.end_date, year.status)
                self._note("year", name, created=not was_there, changed=changed)

    def _close_years(self) -> None:
        """Last of all, so that the snapshots hold what the file's own rules and targets book."""
        for item, at in self.file.items("years"):
            if item.get("status") == PointsYear.Status.CLOSED:
                with self._at(at):
                    year = PointsYear.objects.get(name=item["name"])
                    set_year_status(year=year, status=item["status"], reason=_("Policy file"), actor=self.actor)

    def _categories(self) -> None:
        """Parents first; circles are refused before."""
        waiting = list(self.file.items("categories"))
        while waiting:
            open_codes = {item["code"] for item, _at in waiting}
            ready = [pair for pair in waiting if pair[0].get("parent") not in open_codes] or waiting
            waiting = [pair for pair in waiting if pair not in ready]
            for item, at in ready:
                with self._at(at):
                    self._category(item, at)

    def _category(self, item: Document, at: At) -> None:
        code, name = item["code"], item.get("name", item["code"])
        parent = self._find(Category, at, "parent", item["parent"]) if "parent" in item else None
        terms = _stored(item, "in_total", "window", "floor")
        if terms.get("in_total") is True:
            del terms["in_total"]
        category = Category.objects.filter(code=code).first()
        if category is None:
            create_category(code=code, name=name, parent=parent, terms=terms, actor=self.actor)
            self._note("category", code, created=True)
            return
        had = (category.name, category.parent_id, category.terms)
        differs = had != (name, parent.pk if parent else None, terms)
        if differs:
            change_category(category=category, name=name, parent=parent, terms=terms, actor=self.actor)
        self._note("category", code, changed=differs)

    def _activities(self) -> None:
        for item, at in self.file.items("activities"):
            with self._at(at):
                said = {
                    "name": item.get("name", item["code"]),
                    "category": self._find(Category, at, "category", item["category"]),
                    "measure": item.get("measure", Measure.TIMES),
                    "pass_mark": _decimal(item.get("pass_mark")),
                }
                self._upsert(Activity, "activity", item["code"], said, create_activity, change_activity)

    def _courses(self) -> None:
        for item, at in self.file.items("courses"):
            with self._at(at):
                said = {
                    "name": item.get("name", item["code"]),
                    "activity": self._find(Activity, at, "activity", item["activity"]),
                    "minutes": item.get("minutes"),
                    "skill": item.get("skill", ""),
                    "summary": item.get("summary", ""),
                }
                self._upsert(Course, "course", item["code"], said, _create_course, _change_course)

    def _upsert(
        self,
        model: type[Any],
        kind: str,
        code: str,
        said: dict[str, Any],
        create: Callable[..., Any],
        change: Callable[..., Any],
    ) -> None:
        row = model.objects.filter(code=code).first()
        if row is None:
            create(code=code, actor=self.actor, **said)
            self._note(kind, code, created=True)
            return
        differs = any(getattr(row, name) != value for name, value in said.items())
        if differs:
            change(**{kind: row}, actor=self.actor, **said)
        self._note(kind, code, changed=differs)

    # --- the policy itself ------------------------------------------------------------------------
    def _policy(self) -> Policy | None:
        item = self.file.document["policy"]
        code, name, description = item["code"], item.get("name", item["code"]), item.get("description", "")
        terms = _stored(item, "rounding", "floor") | _stored(self.file.document, *SECTIONS)
        with self._at(self.file.at):
            policy = Policy.objects.filter(code=code).first()
            if policy is None:
                policy = create_policy(code=code, name=name, description=description, terms=terms, actor=self.actor)
                self._note("policy", code, created=True)
                return policy
            differs = (policy.name, policy.description, policy.terms) != (name, description, terms)
            if differs:
                change_policy(policy=policy, name=name, description=description, terms=terms, actor=self.actor)
            self._note("policy", code, changed=differs)
            return policy
        return None

    def _rules(self, policy: Policy) -> None:
        named = set()
        for item, at in self.file.items("rules"):
            named.add(item["code"])
            noted = len(self.problems)
            with self._at(at):
                activity = self._find(Activity, at, "activity", item["activity"])
                whom = self._whom(item.get("for", {}), at.below("for"))
                if len(self.problems) == noted:
                    self._rule(policy, item, at, activity, whom)
        self.done.left += [("rule", rule.code) for rule in policy.rules.exclude(code__in=named)]

    def _rule(self, policy: Policy, item: Document, at: At, activity: Activity, whom: Whom) -> None:
        rule = policy.rules.filter(code=item["code"]).first()
        more = _stored(item, "adds", "team")
        if more.get("adds") is False:
            del more["adds"]
        priority, versions = item.get("priority", 0), _versions(item, at)
        differs = False
        if rule is None:
            version, end, first_at = versions.pop(0)
            with self._at(first_at):
                rule = create_rule(
                    policy=policy,
                    activity=activity,
                    whom=whom,
                    terms=_terms(version),
                    start_date=version["from"],
                    end_date=end,
                    code=item["code"],
                    priority=priority,
                    reason=version.get("reason", ""),
                    more=more,
                    actor=self.actor,
                )
            if rule is None:
                return
            is_new = True
        else:
            is_new = False
            differs = change_rule(
                rule=rule, activity=activity, whom=whom, priority=priority, more=more, actor=self.actor
            )
        for version, end, version_at in versions:
            with self._at(version_at):
                differs = self._version(rule, version, end) or differs
        self._note("rule", item["code"], created=is_new, changed=differs)

    def _version(self, rule: Rule, item: Document, end: dt.date | None) -> bool:
        version = rule.versions.filter(start_date=item["from"]).first()
        terms, reason = _terms(item), item.get("reason", "")
        if version:
            return replace_version(version=version, terms=terms, end_date=end, reason=reason, actor=self.actor)
        add_version(rule=rule, terms=terms, start_date=item["from"], end_date=end, reason=reason, actor=self.actor)
        return True

    def _targets(self, policy: Policy) -> None:
        named: set[tuple[str, str]] = set()
        for item, at in self.file.items("targets"):
            named.add((item["year"], item["name"]))
            noted = len(self.problems)
            with self._at(at):
                year = self._find(PointsYear, at, "year", item["year"], "name")
                goal, whom = self._goal(item, at), self._whom(item.get("for", {}), at.below("for"))
                if len(self.problems) == noted:
                    self._target(policy, year, goal, whom)
        for target in policy.targets.select_related("year"):
            if (target.year.name, target.name) not in named:
                self.done.left.append(("target", f"{target.name} {target.year}"))

    def _goal(self, item: Document, at: At) -> Goal:
        terms = _stored(item, "when", "window", "statuses", "outcomes")
        pro_rata = item.get("pro_rata", Target.ProRata.MONTHS)
        if isinstance(pro_rata, dict):
            terms |= _stored(item, "pro_rata")
            pro_rata = Target.ProRata.MONTHS
        rows = item.get("requirements", [])
        needs = []
        for number, row in enumerate(rows):
            place = At(at.reader, f"{at.path}.requirements[{number}]")
            # rows say one category with minimum and cap; where one says more, all of them stay as they are written
            if isinstance(row.get("category"), str):
                with self._at(place):
                    category = self._find(Category, place, "category", row["category"])
                    need = Need(category, Decimal(row.get("minimum", 0)), _decimal(row.get("cap")))
                    check_need(need)
                    needs.append(need)
        if not _are_simple(rows):
            terms |= _stored(item, "requirements")
            self._check_sum(needs, item, at)
            needs = []
        return Goal(item["name"], Decimal(item["total"]), needs, pro_rata, item.get("priority", 0), terms)

    def _check_sum(self, needs: list[Need], item: Document, at: At) -> None:
        """Plain minimums above the total, beside requirements that say more."""
        with self._at(at):
            check_minimums(list({need.category.pk: need for need in needs}.values()), Decimal(item["total"]))

    def _target(self, policy: Policy, year: PointsYear, goal: Goal, whom: Whom) -> None:
        target: Target | None = policy.targets.filter(year=year, name=goal.name).first()
        if target is None:
            create_target(policy=policy, year=year, goal=goal, whom=whom, actor=self.actor)
            self._note("target", f"{goal.name} {year}", created=True)
            return
        differs = change_target(target=target, goal=goal, whom=whom, actor=self.actor)
        self._note("target", f"{goal.name} {year}", changed=differs)


#: fields of a version that are columns
COLUMNS = ("from", "until", "points", "basis", "max_per_record", "max_per_year", "reason")


def _stored(item: Document, *names: str) -> dict[str, Any]:
    """These fields as they come back from the database."""
    return load_terms(dump_terms(kept(**{name: item.get(name) for name in names})))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _terms(item: Document) -> Terms:
    more = _stored(item, *(name for name in item if name not in COLUMNS))
    return Terms(
        item["basis"],
        Decimal(item.get("points", 0)),
        _decimal(item.get("max_per_record")),
        _decimal(item.get("max_per_year")),
        more,
    )


def _versions(item: Document, at: At) -> list[tuple[Document, dt.date | None, At]]:
    """By day, with their last days: one without “until” ends where the next begins."""
    rows = sorted(
        ((version, At(at.reader, f"{at.path}.versions[{number}]")) for number, version in enumerate(item["versions"])),
        key=lambda row: row[0]["from"],
    )
    following = [row[0]["from"] - DAY for row in rows[1:]]
    return [
        (version, version.get("until", following[number] if number < len(following) else None), place)
        for number, (version, place) in enumerate(rows)
    ]


def _are_simple(rows: list[Document]) -> bool:
    return all(isinstance(row.get("category"), str) and set(row) <= {"category", "minimum", "cap"} for row in rows)


def _create_course(*, actor: User | None, **fields: Any) -> None:
    course = Course(**fields)
    check_fields(course)
    course.save()


def _change_course(*, course: Course, actor: User | None, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(course, name, value)
    check_fields(course)
    course.save()
