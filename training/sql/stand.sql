-- Fragment: rewrite the standings of the employees %(ids)s in the year %(year)s that differ from ``goal`` and what the
-- ledger says once ``desired`` is booked.
points AS (
    -- an employee's points in a category; what was taken back altogether leaves no trace here
    SELECT employee_id, category_id, sum(amount) AS counted, sum(full_amount) AS full_amount
    FROM (
        SELECT employee_id, category_id, amount, full_amount FROM desired
        UNION ALL
        -- lines that no record earned stay as they are
        SELECT employee_id, category_id, amount, full_amount FROM training_ledgerentry
        WHERE employee_id = ANY(%(ids)s) AND year_id = %(year)s AND record_id IS NULL
    ) AS line
    GROUP BY employee_id, category_id
    HAVING sum(amount) <> 0 OR sum(full_amount) <> 0
),
rolled AS (
    -- the same with everything below the category
    SELECT p.employee_id, c.ancestor_id AS category_id, sum(p.counted) AS counted, sum(p.full_amount) AS full_amount
    FROM points AS p
    JOIN training_categoryclosure AS c ON c.descendant_id = p.category_id
    GROUP BY p.employee_id, c.ancestor_id
),
summed AS (
    -- an employee: totals, and points per category as json
    SELECT
        p.employee_id, p.total, p.full_total, r.categories
    FROM (
        SELECT employee_id, sum(counted) AS total, sum(full_amount) AS full_total FROM points GROUP BY employee_id
    ) AS p
    JOIN (
        SELECT employee_id, jsonb_object_agg(category_id, jsonb_build_array(counted, full_amount)) AS categories
        FROM rolled GROUP BY employee_id
    ) AS r USING (employee_id)
),
short AS (
    -- an employee: what is missing per category minimum
    SELECT
        goal.employee_id,
        jsonb_object_agg(q.category_id, round(q.minimum * goal.part / goal.whole, 2) - coalesce(rolled.counted, 0)) AS missing
    FROM goal
    JOIN training_targetrequirement AS q ON q.target_id = goal.target_id
    LEFT JOIN rolled ON rolled.employee_id = goal.employee_id AND rolled.category_id = q.category_id
    WHERE round(q.minimum * goal.part / goal.whole, 2) > coalesce(rolled.counted, 0)
    GROUP BY goal.employee_id
),
now_stands AS (
    SELECT
        goal.employee_id, %(year)s AS year_id, goal.target_id, goal.department_id,
        coalesce(summed.total, 0) AS total, coalesce(summed.full_total, 0) AS full_total,
        goal.required, goal.share,
        CASE WHEN goal.target_id IS NOT NULL
            THEN coalesce(summed.total, 0) >= goal.required AND short.missing IS NULL
        END AS met,
        coalesce(summed.categories, '{}'::jsonb) AS categories,
        coalesce(short.missing, '{}'::jsonb) AS missing
    FROM goal
    LEFT JOIN summed USING (employee_id)
    LEFT JOIN short USING (employee_id)
),
stood AS (
    INSERT INTO training_standing AS s (
        employee_id, year_id, target_id, department_id, total, full_total, required, share, met, categories, missing,
        booked_at
    )
    SELECT *, now() FROM now_stands
    ON CONFLICT (year_id, employee_id) DO UPDATE SET
        target_id = excluded.target_id, department_id = excluded.department_id, total = excluded.total,
        full_total = excluded.full_total, required = excluded.required, share = excluded.share, met = excluded.met,
        categories = excluded.categories, missing = excluded.missing, booked_at = excluded.booked_at
    WHERE (s.target_id, s.department_id, s.total, s.full_total, s.required, s.share, s.met, s.categories, s.missing)
        IS DISTINCT FROM (
            excluded.target_id, excluded.department_id, excluded.total, excluded.full_total, excluded.required,
            excluded.share, excluded.met, excluded.categories, excluded.missing)
    RETURNING 1
)
