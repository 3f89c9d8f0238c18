"""Bring a policy file in: everything or nothing, and nothing where nothing differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.models import Department, Employee, Level, Position, User
from training.models import Activity, Category, Course, PointsYear, Policy, Rule, Target
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
from training.services.policy_file.parse import PolicyFile, RuleOf, TargetOf, Version
from training.services.policy_file.reader import Table
from training.services.scopes import Whom, check_fields
from training.services.targets import Goal, Need, change_target, check_need, create_target
from training.services.years import change_year, create_year, set_year_status

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
        self.problems: list[RowProblem] = file.at.problems
        self.done = Imported()

    def run(self, *, activate: bool) -> None:
        for stage in (self._years, self._categories, self._activities, self._courses):
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

    # --- how every item is treated ----------------------------------------------------------------
    @contextmanager
    def _at(self, table: Table) -> Iterator[None]:
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

    def _find(self, model: type[Any], table: Table, name: str, value: str, key: str = "code") -> Any:
        found = model.objects.filter(**{key: value}).first()
        if found is None:
            raise BadInput(
                name,
                value,
                _("There is no %(kind)s “%(value)s”.") % {"kind": model._meta.verbose_name, "value": value},
                _("Correct it, or add the %(kind)s first.") % {"kind": model._meta.verbose_name},
            )
        return found

    def _whom(self, scope: dict[str, str], table: Table) -> Whom:
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
    def _years(self) -> None:
        for item in self.file.years:
            with self._at(item.at):
                year = PointsYear.objects.filter(name=item.name).first()
                was_there = year is not None
                if year is None:
                    year = create_year(name=item.name, start_date=item.start, end_date=item.end, actor=self.actor)
                before = (year.start_date, year.end_date, year.status)
                year = change_year(year=year, start_date=item.start, end_date=item.end, actor=self.actor)
                if item.status:
                    year = set_year_status(year=year, status=item.status, actor=self.actor)
                changed = before != (year.start_date, year.end_date, year.status)
                self._note("year", item.name, created=not was_there, changed=changed)

    def _categories(self) -> None:
        waiting, known = list(self.file.categories), {item.code for item in self.file.categories}
        done: set[str] = set()
        while waiting:
            ready = [item for item in waiting if item.parent not in known or item.parent in done]
            if not ready:
                for item in waiting:
                    item.at.refuse(
                        "parent", item.parent, _("These categories stand in a circle."), _("Let one have no parent.")
                    )
                return
            for item in ready:
                waiting.remove(item)
                done.add(item.code)
                with self._at(item.at):
                    parent = self._find(Category, item.at, "parent", item.parent) if item.parent else None
                    category = Category.objects.filter(code=item.code).first()
                    if category is None:
                        create_category(code=item.code, name=item.name, parent=parent, actor=self.actor)
                        self._note("category", item.code, created=True)
                        continue
                    differs = (category.name, category.parent_id) != (item.name, parent.pk if parent else None)
                    if differs:
                        change_category(category=category, name=item.name, parent=parent, actor=self.actor)
                    self._note("category", item.code, changed=differs)

    def _activities(self) -> None:
        for item in self.file.activities:
            with self._at(item.at):
                said = {
                    "name": item.name,
                    "category": self._find(Category, item.at, "category", item.category),
                    "measure": item.measure,
                    "pass_mark": item.pass_mark,
                }
                self._upsert(Activity, "activity", item.code, said, create_activity, change_activity)

    def _courses(self) -> None:
        for item in self.file.courses:
            with self._at(item.at):
                said = {
                    "name": item.name,
                    "activity": self._find(Activity, item.at, "activity", item.activity),
                    "minutes": item.minutes,
                    "skill": item.skill,
                    "summary": item.summary,
                }
                self._upsert(Course, "course", item.code, said, _create_course, _change_course)

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
        file = self.file
        with self._at(file.at):
            policy = Policy.objects.filter(code=file.code).first()
            if policy is None:
                policy = create_policy(code=file.code, name=file.name, description=file.description, actor=self.actor)
                self._note("policy", file.code, created=True)
                return policy
            differs = (policy.name, policy.description) != (file.name, file.description)
            if differs:
                change_policy(policy=policy, name=file.name, description=file.description, actor=self.actor)
            self._note("policy", file.code, changed=differs)
            return policy
        return None

    def _rules(self, policy: Policy) -> None:
        for item in self.file.rules:
            noted = len(self.problems)
            with self._at(item.at):
                activity = self._find(Activity, item.at, "activity", item.activity)
                whom = self._whom(item.scope, item.scope_at)
                if len(self.problems) == noted:
                    self._rule(policy, item, activity, whom)
        named = {item.code for item in self.file.rules}
        self.done.left += [("rule", rule.code) for rule in policy.rules.exclude(code__in=named)]

    def _rule(self, policy: Policy, item: RuleOf, activity: Activity, whom: Whom) -> None:
        rule = policy.rules.filter(code=item.code).first()
        if rule is None:
            if not item.versions:
                return
            self._new_rule(policy, item, activity, whom)
            return
        differs = change_rule(rule=rule, activity=activity, whom=whom, priority=item.priority, actor=self.actor)
        for version in item.versions:
            with self._at(version.at):
                differs = self._version(rule, version) or differs
        self._note("rule", item.code, changed=differs)

    def _new_rule(self, policy: Policy, item: RuleOf, activity: Activity, whom: Whom) -> None:
        first, *rest = item.versions
        with self._at(first.at if len(item.versions) else item.at):
            rule = create_rule(
                policy=policy,
                activity=activity,
                whom=whom,
                terms=_terms(first),
                start_date=first.start,
                end_date=first.end,
                code=item.code,
                priority=item.priority,
                reason=first.reason,
                actor=self.actor,
            )
            for version in rest:
                with self._at(version.at):
                    self._version(rule, version)
            self._note("rule", item.code, created=True)

    def _version(self, rule: Rule, item: Version) -> bool:
        version = rule.versions.filter(start_date=item.start).first()
        if version:
            return replace_version(
                version=version, terms=_terms(item), end_date=item.end, reason=item.reason, actor=self.actor
            )
        add_version(
            rule=rule,
            terms=_terms(item),
            start_date=item.start,
            end_date=item.end,
            reason=item.reason,
            actor=self.actor,
        )
        return True

    def _targets(self, policy: Policy) -> None:
        named: set[tuple[str, str]] = set()
        for item in self.file.targets:
            if (item.year, item.name) in named:
                item.at.refuse("name", item.name, _("This stands in the list twice."), _("Keep one of them."))
                continue
            named.add((item.year, item.name))
            noted = len(self.problems)
            with self._at(item.at):
                year = self._find(PointsYear, item.at, "year", item.year, "name")
                goal, whom = self._goal(item), self._whom(item.scope, item.scope_at)
                if len(self.problems) == noted:
                    self._target(policy, year, goal, whom)
        for target in policy.targets.select_related("year"):
            if (target.year.name, target.name) not in named:
                self.done.left.append(("target", f"{target.name} {target.year}"))

    def _goal(self, item: TargetOf) -> Goal:
        needs = []
        for row in item.requirements:
            with self._at(row.at):
                need = Need(self._find(Category, row.at, "category", row.category), row.minimum, row.cap)
                check_need(need)
                needs.append(need)
        return Goal(item.name, item.total, needs, item.pro_rata, item.priority)

    def _target(self, policy: Policy, year: PointsYear, goal: Goal, whom: Whom) -> None:
        target: Target | None = policy.targets.filter(year=year, name=goal.name).first()
        if target is None:
            create_target(policy=policy, year=year, goal=goal, whom=whom, actor=self.actor)
            self._note("target", f"{goal.name} {year}", created=True)
            return
        differs = change_target(target=target, goal=goal, whom=whom, actor=self.actor)
        self._note("target", f"{goal.name} {year}", changed=differs)


def _terms(item: Version) -> Terms:
    return Terms(item.basis, item.points, item.max_per_record, item.max_per_year)


def _create_course(*, actor: User | None, **fields: Any) -> None:
    course = Course(**fields)
    check_fields(course)
    course.save()


def _change_course(*, course: Course, actor: User | None, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(course, name, value)
    check_fields(course)
    course.save()
