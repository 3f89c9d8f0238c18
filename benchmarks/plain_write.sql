{desired}
INSERT INTO bench_ledger (
    employee_id, year_id, category_id, record_id, rule_version_id, batch_id, kind, amount, full_amount, quantity, reason
)
SELECT employee_id, (SELECT id FROM training_pointsyear), category_id, record_id, version_id, %(batch)s, 'award', amount,
    full_amount, quantity, ''
FROM desired
