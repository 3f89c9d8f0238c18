-- Fragment: caps inside caps, the deepest first: a kind of sharing, the category, everything.
branch AS (
    SELECT c.id, CASE WHEN above.parent_id IS NOT NULL THEN c.id END AS leaf_id,
        CASE WHEN above.parent_id IS NOT NULL THEN above.id ELSE c.id END AS branch_id,
        coalesce(above.parent_id, above.id) AS root_id
    FROM training_category AS c
    JOIN training_category AS above ON above.id = c.parent_id
),
by_leaf AS (
    SELECT y.*, branch.branch_id, branch.root_id, aim.target_id, q.cap, sum(y.counted) OVER (
        PARTITION BY y.employee_id, branch.leaf_id ORDER BY y.happened_on, y.id ROWS UNBOUNDED PRECEDING) AS used
    FROM by_year AS y
    JOIN branch ON branch.id = y.category_id
    JOIN aim ON aim.employee_id = y.employee_id
    LEFT JOIN training_targetrequirement AS q ON q.target_id = aim.target_id AND q.category_id = branch.leaf_id
),
by_category AS (
    SELECT y.*, q.cap AS branch_cap, sum(y.inner_counted) OVER (
        PARTITION BY y.employee_id, y.branch_id ORDER BY y.happened_on, y.id ROWS UNBOUNDED PRECEDING) AS branch_used
    FROM (
        SELECT *, CASE WHEN cap IS NULL THEN counted ELSE least(cap, used) - least(cap, used - counted) END AS inner_counted
        FROM by_leaf
    ) AS y
    LEFT JOIN training_targetrequirement AS q ON q.target_id = y.target_id AND q.category_id = y.branch_id
),
by_root AS (
    SELECT y.*, q.cap AS root_cap, sum(y.outer_counted) OVER (
        PARTITION BY y.employee_id ORDER BY y.happened_on, y.id ROWS UNBOUNDED PRECEDING) AS root_used
    FROM (
        SELECT *, CASE WHEN branch_cap IS NULL THEN inner_counted
            ELSE least(branch_cap, branch_used) - least(branch_cap, branch_used - inner_counted) END AS outer_counted
        FROM by_category
    ) AS y
    LEFT JOIN training_targetrequirement AS q ON q.target_id = y.target_id AND q.category_id = y.root_id
),
desired AS (
    SELECT id AS record_id, employee_id, category_id, version_id, quantity, full_amount,
        CASE WHEN root_cap IS NULL THEN outer_counted
            ELSE least(root_cap, root_used) - least(root_cap, root_used - outer_counted) END AS amount
    FROM by_root
)
