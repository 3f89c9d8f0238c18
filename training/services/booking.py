"""Booking: bring the ledger in line with records, rules, caps and targets; append only the differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from training.models import BookingBatch, PointsWork, PointsYear, YearChanged
from training.services.engine_booking import book_accounts, needs_engine
from training.sql.stages import Shape, booking_sql

#: from so many people on, the planner's guess of "one row" after many joins costs more than it saves
MANY = 100
#: work that failed so often needs a person
STUCK_ATTEMPTS = 5

# are there rules of single people, caps per year, and activities whose cap per year is not the same in every version
_RULE_SHAPE = """
SELECT coalesce(bool_or(has_own), false), coalesce(bool_or(has_cap), false), coalesce(bool_or(has_moving_cap), false)
FROM (
    SELECT
        bool_or(rule.employee_id IS NOT NULL) AS has_own, bool_or(v.max_per_year IS NOT NULL) AS has_cap,
        count(DISTINCT v.max_per_year) > 1 AS has_moving_cap
    FROM training_ruleversion AS v
    JOIN training_rule AS rule ON rule.id = v.rule_id
    JOIN training_policy AS p ON p.id = rule.policy_id AND p.is_active
    WHERE v.withdrawn_at IS NULL
    GROUP BY rule.activity_id
) AS activity
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
SELECT id, employee_id, year_id, cause, actor_id, batch_id, attempts
FROM training_pointswork
WHERE next_try_at <= now() AND {attempts}
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""

# whose points a change of policy is about to move, and into which batch
_CHANGE_WAITS = """
SELECT DISTINCT ON (employee_id, year_id) employee_id, year_id, batch_id
FROM training_pointswork
WHERE batch_id IS NOT NULL AND employee_id = ANY(%s)
ORDER BY employee_id, year_id, id
"""

# a change of policy waits until nobody books, so that no slice sees its rules before its work (see let_bookings_end)
_CHANGING = 0x706F6C69


class SliceFailed(Exception):
    """A slice could not be booked; its rows are counted and wait. The reason is the cause of this error."""


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
    batch_id: int | None
    attempts: int


FollowUp = Callable[[Sequence[int], int], Any]
#: work that is booked together: year, cause, actor, batch
Group = tuple[int, str, int | None, int | None]


def _shape(cursor: Any, year_id: int) -> Shape:
    cursor.execute(_RULE_SHAPE)
    has_own_rules, has_year_caps, has_moving_caps = cursor.fetchone()
    cursor.execute(_CAPPED_CATEGORIES, [year_id])
    by_depth: dict[int, list[int]] = defaultdict(list)
    for category_id, depth in cursor.fetchall():
        by_depth[depth].append(category_id)
    return Shape(has_own_rules, has_year_caps, has_moving_caps, by_depth)


