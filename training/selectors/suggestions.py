"""What would fill somebody's gaps: courses of the catalogue, at the points that the rules of today give this person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from django.conf import settings
from django.db.models import Sum

from people.selectors import today
from training.models import Activity, Basis, Category, CategoryClosure, Course, LearningRecord, LedgerEntry, RuleVersion
from training.rules import winner, worth
from training.selectors.points import Points
from training.selectors.policies import earning_text
from training.selectors.unmet import Unmet, unmet_of
from training.selectors.winners import assignment_on, offer, place_on, versions_on

PER_GAP = 3
#: how many courses are compared at most
LOOK_AT = 500


@dataclass(frozen=True)
class Option:
    """A course, or an activity without one, and the points that it would count."""

    activity: Activity
    points: Decimal
    earning: str
    course: Course | None = None
    minutes: int | None = None
    #: how many of it fill what the courses before it leave open
    times: int = 1

    @property
    def hours(self) -> Decimal | None:
        return Decimal(self.minutes) / 60 if self.minutes else None


@dataclass(frozen=True)
class Gap:
    """Points missing in a category (None: in any), and what would fill them."""

    name: str
    missing: Decimal
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class _Rates:
    """What each activity earns this person today, and how many points of it still count this year."""

    versions: Mapping[int, RuleVersion]
    room: Mapping[int, Decimal]

    def points(self, activity_id: int, units: Decimal) -> Decimal:
        version = self.versions[activity_id]
        full = worth(
            units=units, rate=version.rate, max_per_record=version.max_per_record, rounding=settings.POINTS_ROUNDING
        )
        return min(full, self.room[activity_id]) if activity_id in self.room else full


def gaps_of(points: Points, *, anywhere: str) -> list[Gap]:
    """Every category below its minimum and every unmet requirement with options, then what the total needs beyond.

    ``anywhere`` is the name of the gap that any category fills. Empty for closed years, leavers and met targets.
    """
    short, day, unmet = points.short, today(), unmet_of(points)
    rest = points.missing - sum((bar.missing for bar in short), Decimal(0))
    rest -= sum((one.missing for one in unmet if one.is_outer), Decimal(0))
    if (not short and not unmet and rest <= 0) or not points.year.start_date <= day <= points.year.end_date:
        return []
    rates = _rates(points)
    below = _below(bar.category.pk for bar in points.bars)
    activities = Activity.objects.filter(pk__in=rates.versions, is_active=True).select_related("category")
    courses = _courses(points, rates.versions)
    full = {
        pk for bar in points.bars if bar.cap is not None and bar.counted >= bar.cap for pk in below[bar.category.pk]
    }
    gaps = []
    for bar in short:
        inside = [one for one in activities if one.category_id in below[bar.category.pk]]
        gaps.append(Gap(bar.category.name, bar.missing, _options(inside, courses, rates, bar.missing)))
    gaps += _of_requirements(unmet, activities, courses, rates)
    if rest > 0:
        inside = [one for one in activities if one.category_id not in full]
        gaps.append(Gap(anywhere, rest, _options(inside, courses, rates, rest)))
    return gaps


def _of_requirements(
    unmet: Iterable[Unmet], activities: Iterable[Activity], courses: Mapping[int, list[Course]], rates: _Rates
) -> list[Gap]:
    by_code = dict(Category.objects.values_list("code", "pk")) if unmet else {}
    found = []
    for one in unmet:
        below = _below(by_code[code] for code in one.categories if code in by_code)
        inside = [activity for activity in activities if one.takes(activity)]
        if one.categories:
            those = set().union(*below.values())
            inside = [activity for activity in inside if activity.category_id in those]
        fitting = {pk: [course for course in some if one.takes_course(course)] for pk, some in courses.items()}
        found.append(Gap(one.name, one.missing, _options(inside, fitting, rates, one.missing)))
    return found


def _rates(points: Points) -> _Rates:
    employee, day = points.employee, today()
    assignment = assignment_on(employee, day)
    if assignment is None:
        return _Rates({}, {})
    place = place_on(employee, assignment)
    by_activity: dict[int, list[RuleVersion]] = defaultdict(list)
    for version in versions_on(employee, day):
        by_activity[version.rule.activity_id].append(version)
    won: dict[int, RuleVersion] = {}
    for activity_id, versions in by_activity.items():
        best = winner([offer(one) for one in versions], place)
        if best:
            won[activity_id] = next(one for one in versions if one.pk == best.version_id)
    used = dict(
        LedgerEntry.objects.filter(employee=employee, year=points.year, record__isnull=False)
        .values_list("record__activity")
        .annotate(points=Sum("amount"))
    )
    room = {
        pk: max(one.max_per_year - used.get(pk, Decimal(0)), Decimal(0))
        for pk, one in won.items()
        if one.max_per_year is not None
    }
    return _Rates({pk: one for pk, one in won.items() if one.rate > 0}, room)


def _below(category_ids: Iterable[int]) -> dict[int, set[int]]:
    below: dict[int, set[int]] = defaultdict(set)
    links = CategoryClosure.objects.filter(ancestor__in=list(category_ids))
    for ancestor, descendant in links.values_list("ancestor_id", "descendant_id"):
        below[ancestor].add(descendant)
    return below


def _courses(points: Points, activity_ids: Iterable[int]) -> dict[int, list[Course]]:
    """Courses on offer that the person has not taken this year, by activity."""
    year = points.year
    taken = LearningRecord.objects.filter(
        employee=points.employee,
        status="active",
        course__isnull=False,
        happened_on__range=(year.start_date, year.end_date),
    )
    offered = Course.objects.filter(is_active=True, activity__in=list(activity_ids)).select_related("activity")
    by_activity: dict[int, list[Course]] = defaultdict(list)
    for course in offered.exclude(pk__in=taken.values("course"))[:LOOK_AT]:
        by_activity[course.activity_id].append(course)
    return by_activity


def _options(
    activities: Iterable[Activity], courses: Mapping[int, list[Course]], rates: _Rates, missing: Decimal
) -> list[Option]:
    """What closes the gap alone with the least surplus; else what brings most, and activities for the rest."""
    activities = list(activities)
    offered = [_course_option(one, rates) for activity in activities for one in courses.get(activity.pk, [])]
    found = [option for option in offered if option and option.points > 0]
    found.sort(key=lambda one: (one.points < missing, one.points if one.points >= missing else -one.points))
    if found and found[0].points >= missing:
        return [option for option in found if option.points >= missing][:PER_GAP]
    found = found[:PER_GAP]
    rest = missing - sum((option.points for option in found), Decimal(0))
    if rest <= 0:
        return found
    bare = [option for activity in activities if (option := _bare_option(activity, rates, rest))]
    return [*found, *sorted(bare, key=lambda one: -one.points)[: max(PER_GAP - len(found), 1)]]


def _times(missing: Decimal, points: Decimal) -> int:
    return int((missing / points).to_integral_value(ROUND_CEILING)) if points > 0 else 0


def _course_option(course: Course, rates: _Rates) -> Option | None:
    version = rates.versions[course.activity_id]
    if version.basis == Basis.PER_HOUR:
        if not course.minutes:
            return None
        points = rates.points(course.activity_id, Decimal(course.minutes) / 60)
    else:
        points = rates.points(course.activity_id, Decimal(1))
    return Option(course.activity, points, earning_text(version), course=course, minutes=course.minutes)


def _bare_option(activity: Activity, rates: _Rates, missing: Decimal) -> Option | None:
    """For what no course stands for: give a lecture, mentor somebody, so many hours online."""
    version = rates.versions[activity.pk]
    minutes = None
    if version.basis == Basis.PER_HOUR:
        # whole half hours
        minutes = int((missing / version.rate * 2).to_integral_value(ROUND_CEILING)) * 30
    points = rates.points(activity.pk, Decimal(minutes) / 60 if minutes else Decimal(1))
    if points <= 0:
        return None
    return Option(activity, points, earning_text(version), minutes=minutes, times=_times(missing, points))
