-- Departments where at least half of the people have learned a thing and the others, compared on their mean KPI.
-- Parameters and columns as in insight.sql; the unit is a department, and all departments are one stratum.
WITH person AS (
    -- somebody on staff on the day, with the KPI where there is one
    SELECT e.id, a.department_id, kpi.score
    FROM people_employee AS e
    JOIN people_assignment AS a
        ON a.employee_id = e.id AND a.start_date <= %(day)s AND coalesce(a.end_date, 'infinity') >= %(day)s
    LEFT JOIN performance_appraisal AS ap ON ap.employee_id = e.id AND ap.cycle_id = %(cycle)s
    LEFT JOIN performance_appraisalpart AS kpi
        ON kpi.appraisal_id = ap.id AND kpi.part_id = %(part)s AND kpi.state = 'scored'
    WHERE e.hire_date <= %(day)s AND coalesce(e.exit_date, 'infinity') >= %(day)s
),
department AS (
    -- a department with a KPI: its people and their mean
    SELECT department_id, count(*) AS people, avg(score) AS value
    FROM person
    GROUP BY department_id
    HAVING count(score) > 0
),
learned AS (
    -- a thing and somebody who has done it by the day
    SELECT DISTINCT CASE %(kind)s WHEN 'course' THEN r.course_id ELSE r.activity_id END AS thing, r.employee_id
    FROM training_learningrecord AS r
    WHERE r.status = 'active' AND r.happened_on <= %(day)s AND r.passed IS DISTINCT FROM false
        AND (%(kind)s <> 'course' OR r.course_id IS NOT NULL)
        AND (%(thing)s::bigint IS NULL OR CASE %(kind)s WHEN 'course' THEN r.course_id ELSE r.activity_id END = %(thing)s)
),
reached AS (
    -- a thing and a department in which somebody has done it: is it at least half of them
    SELECT learned.thing, d.department_id, d.value, 2 * count(*) >= d.people AS took
    FROM learned
    JOIN person AS p ON p.id = learned.employee_id
    JOIN department AS d ON d.department_id = p.department_id
    GROUP BY learned.thing, d.department_id, d.value, d.people
),
taken AS (
    -- a thing: the departments that took it
    SELECT
        thing, count(*) FILTER (WHERE took) AS n1, coalesce(sum(value) FILTER (WHERE took), 0) AS total1,
        coalesce(sum(value * value) FILTER (WHERE took), 0) AS squares1
    FROM reached
    GROUP BY thing
),
stratum AS (
    -- the same with the departments that did not
    SELECT t.*, a.n - t.n1 AS n0, a.total - t.total1 AS total0, a.squares - t.squares1 AS squares0
    FROM taken AS t
    CROSS JOIN (
        SELECT count(*) AS n, sum(value) AS total, sum(value * value) AS squares FROM department
    ) AS a
)
SELECT
    thing, (n1 > 0 AND n0 > 0)::int AS strata, n1, n0,
    total1 / nullif(n1, 0) AS mean1, total0 / nullif(n0, 0) AS mean0,
    squares1 - total1 * total1 / nullif(n1, 0) AS within1, squares0 - total0 * total0 / nullif(n0, 0) AS within0,
    greatest(n1 - 1, 0) AS freedom1, greatest(n0 - 1, 0) AS freedom0, n1 * n1::numeric / nullif(n0, 0) AS spread0,
    0 AS alone_strata, 0 AS alone, 0 AS neither
FROM stratum
