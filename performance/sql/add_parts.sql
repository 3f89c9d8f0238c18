-- The parts that appraisals lack, missing at first. Parameters: ids (appraisals, locked by the caller).
INSERT INTO performance_appraisalpart (appraisal_id, part_id, state, is_locked, reason, updated_at)
SELECT a.id, p.id, 'missing', false, '', now()
FROM performance_appraisal AS a
JOIN performance_cyclepart AS p ON p.cycle_id = a.cycle_id
WHERE a.id = ANY(%(ids)s)
    AND NOT EXISTS (
        SELECT 1 FROM performance_appraisalpart AS has WHERE has.appraisal_id = a.id AND has.part_id = p.id
    )
ON CONFLICT DO NOTHING
