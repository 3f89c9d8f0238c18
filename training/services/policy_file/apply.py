"""Bring a policy file in: everything or nothing, and nothing where nothing differs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from hrsuite.lib.errors import BadRows
from people.models import User
from people.services.bulk import is_first_load
from training.models import Activity, Category, PointsYear, Policy, Rule, Target
from training.selectors.policy_document import SECTIONS
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
from training.services.policy_file.names import check_names
from training.services.policy_file.parse import At, Document, PolicyFile
from training.services.policy_file.places import create_named_places
from training.services.policy_file.shared import Imported, SharedImporter, decimal, stored
from training.services.scopes import Whom
from training.services.targets import Goal, Need, change_target, check_minimums, check_need, create_target

DAY = dt.timedelta(days=1)


def import_policy(
    *,
    file: PolicyFile,
    activate: bool = False,
    dry_run: bool = False,
    create_missing: bool = False,
    actor: User | None,
) -> Imported:
    """Create and change what the file says, in one transaction.

    BadRows names every refused line; nothing is written then. What the file leaves out stays as it is. ``dry_run``
    undoes everything at the end. ``create_missing`` creates departments, positions and levels that it names; while
    nobody works anywhere yet this is done without asking.
    """
    importer = Importer(file, actor)
    with transaction.atomic():
        importer.run(activate=activate, create_missing=create_missing)
        if importer.problems:
            raise BadRows(sorted(importer.problems, key=lambda problem: problem.row))
        if dry_run:
            transaction.set_rollback(True)
    return importer.done


class Importer(SharedImporter):
    """Brings in what the file says; what it leaves out stays."""

    def run(self, *, activate: bool, create_missing: bool) -> None:
        if create_missing or is_first_load():
            self.done.created += create_named_places(self.file)
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

    # --- the policy itself ------------------------------------------------------------------------
    def _policy(self) -> Policy | None:
        item = self.file.document["policy"]
        code, name, description = item["code"], item.get("name", item["code"]), item.get("description", "")
        terms = stored(item, "rounding", "floor") | stored(self.file.document, *SECTIONS)
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
        more = rule_terms(item)
        priority, versions = item.get("priority", 0), versions_of(item, at)
        differs = False
        if rule is None:
            version, end, first_at = versions.pop(0)
            with self._at(first_at):
                rule = create_rule(
                    policy=policy,
                    activity=activity,
                    whom=whom,
                    terms=terms_of(version),
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
        terms, reason = terms_of(item), item.get("reason", "")
        if version:
            return replace_version(version=version, terms=terms, end_date=end, reason=reason, actor=self.actor)
        add_version(rule=rule, terms=terms, start_date=item["from"], end_date=end, reason=reason, actor=self.actor)
        return True

    def _targets(self, policy: Policy) -> None:
        items = list(self.file.items("targets"))
        self._bring_targets(policy, items)
        named = {(item["year"], item["name"]) for item, _at in items}
        for target in policy.targets.select_related("year"):
            if (target.year.name, target.name) not in named:
                self.done.left.append(("target", f"{target.name} {target.year}"))

    def _bring_targets(self, policy: Policy, items: list[tuple[Document, At]]) -> None:
        for item, at in items:
            noted = len(self.problems)
            with self._at(at):
                year = self._find(PointsYear, at, "year", item["year"], "name")
                goal, whom = self._goal(item, at), self._whom(item.get("for", {}), at.below("for"))
                if len(self.problems) == noted:
                    self._target(policy, year, goal, whom)

    def _goal(self, item: Document, at: At) -> Goal:
        terms = stored(item, "when", "window", "statuses", "outcomes")
        pro_rata = item.get("pro_rata", Target.ProRata.MONTHS)
        if isinstance(pro_rata, dict):
            terms |= stored(item, "pro_rata")
            pro_rata = Target.ProRata.MONTHS
        rows = item.get("requirements", [])
        needs = []
        for number, row in enumerate(rows):
            place = At(at.reader, f"{at.path}.requirements[{number}]")
            # rows say one category with minimum and cap; where one says more, all of them stay as they are written
            if isinstance(row.get("category"), str):
                with self._at(place):
                    category = self._find(Category, place, "category", row["category"])
                    need = Need(category, Decimal(row.get("minimum", 0)), decimal(row.get("cap")))
                    check_need(need)
                    needs.append(need)
        if not _are_simple(rows):
            terms |= stored(item, "requirements")
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


def rule_terms(item: Document) -> Document:
    """What a rule says beyond its columns."""
    more = stored(item, "adds", "team")
    if more.get("adds") is False:
        del more["adds"]
    return more


#: fields of a version that are columns
COLUMNS = ("from", "until", "points", "basis", "max_per_record", "max_per_year", "reason")


def terms_of(item: Document) -> Terms:
    more = stored(item, *(name for name in item if name not in COLUMNS))
    return Terms(
        item["basis"],
        Decimal(item.get("points", 0)),
        decimal(item.get("max_per_record")),
        decimal(item.get("max_per_year")),
        more,
    )


def versions_of(item: Document, at: At) -> list[tuple[Document, dt.date | None, At]]:
    """A rule's versions by day, with their last days: one without “until” ends where the next begins."""
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
