"""Points policies and their rules. A rule changes by a new version; every change queues the points that may move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from training.models import Activity, LedgerEntry, Policy, Rule, RuleVersion, Target
from training.services.scopes import Whom, check_fields
from training.services.work import queue_points_for_all

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What a rule version says: ``rate`` points per unit of ``basis``, its caps, and ``more`` of the policy file."""

    basis: str
    rate: Decimal
    max_per_record: Decimal | None = None
    max_per_year: Decimal | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, version: RuleVersion) -> Terms:
        return cls(version.basis, version.rate, version.max_per_record, version.max_per_year, version.terms)


# --- policies ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_policy(
    *, code: str, name: str, description: str = "", terms: Mapping[str, Any] | None = None, actor: User | None
) -> Policy:
    """A policy that books nothing until it is activated."""
    if Policy.objects.filter(code=code).exists():
        raise BadInput("code", code, _("There is a policy of this code."), _("Choose another code."))
    policy = Policy(code=code, name=name, description=description, terms=terms or {})
    check_fields(policy)
    policy.save()
    return policy


@transaction.atomic
def change_policy(
    *, policy: Policy, name: str, description: str, terms: Mapping[str, Any] | None = None, actor: User | None
) -> Policy:
    """Another name or description; other ``terms`` (None: as they are) move points."""
    terms = policy.terms if terms is None else terms
    moves = policy.terms != terms
    policy.name, policy.description, policy.terms = name, description, terms
    check_fields(policy)
    policy.save(update_fields=["name", "description", "terms"])
    if moves and policy.is_active:
        queue_points_for_all(cause=_("Policy %(name)s changed") % {"name": policy.name}, actor=actor)
    return policy


@transaction.atomic
def activate_policy(*, policy: Policy, actor: User | None) -> Policy:
    """From now on it counts; refused where another policy in force speaks of the same people and case."""
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    if policy.is_active:
        return policy
    for target in policy.targets.select_related("year"):
        others = Target.objects.filter(policy__is_active=True, year=target.year, priority=target.priority)
        twins = others.filter(**Whom.of(target).as_fields()).select_related("policy")
        twin = next((other for other in twins if other.terms.get("when") == target.terms.get("when")), None)
        if twin:
            raise BadInput(
                "policy",
                policy.code,
                _("Its target “%(name)s” and target “%(other)s” of policy %(policy)s are for the same people.")
                % {"name": target.name, "other": twin.name, "policy": twin.policy.code},
                _("Stop that policy first, or change one of the targets."),
            )
    for rule in policy.rules.prefetch_related("versions"):
        for version in rule.versions.all():
            refuse_twin(rule, version, policy_filter=Q(policy__is_active=True))
    policy.is_active = True
    policy.save(update_fields=["is_active"])
    queue_points_for_all(cause=_("Policy %(name)s put in force") % {"name": policy.name}, actor=actor)
    return policy


@transaction.atomic
def stop_policy(*, policy: Policy, actor: User | None) -> Policy:
    """Its rules and targets no longer count: what they earned in years that are not closed is taken back."""
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    if policy.is_active:
        policy.is_active = False
        policy.save(update_fields=["is_active"])
        queue_points_for_all(cause=_("Policy %(name)s stopped") % {"name": policy.name}, actor=actor)
    return policy


# --- rules ------------------------------------------------------------------------------------------------------------
def overlap(start_date: dt.date, end_date: dt.date | None) -> Q:
    after = Q(end_date__isnull=True) | Q(end_date__gte=start_date)
    return after & (Q(start_date__lte=end_date) if end_date else Q())


def peers(policy: Policy) -> Q:
    """Policies whose rules count together with those of ``policy``."""
    return Q(policy=policy) | (Q(policy__is_active=True) if policy.is_active else Q(pk__in=[]))


def refuse_twin(rule: Rule, version: RuleVersion, *, policy_filter: Q) -> None:
    """Two rules that say something for the same activity, people and days would contradict each other."""
    twins = Rule.objects.filter(
        policy_filter, activity=rule.activity, priority=rule.priority, **Whom.of(rule).as_fields()
    ).exclude(pk=rule.pk)
    versions = RuleVersion.objects.filter(overlap(version.start_date, version.end_date), rule__in=twins)
    if rule.terms.get("adds"):
        return
    twin = next(
        (
            other
            for other in versions.select_related("rule__policy")
            if other.terms.get("when") == version.terms.get("when")
            and not other.rule.terms.get("adds")
            and bool(other.rule.terms.get("team")) is bool(rule.terms.get("team"))
        ),
        None,
    )
    if twin:
        raise BadInput(
            "activity",
            rule.activity.code,
            _("Rule “%(code)s” of policy %(policy)s already says what the same people earn for it from %(start)s.")
            % {"code": twin.rule.code, "policy": twin.rule.policy.code, "start": twin.start_date},
            _("Change that rule with a new version, narrow the scope, or choose another priority."),
        )


