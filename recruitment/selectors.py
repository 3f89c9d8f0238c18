"""Every read of recruitment. Candidates are for recruiters and HR alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Prefetch, QuerySet

from recruitment.models import Application, Candidate
from recruitment.rules import STAGES

#: posts that the filter offers, those of most applications first
POSTS = 40


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
    """With the applications, newest first."""
    applications = Application.objects.select_related("position", "department", "employee")
    return visible_candidates(user).prefetch_related(Prefetch("applications", applications))


def with_status(applications: QuerySet[Application], status: str) -> QuerySet[Application]:
    if status in STAGES:
        return applications.filter(stage=status, closed_as="")
    return applications.filter(closed_as=status)


def sources(user: Any) -> list[str]:
    found = visible_candidates(user).exclude(source="").order_by("source").values_list("source", flat=True)
    return list(found.distinct())


def posts(user: Any) -> list[str]:
    """What is applied for most."""
    rows = visible_applications(user).exclude(job_title="").order_by().values("job_title")
    counted = rows.annotate(number=Count("pk")).order_by("-number", "job_title")
    return sorted(counted.values_list("job_title", flat=True)[:POSTS])


@dataclass(frozen=True)
class Sums:
    """Applications in figures. ``reached``: stage -> how many came at least so far, those that ended included."""

    total: int
    #: nobody has looked at them yet
    new: int
    under_way: int
    offered: int
    hired: int
    rejected: int
    withdrawn: int
    reached: dict[str, int]

    def share(self, stage: str) -> float:
        return self.reached[stage] / self.total if self.total else 0.0


def sums(applications: QuerySet[Application]) -> Sums:
    counted = {
        (stage, closed_as): number
        for stage, closed_as, number in applications.order_by()
        .values_list("stage", "closed_as")
        .annotate(number=Count("pk"))
        .values_list("stage", "closed_as", "number")
    }

    def among(**wanted: str) -> int:
        return sum(
            number
            for (stage, closed_as), number in counted.items()
            if wanted.get("stage", stage) == stage and wanted.get("closed_as", closed_as) == closed_as
        )

    hired = among(stage=Application.Stage.HIRED)
    return Sums(
        total=among(),
        new=among(stage=Application.Stage.APPLIED, closed_as=""),
        under_way=among(closed_as="") - hired,
        offered=among(stage=Application.Stage.OFFERED, closed_as=""),
        hired=hired,
        rejected=among(closed_as=Application.Closed.REJECTED),
        withdrawn=among(closed_as=Application.Closed.WITHDRAWN),
        reached={stage: sum(among(stage=later) for later in STAGES[place:]) for place, stage in enumerate(STAGES)},
    )


@dataclass(frozen=True)
class Step:
    """A change of an application: when, by whom (empty: an import or the system), and to which status."""

    at: dt.datetime
    actor: str
    status: str
    reason: str


def steps_of(candidate: Candidate) -> dict[int, list[Step]]:
    """Application -> its statuses, newest first. Ask only for one that came from :func:`visible_candidates`."""
    model: Any = Application.pgh_event_models["insert"]  # type: ignore[attr-defined]
    events = list(
        model.objects.filter(candidate_id=candidate.pk)
        .select_related("pgh_context")
        .order_by("pgh_created_at", "pgh_id")
    )
    ids = {_actor(one) for one in events} - {None}
    names = {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids)}
    labels = status_labels()
    found: dict[int, list[Step]] = {}
    last: dict[int, str] = {}
    for one in events:
        status = one.closed_as or one.stage
        if last.get(one.pgh_obj_id) != status:
            step = Step(one.pgh_created_at, names.get(_actor(one), ""), labels[status], one.closed_reason)
            found.setdefault(one.pgh_obj_id, []).insert(0, step)
        last[one.pgh_obj_id] = status
    return found


def _actor(event: Any) -> Any:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None
