"""What insights say in words: outcomes, differences, verdicts, and the reason of a learning path."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hrsuite.templatetags.suite import percent
from performance.rules.comparison import HIGHER, LEAST, LOWER
from performance.selectors.insight import (
    ACTIVITY,
    COURSE,
    DEPARTMENT,
    IMPORTED,
    KPI,
    LEAVING,
    POINTS,
    RATING,
    Basis,
    Finding,
)

OUTCOME = {
    KPI: gettext_lazy("KPI score"),
    RATING: gettext_lazy("Final score"),
    IMPORTED: gettext_lazy("Imported rating"),
    POINTS: gettext_lazy("Points of the year"),
    LEAVING: gettext_lazy("Left within 12 months"),
    DEPARTMENT: gettext_lazy("KPI of the department"),
}
KIND = {COURSE: gettext_lazy("Courses"), ACTIVITY: gettext_lazy("Activities")}
#: what a reader of one outcome must not forget
CAUTION = {
    RATING: gettext_lazy("What earns points raises it a little by itself, through the training part."),
    IMPORTED: gettext_lazy("Numbers as they came, words as steps from the worst (1) to the best."),
    POINTS: gettext_lazy("A part of it are the points that it earns itself."),
    DEPARTMENT: gettext_lazy("Whole departments compared, not matched."),
}
MINUS = "\N{MINUS SIGN}"


def _fixed(value: float, places: int) -> str:
    return number_format(Decimal(value).quantize(Decimal(1).scaleb(-places)), decimal_pos=places, force_grouping=True)


def level(value: float | None, *, is_share: bool) -> str:
    """A mean with two places at most, or a share in percent."""
    if value is None:
        return "–"
    return percent(value, 1) if is_share else _fixed(value, 2)


def signed(value: float, *, is_share: bool) -> str:
    """With its sign, so that a difference is not read as a level; of shares in percentage points."""
    places = 1 if is_share else 2
    size = round(abs(value) * (100 if is_share else 1), places)
    text = f"{'+' if value > 0 else MINUS}{_fixed(size, places)}" if size else "0"
    return _("%(number)s pp") % {"number": text} if is_share else text


def difference(found: Finding) -> str:
    return "–" if found.shown is None else signed(found.shown.difference, is_share=found.is_share)


def interval(found: Finding) -> str:
    if found.shown is None:
        return "–"
    low, high = (signed(value, is_share=found.is_share) for value in (found.shown.low, found.shown.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def verdict_text(found: Finding) -> str:
    if not found.is_enough:
        return _("too few to say")
    return {HIGHER: pgettext("comparison", "higher"), LOWER: pgettext("comparison", "lower")}.get(
        found.verdict, _("no clear difference")
    )


def explained(found: Finding) -> str:
    """The verdict as a sentence."""
    if not found.is_enough:
        return _("Fewer than %(least)s in one of the groups, or all are alike: nothing can be said.") % {"least": LEAST}
    if found.verdict == HIGHER:
        return _("Those who took it stand higher; chance alone would seldom make such a difference.")
    if found.verdict == LOWER:
        return _("Those who took it stand lower; chance alone would seldom make such a difference.")
    return _("The interval includes zero: chance alone may make this difference.")


def speaks_for_it(found: Finding) -> bool:
    """A good difference that it did not make by earning points itself."""
    return found.is_good and found.outcome != POINTS


_REASON = {
    KPI: gettext_lazy("Those who took it had a KPI score %(difference)s against colleagues (%(groups)s)."),
    RATING: gettext_lazy("Those who took it had a final score %(difference)s against colleagues (%(groups)s)."),
    IMPORTED: gettext_lazy("Those who took it had an imported rating %(difference)s against colleagues (%(groups)s)."),
    LEAVING: gettext_lazy("Those who took it left less often: %(difference)s against colleagues (%(groups)s)."),
    DEPARTMENT: gettext_lazy("Departments that took it had a mean KPI %(difference)s against others (%(groups)s)."),
}


def reason(basis: Basis, found: list[Finding]) -> str:
    """Why it may become mandatory: the good differences, what they are taken from, and what they do not prove."""
    good = [one for one in found if speaks_for_it(one)]
    if not good:
        return ""
    lines = [
        _REASON[one.outcome]
        % {
            "difference": difference(one),
            "groups": _("95 %% confidence interval %(interval)s; %(n1)s and %(n0)s compared")
            % {"interval": interval(one), "n1": one.matched.n1, "n0": one.matched.n0},
        }
        for one in good
    ]
    source = _("%(basis)s, same department and level. A difference is no proof of a cause.") % {"basis": basis.name}
    return "\n".join([*lines, source])[:1000]


def origin(basis: Basis) -> str:
    return (_("Courses and results: %(basis)s") % {"basis": basis.name})[:200]


# --- charts -----------------------------------------------------------------------------------------------------------
GOOD, BAD, UNCLEAR = "#2fb344", "#d63939", "#667382"


def error_bars(found: list[Finding], *, names: bool = True, links: list[str] | None = None) -> dict[str, Any]:
    """An ECharts option: a point per finding with its interval, the first on top, and a line at zero.

    A box plot whose quartiles fall together draws the whiskers.
    """
    rows = [one for one in found if one.shown][::-1]
    scale = 100 if rows and rows[0].is_share else 1

    def at(value: float) -> float:
        return round(value * scale, 2)

    bars, dots = [], []
    for place, one in enumerate(rows):
        shown, colour = one.shown, GOOD if one.is_good else BAD if one.is_bad else UNCLEAR
        if shown is None:
            continue
        middle = at(shown.difference)
        bars.append({
            "value": [at(shown.low), middle, middle, middle, at(shown.high)],
            "itemStyle": {"borderColor": colour, "borderWidth": 2},
        })  # fmt: skip
        text = f"{one.name}: {difference(one)} ({interval(one)})"
        dots.append({"name": text, "value": [middle, place], "itemStyle": {"color": colour}})
    # how wide names are is the screen's to say
    label = {"overflow": "truncate"} if names else {"show": False}
    option: dict[str, Any] = {
        "grid": {"left": 8 if names else 24, "right": 24, "top": 8, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item", "confine": True},
        "xAxis": {"type": "value", "splitNumber": 4},
        "yAxis": {
            "type": "category", "data": [one.name for one in rows], "axisLabel": label,
            "axisTick": {"show": False}, "axisLine": {"show": False},
        },
        "series": [
            {"type": "boxplot", "data": bars, "boxWidth": [10, 12], "silent": True, "tooltip": {"show": False}},
            {
                "type": "scatter", "data": dots, "symbolSize": 10, "tooltip": {"formatter": "{b}"},
                "markLine": {
                    "silent": True, "symbol": "none", "label": {"show": False}, "data": [{"xAxis": 0}],
                    "lineStyle": {"color": "#98a2b3", "type": "dashed"},
                },
            },
        ],
    }  # fmt: skip
    if links:
        option["suite"] = {"links": links[::-1]}
    return option
