"""Every read of performance. Appraisals are seen by HR, auditors, the managers above, and the person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from people.models import Assignment
from people.selectors import employee_of, of_people_for, people_for, today
from performance import rules
from performance.models import Appraisal, AppraisalCycle, AppraisalPart, GradeBand, Rating, Title, TitleCandidate
from training.models import PointsYear, Standing

#: the outcome of a policy that bars from promotion
NOT_ELIGIBLE = "not_eligible_for_promotion"


def all_cycles() -> QuerySet[AppraisalCycle]:
    """Cycles are no secret to those who see appraisals."""
    return AppraisalCycle.objects.select_related("points_year").prefetch_related("parts", "bands")


def points_years() -> QuerySet[PointsYear]:
    return PointsYear.objects.all()


def visible_appraisals(user: Any) -> QuerySet[Appraisal]:
    """Appraisals of others that ``user`` may see; managers: of the own subtree today, never the own."""
    rows = Appraisal.objects.select_related("employee", "cycle")
    return of_people_for(rows, user, "performance.view_appraisals")


def own_appraisals(user: Any) -> QuerySet[Appraisal]:
    """The appraisals about ``user``, newest first."""
    employee = employee_of(user)
    rows = Appraisal.objects.filter(employee=employee) if employee else Appraisal.objects.none()
    return with_parts(rows.select_related("cycle", "employee", "signed_by").order_by("-cycle__start_date"))


def with_parts(rows: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    parts = AppraisalPart.objects.select_related("part").order_by("-part__weight", "part__code")
    return rows.prefetch_related(Prefetch("parts", parts), "cycle__bands")


def appraisal_list(user: Any) -> QuerySet[Appraisal]:
    """Visible appraisals with ``department_name`` of today (leavers: the last)."""
    latest = Assignment.objects.filter(employee=OuterRef("employee"), start_date__lte=today()).order_by("-start_date")
    missing = AppraisalPart.objects.filter(appraisal=OuterRef("pk"), state=AppraisalPart.State.MISSING)
    return visible_appraisals(user).annotate(
        department_name=Subquery(latest.values("department__name")[:1]), is_incomplete=Exists(missing)
    )


def visible_parts(user: Any) -> QuerySet[AppraisalPart]:
    return AppraisalPart.objects.filter(appraisal__in=visible_appraisals(user)).select_related(
        "part", "appraisal__cycle", "appraisal__employee"
    )


def standing_of(appraisal: Appraisal) -> Standing | None:
    """Where the points behind the training part stand."""
    return (
        Standing.objects.filter(employee=appraisal.employee_id, year=appraisal.cycle.points_year_id)
        .select_related("target")
        .first()
    )


@dataclass(frozen=True)
class PartLine:
    """A part of an appraisal as it is shown: effective weight in percent, and its share of the final score.

    ``is_kept_back``: the person whose appraisal it is does not see the score yet.
    """

    part: AppraisalPart
    weight: Decimal
    contribution: Decimal | None
    differs: bool
    is_kept_back: bool = False


def part_lines(appraisal: Appraisal) -> list[PartLine]:
    """Parts with redistributed weights. ``differs``: points say otherwise than what counts."""
    parts = list(appraisal.parts.all())
    weights = rules.effective_weights([rules.Part(p.part.weight, p.state, p.score) for p in parts])
    return [
        PartLine(
            part=part,
            weight=weight,
            contribution=None if part.score is None else (part.score * weight / 100).quantize(rules.CENT),
            differs=part.part.source == "training" and part.pulled_score != part.score,
        )
        for part, weight in zip(parts, weights, strict=True)
    ]


def grade_counts(appraisals: QuerySet[Appraisal], cycle: AppraisalCycle) -> list[tuple[str, int]]:
    """(grade, people) from best to lowest, then those without a grade as ''."""
    counted = dict(
        appraisals.filter(cycle=cycle)
        .order_by()
        .values_list("grade")
        .annotate(number=Count("id"))
        .values_list("grade", "number")
    )
    rows = [(band.grade, counted.get(band.grade, 0)) for band in cycle.bands.all()]
    return [*rows, ("", counted.get("", 0))]


@dataclass(frozen=True)
class CycleSums:
    """How far a cycle is, of the people that somebody may see."""

    people: int
    signed: int
    ready: int
    missed: int

    @property
    def incomplete(self) -> int:
        return self.people - self.signed - self.ready


def cycle_sums(appraisals: QuerySet[Appraisal], cycle: AppraisalCycle) -> CycleSums:
    draft = Q(status=Appraisal.Status.DRAFT)
    return CycleSums(
        **appraisals.filter(cycle=cycle).aggregate(
            people=Count("id"),
            signed=Count("id", filter=~draft),
            ready=Count("id", filter=draft & Q(final_score__isnull=False)),
            missed=Count("id", filter=Q(target_met=False)),
        )
    )


# --- titles -----------------------------------------------------------------------------------------------------------
def visible_titles(user: Any) -> QuerySet[Title]:
    """Titles are honours: everybody who may see titles sees all of them."""
    if not user.has_perm("performance.view_titles"):
        return Title.objects.none()
    return Title.objects.select_related("year", "department", "position", "level", "employee", "confirmed_by").annotate(
        holders=Count("candidates", filter=Q(candidates__holds=True))
    )


def visible_candidates(user: Any) -> QuerySet[TitleCandidate]:
    """The ranked people whom ``user`` may see, and the holders of confirmed titles, whom everybody may know."""
    people = people_for(user, "performance.view_titles")
    rows = TitleCandidate.objects.filter(
        Q(employee__in=people) | Q(employee=employee_of(user)) | Q(holds=True, title__confirmed_at__isnull=False)
    )
    latest = Assignment.objects.filter(employee=OuterRef("employee"), start_date__lte=today()).order_by("-start_date")
    return rows.select_related("employee", "title").annotate(
        department_name=Subquery(latest.values("department__name")[:1])
    )


def promotion_list(user: Any, year: PointsYear | None) -> QuerySet[TitleCandidate]:
    """Candidates for promotion: title holders first, then by rank. Whoever missed a needed target is not on it,
    nor whom the points policy bars from promotion.

    Holders of confirmed titles are known to everybody, their grades are not: ``grade`` is null where ``user`` may not
    see the appraisal.
    """
    barred = Standing.objects.filter(year=year, outcomes__has_key=NOT_ELIGIBLE).values("employee_id")
    grade = (
        visible_appraisals(user)
        .filter(employee=OuterRef("employee"), cycle__points_year=OuterRef("title__year"))
        .order_by("-cycle__start_date")
    )
    return (
        visible_candidates(user)
        .filter(title__year=year, title__leads_promotion=True, points__gt=0)
        .exclude(Q(title__needs_target=True) & ~Q(target_met=True))
        .exclude(employee__in=barred)
        .annotate(grade=Subquery(grade.values("grade")[:1]))
        .order_by("-holds", "rank", "employee__name")
    )


@dataclass(frozen=True)
class Line:
    """Where a title's line runs: places for the population, points of the last holder, people level with the line."""

    places: int
    holders: int
    points: Decimal | None
    tied: int