def check_version(version: RuleVersion) -> None:
    check_fields(version)
    for name in ("max_per_record", "max_per_year"):
        value = getattr(version, name)
        if value is not None and value < 0:
            raise BadInput(name, value, _("Points cannot be negative here."), _("Use 0 or more."))
    if version.end_date and version.end_date < version.start_date:
        raise BadInput(
            "end_date",
            version.end_date,
            _("The last day is before the first day %(start)s.") % {"start": version.start_date},
            _("Choose a later last day, or leave it empty."),
        )


def free_code(policy: Policy, activity: Activity) -> str:
    taken = set(policy.rules.filter(code__startswith=activity.code).values_list("code", flat=True))
    code, number = activity.code, 1
    while code in taken:
        number += 1
        code = f"{activity.code}-{number}"
    return code


@transaction.atomic
def create_rule(
    *,
    policy: Policy,
    activity: Activity,
    whom: Whom,
    terms: Terms,
    start_date: dt.date,
    end_date: dt.date | None = None,
    code: str = "",
    priority: int = 0,
    reason: str = "",
    more: Mapping[str, Any] | None = None,
    actor: User | None,
) -> Rule:
    """A rule with its first version. Without a code it gets the activity's, numbered where taken."""
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    whom.check()
    if code and policy.rules.filter(code=code).exists():
        raise BadInput(
            "code", code, _("The policy has a rule of this code."), _("Choose another code or change that rule.")
        )
    rule = Rule(
        policy=policy,
        activity=activity,
        code=code or free_code(policy, activity),
        priority=priority,
        terms=more or {},
        **whom.as_fields(),
    )
    check_fields(rule)
    version = _new_version(rule, 1, terms, start_date, end_date, reason, actor)
    check_version(version)
    refuse_twin(rule, version, policy_filter=peers(policy))
    rule.save()
    version.rule = rule
    version.save()
    queue_rule(rule, cause=_("Rule %(code)s added") % {"code": rule.code}, actor=actor, from_date=start_date)
    return rule


@transaction.atomic
def add_version(
    *,
    rule: Rule,
    terms: Terms,
    start_date: dt.date,
    end_date: dt.date | None = None,
    reason: str = "",
    actor: User | None,
) -> RuleVersion:
    """Change a rule from ``start_date`` on. An open-ended version ends the day before; others must not touch it."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("policy", "activity").get(pk=rule.pk)
    clashes = list(rule.versions.filter(overlap(start_date, end_date)).order_by("start_date"))
    for clash in clashes:
        if clash.end_date is None and clash.start_date < start_date:
            clash.end_date = start_date - DAY
            clash.save(update_fields=["end_date"])
            continue
        raise BadInput(
            "start_date",
            start_date,
            _("Version %(number)s of rule “%(code)s” is valid from %(start)s to %(end)s; versions must not overlap.")
            % {
                "number": clash.number,
                "code": rule.code,
                "start": clash.start_date,
                "end": clash.end_date or _("open end"),
            },
            _("Choose days outside it, or end that version first."),
        )
    # withdrawn ones keep their numbers
    number = (RuleVersion.everything.filter(rule=rule).aggregate(last=Max("number"))["last"] or 0) + 1
    version = _new_version(rule, number, terms, start_date, end_date, reason, actor)
    check_version(version)
    refuse_twin(rule, version, policy_filter=peers(rule.policy))
    version.save()
    queue_rule(rule, cause=_("Rule %(code)s changed") % {"code": rule.code}, actor=actor, from_date=start_date)
    return version


@transaction.atomic
def end_rule(*, rule: Rule, end_date: dt.date, actor: User | None) -> RuleVersion:
    """The rule's version in force on ``end_date`` is valid until then; refused where a later version follows."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("policy").get(pk=rule.pk)
    last = rule.versions.order_by("-start_date").first()
    if last is None or last.start_date > end_date:
        raise BadInput(
            "end_date",
            end_date,
            _("The last version of this rule starts on %(start)s.") % {"start": last.start_date if last else "–"},
            _("Choose that day or a later one."),
        )
    earliest = min(end_date, last.end_date or end_date)
    last.end_date = end_date
    last.save(update_fields=["end_date"])
    queue_rule(rule, cause=_("Rule %(code)s ended") % {"code": rule.code}, actor=actor, from_date=earliest)
    return last


