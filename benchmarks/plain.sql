-- The same rules and caps by hand, for everybody at once: what a good SQL writer would run once, without a product around it.
-- A fragment that ends in ``by_year``; the caps of categories go on to ``desired``. Written for this company: it knows that
-- there are no rules of single people and that caps per year do not move. Parameter: year.
WITH RECURSIVE tree AS (
    SELECT id AS top, id, 0 AS depth FROM people_department
    UNION ALL
    SELECT tree.top, d.id, tree.depth + 1 FROM tree JOIN people_department AS d ON d.parent_id = tree.id
),
place AS (
    SELECT DISTINCT department_id, position_id, level_id FROM people_assignment
),
candidate AS (
    -- every version that fits a place
    SELECT p.department_id, p.position_id, p.level_id, r.activity_id, v.*, coalesce(v.end_date, 'infinity') AS last_day,
        CASE WHEN r.position_id IS NOT NULL THEN 4000 WHEN tree.depth IS NOT NULL THEN 3000 - tree.depth
            WHEN r.level_id IS NOT NULL THEN 2000 WHEN r.band <> '' THEN 1000 ELSE 0 END AS weight
    FROM training_ruleversion AS v
    JOIN training_rule AS r ON r.id = v.rule_id
    CROSS JOIN place AS p
    JOIN people_level AS l ON l.id = p.level_id
    LEFT JOIN tree ON tree.top = r.department_id AND tree.id = p.department_id
    WHERE (r.department_id IS NULL OR tree.depth IS NOT NULL) AND (r.position_id IS NULL OR r.position_id = p.position_id)
        AND (r.level_id IS NULL OR r.level_id = p.level_id) AND (r.band = '' OR r.band = l.band)
),
best AS MATERIALIZED (
    -- the candidates that no stronger one overlaps
    SELECT c.* FROM candidate AS c
    WHERE NOT EXISTS (
        SELECT 1 FROM candidate AS b
        WHERE b.department_id = c.department_id AND b.position_id = c.position_id AND b.level_id = c.level_id
            AND b.activity_id = c.activity_id AND b.weight > c.weight
            AND b.start_date <= c.last_day AND b.last_day >= c.start_date
    )
),
aim AS (
    -- the target of the assignment at the end of the year
    SELECT a.employee_id, t.id AS target_id
    FROM people_assignment AS a
    JOIN people_level AS l ON l.id = a.level_id
    JOIN training_target AS t ON t.band = CASE WHEN l.band = 'middle' THEN 'middle' ELSE '' END
    WHERE a.end_date IS NULL
),
valued AS (
    SELECT r.id, r.employee_id, r.activity_id, act.category_id, r.happened_on, b.id AS version_id, b.max_per_year,
        CASE b.basis WHEN 'per_hour' THEN round(r.minutes / 60.0, 4) WHEN 'per_time' THEN coalesce(r.count, 1)
            ELSE r.passed::int END AS quantity,
        CASE b.basis WHEN 'per_hour' THEN round(r.minutes * b.rate / 60, 2) WHEN 'per_time' THEN coalesce(r.count, 1) * b.rate
            ELSE r.passed::int * b.rate END AS full_amount,
        b.max_per_record
    FROM training_learningrecord AS r
    JOIN training_activity AS act ON act.id = r.activity_id
    JOIN people_assignment AS a
        ON a.employee_id = r.employee_id AND r.happened_on BETWEEN a.start_date AND coalesce(a.end_date, 'infinity')
    JOIN best AS b
        ON b.department_id = a.department_id AND b.position_id = a.position_id AND b.level_id = a.level_id
        AND b.activity_id = r.activity_id AND r.happened_on BETWEEN b.start_date AND b.last_day
    WHERE r.status = 'active' AND r.happened_on BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)
),
by_activity AS (
    SELECT *, least(full_amount, max_per_record) AS once, sum(least(full_amount, max_per_record)) OVER (
        PARTITION BY employee_id, activity_id ORDER BY happened_on, id ROWS UNBOUNDED PRECEDING) AS so_far
    FROM valued
    WHERE full_amount > 0
),
by_year AS (
    SELECT *, CASE WHEN max_per_year IS NULL THEN once
        ELSE least(max_per_year, so_far) - least(max_per_year, so_far - once) END AS counted
    FROM by_activity
),
{caps}
