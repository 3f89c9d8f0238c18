"""Every read of recruitment. Candidates are for recruiters and HR alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from recruitment.models import Application, Candidate
from recruitment.rules import STAGES


def status_labels() -> dict[str, str]:
    """Every status -> what people call it."""
    labels = {str(value): str(label) for value, label in Application.Stage.choices}
    return labels | {str(value): str(label) for value, label in Application.Closed.choices if value}


def visible_candidates(user: Any) -> QuerySet[Candidate]:
    """Personal data of people who do not work here: a permission of its own."""
    return Candidate.objects.all() if user.has_perm("recruitment.view_candidates") else Candidate.objects.none()


def visible_applications(user: Any) -> QuerySet[Application]:
    if not user.has_perm("recruitment.view_candidates"):
        return Application.objects.none()
    return Application.objects.select_related("candidate", "position", "department", "employee")


def candidate_page(user: Any) -> QuerySet[Candidate]:
    applications = Application.objects.select_related("position", "department", "employee")
    return visible_candidates(user).prefetch_related(Prefetch("applications", applications))


def sources(user: Any) -> list[str]:
    found = visible_candidates(user).exclude(source="").order_by("source").values_list("source", flat=True)
    return list(found.distinct())


def reached(applications: QuerySet[Application]) -> dict[str, int]:
    """Stage -> applications that came at least so far, those included that ended there."""
    counted = dict(
        applications.order_by().values_list("stage").annotate(number=Count("pk")).values_list("stage", "number")
    )
    return {stage: sum(counted.get(later, 0) for later in STAGES[place:]) for place, stage in enumerate(STAGES)}


def sums(applications: QuerySet[Application]) -> dict[str, int]:
    """Under way, hired, rejected, withdrawn."""
    hired = Q(stage=Application.Stage.HIRED)
    return applications.order_by().aggregate(
        total=Count("pk"),
        under_way=Count("pk", filter=Q(closed_as="") & ~hired),
        hired=Count("pk", filter=hired),
        rejected=Count("pk", filter=Q(closed_as=Application.Closed.REJECTED)),
        withdrawn=Count("pk", filter=Q(closed_as=Application.Closed.WITHDRAWN)),
    )