def has_booked(version: RuleVersion) -> bool:
    """Whether points stand in the ledger because of this version."""
    return LedgerEntry.objects.filter(rule_version=version).exists()


@transaction.atomic
def replace_version(
    *, version: RuleVersion, terms: Terms, end_date: dt.date | None, reason: str, actor: User | None
) -> bool:
    """Bring a version to what a policy file says. Terms that booked points stay: they need a new version.

    Returns whether anything differed.
    """
    version = (
        RuleVersion.objects.select_for_update(of=("self",))
        .select_related("rule__policy", "rule__activity")
        .get(pk=version.pk)
    )
    said = Terms.of(version)
    if (said, version.end_date, version.reason) == (terms, end_date, reason):
        return False
    if said != terms and has_booked(version):
        raise BadInput(
            "versions",
            version.start_date,
            _("Points are booked under this version of rule “%(code)s”, so what it says stays.")
            % {"code": version.rule.code},
            _("End it with “until” and add a version with a later “from”."),
        )
    clash = version.rule.versions.exclude(pk=version.pk).filter(overlap(version.start_date, end_date)).first()
    if clash:
        raise BadInput(
            "until",
            end_date or _("open end"),
            _("It would overlap the version from %(start)s.") % {"start": clash.start_date},
            _("End it before that day."),
        )
    ends = [day for day in (end_date, version.end_date) if day]
    changed_from = version.start_date if said != terms or not ends else min(ends)
    version.basis, version.rate = terms.basis, terms.rate
    version.max_per_record, version.max_per_year = terms.max_per_record, terms.max_per_year
    version.end_date, version.reason, version.terms = end_date, reason, terms.more
    check_version(version)
    version.save()
    queue_rule(
        version.rule,
        cause=_("Rule %(code)s changed") % {"code": version.rule.code},
        actor=actor,
        from_date=changed_from,
    )
    return True


@transaction.atomic
def change_rule(
    *,
    rule: Rule,
    activity: Activity,
    whom: Whom,
    priority: int,
    more: Mapping[str, Any] | None = None,
    actor: User | None,
) -> bool:
    """Another scope, activity or priority, for a rule that has booked nothing yet. Returns whether it differed."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("policy").get(pk=rule.pk)
    more = rule.terms if more is None else more
    if (rule.activity_id, Whom.of(rule), rule.priority, rule.terms) == (activity.pk, whom, priority, more):
        return False
    moved = rule.activity_id != activity.pk or Whom.of(rule) != whom or rule.terms != more
    if moved and LedgerEntry.objects.filter(rule_version__rule=rule).exists():
        raise BadInput(
            "scope",
            rule.code,
            _("Points are booked under rule “%(code)s”, so whom and what it is for stays.") % {"code": rule.code},
            _("End it and add a rule of another code for the new scope."),
        )
    whom.check()
    rule.activity, rule.priority, rule.terms = activity, priority, more
    for name, value in whom.as_fields().items():
        setattr(rule, name, value)
    check_fields(rule)
    for version in rule.versions.all():
        refuse_twin(rule, version, policy_filter=peers(rule.policy))
    rule.save()
    first = rule.versions.order_by("start_date").values_list("start_date", flat=True).first()
    queue_rule(rule, cause=_("Rule %(code)s changed") % {"code": rule.code}, actor=actor, from_date=first)
    return True


def _new_version(
    rule: Rule,
    number: int,
    terms: Terms,
    start_date: dt.date,
    end_date: dt.date | None,
    reason: str,
    actor: User | None,
) -> RuleVersion:
    return RuleVersion(
        rule=rule,
        number=number,
        basis=terms.basis,
        rate=terms.rate,
        max_per_record=terms.max_per_record,
        max_per_year=terms.max_per_year,
        start_date=start_date,
        end_date=end_date,
        reason=reason,
        terms=terms.more,
        created_by=actor,
    )


def queue_rule(rule: Rule, *, cause: str, actor: User | None, from_date: dt.date | None) -> None:
    if rule.policy.is_active:
        queue_points_for_all(cause=cause, actor=actor, from_date=from_date)
