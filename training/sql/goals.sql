-- Fragment: which target is whose in the year %(year)s, for the employees %(ids)s.
span AS (
    -- the points year
    SELECT id, start_date, end_date FROM training_pointsyear WHERE id = %(year)s
),
staff AS (
    -- an employee: first and last day on staff within the year
    SELECT
        e.id AS employee_id,
        greatest(e.hire_date, span.start_date) AS first_day,
        least(coalesce(e.exit_date, span.end_date), span.end_date) AS last_day
    FROM people_employee AS e
    CROSS JOIN span
    WHERE e.id = ANY(%(ids)s)
),
seat AS (
    -- an employee: the assignment on the last day on staff, or the last one before it within the year
    SELECT DISTINCT ON (staff.employee_id)
        staff.employee_id, staff.first_day, staff.last_day,
        a.department_id, a.position_id, a.level_id
    FROM staff
    CROSS JOIN span
    LEFT JOIN people_assignment AS a
        ON a.employee_id = staff.employee_id
        AND a.start_date <= staff.last_day
        AND coalesce(a.end_date, 'infinity') >= span.start_date
    ORDER BY staff.employee_id, a.start_date DESC
),
place AS (
    -- a distinct (department, position, level) among those seats
    -- 0 stands for none, so that places can be joined by equality
    SELECT DISTINCT
        coalesce(department_id, 0) AS department_id, coalesce(position_id, 0) AS position_id,
        coalesce(level_id, 0) AS level_id
    FROM seat
),
fitting AS (
    -- a target that fits a place, or one employee's own at any place
    SELECT
        place.department_id, place.position_id, place.level_id, t.employee_id,
        t.id AS target_id, t.total, t.pro_rata,
        row_number() OVER (
            PARTITION BY place.department_id, place.position_id, place.level_id, t.employee_id
            ORDER BY
                t.position_id IS NOT NULL DESC, near.depth ASC NULLS LAST,
                t.level_id IS NOT NULL DESC, t.band <> '' DESC, t.priority DESC, t.id DESC
        ) AS choice
    FROM training_target AS t
    JOIN training_policy AS p ON p.id = t.policy_id AND p.is_active
    CROSS JOIN place
    LEFT JOIN people_level AS l ON l.id = place.level_id
    LEFT JOIN people_departmentclosure AS near
        ON near.ancestor_id = t.department_id AND near.descendant_id = place.department_id
    WHERE t.year_id = %(year)s
        AND (t.department_id IS NULL OR near.depth IS NOT NULL)
        AND (t.position_id IS NULL OR t.position_id = place.position_id)
        AND (t.level_id IS NULL OR t.level_id = place.level_id)
        AND (t.band = '' OR t.band = l.band)
),
goal AS MATERIALIZED (
    -- an employee: the target and the share of the year it is asked for; both null without a target
    SELECT
        seat.employee_id, seat.department_id,
        coalesce(own.target_id, theirs.target_id) AS target_id,
        coalesce(own.total, theirs.total) AS total,
        CASE coalesce(own.pro_rata, theirs.pro_rata)
            WHEN 'none' THEN 1::numeric
            WHEN 'days' THEN round(
                greatest(seat.last_day - seat.first_day + 1, 0)::numeric / (span.end_date - span.start_date + 1), 6)
            WHEN 'months' THEN round(
                greatest(
                    (date_part('year', seat.last_day) - date_part('year', seat.first_day)) * 12
                    + date_part('month', seat.last_day) - date_part('month', seat.first_day) + 1, 0)::numeric
                / ((date_part('year', span.end_date) - date_part('year', span.start_date)) * 12
                    + date_part('month', span.end_date) - date_part('month', span.start_date) + 1)::numeric, 6)
        END AS share
    FROM seat
    CROSS JOIN span
    LEFT JOIN fitting AS own
        ON own.employee_id = seat.employee_id AND own.choice = 1
        AND own.department_id = coalesce(seat.department_id, 0)
        AND own.position_id = coalesce(seat.position_id, 0)
        AND own.level_id = coalesce(seat.level_id, 0)
    LEFT JOIN fitting AS theirs
        ON theirs.employee_id IS NULL AND theirs.choice = 1
        AND theirs.department_id = coalesce(seat.department_id, 0)
        AND theirs.position_id = coalesce(seat.position_id, 0)
        AND theirs.level_id = coalesce(seat.level_id, 0)
)
