"""Where somebody stands in a points year, and the lines of their account."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from people.models import Employee
from training.models import Activity, Category, LedgerEntry, PointsWork, PointsYear, Standing, Target
from training.rules.engine.values import Rounding
from training.selectors.policies import figure
from training.selectors.policy_document import rounding_of
from training.selectors.policy_words import Names
from training.selectors.policy_words.targets import window_words
from training.selectors.visible import of_people_with, people_with

#: whoever sees how far others are sees their points
VIEW = "training.view_completion"
#: a name made for files rather than for people
CODE_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Bar:
    """Points of a category, everything below it included. ``minimum`` and ``cap`` are those of the person's target."""

    category: Category
    counted: Decimal
    full: Decimal
    minimum: Decimal = Decimal(0)
    cap: Decimal | None = None
    missing: Decimal = Decimal(0)

    @property
    def over_cap(self) -> Decimal:
        """Earned, but above a cap."""
        return max(self.full - self.counted, Decimal(0))

    @property
    def scale(self) -> Decimal:
        """What the whole width of the bar stands for."""
        return max(self.counted, self.minimum, Decimal(1))


@dataclass(frozen=True)
class Points:
    """Everything that the points page of a person shows, the ledger excepted."""

    employee: Employee
    year: PointsYear
    standing: Standing | None
    target: Target | None
    bars: list[Bar] = field(default_factory=list)
    waiting: bool = False
    #: a booking failed and is tried again
    stuck: bool = False

    @property
    def needs(self) -> list[dict[str, Any]]:
        """Requirements that say more than a minimum of a category: everything that is asked, with its figures."""
        needs: list[dict[str, Any]] = self.standing.detail.get("requirements", []) if self.standing else []
        plain = {bar.category.code for bar in self.bars if bar.minimum or bar.cap is not None}
        if all(need["name"] in plain and not need["parts"] for need in needs):
            return []
        names = dict(Category.objects.values_list("code", "name")) | dict(Activity.objects.values_list("code", "name"))
        return [_in_words(need, names) for need in needs]

    @property
    def is_exempt(self) -> bool:
        return bool(self.standing and self.standing.detail.get("exempt"))

    @property
    def is_voided(self) -> bool:
        return bool(self.standing and self.standing.detail.get("voided"))

    @property
    def rank(self) -> tuple[int, int] | None:
        """Place, and of how many."""
        detail = self.standing.detail if self.standing else {}
        return (detail["rank"], detail["ranked"]) if "rank" in detail else None

    @property
    def outcomes(self) -> list[tuple[str, Any, Any]]:
        """(words, value, amount) of what the policy says follows."""
        said = self.standing.outcomes if self.standing else {}
        return [(outcome_words(name), one.get("value"), one.get("amount")) for name, one in said.items()]

    @property
    def total(self) -> Decimal:
        return self.standing.total if self.standing else Decimal(0)

    @property
    def required(self) -> Decimal | None:
        return self.standing.required if self.standing else None

    @property
    def missing(self) -> Decimal:
        """Points to the total; category minimums are apart from it."""
        return max((self.required or Decimal(0)) - self.total, Decimal(0))

    @property
    def share(self) -> Decimal | None:
        if self.required is None:
            return None
        return min(self.total / self.required, Decimal(1)) if self.required else Decimal(1)

    @property
    def short(self) -> list[Bar]:
        """Categories below their minimum."""
        return [bar for bar in self.bars if bar.missing]


