-- Fragment: who must have learned what, and how far they are. A row of need is an item of a path for an employee.
-- Parameters: day, first, last (the points year and the day within it that is asked about), path (id or null).
-- {people} is a statement that answers the ids of the employees.
WITH
asked AS MATERIALIZED (
    -- an employee on staff on the day
    SELECT e.id AS employee_id, e.hire_date
    FROM people_employee AS e
    WHERE e.id IN ({people})
        AND e.hire_date <= %(day)s AND (e.exit_date IS NULL OR e.exit_date >= %(day)s)
),
path AS MATERIALIZED (
    -- a path in force on the day
    SELECT *
    FROM training_learningpath
    WHERE is_active AND start_date <= %(day)s AND (end_date IS NULL OR end_date >= %(day)s)
        AND (%(path)s::bigint IS NULL OR id = %(path)s)
),
within AS MATERIALIZED (
    -- a department of a path's subtree
    SELECT path.id AS path_id, below.descendant_id AS department_id
    FROM path
    JOIN people_departmentclosure AS below ON below.ancestor_id = path.department_id
),
seat AS (
    -- an assignment that began by the day; one row of nulls for whoever has none
    SELECT
        asked.employee_id, a.department_id, a.position_id, a.level_id, l.band,
        coalesce(a.start_date, asked.hire_date) AS start_date, a.end_date
    FROM asked
    LEFT JOIN people_assignment AS a ON a.employee_id = asked.employee_id AND a.start_date <= %(day)s
    LEFT JOIN people_level AS l ON l.id = a.level_id
),
fitting AS (
    -- a seat within the scope of a path; begins: it does not follow another one directly
    SELECT
        path.id AS path_id, seat.employee_id, seat.start_date, seat.end_date,
        lag(seat.end_date) OVER (PARTITION BY path.id, seat.employee_id ORDER BY seat.start_date)
            IS DISTINCT FROM seat.start_date - 1 AS begins
    FROM path
    JOIN seat
        ON (path.employee_id IS NULL OR path.employee_id = seat.employee_id)
        AND (path.position_id IS NULL OR path.position_id = seat.position_id)
        AND (path.level_id IS NULL OR path.level_id = seat.level_id)
        AND (path.band = '' OR path.band = seat.band)
        AND (
            path.department_id IS NULL
            OR (path.id, seat.department_id) IN (SELECT path_id, department_id FROM within)
        )
),
member AS MATERIALIZED (
    -- an employee within the scope of a path on the day, and since when without a pause
    SELECT path_id, employee_id, max(start_date) FILTER (WHERE begins) AS since
    FROM fitting
    GROUP BY path_id, employee_id
    HAVING bool_or(coalesce(end_date, 'infinity') >= %(day)s)
),
item AS MATERIALIZED (
    -- an item of such a path, and the days whose records count for it
    SELECT
        i.*,
        CASE i.period WHEN 'year' THEN %(first)s::date ELSE '-infinity' END AS from_day,
        CASE i.period WHEN 'year' THEN %(last)s::date ELSE %(day)s::date END AS to_day
    FROM training_pathitem AS i
    JOIN path ON path.id = i.path_id
),
match AS (
    -- what counts for an item: records of a course, or of an activity
    SELECT id AS item_id, course_id, NULL::bigint AS activity_id FROM item WHERE course_id IS NOT NULL
    UNION ALL
    SELECT item.id, c.id, NULL
    FROM item
    JOIN training_course AS c ON item.skill <> '' AND lower(c.skill) = lower(item.skill)
    UNION ALL
    SELECT id, NULL, activity_id FROM item WHERE activity_id IS NOT NULL
    UNION ALL
    SELECT item.id, NULL, act.id
    FROM item
    JOIN training_categoryclosure AS below ON below.ancestor_id = item.category_id
    JOIN training_activity AS act ON act.category_id = below.descendant_id
),
evidence AS (
    -- a record that counts for an item, and the last day that it does; null: for ever
    SELECT
        item.id AS item_id, r.employee_id, r.happened_on,
        (r.happened_on + make_interval(months => item.valid_for_months))::date AS until
    FROM match
    JOIN item ON item.id = match.item_id
    JOIN training_learningrecord AS r ON r.course_id = match.course_id
    WHERE r.status = 'active' AND r.passed IS DISTINCT FROM false
        AND r.happened_on BETWEEN item.from_day AND item.to_day
        AND r.employee_id IN (SELECT employee_id FROM asked)
    UNION ALL
    SELECT
        item.id, r.employee_id, r.happened_on,
        (r.happened_on + make_interval(months => item.valid_for_months))::date
    FROM match
    JOIN item ON item.id = match.item_id
    JOIN training_learningrecord AS r ON r.activity_id = match.activity_id
    WHERE r.status = 'active' AND r.passed IS DISTINCT FROM false
        AND r.happened_on BETWEEN item.from_day AND item.to_day
        AND r.employee_id IN (SELECT employee_id FROM asked)
),
done AS MATERIALIZED (
    -- an employee's records for an item: those valid on the day, and when the last of the others lost its validity
    SELECT
        item_id, employee_id,
        count(*) FILTER (WHERE until IS NULL OR until >= %(day)s) AS have,
        max(until) FILTER (WHERE until < %(day)s) AS expired_on,
        max(happened_on) AS last_on
    FROM evidence
    GROUP BY item_id, employee_id
),
due AS (
    -- a member's item with the day that path and joining give it; null: none
    SELECT
        member.employee_id, member.path_id, member.since, item.id AS item_id, item.minimum, item.period,
        coalesce(done.have, 0) AS have, done.expired_on, done.last_on,
        CASE
            WHEN path.due_date >= greatest(member.since, path.start_date) THEN path.due_date
            WHEN path.due_days IS NOT NULL THEN greatest(member.since, path.start_date) + path.due_days
            WHEN path.due_date IS NOT NULL THEN greatest(member.since, path.start_date)
        END AS by_path
    FROM member
    JOIN path ON path.id = member.path_id
    JOIN item ON item.path_id = member.path_id
    LEFT JOIN done ON done.item_id = item.id AND done.employee_id = member.employee_id
),
need AS MATERIALIZED (
    -- the same with the day it is due: what is asked every year at its end at the latest day that fits,
    -- what expired on the day it did
    SELECT
        employee_id, path_id, item_id, since, minimum, have, expired_on, last_on,
        have >= minimum AS is_done,
        CASE
            WHEN period = 'year' AND (by_path IS NULL OR by_path < %(first)s) THEN %(last)s::date
            WHEN period = 'once' AND expired_on > coalesce(by_path, '-infinity') THEN expired_on
            ELSE by_path
        END AS due_on
    FROM due
)
