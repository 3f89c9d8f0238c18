"""Who entered, changed and removed what of a policy, and of the catalogue that policies share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hrsuite.lib.history import Change, events_of, told_changes
from training.models import Activity, Category, Policy, Rule, RuleVersion, Target, TargetRequirement

UNTOLD = frozenset({"id", "policy", "rule", "target", "created_at", "created_by"})
SCOPE = ("department", "position", "level", "employee")


def policy_changes(policy: Policy) -> list[Change]:
    """Newest first; rules and targets that are gone, too. Ask only for a policy that somebody may see."""
    rules = list(events_of(Rule).filter(policy_id=policy.pk).prefetch_related("activity", *SCOPE))
    targets = list(events_of(Target).filter(policy_id=policy.pk).prefetch_related("year", *SCOPE))
    codes = {event.pgh_obj_id: event.code for event in rules}
    names = {event.pgh_obj_id: event.name for event in targets}
    versions = events_of(RuleVersion).filter(rule_id__in=codes)
    needs = events_of(TargetRequirement).filter(target_id__in=names).prefetch_related("category")

    def subject(event: Any) -> str:
        match event._meta.model_name:
            case "ruleevent":
                return _("Rule %(code)s") % {"code": event.code}
            case "ruleversionevent":
                return _("Rule %(code)s, version %(number)s") % {"code": codes[event.rule_id], "number": event.number}
            case "targetevent":
                return _("Target %(name)s") % {"name": event.name}
            case "targetrequirementevent":
                return _("Requirement of target %(name)s") % {"name": names[event.target_id]}
        return _("Policy")

    events = [*events_of(Policy).filter(pgh_obj_id=policy.pk), *rules, *versions, *targets, *needs]
    return told_changes(events, subject, untold=UNTOLD)


def catalogue_changes() -> list[Change]:
    """Of activities and categories, newest first; those that are gone, too."""

    def subject(event: Any) -> str:
        words = {"code": event.code}
        is_activity = event._meta.model_name == "activityevent"
        return (_("Activity %(code)s") if is_activity else _("Category %(code)s")) % words

    activities = events_of(Activity).prefetch_related("category")
    categories = events_of(Category).prefetch_related("parent")
    return told_changes([*activities, *categories], subject, untold=UNTOLD)
