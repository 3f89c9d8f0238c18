-- An appraisal for everyone on staff on the last day of an open cycle. Parameters: year, ids (null: everyone).
INSERT INTO performance_appraisal (cycle_id, employee_id, status, grade, comment)
SELECT c.id, e.id, 'draft', '', ''
FROM performance_appraisalcycle AS c
JOIN people_employee AS e
    ON e.hire_date <= c.end_date AND coalesce(e.exit_date, 'infinity') >= c.end_date
WHERE c.points_year_id = %(year)s AND c.status = 'open'
    AND (%(ids)s::bigint[] IS NULL OR e.id = ANY(%(ids)s))
    AND NOT EXISTS (
        SELECT 1 FROM performance_appraisal AS a WHERE a.cycle_id = c.id AND a.employee_id = e.id
    )
ORDER BY c.id, e.id
ON CONFLICT DO NOTHING
