"""A target in words: what is needed, of which kinds, for joiners and leavers, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.selectors.policy_words.conditions import condition_words
from training.selectors.policy_words.limits import subject_words
from training.selectors.policy_words.names import Names, as_list, listed, number, percent, points, shown
from training.selectors.policy_words.rules import rounding_words
from training.selectors.policy_words.sections import Line, section_lines


def target_lines(target: Mapping[str, Any], names: Names) -> list[Line]:
    """Everything that a target says beyond its name, year, people and total."""
    lines = []
    if "when" in target:
        condition = condition_words(target["when"], names)
        lines.append(Line(_("Only for people where %(condition)s.") % {"condition": condition}))
    if "window" in target:
        lines.append(Line(window_words(target["window"], names)))
    lines += [need_line(need, names) for need in target.get("requirements", ())]
    lines += _pro_rata(target.get("pro_rata", "months"), names)
    lines += section_lines("statuses", target.get("statuses"), names)
    lines += section_lines("outcomes", target.get("outcomes"), names)
    return lines


def window_words(window: Mapping[str, Any], names: Names) -> str:
    """Which days count, where they are not those of the points year."""
    if "since" in window:
        return _("Points count in %(length)s that follow each other from each person's own day: %(day)s.") % {
            "length": _length(window),
            "day": names.asked(f"employee.{window['since']}"),
        }
    if "months" in window:
        count = window["months"] if isinstance(window["months"], int) else 2
        return ngettext(
            "Points of the last %(months)s month count, up to the period's last day.",
            "Points of the last %(months)s months count, up to the period's last day.",
            count,
        ) % {"months": number(window["months"])}
    if "years" in window:
        count = window["years"] if isinstance(window["years"], int) else 2
        return ngettext(
            "Points of the last %(years)s year count, up to the period's last day.",
            "Points of the last %(years)s years count, up to the period's last day.",
            count,
        ) % {"years": number(window["years"])}
    return _("Points from %(start)s to %(end)s count.") % {
        "start": shown(window.get("from", "")),
        "end": shown(window.get("until", "")),
    }


def _length(window: Mapping[str, Any]) -> str:
    """Three years, six months."""
    name = next((one for one in ("years", "months") if one in window), None)
    if name is None:
        return "…"
    many = window[name] if isinstance(window[name], int) else 2
    text = (
        ngettext("%(count)s year", "%(count)s years", many)
        if name == "years"
        else ngettext("%(count)s month", "%(count)s months", many)
    )
    return text % {"count": number(window[name])}


# --- requirements -----------------------------------------------------------------------------------------------------
def need_line(need: Mapping[str, Any], names: Names) -> Line:
    """A requirement with what stands inside it."""
    for join, title in (("any", _("One of these is enough")), ("all", _("All of these"))):
        if join in need:
            parts = [need_line(part, names) for part in need[join]]
            shown_title = f"{need['name']}: {title}" if "name" in need else title
            return Line(_with_only_if(shown_title, need, names), parts, join)
    parts = [need_line(part, names) for part in need.get("requirements", ())]
    return Line(_need_words(need, names), parts, "all" if parts else "")


def _with_only_if(text: str, need: Mapping[str, Any], names: Names) -> str:
    if "only_if" not in need:
        return text
    condition = condition_words(need["only_if"], names)
    return _("%(text)s (asked only of people where %(condition)s)") % {"text": text, "condition": condition}


def _need_words(need: Mapping[str, Any], names: Names) -> str:
    if "total" in need and not any(name in need for name in ("category", "activity", "when")):
        subject = _("counted total")
        parts = [_("at least %(points)s") % {"points": points(need["total"])}]
    else:
        subject = subject_words(need, names, whole=_("all points"))
        parts = _amounts(need, names)
    if "each" in need:
        parts.append(_each(need["each"]))
    if "window" in need:
        window = window_words(need["window"], names).rstrip(".。")
        parts.append(window[:1].lower() + window[1:])
    parts += [_substitute(one, names) for one in need.get("substitutes", ())]
    if "fixed" in need:
        parts.append(_("never reduced") if need["fixed"] else _("reduced with the target"))
    text = _("%(subject)s: %(limit)s") % {"subject": subject, "limit": listed(parts)}
    if "name" in need:
        text = _("%(limit)s (“%(name)s”)") % {"limit": text, "name": need["name"]}
    return _with_only_if(text, need, names)


def _amounts(need: Mapping[str, Any], names: Names) -> list[str]:
    parts = []
    if "minimum" in need:
        parts.append(_("at least %(amount)s") % {"amount": _measured(need, names)})
    if "maximum" in need:
        parts.append(_("no more than %(amount)s") % {"amount": _measured({**need, "minimum": need["maximum"]}, names)})
    elif "measure" in need and "minimum" not in need:
        parts.append(_("measured as %(amount)s") % {"amount": _measured({**need, "minimum": 0}, names)})
    if "total" in need:
        parts.append(_("with a total of at least %(points)s") % {"points": points(need["total"])})
    if "share_of_total" in need:
        parts.append(_("at least %(share)s of the counted total") % {"share": percent(need["share_of_total"])})
    if "share_of_required" in need:
        parts.append(_("at least %(share)s of the required points") % {"share": percent(need["share_of_required"])})
    if "best" in need:
        count = need["best"] if isinstance(need["best"], int) else 2
        parts.append(
            ngettext("of the best %(count)s record", "of the best %(count)s records", count)
            % {"count": number(need["best"])}
        )
    if "take" in need:
        parts.append(_("on average per record") if need["take"] == "average" else _("added up"))
    if "cap" in need:
        parts.append(_("at most %(points)s count") % {"points": points(need["cap"])})
    return parts or [_("no minimum")]


def _measured(need: Mapping[str, Any], names: Names) -> str:
    amount, measure = need["minimum"], str(need.get("measure", "points"))
    count = 1 if amount == 1 else 2
    words = {"amount": number(amount)}
    if measure == "points":
        return points(amount)
    if measure == "raw":
        return _("%(points)s before limits") % {"points": points(amount)}
    if measure == "hours":
        return ngettext("%(amount)s hour", "%(amount)s hours", count) % words
    if measure == "times":
        return ngettext("%(amount)s record", "%(amount)s records", count) % words
    if measure == "score":
        return _("a score of %(amount)s") % words
    return _("%(amount)s of %(attribute)s") % {**words, "attribute": names.attribute("record", measure)}


def _each(each: Any) -> str:
    if isinstance(each, Mapping):
        count = each.get("years", 2)
        return ngettext(
            "in every %(years)s year", "in any %(years)s years in a row", count if isinstance(count, int) else 2
        ) % {"years": number(count)}
    patterns = {
        "month": _("in every month"),
        "quarter": _("in every quarter"),
        "half_year": _("in every half year"),
        "calendar_year": _("in every calendar year"),
        "year": _("in every year of the period"),
    }
    return patterns.get(str(each), str(each))


def _substitute(item: Mapping[str, Any], names: Names) -> str:
    words = {
        "category": names.of("category", item.get("category")),
        "points": points(item.get("at_most", 0)),
        "rate": number(item.get("rate", 1)),
    }
    if "at_most" in item and "rate" in item:
        return _("up to %(points)s of %(category)s may stand in, each as %(rate)s") % words
    if "at_most" in item:
        return _("up to %(points)s of %(category)s may stand in") % words
    if "rate" in item:
        return _("%(category)s may stand in, each point as %(rate)s") % words
    return _("%(category)s may stand in") % words


# --- joiners and leavers ----------------------------------------------------------------------------------------------
def _pro_rata(said: Any, names: Names) -> list[Line]:
    if isinstance(said, str):
        words = {
            "months": _("Joiners and leavers: by months on staff."),
            "days": _("Joiners and leavers: by days on staff."),
            "none": _("Joiners and leavers: the whole is asked."),
        }
        return [Line(words.get(said, said))]
    parts = [*_people(said, names), *_leave(said), *_counting(said)]
    return [Line(_("Joiners and leavers: %(rules)s.") % {"rules": listed(parts)})] if parts else []


def _ways() -> dict[str, str]:
    return {
        "none": _("the whole is asked"),
        "months": _("by months"),
        "days": _("by days"),
        "exempt": _("exempt in that period"),
    }


def _people(said: Mapping[str, Any], names: Names) -> list[str]:
    parts, ways = [], _ways()
    joiners = said.get("joiners")
    if isinstance(joiners, str):
        parts.append(_("joiners %(way)s") % {"way": ways.get(joiners, joiners)})
    for step in as_list(joiners) if not isinstance(joiners, str) else ():
        parts.append(
            _("who joins from %(day)s on: %(share)s")
            % {"day": step.get("from", ""), "share": percent(step.get("share", 1))}
        )
    if "leavers" in said:
        parts.append(_("leavers %(way)s") % {"way": ways.get(str(said["leavers"]), "")})
    if "since" in said:
        parts.append(_("joined on the day of %(attribute)s") % {"attribute": names.asked(f"employee.{said['since']}")})
    if "attribute" in said:
        own = names.attribute("employee", str(said["attribute"]))
        parts.append(_("times each person's own %(attribute)s") % {"attribute": own})
    if "exempt_months" in said:
        parts.append(
            _("exempt where hired less than %(months)s months before the period ends")
            % {"months": number(said["exempt_months"])}
        )
    return parts


def _leave(said: Mapping[str, Any]) -> list[str]:
    parts = []
    if "leave" in said:
        ways = {"none": _("not taken off"), "months": _("by full months"), "days": _("by days")}
        parts.append(_("long leave %(way)s") % {"way": ways.get(str(said["leave"]), "")})
    if "leave_kinds" in said:
        kinds = listed(str(kind) for kind in as_list(said["leave_kinds"]))
        parts.append(_("leave of these kinds only: %(kinds)s") % {"kinds": kinds})
    if "leave_from_days" in said:
        parts.append(_("leave of %(days)s days or more") % {"days": number(said["leave_from_days"])})
    return parts


def _counting(said: Mapping[str, Any]) -> list[str]:
    parts = []
    if "transfers" in said:
        parts.append(
            _("after a transfer every target by its time")
            if said["transfers"] == "weighted"
            else _("after a transfer the last target")
        )
    if "months" in said:
        months = {
            "begun": _("months begun count"),
            "full": _("full months count"),
            "half": _("months of at least 15 days count"),
        }
        parts.append(months.get(str(said["months"]), ""))
    if "rounding" in said:
        parts.append(rounding_words(said["rounding"]))
    return parts
