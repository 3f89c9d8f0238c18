-- Rewrite the standings that differ from worked out accounts. The row count is the number written.
-- Parameters: accounts (json), year, ranked_later (status, outcomes and rank follow when everybody is ranked).
INSERT INTO training_standing AS s (
    employee_id, year_id, target_id, department_id, total, full_total, required, share, met, categories, missing,
    status, outcomes, detail, booked_at
)
SELECT
    employee_id, %(year)s, target_id, department_id, total, full_total, required, share, met, categories, missing,
    status, outcomes, detail, now()
FROM json_to_recordset(%(accounts)s) AS account (
    employee_id bigint, target_id bigint, department_id bigint, total numeric, full_total numeric, required numeric,
    share numeric, met boolean, categories jsonb, missing jsonb, status text, outcomes jsonb, detail jsonb
)
ON CONFLICT (year_id, employee_id) DO UPDATE SET
    target_id = excluded.target_id, department_id = excluded.department_id, total = excluded.total,
    full_total = excluded.full_total, required = excluded.required, share = excluded.share, met = excluded.met,
    categories = excluded.categories, missing = excluded.missing,
    status = CASE WHEN %(ranked_later)s THEN s.status ELSE excluded.status END,
    outcomes = CASE WHEN %(ranked_later)s THEN s.outcomes ELSE excluded.outcomes END,
    detail = CASE WHEN %(ranked_later)s
        THEN jsonb_strip_nulls(jsonb_build_object('rank', s.detail -> 'rank', 'ranked', s.detail -> 'ranked'))
        ELSE '{}' END || excluded.detail,
    booked_at = excluded.booked_at
WHERE (
        s.target_id, s.department_id, s.total, s.full_total, s.required, s.share, s.met, s.categories, s.missing,
        CASE WHEN %(ranked_later)s THEN '' ELSE s.status END,
        CASE WHEN %(ranked_later)s THEN '{}' ELSE s.outcomes END,
        CASE WHEN %(ranked_later)s THEN s.detail - ARRAY['rank', 'ranked'] ELSE s.detail END
    ) IS DISTINCT FROM (
        excluded.target_id, excluded.department_id, excluded.total, excluded.full_total, excluded.required,
        excluded.share, excluded.met, excluded.categories, excluded.missing, excluded.status, excluded.outcomes,
        excluded.detail
    )
