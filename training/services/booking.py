"""Booking: bring the ledger in line with records, rules, caps and targets; append only the differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from training.models import BookingBatch, PointsYear, YearChanged
from training.sql import load

MAX_ATTEMPTS = 5

_ROUNDED = {
    # numeric round() goes half away from zero; values here are never negative
    "half_up": "round(units * rate / CASE basis WHEN 'per_hour' THEN 60 ELSE 1 END, 2)",
    "down": "trunc(units * rate / CASE basis WHEN 'per_hour' THEN 60 ELSE 1 END, 2)",
}

_SHARED_WINNER = """JOIN winner AS w
        ON w.employee_id IS NULL AND w.activity_id = e.activity_id
        AND w.department_id = coalesce(e.department_id, 0)
        AND w.position_id = coalesce(e.position_id, 0)
        AND w.level_id = coalesce(e.level_id, 0)
        AND e.happened_on BETWEEN w.from_day AND w.to_day"""

# somebody's own rule beats every shared one
_OWN_OR_SHARED_WINNER = """JOIN LATERAL (
        SELECT * FROM winner AS any_winner
        WHERE (any_winner.employee_id IS NULL OR any_winner.employee_id = e.employee_id)
            AND any_winner.activity_id = e.activity_id
            AND any_winner.department_id = coalesce(e.department_id, 0)
            AND any_winner.position_id = coalesce(e.position_id, 0)
            AND any_winner.level_id = coalesce(e.level_id, 0)
            AND e.happened_on BETWEEN any_winner.from_day AND any_winner.to_day
        ORDER BY any_winner.employee_id IS NULL
        LIMIT 1
    ) AS w ON true"""

_YEAR_CAP = """year_capped AS (
    -- after the cap of an activity within the year, first come first counted
    SELECT
        record_id, employee_id, activity_id, category_id, happened_on, version_id, quantity, full_amount,
        CASE WHEN max_per_year IS NULL THEN counted
            ELSE least(max_per_year, so_far) - least(max_per_year, so_far - counted)
        END AS counted
    FROM (
        SELECT *, sum(counted) OVER (
            PARTITION BY employee_id, activity_id ORDER BY happened_on, record_id ROWS UNBOUNDED PRECEDING
        ) AS so_far
        FROM worth
    ) AS running
),
"""

_CATEGORY_CAP = """capped_{depth} AS (
    -- after the caps that targets set on categories {depth} steps below the root
    SELECT
        record_id, employee_id, activity_id, category_id, happened_on, version_id, quantity, full_amount,
        CASE WHEN cap IS NULL THEN counted ELSE least(cap, so_far) - least(cap, so_far - counted) END AS counted
    FROM (
        SELECT prior.*, limits.cap, sum(prior.counted) OVER (
            PARTITION BY prior.employee_id, limits.category_id
            ORDER BY prior.happened_on, prior.record_id ROWS UNBOUNDED PRECEDING
        ) AS so_far
        FROM {prior} AS prior
        JOIN goal ON goal.employee_id = prior.employee_id
        LEFT JOIN (
            SELECT q.target_id, q.category_id, q.cap, below.descendant_id
            FROM training_targetrequirement AS q
            JOIN training_categoryclosure AS below ON below.ancestor_id = q.category_id
            WHERE q.cap IS NOT NULL AND q.category_id = ANY(%(depth_{depth})s)
        ) AS limits ON limits.target_id = goal.target_id AND limits.descendant_id = prior.category_id
    ) AS running
),
"""

_RULE_SHAPE = """
SELECT
    coalesce(bool_or(rule.employee_id IS NOT NULL), false), coalesce(bool_or(v.max_per_year IS NOT NULL), false)
FROM training_ruleversion AS v
JOIN training_rule AS rule ON rule.id = v.rule_id
JOIN training_policy AS p ON p.id = rule.policy_id AND p.is_active
"""

_CAPPED_CATEGORIES = """
SELECT q.category_id, (SELECT max(c.depth) FROM training_categoryclosure AS c WHERE c.descendant_id = q.category_id)
FROM training_targetrequirement AS q
JOIN training_target AS t ON t.id = q.target_id AND t.year_id = %s
JOIN training_policy AS p ON p.id = t.policy_id AND p.is_active
WHERE q.cap IS NOT NULL
GROUP BY q.category_id
"""

_CLAIM = """
SELECT id, employee_id, year_id, cause, actor_id, attempts
FROM training_pointswork
WHERE next_try_at <= now() AND {attempts}
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Booked:
    """What one booking wrote."""

    entries: int = 0
    points: Decimal = Decimal(0)
    standings: int = 0


@dataclass(frozen=True)
class Work:
    """A claimed row of points work."""

    id: int
    employee_id: int
    year_id: int
    cause: str
    actor_id: int | None
    attempts: int


FollowUp = Callable[[Sequence[int], int], Any]


