"""Scores of appraisals: pulled from training points, imported, and settled into final score and grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from performance.models import Appraisal, AppraisalCycle
from performance.sql import load

#: from so many appraisals on a nested loop is never right; on young tables the planner does not know that they are many
MANY = 100


def pull_training_scores(*, employee_ids: Sequence[int] | None, year_id: int) -> int:
    """Bring the appraisals of these people (None: of everyone) in line with their standings in the points year.

    Adds appraisals of open cycles for people who have none. Signed appraisals, final cycles and scores that a person
    typed keep their score; there only ``pulled_score`` follows. Returns the number of parts that changed.
    """
    if not AppraisalCycle.objects.filter(points_year_id=year_id).exists():
        return 0
    ids = None if employee_ids is None else sorted(set(employee_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(load("add_appraisals"), {"year": year_id, "ids": ids})
        appraisals = Appraisal.objects.filter(cycle__points_year_id=year_id)
        if ids is not None:
            appraisals = appraisals.filter(employee_id__in=ids)
        locked = lock_appraisals(appraisals)
        if len(locked) >= MANY:
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(load("add_parts"), {"ids": locked})
        cursor.execute(load("pull"), {"ids": locked})
        changed = cursor.rowcount
        settle(appraisal_ids=locked)
        if len(locked) >= MANY:
            cursor.execute("SET LOCAL enable_nestloop = on")
        return changed


def lock_appraisals(appraisals: Any) -> list[int]:
    """Lock these appraisals, in order of id, so that nobody signs while scores are written. Returns their ids."""
    rows = appraisals.order_by("id").select_for_update(no_key=True, of=("self",))
    return list(rows.values_list("id", flat=True))


def settle(*, appraisal_ids: Sequence[int]) -> int:
    """Rewrite final score, grade and target of these draft appraisals where they differ. The caller holds the locks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(load("settle"), {"ids": list(appraisal_ids)})
        return cursor.rowcount
