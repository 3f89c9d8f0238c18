-- A synthetic company. Parameters: employees, records (per employee), year. Records arrive in order of their date, as in life.
INSERT INTO people_level (code, name, band, rank)
SELECT 'L' || n, 'Level ' || n, (ARRAY['staff', 'staff', 'staff', 'supervisor', 'supervisor', 'middle', 'middle', 'senior'])[n], n
FROM generate_series(1, 8) AS n;

INSERT INTO people_position (code, name) SELECT 'P' || n, 'Position ' || n FROM generate_series(1, 40) AS n;

-- one headquarters, 10 divisions, one department per 250 employees
INSERT INTO people_department (code, name) VALUES ('D0', 'Headquarters');
INSERT INTO people_department (code, name, parent_id)
SELECT 'D' || n, 'Division ' || n, (SELECT id FROM people_department WHERE code = 'D0') FROM generate_series(1, 10) AS n;
INSERT INTO people_department (code, name, parent_id)
SELECT 'T' || n, 'Team ' || n, (SELECT id FROM people_department WHERE code = 'D' || (1 + n %% 10))
FROM generate_series(1, greatest(%(employees)s / 250, 10)) AS n;

INSERT INTO people_employee (employee_no, name, gender, email, education, hire_date, attributes, created_at)
SELECT
    'B' || lpad(n::text, 7, '0'), 'Employee ' || n, '', '', '',
    CASE WHEN n %% 20 = 0 THEN make_date(%(year)s, 1 + n %% 12, 1) ELSE make_date(%(year)s - 3, 1, 1) END, '{}', now()
FROM generate_series(1, %(employees)s) AS n;

-- a place: department, position and level go together, as in a company; 1 in 6 is a middle manager
CREATE TEMP TABLE place AS
SELECT n, (SELECT array_agg(id ORDER BY id) FROM people_department WHERE code LIKE 'T%%') AS teams,
    (SELECT array_agg(id ORDER BY id) FROM people_position) AS positions,
    (SELECT array_agg(id ORDER BY id) FROM people_level) AS levels
FROM (VALUES (1)) AS one (n);

-- one in ten moves to another team and level in the middle of the year
INSERT INTO people_assignment (employee_id, department_id, position_id, level_id, is_head, start_date, end_date)
SELECT
    e.id, teams[1 + e.n %% cardinality(teams)], positions[1 + (e.n / 7) %% 3 + 3 * ((e.n / 250) %% 13)],
    levels[CASE WHEN e.n %% 6 = 0 THEN 6 WHEN e.n %% 6 = 1 THEN 4 ELSE 1 + e.n %% 3 END], false, e.hire_date,
    CASE WHEN e.moves THEN make_date(%(year)s, 6, 30) END
FROM (SELECT id, hire_date, row_number() OVER (ORDER BY id) AS n, id %% 10 = 3 AND hire_date < make_date(%(year)s, 1, 1) AS moves
    FROM people_employee) AS e, place
UNION ALL
SELECT
    e.id, teams[1 + (e.n + 10) %% cardinality(teams)], positions[1 + (e.n / 7) %% 3 + 3 * ((e.n / 250) %% 13)],
    levels[CASE WHEN e.n %% 6 = 0 THEN 7 ELSE 5 END], false, make_date(%(year)s, 7, 1), NULL
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people_employee WHERE id %% 10 = 3
    AND hire_date < make_date(%(year)s, 1, 1)) AS e, place;

INSERT INTO training_pointsyear (name, start_date, end_date, status)
VALUES (%(year)s::text, make_date(%(year)s, 1, 1), make_date(%(year)s, 12, 31), 'open');

INSERT INTO training_category (code, name, terms) VALUES ('all', 'All learning', '{}');
INSERT INTO training_category (code, name, terms, parent_id)
SELECT code, code, '{}', (SELECT id FROM training_category WHERE code = 'all')
FROM unnest(ARRAY['course', 'workshop', 'exam', 'sharing']) AS code;

INSERT INTO training_activity (code, name, category_id, measure, is_active)
SELECT code, code, (SELECT id FROM training_category AS c WHERE c.code = category), measure, true
FROM (VALUES ('online', 'course', 'hours'), ('workshop', 'workshop', 'times'), ('exam', 'exam', 'exam'),
    ('lecture', 'sharing', 'times'), ('mentoring', 'sharing', 'times'), ('project', 'sharing', 'times'))
    AS a (code, category, measure);

INSERT INTO training_policy (code, name, description, terms, is_active) VALUES ('bench', 'Benchmark', '', '{}', true);

