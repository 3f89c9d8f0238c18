{desired}
SELECT count(*)
FROM desired AS d
FULL JOIN (
    SELECT record_id, category_id, rule_version_id AS version_id, sum(amount) AS amount, sum(full_amount) AS full_amount
    FROM training_ledgerentry
    WHERE record_id IS NOT NULL
    GROUP BY record_id, category_id, rule_version_id
) AS b USING (record_id, category_id, version_id)
WHERE d.amount IS DISTINCT FROM b.amount OR d.full_amount IS DISTINCT FROM b.full_amount
