"""Reads of the course catalogue."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from training.models import Activity, Course, LearningRecord, PointsYear, RecordStatus, Rule
from training.selectors.records import visible_records


def visible_courses(user: Any) -> QuerySet[Course]:
    """The catalogue is no secret inside the company."""
    courses = Course.objects.select_related("activity__category")
    return courses if user.is_authenticated else courses.none()


def courses_with_participants(user: Any, year: PointsYear | None) -> QuerySet[Course]:
    """Courses with ``participants``: how many people have a record of it within the year."""
    courses = visible_courses(user)
    taken = LearningRecord.objects.filter(course=OuterRef("pk"), status=RecordStatus.ACTIVE).order_by()
    if year:
        taken = taken.filter(happened_on__range=(year.start_date, year.end_date))
    people = taken.values("course").annotate(people=Count("employee", distinct=True)).values("people")
    return courses.annotate(participants=Coalesce(Subquery(people), 0))


def participants_of(user: Any, course: Course) -> QuerySet[LearningRecord]:
    """Records of the course that count, of people whom ``user`` may see."""
    return visible_records(user).filter(course=course, status=RecordStatus.ACTIVE)


def activities_in_use() -> QuerySet[Activity]:
    return Activity.objects.filter(is_active=True).select_related("category")


def activities_that_count() -> QuerySet[Activity]:
    """In use, without those that only policies not in force speak of: drafts and examples are no news to employees."""
    rules = Rule.objects.filter(activity=OuterRef("pk"))
    return activities_in_use().filter(Exists(rules.filter(policy__is_active=True)) | ~Exists(rules))


def courses_on_offer() -> QuerySet[Course]:
    return Course.objects.filter(is_active=True).select_related("activity")