def _booking_sql(cursor: Any, year_id: int) -> tuple[str, dict[str, Any]]:
    """The booking statement with just the stages that the policies of this year use."""
    cursor.execute(_RULE_SHAPE)
    has_own_rules, has_year_caps = cursor.fetchone()
    cursor.execute(_CAPPED_CATEGORIES, [year_id])
    by_depth: dict[int, list[int]] = defaultdict(list)
    for category_id, depth in cursor.fetchall():
        by_depth[depth].append(category_id)

    stages, last = "", "worth"
    params: dict[str, Any] = {}
    if has_year_caps:
        stages, last = _YEAR_CAP, "year_capped"
    for depth in sorted(by_depth, reverse=True):
        stages += _CATEGORY_CAP.format(depth=depth, prior=last)
        params[f"depth_{depth}"] = by_depth[depth]
        last = f"capped_{depth}"
    sql = load("book").format(
        goals=load("goals"),
        pick_winner=_OWN_OR_SHARED_WINNER if has_own_rules else _SHARED_WINNER,
        rounded=_ROUNDED[settings.POINTS_ROUNDING],
        cap_stages=stages,
        last_stage=last,
    )
    return sql, params


def book(*, employee_ids: Sequence[int], year_id: int, cause: str, actor_id: int | None) -> Booked:
    """Book these employees' points of one year in the current transaction and rewrite their standings.

    Two bookings of the same people wait for each other (row locks on the employees, in order of id), so nothing is
    written twice. A closed year is left alone. Writes nothing where nothing differs.
    """
    ids = sorted(set(employee_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM training_pointsyear WHERE id = %s FOR SHARE", [year_id])
        row = cursor.fetchone()
        if not ids or row is None or row[0] == PointsYear.Status.CLOSED:
            return Booked()
        cursor.execute("SELECT id FROM people_employee WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
        sql, params = _booking_sql(cursor, year_id)
        # foreign keys are checked at commit, so the batch may follow its entries
        cursor.execute("SELECT nextval(pg_get_serial_sequence('training_bookingbatch', 'id'))")
        batch_id = cursor.fetchone()[0]
        cursor.execute(sql, {"ids": ids, "year": year_id, "batch": batch_id, **params})
        entries, points = cursor.fetchone()
        if entries:
            BookingBatch.objects.create(pk=batch_id, cause=cause, actor_id=actor_id, entries=entries, points=points)
        cursor.execute(load("stand").format(goals=load("goals")), {"ids": ids, "year": year_id})
        standings = cursor.rowcount
        if standings:
            YearChanged.objects.create(year_id=year_id)
        return Booked(entries=entries, points=points, standings=standings)


def _claim(limit: int) -> list[Work]:
    """Lock waiting work: fresh rows together; rows that failed before one at a time, so a bad one stands alone."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(attempts="attempts = 0"), [limit])
        rows = cursor.fetchall()
        if not rows:
            cursor.execute(_CLAIM.format(attempts=f"attempts BETWEEN 1 AND {MAX_ATTEMPTS - 1}"), [1])
            rows = cursor.fetchall()
    return [Work(*row) for row in rows]


def _book_claimed(work: Sequence[Work], follow_up: FollowUp) -> Booked:
    groups: dict[tuple[int, str, int | None], set[int]] = defaultdict(set)
    for row in work:
        groups[row.year_id, row.cause, row.actor_id].add(row.employee_id)
    entries, points, standings = 0, Decimal(0), 0
    # all of a slice's people are locked at once and in order, or two slices could wait for each other
    everyone = sorted({row.employee_id for row in work})
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM people_employee WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [everyone])
    for (year_id, cause, actor_id), employees in groups.items():
        ids = sorted(employees)
        booked = book(employee_ids=ids, year_id=year_id, cause=cause, actor_id=actor_id)
        entries, points, standings = entries + booked.entries, points + booked.points, standings + booked.standings
        follow_up(ids, year_id)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM training_pointswork WHERE id = ANY(%s)", [[row.id for row in work]])
    return Booked(entries, points, standings)


def book_next_slice(*, follow_up: FollowUp, limit: int | None = None) -> Booked | None:
    """Claim a slice of waiting work and book it with ``follow_up(employee_ids, year_id)``, all in one transaction.

    Returns None when nothing waits. If it fails the transaction is undone, the rows' attempts are counted and the error
    is raised; after five attempts a row is left for a person to look at.
    """
    work: list[Work] = []
    try:
        with transaction.atomic():
            work = _claim(limit or settings.POINTS_SLICE)
            return _book_claimed(work, follow_up) if work else None
    except Exception as error:
        if work:
            _count_failure([row.id for row in work], error)
        raise


def _count_failure(ids: list[int], error: Exception) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE training_pointswork
               SET attempts = attempts + 1, error = %s, next_try_at = now() + (2 ^ attempts) * interval '5 seconds'
               WHERE id = ANY(%s)""",
            [f"{type(error).__name__}: {error}"[:300], ids],
        )


def take_changed_years() -> list[int]:
    """Years whose rankings are stale; the marks are removed in the current transaction, which refreshes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM training_yearchanged
               WHERE id IN (SELECT id FROM training_yearchanged FOR UPDATE SKIP LOCKED) RETURNING year_id"""
        )
        return sorted({row[0] for row in cursor.fetchall()})