-- the case company's rules, a division's own rate, and one rule for a single level
INSERT INTO training_rule (policy_id, activity_id, code, priority, terms, band, department_id, level_id)
SELECT (SELECT id FROM training_policy), (SELECT id FROM training_activity AS a WHERE a.code = r.activity), r.code, 0, '{}', r.band,
    (SELECT id FROM people_department AS d WHERE d.code = r.department), (SELECT id FROM people_level AS l WHERE l.code = r.level)
FROM (VALUES
    ('online', 'online', '', NULL, NULL), ('workshop', 'workshop', '', NULL, NULL), ('exam', 'exam', '', NULL, NULL),
    ('lecture', 'lecture', '', NULL, NULL), ('mentoring', 'mentoring', '', NULL, NULL),
    ('project', 'project-rd', 'middle', 'D1', NULL), ('online', 'online-d2', '', 'D2', NULL),
    ('workshop', 'workshop-l2', '', NULL, 'L2')
) AS r (activity, code, band, department, level);

INSERT INTO training_ruleversion
    (rule_id, number, basis, rate, max_per_record, max_per_year, start_date, end_date, reason, terms, created_at)
SELECT (SELECT id FROM training_rule AS r WHERE r.code = v.rule), v.number, v.basis, v.rate, v.per_record, v.per_year,
    make_date(%(year)s, v.from_month, 1), CASE WHEN v.rule = 'online' AND v.number = 1 THEN make_date(%(year)s, 8, 31) END, '', '{}', now()
FROM (VALUES
    ('online', 1, 'per_hour', 2, 16, NULL::numeric, 1), ('online', 2, 'per_hour', 2.5, 16, NULL, 9),
    ('workshop', 1, 'per_time', 5, NULL, 40, 1), ('exam', 1, 'per_pass', 10, NULL, 60, 1),
    ('lecture', 1, 'per_time', 15, NULL, NULL, 1), ('mentoring', 1, 'per_time', 20, NULL, 60, 1),
    ('project-rd', 1, 'per_time', 30, NULL, NULL, 1), ('online-d2', 1, 'per_hour', 3, 18, NULL, 1),
    ('workshop-l2', 1, 'per_time', 6, NULL, 40, 1)
) AS v (rule, number, basis, rate, per_record, per_year, from_month);

INSERT INTO training_target (policy_id, year_id, name, total, pro_rata, priority, terms, band)
SELECT p.id, y.id, t.name, t.total, 'months', 0, '{}', t.band
FROM training_policy AS p, training_pointsyear AS y,
    (VALUES ('Everyone', 200, ''), ('Middle managers', 250, 'middle')) AS t (name, total, band);
INSERT INTO training_targetrequirement (target_id, category_id, minimum, cap)
SELECT t.id, c.id, r.minimum, r.cap
FROM training_target AS t
JOIN (VALUES ('course', 40, 150), ('workshop', 20, NULL), ('exam', 10, NULL), ('sharing', 10, 120)) AS r (code, minimum, cap) ON true
JOIN training_category AS c ON c.code = r.code;

-- half of the records are online courses; they arrive day by day from people all over the company
INSERT INTO training_learningrecord (
    employee_id, activity_id, happened_on, received_at, minutes, count, score, passed, title, source, source_id, revision,
    status, status_reason, attributes
)
SELECT
    e.id, a.id, greatest(r.day, e.hire_date), r.day + interval '1 day', CASE a.code WHEN 'online' THEN 30 + (r.n %% 8) * 15 END, NULL,
    CASE a.code WHEN 'exam' THEN 40 + r.n %% 60 END, CASE a.code WHEN 'exam' THEN r.n %% 60 >= 20 END, '', 'bench', r.n::text, 1,
    CASE WHEN r.n %% 100 = 7 THEN 'voided' ELSE 'active' END, '', '{}'
FROM (
    SELECT n, 1 + (n * 7919) %% %(employees)s AS who, make_date(%(year)s, 1, 1)
        + ((n::numeric / (%(employees)s::numeric * %(records)s)) * 364)::int AS day,
        (ARRAY['online', 'online', 'online', 'online', 'online', 'workshop', 'workshop', 'exam', 'lecture', 'mentoring', 'project'])
            [1 + (n / 3 + n %% 7) %% 11] AS code
    FROM generate_series(1, %(employees)s::bigint * %(records)s) AS n
) AS r
JOIN (SELECT id, hire_date, row_number() OVER (ORDER BY id) AS n FROM people_employee) AS e ON e.n = r.who
JOIN training_activity AS a ON a.code = r.code
ORDER BY r.n;
