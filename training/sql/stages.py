"""The booking statement, put together from just the stages that the policies of a year use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from training.sql import load

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
_OWN_OR_SHARED_WINNER = """LEFT JOIN winner AS own
        ON own.employee_id = e.employee_id AND own.activity_id = e.activity_id
        AND own.department_id = coalesce(e.department_id, 0)
        AND own.position_id = coalesce(e.position_id, 0)
        AND own.level_id = coalesce(e.level_id, 0)
        AND e.happened_on BETWEEN own.from_day AND own.to_day
    LEFT JOIN winner AS shared
        ON shared.employee_id IS NULL AND shared.activity_id = e.activity_id
        AND shared.department_id = coalesce(e.department_id, 0)
        AND shared.position_id = coalesce(e.position_id, 0)
        AND shared.level_id = coalesce(e.level_id, 0)
        AND e.happened_on BETWEEN shared.from_day AND shared.to_day
    JOIN (SELECT id AS version_id, basis, rate, max_per_record, max_per_year FROM version) AS w
        ON w.version_id = coalesce(own.version_id, shared.version_id)"""

_OWN_PROFILES = """UNION ALL
    SELECT DISTINCT employee_id, department_id, position_id, level_id FROM evidence
    WHERE employee_id IN (SELECT employee_id FROM version WHERE employee_id IS NOT NULL)"""

_YEAR_CAP = """year_capped AS (
    -- after the cap of an activity within the year, first come first counted
    SELECT
        record_id, employee_id, activity_id, category_id, happened_on, version_id, quantity, full_amount,
        room AS counted,
        CASE WHEN room < counted THEN cut || ' year' ELSE cut END AS cut
    FROM ({running}) AS running
),
"""

# every version of an activity has the same cap: a window sum says how much of it is used up
_SAME_YEAR_CAP = """
        SELECT *, CASE WHEN max_per_year IS NULL THEN counted
            ELSE least(max_per_year, so_far) - least(max_per_year, so_far - counted) END AS room
        FROM (
            SELECT *, sum(counted) OVER (
                PARTITION BY employee_id, activity_id ORDER BY happened_on, record_id ROWS UNBOUNDED PRECEDING
            ) AS so_far
            FROM worth
        ) AS summed
    """

# the cap moves within the year: what already counted is carried from record to record
_MOVING_YEAR_CAP = """
        SELECT *,
            training_capped_sum(counted, max_per_year) OVER (by_day ROWS UNBOUNDED PRECEDING)
            - training_capped_sum(counted, max_per_year) OVER (
                by_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS room
        FROM worth
        WINDOW by_day AS (PARTITION BY employee_id, activity_id ORDER BY happened_on, record_id)
    """

_CATEGORY_CAP = """capped_{depth} AS (
    -- after the caps that targets set on categories {depth} steps below the root
    SELECT
        record_id, employee_id, activity_id, category_id, happened_on, version_id, quantity, full_amount,
        CASE WHEN cap IS NULL THEN counted ELSE least(cap, so_far) - least(cap, so_far - counted) END AS counted,
        CASE WHEN so_far > cap AND counted > 0 THEN cut || ' category:' || capped_id ELSE cut END AS cut
    FROM (
        SELECT prior.*, limits.cap, limits.category_id AS capped_id, sum(prior.counted) OVER (
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


@dataclass(frozen=True)
class Shape:
    """What the active policies use. ``capped_categories`` maps steps below the root to capped category ids."""

    has_own_rules: bool = False
    has_year_caps: bool = False
    has_moving_caps: bool = False
    capped_categories: Mapping[int, Sequence[int]] = field(default_factory=dict)


def booking_sql(shape: Shape, *, rounding: str) -> tuple[str, dict[str, Any]]:
    """The statement and its extra parameters; deeper categories are capped first."""
    stages, last = "", "worth"
    params: dict[str, Any] = {}
    if shape.has_year_caps:
        running = _MOVING_YEAR_CAP if shape.has_moving_caps else _SAME_YEAR_CAP
        stages, last = _YEAR_CAP.format(running=running), "year_capped"
    for depth in sorted(shape.capped_categories, reverse=True):
        stages += _CATEGORY_CAP.format(depth=depth, prior=last)
        params[f"depth_{depth}"] = list(shape.capped_categories[depth])
        last = f"capped_{depth}"
    sql = load("book").format(
        goals=load("goals"),
        stand=load("stand"),
        own_profiles=_OWN_PROFILES if shape.has_own_rules else "",
        pick_winner=_OWN_OR_SHARED_WINNER if shape.has_own_rules else _SHARED_WINNER,
        rounded=_ROUNDED[rounding],
        cap_stages=stages,
        last_stage=last,
    )
    return sql, params
