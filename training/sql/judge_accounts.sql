-- Write ranks, statuses and outcomes that differ. Parameters: accounts (json), year. The row count is the number written.
UPDATE training_standing AS s
SET
    status = fresh.status, outcomes = fresh.outcomes,
    detail = (s.detail - ARRAY['rank', 'ranked']) || fresh.place
FROM json_to_recordset(%(accounts)s) AS fresh (employee_id bigint, status text, outcomes jsonb, place jsonb)
WHERE s.year_id = %(year)s AND s.employee_id = fresh.employee_id
    AND (s.status, s.outcomes, s.detail) IS DISTINCT FROM (
        fresh.status, fresh.outcomes, (s.detail - ARRAY['rank', 'ranked']) || fresh.place
    )