def line_of(title: Title) -> Line:
    rows = title.candidates.filter(holds=True).order_by("points").values_list("points", flat=True)
    held = list(rows)
    last = held[0] if held else None
    return Line(
        places=rules.head_count(title.share, title.population, title.rounding),
        holders=len(held),
        points=last,
        tied=sum(1 for value in held if value == last),
    )


def grade_choices() -> list[tuple[str, str]]:
    """Grades that cycles know, for filters."""
    grades = GradeBand.objects.order_by().values_list("grade", flat=True).distinct()
    return [(grade, grade) for grade in sorted(grades)]


def known_grades() -> list[tuple[str, str]]:
    """(grade, what people call it) of every scale, newest cycles first, then words of old ratings that no scale has."""
    found: dict[str, str] = {}
    for grade, name in GradeBand.objects.order_by("-cycle__start_date", "-min_score").values_list("grade", "name"):
        found.setdefault(grade, name)
    for grade in Rating.objects.order_by("grade").values_list("grade", flat=True).distinct():
        found.setdefault(grade, grade)
    return list(found.items())


def visible_ratings(user: Any) -> QuerySet[Rating]:
    """Ratings of others from other systems that ``user`` may see, as their appraisals."""
    return of_people_for(Rating.objects.select_related("employee"), user, "performance.view_appraisals")


def rating_list(user: Any) -> QuerySet[Rating]:
    """Visible ratings with ``department_name`` of today (leavers: the last)."""
    latest = Assignment.objects.filter(employee=OuterRef("employee"), start_date__lte=today()).order_by("-start_date")
    return visible_ratings(user).annotate(department_name=Subquery(latest.values("department__name")[:1]))


def rating_periods() -> list[str]:
    return list(Rating.objects.order_by("-period").values_list("period", flat=True).distinct())


def rating_counts(user: Any, period: str) -> tuple[str, list[tuple[str, int]]]:
    """(period, rating -> people) of what ``user`` sees, in the order of the newest scale, words of no scale after it by
    their people; without a period the newest one."""
    rows = visible_ratings(user).select_related(None)
    if not period or not rows.filter(period=period).exists():
        period = rows.order_by("-period").values_list("period", flat=True).first() or ""
    counted = rows.filter(period=period).order_by().values_list("grade").annotate(number=Count("pk"))
    scale = GradeBand.objects.order_by("-cycle__start_date", "-min_score").values_list("grade", flat=True)
    place = {grade: index for index, grade in enumerate(dict.fromkeys(scale))}
    found = counted.values_list("grade", "number")
    return period, sorted(found, key=lambda one: (place.get(one[0], len(place)), -one[1], one[0]))


def own_ratings(user: Any) -> QuerySet[Rating]:
    employee = employee_of(user)
    return Rating.objects.filter(employee=employee) if employee else Rating.objects.none()


def part_deviates(lines: list[PartLine]) -> PartLine | None:
    """The training part whose points say otherwise than what counts."""
    return next((line for line in lines if line.differs), None)


def fingerprint(appraisals: Iterable[Appraisal]) -> str:
    """Short for who has which score and grade: whoever signs a list signs this."""
    lines = sorted(f"{one.pk} {one.final_score} {one.grade}" for one in appraisals)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def ready_to_sign(user: Any, cycle: AppraisalCycle) -> QuerySet[Appraisal]:
    """Complete drafts of others that ``user`` may sign."""
    return (
        Appraisal.objects.filter(
            cycle=cycle,
            status=Appraisal.Status.DRAFT,
            final_score__isnull=False,
            employee__in=people_for(user, "performance.change_appraisals"),
        )
        .exclude(employee=employee_of(user))
        .select_related("employee")
        .order_by("employee__name")
    )
