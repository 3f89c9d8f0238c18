"""Take away what was entered by mistake: rules, versions, categories and activities that nothing was booked by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from training.models import Activity, Category, LearningRecord, Policy, Rule, RuleVersion
from training.selectors.policy_document import SHARED, policy_document
from training.selectors.settled import years_naming
from training.services.booking import let_bookings_end
from training.services.policies import has_booked, queue_rule
from training.services.withdrawals import rule_has_booked

DAY = dt.timedelta(days=1)
#: fields whose value is the code of a category
OF_CATEGORIES = frozenset({"category", "into", "from", "of", "voids"})
OF_ACTIVITIES = frozenset({"activity"})
OF_RULES = frozenset({"rule"})


def why_rule_stays(rule: Rule) -> BadInput | None:
    """Where points were ever booked under it, or its policy names it."""
    if rule_has_booked(rule):
        return BadInput(
            "rule",
            rule.code,
            _("Points are booked under rule “%(code)s”, so it stays.") % {"code": rule.code},
            _("End it: from that day on it earns nothing."),
        )
    if says(own_part(rule.policy), rule.code, OF_RULES, "rule."):
        return BadInput(
            "rule",
            rule.code,
            _("Something else in the policy names rule “%(code)s”.") % {"code": rule.code},
            _("Take it out there first."),
        )
    return None


@transaction.atomic
def remove_rule(*, rule: Rule, actor: User | None) -> None:
    """The rule with all its versions, unless :func:`why_rule_stays`."""
    let_bookings_end()
    rule = Rule.objects.select_for_update(of=("self",)).select_related("policy").get(pk=rule.pk)
    if refusal := why_rule_stays(rule):
        raise refusal
    first = rule.versions.order_by("start_date").values_list("start_date", flat=True).first()
    queue_rule(rule, cause=_("Rule %(code)s removed") % {"code": rule.code}, actor=actor, from_date=first)
    rule.delete()


def why_version_stays(version: RuleVersion) -> BadInput | None:
    """Where points were booked under it, or it is all that the rule says."""
    if has_booked(version):
        return BadInput(
            "version",
            version.number,
            _("Points are booked under version %(number)s, so it stays.") % {"number": version.number},
            _("Change the rule from a later day on, or end it."),
        )
    if not version.rule.versions.exclude(pk=version.pk).exists():
        return BadInput("version", version.number, _("A rule has at least one version."), _("Remove the rule."))
    return None


@transaction.atomic
def remove_version(*, version: RuleVersion, actor: User | None) -> None:
    """A version that has booked nothing; the one that ended the day before goes on in its place."""
    let_bookings_end()
    version = RuleVersion.objects.select_for_update(of=("self",)).select_related("rule__policy").get(pk=version.pk)
    if refusal := why_version_stays(version):
        raise refusal
    rule, others = version.rule, version.rule.versions.exclude(pk=version.pk)
    start, end = version.start_date, version.end_date
    cause = _("Version %(number)s of rule %(code)s removed") % {"number": version.number, "code": rule.code}
    version.delete()
    others.filter(end_date=start - DAY).update(end_date=end)
    queue_rule(rule, cause=cause, actor=actor, from_date=start)


def why_category_stays(category: Category) -> BadInput | None:
    """Where a policy or the snapshot of a closed year names it, or something belongs to it."""
    if refusal := _named(category.code, OF_CATEGORIES, "category."):
        return refusal
    if closed := years_naming(category):
        return BadInput(
            "code",
            category.code,
            _("The snapshots of closed years name “%(name)s”: %(years)s.")
            % {"name": category.name, "years": ", ".join(closed)},
            _("It stays with its points of that time. Give it another name where it is in the way."),
        )
    mend = _("Move its activities and the categories below it elsewhere first, or give it another name.")
    return _used(category, mend)


@transaction.atomic
def remove_category(*, category: Category, actor: User | None) -> None:
    """A category without activities and categories below it that nothing names."""
    category = Category.objects.select_for_update().get(pk=category.pk)
    if refusal := why_category_stays(category):
        raise refusal
    category.delete()


def why_activity_stays(activity: Activity) -> BadInput | None:
    """Where there are records, rules or courses of it, or a policy names it."""
    if LearningRecord.objects.filter(activity=activity).exists():
        return BadInput(
            "activity",
            activity.code,
            _("%(name)s has learning records, so it stays.") % {"name": activity.name},
            _("Take it out of use: then nobody can enter further ones."),
        )
    if refusal := _named(activity.code, OF_ACTIVITIES, "times.", "records."):
        return refusal
    return _used(activity, _("Remove its rules and courses first, or take it out of use."))


@transaction.atomic
def remove_activity(*, activity: Activity, actor: User | None) -> None:
    """An activity without records, rules and courses."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if refusal := why_activity_stays(activity):
        raise refusal
    activity.delete()


def _used(row: Category | Activity, mend: str) -> BadInput | None:
    """By rows of other tables that would lose it."""
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=row).collect([row])
    except ProtectedError as error:
        kinds = sorted({str(one._meta.verbose_name) for one in error.protected_objects})
        message = _("“%(name)s” is used by: %(what)s.") % {"name": row.name, "what": ", ".join(kinds)}
        return BadInput("code", row.code, message, mend)
    return None


def _named(code: str, fields: frozenset[str], *prefixes: str) -> BadInput | None:
    for policy in Policy.objects.order_by("code"):
        if says(own_part(policy), code, fields, *prefixes):
            return BadInput(
                "code",
                code,
                _("Policy “%(policy)s” names “%(code)s”.") % {"policy": policy.name, "code": code},
                _("Take it out of that policy first."),
            )
    return None


def own_part(policy: Policy) -> dict[str, Any]:
    """What the policy says itself: its rules, sections and targets."""
    return {name: said for name, said in policy_document(policy).items() if name not in (*SHARED, "policy")}


def says(said: Any, code: str, fields: frozenset[str], *prefixes: str, here: bool = False) -> bool:
    """Whether a part of a policy document names ``code`` in one of the ``fields``, or behind a prefix."""
    if isinstance(said, Mapping):
        return any(
            any(name == f"{prefix}{code}" for prefix in prefixes)
            or says(value, code, fields, *prefixes, here=here or name in fields)
            for name, value in said.items()
        )
    if isinstance(said, list | tuple):
        return any(says(one, code, fields, *prefixes, here=here) for one in said)
    text = str(said)
    return (here and text == code) or any(text == f"{prefix}{code}" for prefix in prefixes)
