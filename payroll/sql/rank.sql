-- Eligibility, rank and recommendation of a review's population; write the differences only. Parameters: review.
-- Eligibility comes before ranking; places are counted out of the whole population. See payroll/rules.py.
WITH review AS (
    SELECT id, year_id, effective_date, share, raise_percent, rounding, ties, needs_target
    FROM payroll_compensationreview
    WHERE id = %(review)s
),
facts AS (
    -- a member of the population: points, target, pay on the eve of the raise
    SELECT
        r.id, r.employee_id, coalesce(s.total, 0) AS points, s.met, s.target_id IS NOT NULL AS has_target,
        coalesce(e.exit_date, 'infinity') < review.effective_date AS has_left,
        coalesce(jsonb_exists(s.outcomes, 'not_eligible_for_raise'), false) AS is_barred,
        pay.amount AS old_amount, coalesce(pay.currency, 'CNY') AS currency
    FROM review
    JOIN payroll_raiserecommendation AS r ON r.review_id = review.id
    JOIN people_employee AS e ON e.id = r.employee_id
    LEFT JOIN training_standing AS s ON s.year_id = review.year_id AND s.employee_id = r.employee_id
    LEFT JOIN payroll_salary AS pay
        ON pay.employee_id = r.employee_id
        AND pay.start_date < review.effective_date
        AND coalesce(pay.end_date, 'infinity') >= review.effective_date - 1
),
judged AS (
    -- a member with the reasons against a raise; none means eligible
    SELECT
        facts.*,
        to_jsonb(array_remove(ARRAY[
            CASE WHEN has_left THEN 'left' END,
            CASE WHEN old_amount IS NULL THEN 'no_salary' END,
            CASE WHEN review.needs_target AND NOT has_target THEN 'no_target' END,
            CASE WHEN review.needs_target AND has_target AND met IS NOT true THEN 'target_missed' END,
            CASE WHEN points <= 0 THEN 'no_points' END,
            CASE WHEN is_barred THEN 'policy_outcome' END
        ], NULL)) AS reasons
    FROM facts
    CROSS JOIN review
),
places AS (
    -- one row: how many count, how many places there are
    SELECT
        count(*) AS population,
        CASE min(review.rounding)
            WHEN 'half_up' THEN round(count(*) * min(review.share) / 100)
            WHEN 'up' THEN ceil(count(*) * min(review.share) / 100)
            ELSE floor(count(*) * min(review.share) / 100)
        END AS n
    FROM review
    JOIN payroll_raiserecommendation AS counted ON counted.review_id = review.id
),
ranked AS (
    -- a member: rank among the eligible, and how many of them stand ahead or level
    SELECT
        *,
        reasons = '[]' AS eligible,
        CASE WHEN reasons = '[]'
            THEN rank() OVER (PARTITION BY reasons = '[]' ORDER BY points DESC)
        END AS rank,
        count(*) OVER (PARTITION BY reasons = '[]' ORDER BY points DESC) AS through
    FROM judged
),
fresh AS (
    -- what the row should say
    SELECT
        ranked.*, places.population,
        eligible AND CASE review.ties
            WHEN 'include' THEN ranked.rank <= places.n
            ELSE ranked.through <= places.n
        END AS recommended,
        review.raise_percent
    FROM ranked
    CROSS JOIN review
    CROSS JOIN places
),
priced AS (
    SELECT
        fresh.*,
        CASE WHEN recommended THEN raise_percent ELSE 0 END AS percent,
        CASE WHEN recommended THEN round(old_amount * (100 + raise_percent) / 100, 2) END AS new_amount
    FROM fresh
),
redrawn AS (
    -- drafts say what is true now
    UPDATE payroll_raiserecommendation AS r
    SET
        points = p.points, rank = p.rank, population = p.population, eligible = p.eligible, reasons = p.reasons,
        recommended = p.recommended, currency = p.currency, old_amount = p.old_amount, percent = p.percent,
        new_amount = p.new_amount, drifted = false
    FROM priced AS p
    WHERE r.id = p.id AND r.status = 'draft'
        AND (
            r.points, r.rank, r.population, r.eligible, r.reasons, r.recommended, r.currency, r.old_amount, r.percent,
            r.new_amount, r.drifted
        ) IS DISTINCT FROM (
            p.points, p.rank, p.population, p.eligible, p.reasons, p.recommended, p.currency, p.old_amount, p.percent,
            p.new_amount, false
        )
),
drifting AS (
    -- decisions stay as they were, and show that the ranking says otherwise now
    UPDATE payroll_raiserecommendation AS r
    SET drifted = (r.recommended <> p.recommended)
    FROM priced AS p
    WHERE r.id = p.id AND r.status <> 'draft' AND r.drifted <> (r.recommended <> p.recommended)
)
UPDATE payroll_compensationreview SET stale_at = NULL, refreshed_at = now() WHERE id = %(review)s
