"""Titles: defined, ranked over their population, confirmed by a person."""

from __future__ import annotations

from django.db import connection, transaction

from people.selectors import today
from performance.models import Title
from performance.sql import load


def mark_titles_stale(*, year_id: int) -> int:
    """Titles of the year that are not confirmed need a fresh ranking. Waits for a refresh in progress."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE performance_title SET stale_at = now()
               WHERE id IN (
                   SELECT id FROM performance_title
                   WHERE year_id = %s AND confirmed_at IS NULL ORDER BY id FOR NO KEY UPDATE
               )""",
            [year_id],
        )
        return cursor.rowcount


def refresh_stale_titles() -> int:
    """Rank the populations of stale titles again. Any number of workers may call it; a title that another one is
    refreshing is left to it. Returns the number of titles refreshed.
    """
    with transaction.atomic():
        stale = Title.objects.filter(stale_at__isnull=False, confirmed_at__isnull=True)
        locked = list(
            stale.order_by("id").select_for_update(skip_locked=True, no_key=True).values_list("id", flat=True)
        )
        for title_id in locked:
            refresh_title(title_id=title_id)
        return len(locked)


def refresh_title(*, title_id: int) -> None:
    """Rewrite the candidates of a title that differ. The caller holds the lock on the title."""
    sql = load("refresh_title").format(members=load("members"))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"title": title_id, "day": today()})
