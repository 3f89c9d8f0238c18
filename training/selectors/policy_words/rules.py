"""A version of a rule in words: "2 points per 60 minutes, × 1.5 where first delivery: yes"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.selectors.policy_words.conditions import condition_words
from training.selectors.policy_words.limits import limit_words
from training.selectors.policy_words.names import Names, listed, number, points


def version_words(version: Mapping[str, Any], names: Names) -> str:
    """``version`` as the file says it."""
    parts = [_earning(version, names)]
    if "when" in version:
        parts.append(_("only where %(condition)s") % {"condition": condition_words(version["when"], names)})
    if "every" in version:
        parts.append(_every(version["every"]))
    if "units" in version:
        parts.append(_("units %(rounding)s") % {"rounding": rounding_words(version["units"])})
    parts += [multiplier_words(one, names) for one in version.get("multipliers", ())]
    parts += [
        _("plus %(points)s where %(condition)s")
        % {"points": points(one.get("points", 0)), "condition": condition_words(one.get("when", {}), names)}
        for one in version.get("bonus", ())
    ]
    if "rounding" in version:
        parts.append(_("each record %(rounding)s") % {"rounding": rounding_words(version["rounding"])})
    if "min_per_record" in version:
        parts.append(_("at least %(points)s per record") % {"points": points(version["min_per_record"])})
    if "max_per_record" in version:
        parts.append(_("at most %(points)s per record") % {"points": points(version["max_per_record"])})
    if "max_per_year" in version:
        parts.append(_("at most %(points)s a year") % {"points": points(version["max_per_year"])})
    parts += [limit_words(one, names) for one in version.get("limits", ())]
    if "category" in version:
        parts.append(_("counted as %(category)s") % {"category": names.of("category", version["category"])})
    return listed(parts)


def rule_notes(rule: Mapping[str, Any]) -> list[str]:
    """What a rule says beside its versions: whether it adds, and whether it is for teams."""
    notes = [_("counts besides the other rules")] if rule.get("adds") else []
    if "team" in rule:
        patterns = {
            "none": _("for teams: stays with the team"),
            "each": _("for teams: every member gets the full points"),
            "equal": _("for teams: divided among the members"),
        }
        notes.append(patterns.get(str(rule["team"].get("share", "none")), patterns["none"]))
    return notes


def _earning(version: Mapping[str, Any], names: Names) -> str:
    """What one unit gives: points, or bands, or tiers."""
    if "bands" in version:
        bands = [
            _("%(points)s where %(condition)s")
            % {"points": points(one.get("points", 0)), "condition": condition_words(one.get("when", {}), names)}
            for one in version["bands"]
        ]
        if version.get("points"):
            bands.append(_("otherwise %(points)s") % {"points": points(version["points"])})
        given = pgettext("between bands", "; ").join(bands)
        return _("%(unit)s: %(given)s") % {"unit": _unit(version, names), "given": given}
    if "tiers" in version:
        tiers = [
            (
                _("up to %(amount)s: %(points)s each")
                % {"amount": number(one["up_to"]), "points": points(one.get("points", 0))}
                if "up_to" in one
                else _("beyond: %(points)s each") % {"points": points(one.get("points", 0))}
            )
            for one in version["tiers"]
        ]
        given = pgettext("between bands", "; ").join(tiers)
        return _("%(unit)s: %(given)s") % {"unit": _unit(version, names), "given": given}
    patterns = {
        "per_hour": _("%(points)s per hour"),
        "per_minutes": _("%(points)s per %(minutes)s minutes"),
        "per_time": _("%(points)s each time"),
        "per_event": _("%(points)s per event"),
        "per_attribute": _("%(points)s per unit of %(attribute)s"),
        "per_pass": _("%(points)s per exam passed"),
    }
    pattern = patterns.get(str(version.get("basis")), "%(points)s")
    return pattern % {"points": points(version.get("points", 0)), **_named(version, names)}


def _unit(version: Mapping[str, Any], names: Names) -> str:
    units = {
        "per_hour": _("per hour"),
        "per_minutes": _("per %(minutes)s minutes"),
        "per_time": _("each time"),
        "per_event": _("per event"),
        "per_attribute": _("per unit of %(attribute)s"),
        "per_pass": _("per exam passed"),
    }
    return units.get(str(version.get("basis")), "") % _named(version, names)


def _named(version: Mapping[str, Any], names: Names) -> dict[str, str]:
    attribute = names.asked(str(version["attribute"])) if "attribute" in version else ""
    return {"minutes": number(version.get("minutes", 60)), "attribute": attribute}


def _every(every: Mapping[str, Any]) -> str:
    patterns = {
        "day": _("only every %(times)s times within a day"),
        "month": _("only every %(times)s times within a month"),
        "quarter": _("only every %(times)s times within a quarter"),
        "half_year": _("only every %(times)s times within half a year"),
        "calendar_year": _("only every %(times)s times within a calendar year"),
        "period": _("only every %(times)s times within the period"),
    }
    pattern = patterns.get(str(every.get("within", "period")), patterns["period"])
    return pattern % {"times": number(every.get("times", 1))}


def multiplier_words(factor: Mapping[str, Any], names: Names) -> str:
    """ "× 1.5 where lecturer level is senior"."""
    if "attribute" in factor:
        what = _("× the stated %(attribute)s") % {"attribute": names.asked(str(factor["attribute"]))}
    else:
        what = _("× %(number)s") % {"number": number(factor.get("times", 1))}
    if "when" not in factor:
        return what
    return _("%(what)s where %(condition)s") % {"what": what, "condition": condition_words(factor["when"], names)}


def rounding_words(rounding: Mapping[str, Any]) -> str:
    """ "rounded down to steps of 0.5"."""
    patterns = {
        "half_up": _("rounded to steps of %(step)s"),
        "half_even": _("rounded to steps of %(step)s, halves to the even one"),
        "down": _("rounded down to steps of %(step)s"),
        "up": _("rounded up to steps of %(step)s"),
    }
    pattern = patterns.get(str(rounding.get("mode", "half_up")), patterns["half_up"])
    return pattern % {"step": number(rounding.get("step", "0.01"))}
