"""Points work: rows written in the transaction of their cause. Workers and beat find them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from hrsuite.lib.nudge import nudge_after_commit
from people.models import User
from training.models import BookingBatch, PointsYear

PIPELINE_TASK = "hrsuite.tasks.run_pipeline"

_INSERT = """
INSERT INTO training_pointswork (
    employee_id, year_id, cause, actor_id, batch_id, created_at, attempts, next_try_at, error
)
SELECT wanted.employee_id, wanted.year_id, %(cause)s, %(actor)s, %(batch)s, now(), 0, now(), ''
FROM ({wanted}) AS wanted (employee_id, year_id)
"""
_BOOKABLE = "status <> 'closed'"
# bookable years that touch a span whose empty ends are open; later ones, too, where the policy engine may look back
_TOUCHED = f"""y.{_BOOKABLE} AND y.end_date >= coalesce(%(from)s::date, '-infinity')
    AND (y.by_engine OR y.start_date <= coalesce(%(to)s::date, 'infinity'))"""
# what a day brings reaches further where the policy engine books: categories with years of their own look ahead, and
# carry-over and rolling targets look back; whoever left before has no such years
_LATER = f"coalesce(e.exit_date, 'infinity') >= y.start_date AND y.by_engine AND y.{_BOOKABLE} AND y.end_date >="


# days of achievements that are divided among these people and others, who get more or less when these come or go:
# of departments that they belong or once belonged to, and those of which a share was booked for them
_SHARING = """
WITH
divided AS (
    -- an achievement that some policy in force divides
    SELECT t.id, t.department_id, t.happened_on
    FROM training_teamrecord AS t
    WHERE t.status = 'active' AND EXISTS (
        SELECT FROM training_rule AS r
        JOIN training_policy AS p ON p.id = r.policy_id AND p.is_active
        WHERE r.activity_id = t.activity_id AND r.withdrawn_at IS NULL
            AND r.terms::jsonb #>> '{team,share}' = 'equal'
    )
),
place AS (
    -- a department of these people, now or ever
    SELECT department_id FROM people_assignment WHERE employee_id = ANY(%(ids)s)
    UNION SELECT department_id FROM people_assignmentevent WHERE employee_id = ANY(%(ids)s)
),
touched AS (
    SELECT divided.id
    FROM divided
    JOIN people_departmentclosure AS above ON above.ancestor_id = divided.department_id
    JOIN place ON place.department_id = above.descendant_id
    UNION
    SELECT substring(reason FROM '#([0-9]+)$')::bigint FROM training_ledgerentry
    WHERE employee_id = ANY(%(ids)s) AND kind = 'team'
)
SELECT DISTINCT a.employee_id, divided.happened_on
FROM divided
JOIN touched ON touched.id = divided.id
JOIN people_departmentclosure AS below ON below.ancestor_id = divided.department_id
JOIN people_assignment AS a
    ON a.department_id = below.descendant_id AND a.start_date <= divided.happened_on
    AND coalesce(a.end_date, 'infinity') >= divided.happened_on
WHERE a.employee_id <> ALL(%(ids)s)
"""


def _insert(wanted: str, *, cause: str, actor: User | None, batch: BookingBatch | None = None, **params: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _INSERT.format(wanted=wanted),
            {
                "cause": cause[:200],
                "actor": actor.pk if actor else None,
                "batch": batch.pk if batch else None,
                **params,
            },
        )
        nudge_after_commit(PIPELINE_TASK)
        return cursor.rowcount


def queue_points(*, employee_ids: Iterable[int], year: PointsYear, cause: str, actor: User | None) -> int:
    """Book these people's points of one year soon. Returns the rows written."""
    ids = sorted(set(employee_ids))
    if not ids or year.status == PointsYear.Status.CLOSED:
        return 0
    return _insert(
        f"""SELECT e.id, y.id FROM people_employee AS e
            JOIN training_pointsyear AS y ON y.id = %(year)s OR {_LATER} %(end)s::date
            WHERE e.id = ANY(%(ids)s)""",
        cause=cause,
        actor=actor,
        ids=ids,
        year=year.pk,
        end=year.end_date,
    )


def queue_points_for_days(*, pairs: Sequence[tuple[int, dt.date]], cause: str, actor: User | None) -> int:
    """Book the points of (employee id, day) pairs: each day stands for the points year it falls into."""
    if not pairs:
        return 0
    return queue_points_for_query(
        "SELECT * FROM unnest(%(ids)s::bigint[], %(days)s::date[])",
        cause=cause,
        actor=actor,
        ids=[pair[0] for pair in pairs],
        days=[pair[1] for pair in pairs],
    )


