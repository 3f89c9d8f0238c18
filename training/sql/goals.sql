-- Fragment: which target is whose in the year %(year)s, for the employees %(ids)s.
span AS (
    -- the points year
    SELECT id, start_date, end_date FROM training_pointsyear WHERE id = %(year)s
),
staff AS (
    -- an employee: first and last day on staff within the year; nobody who was not there on any day of it
    SELECT
        e.id AS employee_id,
        greatest(e.hire_date, span.start_date) AS first_day,
        least(coalesce(e.exit_date, span.end_date), span.end_date) AS last_day
    FROM people_employee AS e
    CROSS JOIN span
    WHERE e.id = ANY(%(ids)s)
),
held AS (
    -- an assignment up to somebody's last day and the day since when it counts: the first known reaches back
    SELECT
        staff.employee_id, a.department_id, a.position_id, a.level_id, a.start_date, a.end_date,
        CASE WHEN row_number() OVER (PARTITION BY staff.employee_id ORDER BY a.start_date) = 1
            THEN staff.first_day ELSE greatest(a.start_date, staff.first_day)
        END AS since
    FROM staff
    JOIN people_assignment AS a
        ON a.employee_id = staff.employee_id AND a.employee_id = ANY(%(ids)s) AND a.start_date <= staff.last_day
    WHERE staff.first_day <= staff.last_day
),
seat AS (
    -- an employee with each assignment that touches the year; one row of nulls where there is none
    SELECT
        staff.employee_id, staff.first_day, staff.last_day, held.department_id, held.position_id, held.level_id,
        held.start_date, coalesce(held.since, staff.first_day) AS since
    FROM staff
    CROSS JOIN span
    LEFT JOIN held
        ON held.employee_id = staff.employee_id AND coalesce(held.end_date, 'infinity') >= span.start_date
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
        place.department_id, place.position_id, place.level_id, t.employee_id, t.id AS target_id,
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
        AND (t.employee_id IS NULL OR t.employee_id = ANY(%(ids)s))
        AND (t.department_id IS NULL OR near.depth IS NOT NULL)
        AND (t.position_id IS NULL OR t.position_id = place.position_id)
        AND (t.level_id IS NULL OR t.level_id = place.level_id)
        AND (t.band = '' OR t.band = l.band)
),
aim AS (
    -- a seat with the target that was somebody's there; their own beats every shared one
    SELECT seat.*, coalesce(own.target_id, theirs.target_id) AS target_id
    FROM seat
    LEFT JOIN fitting AS own
        ON own.employee_id = seat.employee_id AND own.choice = 1
        AND own.department_id = coalesce(seat.department_id, 0)
        AND own.position_id = coalesce(seat.position_id, 0)
        AND own.level_id = coalesce(seat.level_id, 0)
        AND seat.first_day <= seat.last_day
    LEFT JOIN fitting AS theirs
        ON theirs.employee_id IS NULL AND theirs.choice = 1
        AND theirs.department_id = coalesce(seat.department_id, 0)
        AND theirs.position_id = coalesce(seat.position_id, 0)
        AND theirs.level_id = coalesce(seat.level_id, 0)
        AND seat.first_day <= seat.last_day
),
last_aim AS (
    -- an employee: the seat of the last day (or the last one before it) and since when its target was theirs
    SELECT DISTINCT ON (employee_id)
        employee_id, department_id, target_id, last_day,
        min(since) OVER (PARTITION BY employee_id, target_id) AS since
    FROM aim
    ORDER BY employee_id, start_date DESC NULLS LAST
),
asked AS (
    -- an employee: for how many of how many days or months of the year the target is asked
    SELECT
        last_aim.employee_id, last_aim.department_id, t.id AS target_id, t.total,
        CASE t.pro_rata
            WHEN 'none' THEN 1
            WHEN 'days' THEN last_aim.last_day - last_aim.since + 1
            WHEN 'months' THEN
                (date_part('year', last_aim.last_day) - date_part('year', last_aim.since)) * 12
                + date_part('month', last_aim.last_day) - date_part('month', last_aim.since) + 1
        END::numeric AS part,
        CASE t.pro_rata
            WHEN 'none' THEN 1
            WHEN 'days' THEN span.end_date - span.start_date + 1
            WHEN 'months' THEN
                (date_part('year', span.end_date) - date_part('year', span.start_date)) * 12
                + date_part('month', span.end_date) - date_part('month', span.start_date) + 1
        END::numeric AS whole
    FROM last_aim
    CROSS JOIN span
    LEFT JOIN training_target AS t ON t.id = last_aim.target_id
),
goal AS MATERIALIZED (
    -- the same with the share as shown and the points required; null without a target
    SELECT asked.*, round(part / whole, 6) AS share, round(total * part / whole, 2) AS required FROM asked
)
