"""What a policy says beyond its rules and targets, section by section, a sentence each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from training.selectors.policy_words.conditions import condition_words
from training.selectors.policy_words.limits import limit_words
from training.selectors.policy_words.names import Names, as_list, listed, number, percent, points, shown
from training.selectors.policy_words.rules import multiplier_words, rounding_words


@dataclass
class Line:
    """A sentence; ``parts`` stand below it, ``join`` says how they belong together (any, all or nothing)."""

    text: str
    parts: list[Line] = field(default_factory=list)
    join: str = ""


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    hint: str
    icon: str
    lines: list[Line]


#: section -> (title, what it is for, icon)
SECTIONS: dict[str, tuple[Any, Any, str]] = {
    "multipliers": (
        gettext_lazy("Multipliers"),
        gettext_lazy("Factors for every rule, such as half for what people pay themselves."),
        "x",
    ),
    "limits": (
        gettext_lazy("Limits"),
        gettext_lazy("At most so many points or times, per quarter, per category, as a share…"),
        "barrier-block",
    ),
    "conversions": (
        gettext_lazy("Conversions"),
        gettext_lazy("Points of one category counted in another, such as hours as half credits."),
        "arrows-exchange",
    ),
    "carry_over": (
        gettext_lazy("Carry-over"),
        gettext_lazy("Surplus that goes on into the next period."),
        "arrow-forward-up",
    ),
    "debts": (
        gettext_lazy("Debts"),
        gettext_lazy("What was missing is taken off first in the next period."),
        "arrow-back-up",
    ),
    "breaches": (
        gettext_lazy("Breaches"),
        gettext_lazy("A single record that makes the points of the period count nothing."),
        "alert-triangle",
    ),
    "statuses": (
        gettext_lazy("Statuses"),
        gettext_lazy("Words for how somebody stands, such as pass and excellent."),
        "medal",
    ),
    "outcomes": (
        gettext_lazy("Outcomes"),
        gettext_lazy("What follows for raises, promotion, awards and bonus."),
        "flag",
    ),
    "ranking": (gettext_lazy("Ranking"), gettext_lazy("Who is first, and among whom."), "list-numbers"),
    "teams": (gettext_lazy("Teams"), gettext_lazy("What a department gets from its people's points."), "users-group"),
}


def policy_sections(document: Mapping[str, Any], names: Names) -> list[Section]:
    """Every section, those that say nothing too."""
    return [
        Section(key, str(title), str(hint), icon, section_lines(key, document.get(key), names))
        for key, (title, hint, icon) in SECTIONS.items()
    ]


def section_lines(key: str, value: Any, names: Names) -> list[Line]:
    if not value:
        return []
    teller = TELLERS[key]
    items = [value] if isinstance(value, Mapping) else value
    return [Line(teller(item, names)) for item in items]


def basics_lines(policy: Mapping[str, Any], names: Names) -> list[Line]:
    """Rounding and floor of the whole policy."""
    lines = []
    if "rounding" in policy:
        patterns = {
            "record": _("The points of each record are %(rounding)s."),
            "category": _("The sum of each category is %(rounding)s."),
            "total": _("The total is %(rounding)s."),
        }
        rounding = policy["rounding"]
        pattern = patterns.get(str(rounding.get("of", "record")), patterns["record"])
        lines.append(Line(pattern % {"rounding": rounding_words(rounding)}))
    if "floor" in policy:
        lines.append(Line(_("The total never falls below %(points)s.") % {"points": points(policy["floor"])}))
    return lines


# --- one item each ----------------------------------------------------------------------------------------------------
def _conversion(item: Mapping[str, Any], names: Names) -> str:
    parts = [
        _("1 point of %(origin)s counts as %(points)s of %(into)s")
        % {
            "origin": names.of("category", item.get("from")),
            "points": points(item.get("rate", 1)),
            "into": names.of("category", item.get("into")),
        }
    ]
    if "rounding" in item:
        parts.append(rounding_words(item["rounding"]))
    if "at_most" in item:
        parts.append(_("at most %(points)s") % {"points": points(item["at_most"])})
    parts.append(_("they leave the first category") if item.get("moves") else _("they stay in the first category too"))
    return listed(parts)


def _of(item: Mapping[str, Any], names: Names) -> str:
    return _("the total") if item.get("of") == "total" else names.of("category", item.get("of"))


def _carry_over(item: Mapping[str, Any], names: Names) -> str:
    words = {"of": _of(item, names), "into": names.of("category", item.get("into", item.get("of")))}
    if item.get("above") == "cap":
        parts = [_("What the cap of %(of)s takes off goes on as %(into)s") % words]
    else:
        parts = [_("Surplus of %(of)s goes on as %(into)s") % words]
    if "share" in item:
        parts.append(_("%(share)s of it") % {"share": percent(item["share"])})
    if "at_most" in item:
        parts.append(_("at most %(points)s") % {"points": points(item["at_most"])})
    if "counts_for" in item:
        parts.append(
            _("for the total only, not for requirements")
            if item["counts_for"] == "total"
            else _("for the total and for requirements")
        )
    if "only_if_met" in item:
        parts.append(
            _("only where the target was met") if item["only_if_met"] else _("even where the target was missed")
        )
    if item.get("within_total"):
        parts.append(_("no more than the surplus of the total"))
    if "earned_in_last_months" in item:
        count = item["earned_in_last_months"]
        parts.append(
            ngettext(
                "only points earned in the last %(months)s month of the period",
                "only points earned in the last %(months)s months of the period",
                count if isinstance(count, int) else 2,
            )
            % {"months": number(count)}
        )
    if "expires_after" in item:
        count = item["expires_after"]
        parts.append(
            ngettext(
                "gone after %(periods)s period",
                "gone after %(periods)s periods",
                count if isinstance(count, int) else 2,
            )
            % {"periods": number(count)}
        )
    return listed(parts)


def _debt(item: Mapping[str, Any], names: Names) -> str:
    words = {"of": _of(item, names), "into": names.of("category", item.get("into", item.get("of")))}
    parts = [_("What was missing of %(of)s is taken off %(into)s in the next period") % words]
    if "factor" in item:
        parts.append(_("× %(number)s") % {"number": number(item["factor"])})
    if "at_most" in item:
        parts.append(_("at most %(points)s") % {"points": points(item["at_most"])})
    return listed(parts)


def _breach(item: Mapping[str, Any], names: Names) -> str:
    condition = condition_words(item.get("when", {}), names)
    voids = as_list(item.get("voids"))
    if voids == ["period"]:
        text = _("One record where %(condition)s, and all points of the period count nothing") % {
            "condition": condition
        }
    else:
        text = _("One record where %(condition)s, and the period's points of %(categories)s count nothing") % {
            "condition": condition,
            "categories": names.all_of("category", voids),
        }
    parts = [text]
    if "after" in item:
        later = ngettext(
            "beginning %(periods)s period later", "beginning %(periods)s periods later", _count(item["after"])
        )
        parts.append(later % {"periods": number(item["after"])})
    if "periods" in item:
        long = ngettext("for %(periods)s period", "for %(periods)s periods", _count(item["periods"]))
        parts.append(long % {"periods": number(item["periods"])})
    text = listed(parts)
    return _("%(limit)s (“%(name)s”)") % {"limit": text, "name": item["name"]} if "name" in item else text


def _count(value: Any) -> int:
    """For plural forms, of what may be half written."""
    return value if isinstance(value, int) else 2


def _ranking(item: Mapping[str, Any], names: Names) -> str:
    by = {"total": _("total points"), "percent": _("percent of the required points"), "surplus": _("surplus")}
    within = {
        "policy": _("among everybody with a target"),
        "target": _("among those with the same target"),
        "department": _("within the department"),
        "level": _("within the level"),
        "band": _("within the band"),
    }
    text = _("Ranked by %(by)s %(within)s") % {
        "by": by.get(str(item.get("by", "total")), ""),
        "within": within.get(str(item.get("within", "policy")), ""),
    }
    if "only" not in item:
        return text
    return _("%(text)s, only where %(condition)s") % {
        "text": text,
        "condition": condition_words(item["only"], names, is_account=True),
    }


def _status(item: Mapping[str, Any], names: Names) -> str:
    if "when" not in item:
        return _("“%(name)s” for everybody else") % {"name": item.get("name", "")}
    condition = condition_words(item["when"], names, is_account=True)
    return _("“%(name)s” where %(condition)s") % {"name": item.get("name", ""), "condition": condition}


#: outcomes that other parts of the suite understand
OUTCOMES = {
    "not_eligible_for_raise": gettext_lazy("Not eligible for a raise"),
    "not_eligible_for_promotion": gettext_lazy("Not eligible for promotion"),
    "not_eligible_for_award": gettext_lazy("Not eligible for awards"),
    "lowest_bonus_band": gettext_lazy("Lowest value of the bonus band"),
}


def _outcome(item: Mapping[str, Any], names: Names) -> str:
    name = str(item.get("name", ""))
    text = str(OUTCOMES[name]) if name in OUTCOMES else _("“%(name)s”") % {"name": name}
    if "value" in item:
        text = _("%(name)s = %(value)s") % {"name": text, "value": shown(item["value"])}
    parts = [text]
    if "reward" in item:
        parts.append(_reward(item["reward"], names))
    if "when" in item:
        condition = condition_words(item["when"], names, is_account=True)
        parts[0] = _("%(name)s where %(condition)s") % {"name": text, "condition": condition}
    return listed(parts)


def _reward(reward: Mapping[str, Any], names: Names) -> str:
    of = names.asked(str(reward.get("of", "")), is_account=True)
    words = {"amount": number(reward.get("amount", 0)), "of": of, "every": number(reward.get("every", 1))}
    if "every" in reward:
        parts = [_("%(amount)s for every full %(every)s of %(of)s") % words]
    else:
        parts = [_("%(amount)s for each point of %(of)s") % words]
    if "at_most" in reward:
        parts.append(_("at most %(amount)s in all") % {"amount": number(reward["at_most"])})
    return listed(parts)


def _teams(item: Mapping[str, Any], names: Names) -> str:
    patterns = {
        "sum": _("To a department's own points come those of all its people."),
        "average": _("To a department's own points comes the average of its people."),
        "none": _("A department has its own points only."),
    }
    return patterns.get(str(item.get("from_members", "none")), patterns["none"])


TELLERS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "multipliers": multiplier_words,
    "limits": limit_words,
    "conversions": _conversion,
    "carry_over": _carry_over,
    "debts": _debt,
    "breaches": _breach,
    "ranking": _ranking,
    "statuses": _status,
    "outcomes": _outcome,
    "teams": _teams,
}
