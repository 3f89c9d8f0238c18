"""Requirements that say more than a minimum of a category and are not met yet: how much, of what, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from training.models import Activity, Course
from training.rules.engine.shares import codes
from training.rules.engine.targets import need_name
from training.selectors.points import Points
from training.selectors.policy_words.limits import subject_words
from training.selectors.policy_words.names import Names

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Unmet:
    """``spec`` as the target says it. Whether a record will fulfil its condition is seen when it is there."""

    name: str
    missing: Decimal
    spec: Spec
    #: not inside another one
    is_outer: bool

    @property
    def categories(self) -> list[str]:
        return codes(self.spec.get("category"))

    def takes(self, activity: Activity) -> bool:
        wanted = codes(self.spec.get("activity"))
        return (not wanted or activity.code in wanted) and self._asks("activity", activity.code)

    def takes_course(self, course: Course) -> bool:
        return self._asks("course", course.code) and self._asks("skill", course.skill)

    def _asks(self, name: str, value: str) -> bool:
        wanted = (self.spec.get("when") or {}).get(name)
        return wanted is None or isinstance(wanted, Mapping) or value in codes(wanted)


def unmet_of(points: Points) -> list[Unmet]:
    """Of points alone, and none of alternatives: which of them is best is for the person to say."""
    specs = (points.target.terms if points.target else {}).get("requirements")
    if not specs or not points.standing:
        return []
    needs = points.standing.detail.get("requirements", [])
    found = [pair for pair in _pairs(specs, needs) if _is_short(*pair)]
    names = Names() if found else None
    return [
        Unmet(_words(spec, names), _missing(need), spec, any(need is one for one in needs))
        for spec, need in found
        if names
    ]


def _pairs(specs: Sequence[Spec], needs: Sequence[Spec]) -> Iterator[tuple[Spec, Spec]]:
    """Requirements with their figures; those that are not asked of somebody have none."""
    waiting = list(specs)
    for need in needs:
        spec = next((one for one in waiting if _is_called(one, str(need["name"]))), None)
        if spec is None:
            continue
        waiting = waiting[waiting.index(spec) + 1 :]
        yield spec, need
        if "any" not in spec:
            yield from _pairs(spec.get("all") or spec.get("requirements") or (), need["parts"])


def _is_called(spec: Spec, name: str) -> bool:
    word = next((one for one in ("any", "all") if one in spec), "")
    return need_name(spec, word) == name


def _is_short(spec: Spec, need: Spec) -> bool:
    others = ("any", "all", "total", "each", "take", "best", "share_of_total")
    is_of_points = spec.get("measure", "points") == "points" and not any(name in spec for name in others)
    return is_of_points and not need["met"] and _missing(need) > 0


def _missing(need: Spec) -> Decimal:
    return Decimal(str(need["missing"]))


def _words(spec: Spec, names: Names) -> str:
    words = subject_words(spec, names, whole=_("all points"))
    return _("%(name)s: %(what)s") % {"name": spec["name"], "what": words} if spec.get("name") else words
