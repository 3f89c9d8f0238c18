-- Rank the population of a title and say who holds it; write the differences only. Parameters: title, day.
-- Places are counted out of the whole population; only the eligible can take one.
WITH circle AS (
    SELECT
        t.id, t.department_id, t.position_id, t.level_id, t.band, t.employee_id, t.year_id,
        t.share, t.rounding, t.ties, t.needs_target,
        least(y.end_date, %(day)s::date) AS day
    FROM performance_title AS t
    JOIN training_pointsyear AS y ON y.id = t.year_id
    WHERE t.id = %(title)s
),
{members},
standing AS (
    -- a member with points, and whether the title can be theirs
    SELECT
        m.employee_id, coalesce(s.total, 0) AS points, s.met AS target_met,
        coalesce(s.total, 0) > 0 AND (NOT circle.needs_target OR s.met IS true)
            -- the points policy may bar from awards
            AND NOT coalesce(jsonb_exists(s.outcomes, 'not_eligible_for_award'), false) AS eligible
    FROM member AS m
    CROSS JOIN circle
    LEFT JOIN training_standing AS s ON s.year_id = circle.year_id AND s.employee_id = m.employee_id
),
places AS (
    -- one row: how many are ranked, how many places there are
    SELECT
        count(*) AS population,
        CASE min(circle.rounding)
            WHEN 'half_up' THEN round(count(*) * min(circle.share) / 100)
            WHEN 'up' THEN ceil(count(*) * min(circle.share) / 100)
            ELSE floor(count(*) * min(circle.share) / 100)
        END AS n
    FROM circle
    CROSS JOIN standing
),
ranked AS (
    -- a member: rank among all, and how many of the eligible stand ahead or level
    SELECT
        employee_id, points, target_met, eligible,
        rank() OVER (ORDER BY points DESC) AS rank,
        count(*) FILTER (WHERE eligible) OVER (ORDER BY points DESC) AS through,
        count(*) FILTER (WHERE eligible) OVER (PARTITION BY points) AS level
    FROM standing
),
fresh AS MATERIALIZED (
    SELECT
        r.employee_id, r.points, r.rank, r.target_met,
        r.eligible AND CASE circle.ties
            WHEN 'include' THEN r.through - r.level < places.n
            ELSE r.through <= places.n
        END AS holds
    FROM ranked AS r
    CROSS JOIN circle
    CROSS JOIN places
),
gone AS (
    DELETE FROM performance_titlecandidate AS c
    WHERE c.title_id = %(title)s AND NOT EXISTS (SELECT 1 FROM fresh WHERE fresh.employee_id = c.employee_id)
),
moved AS (
    UPDATE performance_titlecandidate AS c
    SET points = f.points, rank = f.rank, target_met = f.target_met, holds = f.holds
    FROM fresh AS f
    WHERE c.title_id = %(title)s AND c.employee_id = f.employee_id
        AND (c.points, c.rank, c.target_met, c.holds) IS DISTINCT FROM (f.points, f.rank, f.target_met, f.holds)
),
come AS (
    INSERT INTO performance_titlecandidate (title_id, employee_id, points, rank, target_met, holds)
    SELECT %(title)s, f.employee_id, f.points, f.rank, f.target_met, f.holds
    FROM fresh AS f
    WHERE NOT EXISTS (
        SELECT 1 FROM performance_titlecandidate AS c WHERE c.title_id = %(title)s AND c.employee_id = f.employee_id
    )
)
UPDATE performance_title
SET population = places.population, stale_at = NULL, refreshed_at = now()
FROM places
WHERE id = %(title)s
