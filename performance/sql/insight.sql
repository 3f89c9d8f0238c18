-- People who learned a thing and people of the same department and level who did not, compared on one outcome.
-- Parameters: kind (course or activity), thing (only this one, or null), outcome (kpi, rating, imported, points or leaving),
-- year, cycle, part, start and day (learning between them counts; people and places of ``day``), until (the last day
-- of which it is known who has left, or null), grades and ranks (what words of imported ratings count), periods (what
-- such ratings call this time).
-- A row per thing, the same sums as ``match`` in performance/rules/comparison.py makes.
WITH person AS (
    -- somebody on staff on the day who has the outcome: the place of that day, and the outcome as a number
    SELECT e.id, a.department_id, a.level_id, o.value
    FROM people_employee AS e
    JOIN people_assignment AS a
        ON a.employee_id = e.id AND a.start_date <= %(day)s AND coalesce(a.end_date, 'infinity') >= %(day)s
    LEFT JOIN performance_appraisal AS ap ON ap.employee_id = e.id AND ap.cycle_id = %(cycle)s
    LEFT JOIN performance_appraisalpart AS kpi
        ON kpi.appraisal_id = ap.id AND kpi.part_id = %(part)s AND kpi.state = 'scored'
    LEFT JOIN training_standing AS s ON s.employee_id = e.id AND s.year_id = %(year)s
    LEFT JOIN LATERAL (
        -- how another system rated them: the rating that names the period, else the last one of a day within it
        SELECT counted.rank
        FROM performance_rating AS r
        JOIN unnest(%(grades)s::text[], %(ranks)s::numeric[]) AS counted (grade, rank) ON counted.grade = r.grade
        WHERE r.employee_id = e.id
            AND (lower(r.period) = ANY(%(periods)s::text[]) OR r.rated_on BETWEEN %(start)s AND %(day)s)
        ORDER BY lower(r.period) = ANY(%(periods)s::text[]) DESC, r.rated_on DESC NULLS LAST, r.id DESC
        LIMIT 1
    ) AS rated ON %(outcome)s = 'imported'
    CROSS JOIN LATERAL (
        SELECT CASE %(outcome)s
            WHEN 'kpi' THEN kpi.score
            WHEN 'rating' THEN ap.final_score
            WHEN 'imported' THEN rated.rank
            WHEN 'points' THEN coalesce(s.total, 0)
            WHEN 'leaving' THEN CASE WHEN %(until)s::date IS NOT NULL
                THEN (e.exit_date IS NOT NULL AND e.exit_date <= %(until)s)::int::numeric END
        END AS value
    ) AS o
    WHERE e.hire_date <= %(day)s AND coalesce(e.exit_date, 'infinity') >= %(day)s AND o.value IS NOT NULL
),
learned AS (
    -- a thing and somebody who has a record of it until the day: ``took`` is done within the span; whoever only has
    -- records from before it, or only failed, belongs to neither group
    SELECT
        CASE %(kind)s WHEN 'course' THEN r.course_id ELSE r.activity_id END AS thing,
        r.employee_id,
        bool_or(r.happened_on >= %(start)s AND r.passed IS DISTINCT FROM false) AS took
    FROM training_learningrecord AS r
    WHERE r.status = 'active' AND r.happened_on <= %(day)s
        AND (%(kind)s <> 'course' OR r.course_id IS NOT NULL)
        AND (%(thing)s::bigint IS NULL OR CASE %(kind)s WHEN 'course' THEN r.course_id ELSE r.activity_id END = %(thing)s)
    GROUP BY 1, 2
),
place AS (
    -- a department and level: everybody
    SELECT department_id, level_id, count(*) AS n, sum(value) AS total, sum(value * value) AS squares
    FROM person
    GROUP BY department_id, level_id
),
taken AS (
    -- a thing, department and level: who took it, and who belongs to neither group
    SELECT
        learned.thing, p.department_id, p.level_id,
        count(*) FILTER (WHERE took) AS n,
        coalesce(sum(p.value) FILTER (WHERE took), 0) AS total,
        coalesce(sum(p.value * p.value) FILTER (WHERE took), 0) AS squares,
        count(*) AS known_n, sum(p.value) AS known_total, sum(p.value * p.value) AS known_squares
    FROM learned
    JOIN person AS p ON p.id = learned.employee_id
    GROUP BY learned.thing, p.department_id, p.level_id
),
stratum AS (
    -- the same with those who did not take it: everybody of the place without any record of the thing
    SELECT
        t.thing, t.n AS n1, t.total AS total1, t.squares AS squares1, t.known_n - t.n AS neither,
        place.n - t.known_n AS n0, place.total - t.known_total AS total0, place.squares - t.known_squares AS squares0
    FROM taken AS t
    JOIN place ON place.department_id = t.department_id AND place.level_id = t.level_id
)
SELECT
    thing,
    count(*) FILTER (WHERE n1 > 0 AND n0 > 0) AS strata,
    coalesce(sum(n1) FILTER (WHERE n0 > 0), 0)::bigint AS n1,
    coalesce(sum(n0) FILTER (WHERE n1 > 0), 0)::bigint AS n0,
    -- weighted by those who took it: their plain mean, and the mean of the others as if they sat where those sit
    sum(total1) FILTER (WHERE n1 > 0 AND n0 > 0) / nullif(sum(n1) FILTER (WHERE n0 > 0), 0) AS mean1,
    sum(n1 * total0 / nullif(n0, 0)) FILTER (WHERE n1 > 0 AND n0 > 0)
        / nullif(sum(n1) FILTER (WHERE n0 > 0), 0) AS mean0,
    sum(squares1 - total1 * total1 / nullif(n1, 0)) FILTER (WHERE n1 > 0 AND n0 > 0) AS within1,
    sum(squares0 - total0 * total0 / nullif(n0, 0)) FILTER (WHERE n1 > 0 AND n0 > 0) AS within0,
    coalesce(sum(n1 - 1) FILTER (WHERE n1 > 0 AND n0 > 0), 0)::bigint AS freedom1,
    coalesce(sum(n0 - 1) FILTER (WHERE n1 > 0 AND n0 > 0), 0)::bigint AS freedom0,
    sum(n1 * n1::numeric / nullif(n0, 0)) FILTER (WHERE n1 > 0 AND n0 > 0) AS spread0,
    count(*) FILTER (WHERE n1 > 0 AND n0 = 0) AS alone_strata,
    coalesce(sum(n1) FILTER (WHERE n0 = 0), 0)::bigint AS alone,
    sum(neither)::bigint AS neither
FROM stratum
GROUP BY thing
