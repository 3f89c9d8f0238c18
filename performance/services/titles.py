"""Titles: defined, ranked over their population, confirmed by a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hrsuite.lib.errors import BadInput
from hrsuite.lib.sql import whole_tables
from people.models import User
from people.selectors import today
from people.services.notifications import Note, notify_all
from performance.models import Rounding, TieRule, Title
from performance.sql import load
from training.models import PointsYear


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
    with whole_tables() as cursor:
        cursor.execute(sql, {"title": title_id, "day": today()})


def create_title(
    *,
    name: str,
    year: PointsYear,
    share: Decimal,
    actor: User | None,
    rounding: str = Rounding.HALF_UP,
    ties: str = TieRule.INCLUDE,
    needs_target: bool = True,
    leads_promotion: bool = True,
    **scope: Any,
) -> Title:
    """Define a title for the top ``share`` percent of a scope (department, position, level, band, employee).

    It is ranked at once and follows the points until somebody confirms it.
    """
    if not 0 < share <= 100:
        raise BadInput("share", share, _("A share is more than 0 and at most 100 %."), _("Type 10 for the top 10 %."))
    if Title.objects.filter(year=year, name=name).exists():
        raise BadInput(
            "name", name, _("There is a title of this name in this year already."), _("Choose another name.")
        )
    with transaction.atomic():
        title = Title.objects.create(
            name=name,
            year=year,
            share=share,
            rounding=rounding,
            ties=ties,
            needs_target=needs_target,
            leads_promotion=leads_promotion,
            **{key: value for key, value in scope.items() if value},
        )
        refresh_title(title_id=title.pk)
    title.refresh_from_db()
    return title


def confirm_title(*, title: Title, actor: User) -> Title:
    """Freeze the ranking and award the title to its holders."""
    with transaction.atomic():
        found = Title.objects.select_for_update(no_key=True, of=("self",)).get(pk=title.pk)
        if found.confirmed_at:
            raise BadInput("title", found.name, _("This title is confirmed already."))
        refresh_title(title_id=found.pk)
        if not found.candidates.filter(holds=True).exists():
            raise BadInput(
                "title",
                found.name,
                _("Nobody holds this title yet."),
                _("Wait until points are booked, or change the share."),
            )
        found.confirmed_at, found.confirmed_by = timezone.now(), actor
        found.save(update_fields=["confirmed_at", "confirmed_by"])
        users = User.objects.filter(employee__title_candidacies__title=found, employee__title_candidacies__holds=True)
        notify_all(
            [
                Note(
                    user=user,
                    text=gettext_lazy("You have been awarded the title %(title)s. Congratulations!"),
                    params={"title": str(found)},
                )
                for user in users
            ]
        )
    return found


def reopen_title(*, title: Title, actor: User) -> Title:
    """Take a confirmation back: the ranking follows the points again."""
    with transaction.atomic():
        found = Title.objects.select_for_update(no_key=True, of=("self",)).get(pk=title.pk)
        if not found.confirmed_at:
            raise BadInput("title", found.name, _("This title is not confirmed."))
        found.confirmed_at, found.confirmed_by = None, None
        found.save(update_fields=["confirmed_at", "confirmed_by"])
        refresh_title(title_id=found.pk)
    return found
