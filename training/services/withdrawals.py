"""Rules and versions that no longer count though points were booked under them, and their return.

The ledger names the version that earned a line, so such rows are never deleted or rewritten: they are withdrawn, the
next booking takes their points back, and a rule or version that says the same again is the same row again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from training.models import Activity, LedgerEntry, Policy, Rule, RuleVersion
from training.services.policies import Terms, add_version, check_version, peers, queue_rule, refuse_twin
from training.services.scopes import Whom


def rule_has_booked(rule: Rule) -> bool:
    """Whether points stand in the ledger because of any version of the rule, withdrawn ones included."""
    return LedgerEntry.objects.filter(rule_version__rule=rule).exists()


@transaction.atomic
def withdraw_version(*, version: RuleVersion, actor: User | None) -> None:
    """From now on it does not count on any day."""
    version.withdrawn_at = timezone.now()
    version.save(update_fields=["withdrawn_at"])
    rule = version.rule
    queue_rule(rule, cause=_("Rule %(code)s changed") % {"code": rule.code}, actor=actor, from_date=version.start_date)


@transaction.atomic
def withdraw_rule(*, rule: Rule, actor: User | None) -> None:
    """The rule with all its versions; its code is free again."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("policy").get(pk=rule.pk)
    for version in rule.versions.select_related("rule__policy"):
        withdraw_version(version=version, actor=actor)
    rule.withdrawn_at = timezone.now()
    rule.save(update_fields=["withdrawn_at"])


@transaction.atomic
def reinstate_rule(
    *, policy: Policy, code: str, activity: Activity, whom: Whom, priority: int, more: Mapping[str, Any]
) -> Rule | None:
    """The withdrawn rule that is for the same activity and people, back without versions; None where there is none."""
    candidates = Rule.everything.filter(
        policy=policy, code=code, withdrawn_at__isnull=False, activity=activity, **whom.as_fields()
    ).order_by("-pk")
    rule = next((one for one in candidates if one.terms == more), None)
    if rule is not None:
        rule.withdrawn_at, rule.priority = None, priority
        rule.save(update_fields=["withdrawn_at", "priority"])
    return rule


@transaction.atomic
def put_version(
    *, rule: Rule, terms: Terms, start_date: dt.date, end_date: dt.date | None, reason: str, actor: User | None
) -> RuleVersion:
    """A version of the rule: the withdrawn one that says the same from the same day, or a new one."""
    candidates = RuleVersion.everything.filter(rule=rule, withdrawn_at__isnull=False, start_date=start_date)
    version = next((one for one in candidates.order_by("-pk") if Terms.of(one) == terms), None)
    if version is None:
        return add_version(rule=rule, terms=terms, start_date=start_date, end_date=end_date, reason=reason, actor=actor)
    version.rule, version.withdrawn_at = rule, None
    version.end_date, version.reason = end_date, reason
    check_version(version)
    refuse_twin(rule, version, policy_filter=peers(rule.policy))
    version.save(update_fields=["withdrawn_at", "end_date", "reason"])
    queue_rule(rule, cause=_("Rule %(code)s changed") % {"code": rule.code}, actor=actor, from_date=start_date)
    return version
