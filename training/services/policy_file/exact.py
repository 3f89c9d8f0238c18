"""Make a policy say exactly what a file says: what it leaves out goes, what it brings back is the same row again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput, BadRows
from people.models import User
from training.models import Activity, Policy, Rule
from training.selectors.policy_document import identity
from training.services.policies import Terms, change_rule, create_rule, replace_version
from training.services.policy_file.apply import Importer, rule_terms, terms_of, versions_of
from training.services.policy_file.names import check_names
from training.services.policy_file.parse import At, Document, PolicyFile, parse
from training.services.policy_file.shared import Imported
from training.services.policy_file.write import export_policy
from training.services.scopes import Whom
from training.services.targets import delete_target
from training.services.withdrawals import put_version, reinstate_rule, rule_has_booked, withdraw_rule, withdraw_version

#: what all policies share: never removed by one of them
SHARED = ("attributes", "years", "categories", "activities", "courses")
Version = tuple[Document, dt.date | None, At]


def without_same_shared(file: PolicyFile, base: Document) -> PolicyFile:
    """The file, leaving alone what all policies share and ``base`` says as well: others may have changed it since."""
    skipped = set()
    for section in SHARED:
        known = {identity(item): item for item in base.get(section, ())}
        for number, item in enumerate(file.document.get(section, ())):
            if known.get(identity(item)) == item:
                skipped.add(f"{section}[{number}]")
    return PolicyFile(file.document, file.reader, frozenset(skipped))


@transaction.atomic
def settle_policy(*, policy: Policy, file: PolicyFile, actor: User | None) -> Imported:
    """Bring the policy's rules and targets to what the file says, all of it or nothing.

    Rules and versions that it leaves out or says otherwise are withdrawn, targets are removed. Categories, activities
    and the like are added and changed, never removed. BadRows names every refused line.
    """
    settler = _Settler(file, actor)
    settler.settle(policy)
    if settler.problems:
        raise BadRows(sorted(settler.problems, key=lambda problem: problem.row))
    return settler.done


class _Settler(Importer):
    def settle(self, policy: Policy) -> None:
        check_names(self.file)
        had = parse(export_policy(policy)).document
        for stage in (self._attributes, self._years, self._categories, self._activities, self._courses):
            stage()
        with self._at(self.file.at):
            code = self.file.document["policy"]["code"]
            if code != policy.code:
                raise BadInput(
                    "code", code, _("This is the file of another policy."), _("Write “code: %s”.") % policy.code
                )
            self._policy()
            self._settle_rules(policy, {item["code"]: item for item in had.get("rules", ())})
            self._settle_targets(policy, {(item["year"], item["name"]): item for item in had.get("targets", ())})

    # --- rules ------------------------------------------------------------------------------------
    def _settle_rules(self, policy: Policy, had: dict[str, Document]) -> None:
        items = list(self.file.items("rules"))
        for rule in policy.rules.exclude(code__in=[item["code"] for item, _at in items]):
            withdraw_rule(rule=rule, actor=self.actor)
            self._note("rule", rule.code, changed=True)
        found: list[tuple[Document, At, dict[str, Any]]] = []
        for item, at in items:
            noted = len(self.problems)
            with self._at(at):
                if had.get(item["code"]) == item:
                    self._note("rule", item["code"])
                    continue
                activity = self._find(Activity, at, "activity", item["activity"])
                whom = self._whom(item.get("for", {}), at.below("for"))
                if len(self.problems) == noted:
                    said = {"activity": activity, "whom": whom, "priority": item.get("priority", 0)}
                    found.append((item, at, {**said, "more": rule_terms(item)}))
        # room first: what goes may stand in the way of what comes, in another rule as well
        for item, at, said in found:
            with self._at(at):
                self._clear(policy, item, at, said)
        for item, at, said in found:
            with self._at(at):
                self._fill(policy, item, at, said)

    def _clear(self, policy: Policy, item: Document, at: At, said: dict[str, Any]) -> None:
        """Take away what the rule does not say any more."""
        rule = policy.rules.filter(code=item["code"]).select_related("activity", "policy").first()
        if rule is None:
            return
        if _is_for_others(rule, said) and rule_has_booked(rule):
            withdraw_rule(rule=rule, actor=self.actor)
            return
        wanted = {version["from"]: (version, end) for version, end, _at in versions_of(item, at)}
        for row in rule.versions.select_related("rule__policy"):
            version, end = wanted.get(row.start_date, (None, None))
            if version is None or terms_of(version) != Terms.of(row):
                withdraw_version(version=row, actor=self.actor)
            elif end and (row.end_date is None or end < row.end_date):
                self._revise(row, version, end)

    def _fill(self, policy: Policy, item: Document, at: At, said: dict[str, Any]) -> None:
        """Add and bring back what the rule says."""
        versions = versions_of(item, at)
        rule = policy.rules.filter(code=item["code"]).first()
        self._note("rule", item["code"], created=rule is None, changed=rule is not None)
        if rule is not None:
            change_rule(rule=rule, actor=self.actor, **said)
            rule = Rule.objects.select_related("activity", "policy").get(pk=rule.pk)
        else:
            rule = reinstate_rule(policy=policy, code=item["code"], **said)
        for version, end, place in versions:
            with self._at(place):
                if rule is None:
                    rule = self._new_rule(policy, item["code"], version, end, said)
                    continue
                row = rule.versions.filter(start_date=version["from"]).first()
                if row is not None:
                    self._revise(row, version, end)
                    continue
                put_version(
                    rule=rule, terms=terms_of(version), start_date=version["from"], end_date=end,
                    reason=version.get("reason", ""), actor=self.actor,
                )  # fmt: skip

    def _new_rule(
        self, policy: Policy, code: str, version: Document, end: dt.date | None, said: dict[str, Any]
    ) -> Rule:
        return create_rule(
            policy=policy, code=code, terms=terms_of(version), start_date=version["from"], end_date=end,
            reason=version.get("reason", ""), actor=self.actor, **said,
        )  # fmt: skip

    def _revise(self, row: Any, version: Document, end: dt.date | None) -> None:
        replace_version(
            version=row, terms=Terms.of(row), end_date=end, reason=version.get("reason", ""), actor=self.actor
        )

    # --- targets ----------------------------------------------------------------------------------
    def _settle_targets(self, policy: Policy, had: dict[tuple[str, str], Document]) -> None:
        wanted = {(item["year"], item["name"]): (item, at) for item, at in self.file.items("targets")}
        for target in policy.targets.select_related("year"):
            key = target.year.name, target.name
            if key not in wanted:
                delete_target(target=target, actor=self.actor)
                self._note("target", f"{target.name} {target.year}", changed=True)
        same = {key for key, (item, _at) in wanted.items() if had.get(key) == item}
        self.done.unchanged += len(same)
        self._bring_targets(policy, [pair for key, pair in wanted.items() if key not in same])


def _is_for_others(rule: Rule, said: dict[str, Any]) -> bool:
    here = rule.activity_id, Whom.of(rule), rule.terms
    return here != (said["activity"].pk, said["whom"], said["more"])