def queue_points_for_query(pairs: str, *, cause: str, actor: User | None, **params: Any) -> int:
    """The same for the pairs that a query answers, which may be many."""
    return _insert(
        f"""SELECT DISTINCT pair.employee_id, y.id
            FROM ({pairs}) AS pair (employee_id, day)
            JOIN people_employee AS e ON e.id = pair.employee_id
            JOIN training_pointsyear AS y ON pair.day BETWEEN y.start_date AND y.end_date AND y.{_BOOKABLE}
                OR {_LATER} pair.day - 366""",
        cause=cause,
        actor=actor,
        **params,
    )


def queue_points_for_people(*, employee_ids: Iterable[int], cause: str, actor: User | None) -> int:
    """Book every bookable year of these people, as after a transfer; also years that a corrected hire or exit date
    takes from them, and those in which others divide a team's achievement with them, or did."""
    ids = sorted(set(employee_ids))
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, {"ids": ids})
        sharing = cursor.fetchall()
    return queue_points_for_days(pairs=sharing, cause=cause, actor=actor) + _insert(
        f"""SELECT e.id, y.id FROM people_employee e JOIN training_pointsyear y
            ON y.{_BOOKABLE} AND (
                e.hire_date <= y.end_date AND coalesce(e.exit_date, 'infinity') >= y.start_date
                OR EXISTS (SELECT FROM training_standing AS s WHERE s.year_id = y.id AND s.employee_id = e.id)
            )
            WHERE e.id = ANY(%(ids)s)""",
        cause=cause,
        actor=actor,
        ids=ids,
    )


@dataclass
class Gathered:
    """The span that several changes of policies touch together; ``is_empty`` while none did."""

    from_date: dt.date = dt.date.max
    to_date: dt.date = dt.date.min

    @property
    def is_empty(self) -> bool:
        return self.from_date > self.to_date

    def add(self, from_date: dt.date | None, to_date: dt.date | None) -> None:
        self.from_date = min(self.from_date, from_date or dt.date.min)
        self.to_date = max(self.to_date, to_date or dt.date.max)


_gathered: ContextVar[Gathered | None] = ContextVar("points work is gathered", default=None)


@contextmanager
def gathered_work() -> Iterator[Gathered]:
    """Inside it ``queue_points_for_all`` only notes its span, and the caller writes one lot of work for all of them.

    For what goes through many services and is one decision: a change of policy.
    """
    gathered = Gathered()
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)


def queue_points_for_all(
    *,
    cause: str,
    actor: User | None,
    from_date: dt.date | None = None,
    to_date: dt.date | None = None,
    batch: BookingBatch | None = None,
) -> int:
    """Book everybody's bookable years that touch the span (empty ends are open), as after a rule change.

    With ``batch`` everything is booked into that one. Rankings are refreshed, even where nobody's standing moves.
    """
    gathered = _gathered.get()
    if gathered is not None:
        gathered.add(from_date, to_date)
        return 0
    span = {"from": from_date, "to": to_date}
    with transaction.atomic(), connection.cursor() as cursor:
        # statuses and outcomes are judged when everybody is ranked, which a booking without differences never asks for
        cursor.execute(
            f"""INSERT INTO training_yearchanged (year_id, created_at)
                SELECT y.id, now() FROM training_pointsyear AS y WHERE y.by_engine AND {_TOUCHED}""",
            span,
        )
        return _insert(
            f"""SELECT e.id, y.id FROM training_pointsyear y JOIN people_employee e
                ON e.hire_date <= y.end_date AND coalesce(e.exit_date, 'infinity') >= y.start_date
                WHERE {_TOUCHED}""",
            cause=cause,
            actor=actor,
            batch=batch,
            **span,
        )


def queue_later_years(*, year: PointsYear, cause: str, actor: User | None) -> int:
    """Book whoever is on staff in a bookable year after this one that may look back at it, as after it was closed."""
    return _insert(
        f"""SELECT e.id, y.id FROM people_employee AS e
            JOIN training_pointsyear AS y ON e.hire_date <= y.end_date AND {_LATER} %(end)s::date
            WHERE y.id <> %(year)s""",
        cause=cause,
        actor=actor,
        year=year.pk,
        end=year.end_date,
    )


def retry_now(*, actor: User) -> int:
    """Try work that failed before at once instead of at its next turn. Returns the rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE training_pointswork SET next_try_at = now() WHERE attempts > 0 AND next_try_at > now()")
        nudge_after_commit(PIPELINE_TASK)
        return cursor.rowcount
