-- Final score, grade and target of draft appraisals from their parts. Parameters: ids (appraisals, locked by the caller).
-- The same sums as performance/rules.py.
WITH summed AS (
    -- an appraisal: is a part missing, and the weighted mean of the scored ones
    SELECT
        ap.appraisal_id,
        bool_or(ap.state = 'missing') AS is_missing,
        round(
            sum(ap.score * p.weight) FILTER (WHERE ap.state = 'scored')
            / sum(p.weight) FILTER (WHERE ap.state = 'scored'), 2
        ) AS score
    FROM performance_appraisalpart AS ap
    JOIN performance_cyclepart AS p ON p.id = ap.part_id
    WHERE ap.appraisal_id = ANY(%(ids)s)
    GROUP BY ap.appraisal_id
),
scored AS (
    -- an appraisal: final score (null while a part is missing) and whether the training target is met
    SELECT
        a.id, a.cycle_id, s.met,
        CASE WHEN NOT summed.is_missing THEN summed.score END AS score
    FROM performance_appraisal AS a
    JOIN performance_appraisalcycle AS c ON c.id = a.cycle_id AND c.status = 'open'
    JOIN summed ON summed.appraisal_id = a.id
    LEFT JOIN training_standing AS s ON s.year_id = c.points_year_id AND s.employee_id = a.employee_id
    WHERE a.status = 'draft'
),
band AS (
    -- a grade: from which score to below which
    SELECT
        b.cycle_id, b.grade, b.min_score,
        lead(b.min_score) OVER (PARTITION BY b.cycle_id ORDER BY b.min_score) AS below,
        best.grade AS best_grade, best.min_score AS best_score
    FROM performance_gradeband AS b
    JOIN performance_appraisalcycle AS c ON c.id = b.cycle_id
    LEFT JOIN performance_gradeband AS best ON best.cycle_id = c.id AND best.grade = c.max_grade_if_missed
),
graded AS (
    -- an appraisal with its grade, at best the cycle's best grade where the target is missed
    SELECT
        scored.id, scored.score, scored.met,
        coalesce(CASE WHEN scored.met IS false AND band.best_score < band.min_score
            THEN band.best_grade ELSE band.grade END, '') AS grade
    FROM scored
    LEFT JOIN band
        ON band.cycle_id = scored.cycle_id AND scored.score >= band.min_score
        AND (band.below IS NULL OR scored.score < band.below)
)
UPDATE performance_appraisal AS a
SET final_score = graded.score, grade = graded.grade, target_met = graded.met
FROM graded
WHERE a.id = graded.id
    AND (a.final_score, a.grade, a.target_met) IS DISTINCT FROM (graded.score, graded.grade, graded.met)