def _lock_people(cursor: Any, ids: list[int]) -> None:
    """Whoever books the same people waits here; always in order of id, so that nobody waits for each other."""
    cursor.execute("SELECT id FROM people_employee WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])


def _lock_standings(cursor: Any, years: Sequence[int], ids: list[int]) -> None:
    """Where a year is booked in several lots: standings by year and person, as the refresh of ranks locks them.

    ``years`` in order, one for each lot. A year itself comes before its standings, as in :func:`book`.
    """
    if len(set(years)) == len(years):
        return
    for year_id in dict.fromkeys(years):
        if needs_engine(year_id):
            cursor.execute("SELECT id FROM training_pointsyear WHERE id = %s FOR SHARE", [year_id])
            cursor.execute(
                """SELECT id FROM training_standing WHERE year_id = %s AND employee_id = ANY(%s)
                   ORDER BY employee_id FOR NO KEY UPDATE""",
                [year_id, ids],
            )


def book(
    *, employee_ids: Sequence[int], year_id: int, cause: str, actor_id: int | None, batch_id: int | None = None
) -> Booked:
    """Book these employees' points of one year in the current transaction and rewrite their standings.

    Two bookings of the same people wait for each other (row locks on the employees, in order of id), so nothing is
    written twice. A closed year is left alone. Writes nothing where nothing differs. With ``batch_id`` the entries
    join that batch, and the caller adds them to its sums.
    """
    ids = sorted(set(employee_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        # people before years, as closing a year locks them
        _lock_people(cursor, ids)
        # asked before the year is locked for reading: it may write to the year
        by_engine = needs_engine(year_id)
        year = PointsYear.objects.raw("SELECT * FROM training_pointsyear WHERE id = %s FOR SHARE", [year_id])
        if not ids or not year or year[0].status == PointsYear.Status.CLOSED:
            return Booked()
        is_new = batch_id is None
        if batch_id is None:
            # foreign keys are checked at commit, so the batch may follow its entries
            cursor.execute("SELECT nextval(pg_get_serial_sequence('training_bookingbatch', 'id'))")
            batch_id = int(cursor.fetchone()[0])
        if by_engine:
            entries, points, standings = book_accounts(ids=ids, year=year[0], batch_id=batch_id)
        else:
            entries, points, standings = _book_set(cursor, ids, year_id, batch_id)
        if entries and is_new:
            BookingBatch.objects.create(pk=batch_id, cause=cause, actor_id=actor_id, entries=entries, points=points)
        if standings:
            YearChanged.objects.create(year_id=year_id)
        return Booked(entries=entries, points=points, standings=standings)


def _book_set(cursor: Any, ids: list[int], year_id: int, batch_id: int) -> tuple[int, Decimal, int]:
    """One statement for ledger and standings: policies that say no more than columns can."""
    sql, params = booking_sql(_shape(cursor, year_id), rounding=settings.POINTS_ROUNDING)
    if len(ids) >= MANY:
        cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute(sql, {"ids": ids, "year": year_id, "batch": batch_id, **params})
    written = cursor.fetchone()
    if len(ids) >= MANY:
        cursor.execute("SET LOCAL enable_nestloop = on")
    return written


def _claim(limit: int) -> list[Work]:
    """Lock waiting work: fresh rows together, then rows that failed once in smaller lots, then the rest one by one.

    So a bad row soon stands alone and holds up nobody else.
    """
    for attempts, size in (("attempts = 0", limit), ("attempts = 1", max(limit // 20, 1)), ("attempts > 1", 1)):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM.format(attempts=attempts), [size])
            rows = cursor.fetchall()
        if rows:
            return [Work(*row) for row in rows]
    return []


def let_bookings_end() -> None:
    """Wait for slices in progress, and hold others up until the current transaction ends.

    Otherwise a slice that asked for waiting changes before could see the new rules after, and book what a change moves
    into a batch of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGING])


def let_changes_end() -> None:
    """Wait for a change of policy in progress, and hold others up until the current transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_CHANGING])


def group_work(work: Sequence[Work | PointsWork]) -> dict[Group, set[int]]:
    """Employees by (year, cause, actor, batch) of their work.

    Whoever waits for a change of policy is booked into its batch whatever the row says: the rules are those of the
    change already, so the differences are its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE_WAITS, [list({row.employee_id for row in work})])
        waits = {(employee_id, year_id): batch_id for employee_id, year_id, batch_id in cursor.fetchall()}
    groups: dict[Group, set[int]] = defaultdict(set)
    for row in work:
        batch_id = row.batch_id or waits.get((row.employee_id, row.year_id))
        groups[row.year_id, row.cause, row.actor_id, batch_id].add(row.employee_id)
    return groups


def book_groups(
    groups: Iterable[tuple[Group, Collection[int]]], *, follow_up: FollowUp | None = None, at_once: int | None = None
) -> Booked:
    """Book grouped work of locked people, at most so many at once, and count it in the batches that it joins."""
    entries, points, standings = 0, Decimal(0), 0
    filled: dict[int, Booked] = {}
    for (year_id, cause, actor_id, batch_id), employees in groups:
        everyone = sorted(employees)
        for start in range(0, len(everyone), at_once or len(everyone)):
            ids = everyone[start : start + at_once] if at_once else everyone
            booked = book(employee_ids=ids, year_id=year_id, cause=cause, actor_id=actor_id, batch_id=batch_id)
            entries, points, standings = entries + booked.entries, points + booked.points, standings + booked.standings
            if batch_id is not None:
                had = filled.get(batch_id, Booked())
                filled[batch_id] = Booked(had.entries + booked.entries, had.points + booked.points)
            if follow_up is not None:
                follow_up(ids, year_id)
    add_to_batches(filled)
    return Booked(entries, points, standings)


def add_to_batches(filled: dict[int, Booked]) -> None:
    """Count what joined batches made before; last of all and in order, as other slices wait for the same rows."""
    with connection.cursor() as cursor:
        for batch_id in sorted(filled):
            booked = filled[batch_id]
            if booked.entries:
                cursor.execute(
                    "UPDATE training_bookingbatch SET entries = entries + %s, points = points + %s WHERE id = %s",
                    [booked.entries, booked.points, batch_id],
                )


def _book_claimed(work: Sequence[Work], follow_up: FollowUp) -> Booked:
    # all of a slice's people are locked at once and in order, or two slices could wait for each other
    everyone = sorted({row.employee_id for row in work})
    let_changes_end()
    with connection.cursor() as cursor:
        _lock_people(cursor, everyone)
        groups = sorted(group_work(work).items(), key=lambda group: group[0][0])
        _lock_standings(cursor, [key[0] for key, _employees in groups], everyone)
    done = book_groups(groups, follow_up=follow_up)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM training_pointswork WHERE id = ANY(%s)", [[row.id for row in work]])
    return done


def book_next_slice(*, follow_up: FollowUp, limit: int | None = None) -> Booked | None:
    """Claim a slice of waiting work and book it with ``follow_up(employee_ids, year_id)``, all in one transaction.

    Returns None when nothing waits. If it fails the transaction is undone, the rows' attempts are counted, they wait
    (5 seconds, then twice as long each time, at most an hour) and SliceFailed is raised. Work is never given up: rows
    with ``STUCK_ATTEMPTS`` or more are for a person to look at, and book by themselves once the reason is gone.
    """
    work: list[Work] = []
    try:
        with transaction.atomic():
            work = _claim(limit or settings.POINTS_SLICE)
            return _book_claimed(work, follow_up) if work else None
    except Exception as error:
        if not work:
            raise
        # a lost connection raises here once more: then the rows are free again, as if never claimed
        _count_failure([row.id for row in work], error)
        raise SliceFailed(f"{len(work)} rows of points work: {error}") from error


def _count_failure(ids: list[int], error: Exception) -> None:
    text = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE training_pointswork
               SET attempts = least(attempts + 1, 1000), error = %s,
                   next_try_at = now() + least(2 ^ least(attempts, 10) * 5, 3600) * interval '1 second'
               WHERE id = ANY(%s)""",
            [text, ids],
        )


def take_changed_years() -> list[int]:
    """Years whose rankings are stale; the marks are removed in the current transaction, which refreshes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM training_yearchanged
               WHERE id IN (SELECT id FROM training_yearchanged FOR UPDATE SKIP LOCKED) RETURNING year_id"""
        )
        return sorted({row[0] for row in cursor.fetchall()})
