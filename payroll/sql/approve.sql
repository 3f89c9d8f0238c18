-- Write the salaries of approved raises and tie them to their recommendations.
-- Parameters: ids (recommendations), day (raises effective from), actor, reason, status.
-- The caller holds the locks, and has cut what was in force at the day before.
WITH wanted AS (
    -- a raise: the amount, and the last day of the salary that it replaces
    SELECT r.id, r.employee_id, r.currency, given.amount, given.until
    FROM unnest(%(ids)s::bigint[], %(amounts)s::numeric[], %(untils)s::date[]) AS given (id, amount, until)
    JOIN payroll_raiserecommendation AS r USING (id)
),
paid AS (
    INSERT INTO payroll_salary (employee_id, amount, currency, start_date, end_date, reason, created_by_id, created_at)
    SELECT employee_id, amount, currency, %(day)s, until, %(salary_reason)s, %(actor)s, now()
    FROM wanted
    ORDER BY id
    RETURNING id, employee_id
)
UPDATE payroll_raiserecommendation AS r
SET
    status = %(status)s, decided_amount = wanted.amount, decided_by_id = %(actor)s, decided_at = now(),
    decision_reason = %(reason)s, salary_id = paid.id, drifted = false
FROM wanted
JOIN paid USING (employee_id)
WHERE r.id = wanted.id
