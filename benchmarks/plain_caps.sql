-- Fragment: the caps of categories that do not nest.
by_category AS (
    SELECT y.*, q.cap, sum(y.counted) OVER (
        PARTITION BY y.employee_id, y.category_id ORDER BY y.happened_on, y.id ROWS UNBOUNDED PRECEDING) AS used
    FROM by_year AS y
    JOIN aim ON aim.employee_id = y.employee_id
    LEFT JOIN training_targetrequirement AS q ON q.target_id = aim.target_id AND q.category_id = y.category_id
),
desired AS (
    SELECT id AS record_id, employee_id, category_id, version_id, quantity, full_amount,
        CASE WHEN cap IS NULL THEN counted ELSE least(cap, used) - least(cap, used - counted) END AS amount
    FROM by_category
)