def _in_words(need: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """With names instead of codes, and words for groups."""
    words = {"any": _("One of these"), "all": _("All of these"), "total": _("All points"), "points": _("All points")}
    name = str(need["name"])
    return {
        **need,
        "name": names.get(name) or words.get(name) or name,
        "parts": [_in_words(part, names) for part in need["parts"]],
    }


def outcome_words(name: str) -> str:
    """Words for the outcomes that the suite understands; a policy's ``extra_bonus`` reads "Extra bonus"."""
    known = {
        "not_eligible_for_raise": _("Not eligible for a raise"),
        "not_eligible_for_promotion": _("Not eligible for promotion"),
        "not_eligible_for_award": _("Not eligible for awards"),
        "lowest_bonus_band": _("Lowest bonus band"),
    }
    is_code = CODE_NAME.fullmatch(name) is not None
    return known.get(name) or (name.replace("_", " ").capitalize() if is_code else name)


def visible_entries(user: Any) -> QuerySet[LedgerEntry]:
    """Ledger lines of the people whom ``user`` may see, with what a line shows."""
    entries = LedgerEntry.objects.select_related(
        "employee", "year", "category", "batch", "record__activity", "record__course", "rule_version"
    )
    return of_people_with(entries, user, VIEW)


def people_with_points(user: Any) -> QuerySet[Employee]:
    """The people whose points page ``user`` may open."""
    return people_with(user, VIEW)


def ledger_of(user: Any, employee: Employee, year: PointsYear) -> QuerySet[LedgerEntry]:
    """Somebody's account of a year: what was booked last comes first, and of one booking what happened last."""
    newest = ("-batch__pk", F("record__happened_on").desc(nulls_first=True), "-pk")
    return visible_entries(user).filter(employee=employee, year=year).order_by(*newest)


def points_of(employee: Employee, year: PointsYear) -> Points:
    """A constant number of queries. Ask only for an employee that came from :func:`people_with_points`."""
    standing = (
        Standing.objects.filter(employee=employee, year=year).select_related("target__policy", "department").first()
    )
    target = standing.target if standing else None
    attempts = list(PointsWork.objects.filter(employee=employee, year=year).values_list("attempts", flat=True)[:50])
    return Points(
        employee=employee,
        year=year,
        standing=standing,
        target=target,
        bars=_bars(standing, target),
        waiting=bool(attempts),
        stuck=any(attempts),
    )


def _bars(standing: Standing | None, target: Target | None) -> list[Bar]:
    """Categories that the target asks for, then those at the top of the tree that only have points."""
    if standing is None:
        return []
    counts = {int(key): [Decimal(str(one)) for one in pair] for key, pair in standing.categories.items()}
    missing = {int(key): Decimal(str(value)) for key, value in standing.missing.items()}
    share = standing.share if standing.share is not None else Decimal(1)
    nothing = [Decimal(0), Decimal(0)]
    rounding = rounding_of(target) if target else Rounding()
    bars = []
    for need in target.requirements.select_related("category") if target else ():
        counted, full = counts.get(need.category_id, nothing)
        minimum = rounding(need.minimum * share)
        bars.append(Bar(need.category, counted, full, minimum, need.cap, missing.get(need.category_id, Decimal(0))))
    asked = {bar.category.pk for bar in bars}
    others = Category.objects.filter(Q(parent__isnull=True), pk__in=set(counts) - asked)
    # a parent of what the target asks for would show the same points twice
    shown_above = set(Category.objects.filter(descendant_links__descendant__in=asked).values_list("pk", flat=True))
    bars += [Bar(other, *counts[other.pk]) for other in others if other.pk not in shown_above]
    return bars


def pro_rata_text(points: Points) -> str:
    """The sum behind a reduced target: "100 × 5 of 12 months = 41.67"; empty where it is not reduced."""
    standing, target, year = points.standing, points.target, points.year
    if standing and "formula" in standing.detail:
        formula = str(standing.detail["formula"])
        return formula if "=" in formula or points.is_exempt else ""
    if not (standing and target and standing.share is not None and standing.required is not None):
        return ""
    if standing.share == 1:
        return ""
    numbers = {"total": figure(target.total), "required": figure(standing.required)}
    if target.pro_rata == Target.ProRata.DAYS:
        whole = (year.end_date - year.start_date).days + 1
        numbers |= {"part": str(round(standing.share * whole)), "whole": str(whole)}
        return _("%(total)s × %(part)s of %(whole)s days = %(required)s") % numbers
    whole = months_between(year.start_date, year.end_date)
    numbers |= {"part": str(round(standing.share * whole)), "whole": str(whole)}
    return _("%(total)s × %(part)s of %(whole)s months = %(required)s") % numbers


def window_text(points: Points) -> str:
    """Which days count, where the target looks at others than those of the year; empty where it does not."""
    window = points.target.terms.get("window") if points.target else None
    return window_words(window, Names()) if window else ""


def months_between(first: dt.date, last: dt.date) -> int:
    """Calendar months that two days touch, both included."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
