-- Caps inside caps for the synthetic company: kinds of sharing below sharing, and a cap on everything.
INSERT INTO training_category (code, name, terms, parent_id)
SELECT code, code, '{}', (SELECT id FROM training_category WHERE code = 'sharing')
FROM unnest(ARRAY['lecture', 'mentoring']) AS code;

UPDATE training_activity SET category_id = (SELECT c.id FROM training_category AS c WHERE c.code = training_activity.code)
WHERE code IN ('lecture', 'mentoring');

INSERT INTO training_targetrequirement (target_id, category_id, minimum, cap)
SELECT t.id, c.id, 0, r.cap
FROM training_target AS t
JOIN (VALUES ('lecture', 60), ('mentoring', 80), ('all', 350)) AS r (code, cap) ON true
JOIN training_category AS c ON c.code = r.code;
