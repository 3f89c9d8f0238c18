-- Append the differences between worked out accounts and what is booked.
-- Parameters: lines (json), ids, year, batch. Answers one row: entries written, sum of their amounts.
-- A record's line is told by record, category and version, any other line by its kind, category and words.
WITH
desired AS (
    SELECT
        employee_id, coalesce(record_id, 0) AS record_id, coalesce(category_id, 0) AS category_id,
        coalesce(version_id, 0) AS version_id, kind, CASE WHEN record_id IS NULL THEN words ELSE '' END AS words,
        amount, full_amount, quantity, words AS reason
    FROM json_to_recordset(%(lines)s) AS line (
        employee_id bigint, record_id bigint, category_id bigint, version_id bigint, kind text, words text,
        amount numeric, full_amount numeric, quantity numeric
    )
),
booked AS (
    SELECT
        employee_id, coalesce(record_id, 0) AS record_id, coalesce(category_id, 0) AS category_id,
        coalesce(rule_version_id, 0) AS version_id, CASE WHEN record_id IS NULL THEN kind ELSE '' END AS kind,
        CASE WHEN record_id IS NULL THEN reason ELSE '' END AS words,
        sum(amount) AS amount, sum(full_amount) AS full_amount
    FROM training_ledgerentry
    WHERE employee_id = ANY(%(ids)s) AND year_id = %(year)s AND kind <> 'adjustment'
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING sum(amount) <> 0 OR sum(full_amount) <> 0
),
written AS (
    INSERT INTO training_ledgerentry (
        employee_id, year_id, category_id, record_id, rule_version_id, batch_id, kind, amount, full_amount, quantity,
        reason
    )
    SELECT
        employee_id, %(year)s, nullif(category_id, 0), nullif(record_id, 0), nullif(version_id, 0), %(batch)s,
        CASE
            WHEN record_id = 0 THEN kind
            WHEN b.amount IS NULL THEN 'award'
            WHEN d.amount IS NULL THEN 'reversal'
            ELSE 'recount'
        END,
        coalesce(d.amount, 0) - coalesce(b.amount, 0),
        coalesce(d.full_amount, 0) - coalesce(b.full_amount, 0),
        d.quantity, coalesce(d.reason, words)
    FROM desired AS d
    FULL JOIN booked AS b USING (employee_id, record_id, category_id, version_id, kind, words)
    WHERE d.amount IS DISTINCT FROM b.amount OR d.full_amount IS DISTINCT FROM b.full_amount
    RETURNING amount
)
SELECT count(*), coalesce(sum(amount), 0) FROM written
