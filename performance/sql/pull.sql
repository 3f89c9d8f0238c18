-- Pull the training score: min(100, points / required x 100). Parameters: ids (appraisals, locked by the caller).
-- Signed appraisals, final cycles and typed scores keep what they say; only pulled_score follows.
WITH fresh AS (
    -- a training part with what the standing says of it
    SELECT
        ap.id,
        a.status = 'draft' AND c.status = 'open' AND NOT ap.is_locked AS is_open,
        CASE WHEN s.required > 0 THEN least(100, round(greatest(s.total, 0) * 100 / s.required, 2)) END AS score,
        CASE
            WHEN s.required > 0 THEN 'scored'
            -- not booked yet: it will come, unless the year is closed
            WHEN s.id IS NULL AND y.status <> 'closed' THEN 'missing'
            ELSE 'not_applicable'
        END AS state
    FROM performance_appraisal AS a
    JOIN performance_appraisalcycle AS c ON c.id = a.cycle_id
    JOIN training_pointsyear AS y ON y.id = c.points_year_id
    JOIN performance_cyclepart AS p ON p.cycle_id = c.id AND p.source = 'training'
    JOIN performance_appraisalpart AS ap ON ap.appraisal_id = a.id AND ap.part_id = p.id
    LEFT JOIN training_standing AS s ON s.year_id = c.points_year_id AND s.employee_id = a.employee_id
    WHERE a.id = ANY(%(ids)s)
)
UPDATE performance_appraisalpart AS ap
SET
    pulled_score = fresh.score,
    state = CASE WHEN fresh.is_open THEN fresh.state ELSE ap.state END,
    score = CASE WHEN fresh.is_open THEN fresh.score ELSE ap.score END,
    updated_at = now()
FROM fresh
WHERE ap.id = fresh.id
    AND (
        ap.pulled_score IS DISTINCT FROM fresh.score
        OR fresh.is_open AND (ap.state, ap.score) IS DISTINCT FROM (fresh.state, fresh.score)
    )
