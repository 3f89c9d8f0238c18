"""Compensation reviews: defined over a population, ranked, closed."""

from __future__ import annotations

from django.db import connection, transaction

from payroll.models import CompensationReview
from payroll.sql import load
from people.selectors import today
from performance.sql import load as load_performance


def mark_reviews_stale(*, year_id: int | None = None) -> int:
    """Draft reviews (of the year) need a fresh ranking. Waits for a refresh in progress."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE payroll_compensationreview SET stale_at = now()
               WHERE id IN (
                   SELECT id FROM payroll_compensationreview
                   WHERE status = 'draft' AND year_id = coalesce(%s, year_id) ORDER BY id FOR NO KEY UPDATE
               )""",
            [year_id],
        )
        return cursor.rowcount


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
    with connection.cursor() as cursor:
        cursor.execute(load("rank"), {"review": review.pk})


def sync_population(*, review: CompensationReview) -> None:
    """Store who counts: everybody of the scope on staff on the population date. The caller holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            load("sync_population").format(members=load_performance("members")),
            {"review": review.pk},
        )
