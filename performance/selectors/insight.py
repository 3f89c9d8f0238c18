"""What goes with learning something: people who took it compared with those of the same department and level."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Lower
from django.http import Http404

from people.selectors import today
from performance.models import Appraisal, AppraisalCycle, CyclePart, GradeBand, Rating
from performance.rules.comparison import (
    HIGHER,
    LOWER,
    TOO_FEW,
    Estimate,
    Matched,
    difference_of_means,
    difference_of_shares,
    verdict,
)
from performance.rules.scales import ranks
from performance.selectors.appraisals import all_cycles
from performance.sql import load
from training.models import LearningPath, PointsYear
from training.selectors.catalogue import visible_courses
from training.selectors.paths import visible_paths
from training.selectors.policies import visible_activities

VIEW = "performance.view_insights"
OUTCOMES = ("kpi", "rating", "imported", "points", "leaving", "department")
KPI, RATING, IMPORTED, POINTS, LEAVING, DEPARTMENT = OUTCOMES
COURSE, ACTIVITY = KINDS = ("course", "activity")
#: what needs an appraisal cycle
OF_CYCLE = {KPI, RATING, DEPARTMENT}


@dataclass(frozen=True)
class Basis:
    """What results are read from: a cycle with its points year, or a year alone.

    Learning from ``start`` to ``day`` counts; people and places are those of ``day``, the last day or today. Leaving is
    known up to ``until``, at most twelve months later.
    """

    key: str
    year: PointsYear
    cycle: AppraisalCycle | None
    part: CyclePart | None
    start: dt.date
    day: dt.date
    until: dt.date | None
    until_whole: dt.date

    @property
    def name(self) -> str:
        return self.cycle.name if self.cycle else self.year.name

    @property
    def is_leaving_whole(self) -> bool:
        return self.until == self.until_whole


@dataclass(frozen=True)
class Finding:
    """One thing and one outcome: the two groups and their difference."""

    kind: str
    thing: int
    name: str
    outcome: str
    matched: Matched
    estimate: Estimate | None
    verdict: str

    @property
    def is_share(self) -> bool:
        return self.outcome == LEAVING

    @property
    def is_enough(self) -> bool:
        return self.verdict != TOO_FEW

    @property
    def is_good(self) -> bool:
        return self.verdict == (LOWER if self.outcome == LEAVING else HIGHER)

    @property
    def is_bad(self) -> bool:
        return self.verdict in {HIGHER, LOWER} and not self.is_good

    @property
    def shown(self) -> Estimate | None:
        """None where too few people are compared to say anything."""
        return self.estimate if self.is_enough else None

    @property
    def mean1(self) -> float | None:
        return self.matched.mean1 if self.is_enough else None

    @property
    def mean0(self) -> float | None:
        return self.matched.mean0 if self.is_enough else None

    @property
    def difference(self) -> float | None:
        return self.shown.difference if self.shown else None


# --- what is compared -------------------------------------------------------------------------------------------------
def _year_later(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _kpi_part(cycle: AppraisalCycle) -> CyclePart | None:
    """The part whose code says KPI, else the heaviest that is not pulled from points."""
    typed = [part for part in cycle.parts.all() if part.source == CyclePart.Source.TYPED]
    named = [part for part in typed if "kpi" in part.code.lower()]
    return next(iter(named or typed), None)


def _basis(year: PointsYear, cycle: AppraisalCycle | None) -> Basis:
    span = cycle or year
    day, whole = min(span.end_date, today()), _year_later(span.end_date)
    return Basis(
        key=f"cycle-{cycle.pk}" if cycle else f"year-{year.pk}",
        year=year,
        cycle=cycle,
        part=_kpi_part(cycle) if cycle else None,
        start=span.start_date,
        day=day,
        until=min(whole, today()) if day < today() else None,
        until_whole=whole,
    )


def bases(user: Any) -> list[Basis]:
    """Cycles, and years without one, that have begun; newest first, those without any score last."""
    if not user.has_perm(VIEW):
        return []
    scored = Appraisal.objects.filter(cycle=OuterRef("pk"), final_score__isnull=False)
    cycles = list(all_cycles().annotate(is_scored=Exists(scored)).filter(start_date__lte=today()))
    years = PointsYear.objects.filter(start_date__lte=today()).exclude(
        pk__in=[cycle.points_year_id for cycle in cycles]
    )
    cycles.sort(key=lambda cycle: cycle.start_date, reverse=True)
    # stable: within each the newest stays first
    cycles.sort(key=lambda cycle: not cycle.is_scored)
    return [*(_basis(cycle.points_year, cycle) for cycle in cycles), *(_basis(year, None) for year in years)]


def things(user: Any, kind: str, thing: int | None = None) -> dict[int, str]:
    """Names of what can be compared, or of one."""
    rows: QuerySet[Any] = visible_courses(user) if kind == COURSE else visible_activities(user)
    return dict((rows if thing is None else rows.filter(pk=thing)).values_list("pk", "name"))


def name_of(user: Any, kind: str, thing: int) -> str:
    name = things(user, kind, thing).get(thing)
    if name is None:
        raise Http404
    return name


def outcomes_of(basis: Basis) -> list[str]:
    """What can be known of it."""
    return [
        outcome
        for outcome in OUTCOMES
        if not (outcome in OF_CYCLE and basis.cycle is None)
        and not (outcome in {KPI, DEPARTMENT} and basis.part is None)
        and not (outcome == LEAVING and basis.until is None)
        and not (outcome == IMPORTED and not imported_ranks(basis))
    ]


def imported_ranks(basis: Basis) -> dict[str, Decimal]:
    """What the imported ratings of this time count, by their words; nothing where their order is not known."""
    known = Q(called__in=_periods(basis)) | Q(rated_on__range=(basis.start, basis.day))
    grades = list(
        Rating.objects.annotate(called=Lower("period"))
        .filter(known)
        .order_by()
        .values_list("grade", flat=True)
        .distinct()
    )
    if not grades:
        return {}
    scales: dict[int, list[str]] = {}
    # that of the own cycle first, then the newest
    own = Case(When(cycle=basis.cycle.pk if basis.cycle else None, then=0), default=1)
    for cycle, grade in GradeBand.objects.order_by(own, "-cycle", "min_score").values_list("cycle", "grade"):
        scales.setdefault(cycle, []).append(grade)
    return ranks(grades, scales.values())


def _periods(basis: Basis) -> list[str]:
    """What ratings of this time may call it, in small letters."""
    names = [basis.name.lower()]
    if (basis.start.month, basis.start.day) == (1, 1) and basis.year.end_date.year == basis.start.year:
        names.append(str(basis.start.year))
    return names


# --- findings ---------------------------------------------------------------------------------------------------------
def findings(user: Any, basis: Basis, outcome: str, kind: str) -> list[Finding]:
    """Every thing that somebody took; the largest good difference first, those with too few people last."""
    if not user.has_perm(VIEW):
        return []
    names = things(user, kind)
    found = [
        _finding(kind, number, names[number], outcome, matched)
        for number, matched in _sums(basis, outcome, kind).items()
        if number in names and (matched.n1 or matched.alone)
    ]
    sign = -1 if outcome == LEAVING else 1
    return sorted(found, key=lambda one: (not one.is_enough, -sign * (one.difference or 0), one.name))


def findings_of(user: Any, basis: Basis, kind: str, thing: int) -> list[Finding]:
    """One thing on every outcome, also where nobody took it."""
    if not user.has_perm(VIEW):
        return []
    name = name_of(user, kind, thing)
    nobody = Matched(strata=0, n1=0, n0=0)
    return [
        _finding(kind, thing, name, outcome, _sums(basis, outcome, kind, thing).get(thing, nobody))
        for outcome in outcomes_of(basis)
    ]


def _finding(kind: str, thing: int, name: str, outcome: str, matched: Matched) -> Finding:
    estimate = (difference_of_shares if outcome == LEAVING else difference_of_means)(matched)
    return Finding(kind, thing, name, outcome, matched, estimate, verdict(matched, estimate))


def _sums(basis: Basis, outcome: str, kind: str, thing: int | None = None) -> dict[int, Matched]:
    counted = imported_ranks(basis) if outcome == IMPORTED else {}
    with connection.cursor() as cursor:
        cursor.execute(
            load("insight_departments" if outcome == DEPARTMENT else "insight"),
            {
                "kind": kind,
                "thing": thing,
                "outcome": outcome,
                "year": basis.year.pk,
                "cycle": basis.cycle.pk if basis.cycle else None,
                "part": basis.part.pk if basis.part else None,
                "start": basis.start,
                "day": basis.day,
                "until": basis.until,
                "periods": _periods(basis),
                "grades": list(counted),
                "ranks": list(counted.values()),
            },
        )
        columns = [column.name for column in cursor.description][1:]
        return {row[0]: _matched(dict(zip(columns, row[1:], strict=True))) for row in cursor.fetchall()}


_WHOLE = {"strata", "n1", "n0", "freedom1", "freedom0", "alone_strata", "alone", "neither"}


def _matched(sums: dict[str, Any]) -> Matched:
    means = {name: None if sums[name] is None else float(sums[name]) for name in ("mean1", "mean0")}
    rest = {
        name: int(value) if name in _WHOLE else float(value or 0) for name, value in sums.items() if name not in means
    }
    return Matched(**means, **rest)  # type: ignore[arg-type]


def mandatory_by(user: Any, kind: str, thing: int) -> list[LearningPath]:
    """Learning paths in force that ask for it already."""
    running = visible_paths(user).filter(is_active=True, start_date__lte=today())
    of_it = running.filter(**{f"items__{kind}": thing}).distinct()
    return [path for path in of_it[:5] if path.end_date is None or path.end_date >= today()]
