"""Compensation reviews: defined over a population, ranked, closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from hrsuite.lib.nudge import nudge_after_commit
from hrsuite.lib.sql import whole_tables
from payroll.models import CompensationReview, RaiseRecommendation
from payroll.sql import load
from people.models import User
from people.selectors import today
from performance.models import Rounding, TieRule
from performance.sql import load as load_performance
from training.models import PointsYear
from training.services.work import PIPELINE_TASK


def mark_reviews_stale(*, year_id: int | None = None) -> int:
    """Draft reviews (of the year) need a fresh ranking. Waits for a refresh in progress."""
    return _mark_stale(CompensationReview.objects.filter(**({"year": year_id} if year_id else {})))


def mark_later_reviews_stale(*, review: CompensationReview) -> int:
    """Drafts that take effect after ``review`` rank what its decisions pay. The caller holds the lock on the review."""
    marked = _mark_stale(CompensationReview.objects.filter(effective_date__gt=review.effective_date))
    if marked:
        nudge_after_commit(PIPELINE_TASK)
    return marked


def _mark_stale(reviews: QuerySet[CompensationReview]) -> int:
    """Everybody locks reviews by effective date, so nobody waits in a circle."""
    with transaction.atomic():
        drafts = reviews.filter(status=CompensationReview.Status.DRAFT).order_by("effective_date", "id")
        ids = list(drafts.select_for_update(no_key=True).values_list("id", flat=True))
        return CompensationReview.objects.filter(id__in=ids).update(stale_at=Now())


def refresh_stale_reviews() -> int:
    """Rank stale draft reviews again. Any number of workers may call it; a review that another one is refreshing is
    left to it. Returns the number of reviews refreshed.
    """
    with transaction.atomic():
        stale = CompensationReview.objects.filter(
            stale_at__isnull=False, status=CompensationReview.Status.DRAFT
        ).order_by("id")
        locked = list(stale.select_for_update(skip_locked=True, no_key=True))
        for review in locked:
            refresh_review(review=review)
        return len(locked)


def refresh_review(*, review: CompensationReview) -> None:
    """Rewrite what differs. The population follows until its day has passed; from then on it is frozen.

    The caller holds the lock on the review.
    """
    if review.population_date >= today():
        sync_population(review=review)
    rank(review=review)


def rank(*, review: CompensationReview) -> None:
    """Eligibility, ranks and recommendations of the stored population. The caller holds the lock on the review."""
    with whole_tables() as cursor:
        cursor.execute(load("rank"), {"review": review.pk})


def sync_population(*, review: CompensationReview) -> None:
    """Store who counts: everybody of the scope on staff on the population date. The caller holds the lock."""
    with whole_tables() as cursor:
        cursor.execute(
            load("sync_population").format(members=load_performance("members")),
            {"review": review.pk},
        )


def create_review(
    *,
    name: str,
    year: PointsYear,
    population_date: dt.date,
    effective_date: dt.date,
    share: Decimal,
    raise_percent: Decimal,
    actor: User | None,
    rounding: str = Rounding.HALF_UP,
    ties: str = TieRule.INCLUDE,
    needs_target: bool = True,
    **scope: Any,
) -> CompensationReview:
    """Open a review over a scope (department, position, level, band, employee); its population is stored and ranked."""
    if not 0 < share <= 100:
        raise BadInput("share", share, _("A share is more than 0 and at most 100 %."), _("Type 20 for the top 20 %."))
    if not 0 < raise_percent <= 100:
        raise BadInput(
            "raise_percent", raise_percent, _("A raise is more than 0 and at most 100 %."), _("Type 5 for 5 %.")
        )
    if population_date > effective_date:
        raise BadInput(
            "population_date",
            population_date,
            _("People are counted after the raises take effect."),
            _("Choose a day on or before the effective date."),
        )
    if CompensationReview.objects.filter(name=name).exists():
        raise BadInput("name", name, _("There is a review of this name already."), _("Choose another name."))
    with transaction.atomic():
        review = CompensationReview.objects.create(
            name=name,
            year=year,
            population_date=population_date,
            effective_date=effective_date,
            share=share,
            raise_percent=raise_percent,
            rounding=rounding,
            ties=ties,
            needs_target=needs_target,
            **{key: value for key, value in scope.items() if value},
        )
        _rebuild(review)
    review.refresh_from_db()
    return review


def rebuild_population(*, review: CompensationReview, actor: User) -> CompensationReview:
    """Count the population of a draft review again, as of its day; decided rows stay."""
    with transaction.atomic():
        found = lock_draft(review)
        _rebuild(found)
    found.refresh_from_db()
    return found


def _rebuild(review: CompensationReview) -> None:
    sync_population(review=review)
    rank(review=review)


def lock_draft(review: CompensationReview) -> CompensationReview:
    """The review, locked against refreshes and other decisions; refused once it is closed."""
    found = CompensationReview.objects.select_for_update(no_key=True, of=("self",)).get(pk=review.pk)
    if found.status != CompensationReview.Status.DRAFT:
        raise BadInput("review", found.name, _("This review is closed."), _("Open a new review for further raises."))
    return found


def close_review(*, review: CompensationReview, actor: User) -> CompensationReview:
    """Close a review for good: refused while a recommendation waits for its decision."""
    with transaction.atomic():
        found = lock_draft(review)
        waiting = found.recommendations.filter(status=RaiseRecommendation.Status.DRAFT, recommended=True).count()
        if waiting:
            raise BadInput(
                "review",
                waiting,
                _("%(count)s recommended raises are not decided yet.") % {"count": waiting},
                _("Approve or reject them first."),
            )
        found.status = CompensationReview.Status.CLOSED
        found.save(update_fields=["status"])
    return found
