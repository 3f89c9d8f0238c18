"""Limits in words: "Online courses: at most 20 points a quarter, separately for each provider"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.selectors.policy_words.conditions import condition_words
from training.selectors.policy_words.names import Names, listed, number, percent, points


def subject_words(table: Mapping[str, Any], names: Names, *, whole: str) -> str:
    """Which points are meant: "Exams, where mode is online"."""
    parts = [names.all_of(kind, table[kind]) for kind in ("category", "activity", "rule") if kind in table]
    subject = listed(parts) if parts else whole
    if "when" not in table:
        return subject
    return _("%(subject)s where %(condition)s") % {
        "subject": subject,
        "condition": condition_words(table["when"], names),
    }


def limit_words(limit: Mapping[str, Any], names: Names) -> str:
    """A limit of the policy, or of one rule."""
    figures = _figures(limit, names)
    parts = [_per(limit, figure) for figure in figures]
    if "each" in limit:
        parts.append(_("separately for each %(what)s") % {"what": names.asked(str(limit["each"]))})
    if limit.get("keep") == "highest":
        parts.append(_("those with most points"))
    text = listed(parts)
    if any(name in limit for name in ("category", "activity", "rule", "when")):
        text = _("%(subject)s: %(limit)s") % {
            "subject": subject_words(limit, names, whole=_("everything")),
            "limit": text,
        }
    if "name" in limit:
        text = _("%(limit)s (“%(name)s”)") % {"limit": text, "name": limit["name"]}
    return text


def _figures(limit: Mapping[str, Any], names: Names) -> list[str]:
    found = []
    if "at_most" in limit:
        found.append(_("at most %(points)s") % {"points": points(limit["at_most"])})
    if "times" in limit:
        count = limit["times"] if isinstance(limit["times"], int) else 2
        found.append(
            ngettext("%(times)s record counts", "%(times)s records count", count) % {"times": number(limit["times"])}
        )
    if "deduct_at_most" in limit:
        found.append(_("deductions of at most %(points)s") % {"points": points(limit["deduct_at_most"])})
    if "share_of_total" in limit:
        found.append(_("at most %(share)s of the counted total") % {"share": percent(limit["share_of_total"])})
    if "share_of_required" in limit:
        found.append(_("at most %(share)s of the required points") % {"share": percent(limit["share_of_required"])})
    if "share_of" in limit:
        whole = limit["share_of"]
        found.append(
            _("at most %(share)s of the points of %(subject)s")
            % {
                "share": percent(whole.get("at_most", 1)),
                "subject": subject_words(whole, names, whole=_("everything")),
            }
        )
    if "ratio_to" in limit:
        ratio = limit["ratio_to"]
        found.append(
            _("at most %(number)s times the points of %(subject)s")
            % {
                "number": number(ratio.get("at_most", 1)),
                "subject": subject_words(ratio, names, whole=_("everything")),
            }
        )
    return found


def _per(limit: Mapping[str, Any], figure: str) -> str:
    patterns = {
        "record": _("%(figure)s per record"),
        "day": _("%(figure)s a day"),
        "week": _("%(figure)s a week"),
        "month": _("%(figure)s a month"),
        "quarter": _("%(figure)s a quarter"),
        "half_year": _("%(figure)s half a year"),
        "calendar_year": _("%(figure)s a calendar year"),
        "period": _("%(figure)s in a period"),
    }
    return patterns.get(str(limit.get("per", "period")), patterns["period"]) % {"figure": figure}
