"""Changes of policies and what they would do, as somebody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Floor

from people.models import Assignment
from people.selectors import reaches_everyone, today
from training.models import (
    ChangeEffect,
    ChangeState,
    PointsWork,
    PointsYear,
    PolicyChange,
    Simulation,
)
from training.selectors.policies import VIEW, visible_policies
from training.selectors.visible import of_people_with

CHANGE = "training.change_policies"
PEOPLE = "training.view_completion"
#: who is better or worse off, or judged otherwise
TURNED_TARGET = ~Q(met_before=F("met_after")) & (Q(met_before__isnull=False) | Q(met_after__isnull=False))
TURNED_STATUS = ~Q(status_before=F("status_after")) | ~Q(outcomes_before=F("outcomes_after"))
AFFECTED = ~Q(difference=0) | TURNED_TARGET | TURNED_STATUS


def visible_changes(user: Any) -> QuerySet[PolicyChange]:
    """All for those who change policies or see everyone; others see what was decided, not what is only thought of."""
    rows = PolicyChange.objects.filter(policy__in=visible_policies(user)).select_related(
        "policy", "created_by", "decided_by", "reversed_by", "batch", "reversal_batch"
    )
    if user.has_perm(CHANGE) or reaches_everyone(user, VIEW):
        return rows
    return rows.filter(state__in=[ChangeState.APPLIED, ChangeState.REVERSED])


def drafts_of(user: Any, policy: Any) -> QuerySet[PolicyChange]:
    return visible_changes(user).filter(policy=policy, state=ChangeState.DRAFT)


def change_by_id(pk: int) -> PolicyChange | None:
    """For commands, which run with the rights of the operator."""
    return PolicyChange.objects.select_related("policy").filter(pk=pk).first()


def bookable_years() -> QuerySet[PointsYear]:
    """Years that a change can move."""
    return PointsYear.objects.exclude(status=PointsYear.Status.CLOSED)


def year_to_simulate(name: str) -> PointsYear | None:
    """The bookable year of this name; else the current one where it is bookable, or the newest that is."""
    return year_among(list(bookable_years()), name)


def year_among(years: Sequence[PointsYear], name: str) -> PointsYear | None:
    """That of ``years`` of this name; else the current one, or the newest."""
    day, newest = today(), sorted(years, key=lambda year: year.start_date, reverse=True)
    current = [year for year in newest if year.start_date <= day <= year.end_date]
    return next((year for year in years if year.name == name), None) or next(iter([*current, *newest]), None)


def visible_simulations(user: Any) -> QuerySet[Simulation]:
    return Simulation.objects.filter(change__in=visible_changes(user)).select_related("year", "change__policy")


def simulation_of(change: PolicyChange, year: PointsYear | None) -> Simulation | None:
    return Simulation.objects.filter(change=change, year=year).first() if year else None


def simulated_years(change: PolicyChange) -> list[PointsYear]:
    """Years for which a change was worked out."""
    return list(PointsYear.objects.filter(pk__in=change.simulations.values("year")).order_by("-start_date"))


def still_booking(change: PolicyChange) -> int:
    """People whose points the change or its reversal still has to move."""
    batches = [pk for pk in (change.batch_id, change.reversal_batch_id) if pk]
    if not batches:
        return 0
    return PointsWork.objects.filter(batch__in=batches).values("employee").distinct().count()


# --- who gains and loses ----------------------------------------------------------------------------------------------
def visible_effects(user: Any, simulation: Simulation) -> QuerySet[ChangeEffect]:
    """What happens to the people whom ``user`` may see."""
    latest = Assignment.objects.filter(employee=OuterRef("employee"), start_date__lte=today()).order_by("-start_date")
    rows = of_people_with(simulation.effects.all(), user, PEOPLE)
    return rows.select_related("employee").annotate(department_name=Subquery(latest.values("department__name")[:1]))


@dataclass(frozen=True)
class EffectSums:
    """A simulation in figures, of the people that somebody may see."""

    people: int
    gain: int
    gained: Decimal
    lose: int
    lost: Decimal
    met: int
    missed: int
    judged: int

    @property
    def turned(self) -> int:
        return self.met + self.missed

    @property
    def same(self) -> int:
        return self.people - self.gain - self.lose


def effect_sums(rows: QuerySet[ChangeEffect]) -> EffectSums:
    """``met`` and ``missed``: people whose target turns; ``judged``: status or outcomes turn."""
    up, down = Q(difference__gt=0), Q(difference__lt=0)
    found = rows.order_by().aggregate(
        n_people=Count("pk"),
        n_gain=Count("pk", filter=up),
        n_gained=Sum("difference", filter=up),
        n_lose=Count("pk", filter=down),
        n_lost=Sum("difference", filter=down),
        n_met=Count("pk", filter=TURNED_TARGET & Q(met_after=True)),
        n_missed=Count("pk", filter=TURNED_TARGET & ~Q(met_after=True)),
        n_judged=Count("pk", filter=TURNED_STATUS),
    )
    sums: dict[str, Any] = {name.removeprefix("n_"): value or Decimal(0) for name, value in found.items()}
    return EffectSums(**sums)


def difference_bars(rows: QuerySet[ChangeEffect], bars: int = 20) -> list[tuple[Decimal, Decimal, int]]:
    """(from, to, people) in equal steps of the difference, those without one left out; a step never crosses zero."""
    moved = rows.order_by().exclude(difference=0)
    ends = moved.aggregate(least=Min("difference"), most=Max("difference"))
    if ends["least"] is None:
        return []
    step = _step(max(ends["most"], Decimal(0)) - min(ends["least"], Decimal(0)), bars)
    # up to and including the upper end for gains, as 5 belongs to “0 to 5”, and mirrored for losses
    found: dict[int, int] = {}
    gains = moved.filter(difference__gt=0).annotate(
        bar=Value(0) - Floor(F("difference") / Value(-step), output_field=IntegerField())
    )
    losses = moved.filter(difference__lt=0).annotate(
        bar=Floor(F("difference") / Value(step), output_field=IntegerField())
    )
    for row in gains.values("bar").annotate(number=Count("pk")):
        found[row["bar"] - 1] = row["number"]
    for row in losses.values("bar").annotate(number=Count("pk")):
        found[row["bar"]] = row["number"]
    first, last = min(*found, 0), max(*found, -1)
    return [(step * n, step * (n + 1), found.get(n, 0)) for n in range(first, last + 1)]


def _step(width: Decimal, bars: int) -> Decimal:
    """1, 2 or 5 times a power of ten (at least half a point), so that about ``bars`` of them make the width."""
    raw = max(width / bars, Decimal("0.5"))
    if raw == Decimal("0.5"):
        return raw
    power = Decimal(10) ** (raw.adjusted())
    times = (raw / power).to_integral_value(ROUND_CEILING)
    return power * next(one for one in (1, 2, 5, 10) if one >= times)
