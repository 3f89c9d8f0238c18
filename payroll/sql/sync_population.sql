-- The population of a review: add who belongs to it, drop undecided rows of who does not. Parameters: review.
WITH circle AS (
    SELECT department_id, position_id, level_id, band, employee_id, population_date AS day
    FROM payroll_compensationreview
    WHERE id = %(review)s
),
{members},
gone AS (
    DELETE FROM payroll_raiserecommendation AS r
    WHERE r.review_id = %(review)s AND r.status = 'draft'
        AND NOT EXISTS (SELECT 1 FROM member WHERE member.employee_id = r.employee_id)
)
INSERT INTO payroll_raiserecommendation (
    review_id, employee_id, points, population, eligible, reasons, recommended, currency, percent, status, drifted,
    decision_reason
)
SELECT %(review)s, member.employee_id, 0, 0, false, '[]', false, 'CNY', 0, 'draft', false, ''
FROM member
WHERE NOT EXISTS (
    SELECT 1 FROM payroll_raiserecommendation AS r
    WHERE r.review_id = %(review)s AND r.employee_id = member.employee_id
)
