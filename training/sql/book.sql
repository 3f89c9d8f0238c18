-- Append the differences between what records are worth and what is booked, and rewrite the standings that differ:
-- design, section 4. Parameters: ids, year, batch. Answers one row: entries written, sum of their amounts, standings
-- written.
WITH
{goals},
evidence AS MATERIALIZED (
    -- an active record of the year, with the assignment held on its day
    SELECT
        r.id AS record_id, r.employee_id, r.activity_id, act.category_id, r.happened_on,
        r.minutes, r.count, r.passed,
        a.department_id, a.position_id, a.level_id
    FROM training_learningrecord AS r
    CROSS JOIN span
    JOIN training_activity AS act ON act.id = r.activity_id
    LEFT JOIN people_assignment AS a
        ON a.employee_id = r.employee_id
        AND a.employee_id = ANY(%(ids)s)
        AND a.start_date <= r.happened_on
        AND (a.end_date IS NULL OR a.end_date >= r.happened_on)
    WHERE r.employee_id = ANY(%(ids)s)
        AND r.happened_on BETWEEN span.start_date AND span.end_date
        AND r.status = 'active'
),
version AS MATERIALIZED (
    -- a rule version in force on some day of the year
    SELECT
        v.id, v.basis, v.rate, v.max_per_record, v.max_per_year, v.start_date,
        greatest(v.start_date, span.start_date) AS from_day,
        least(coalesce(v.end_date, span.end_date), span.end_date) AS to_day,
        rule.activity_id, rule.department_id, rule.position_id, rule.level_id, rule.band, rule.employee_id,
        rule.priority
    FROM training_ruleversion AS v
    JOIN training_rule AS rule ON rule.id = v.rule_id
    JOIN training_policy AS p ON p.id = rule.policy_id AND p.is_active
    CROSS JOIN span
    WHERE v.start_date <= span.end_date AND coalesce(v.end_date, 'infinity') >= span.start_date
        AND v.withdrawn_at IS NULL
        AND (rule.employee_id IS NULL OR rule.employee_id = ANY(%(ids)s))
),
stretch AS (
    -- a stretch of days within which no version begins or ends
    SELECT day AS from_day, lead(day) OVER (ORDER BY day) - 1 AS to_day
    FROM (
        SELECT start_date AS day FROM span
        UNION SELECT from_day FROM version
        UNION SELECT to_day + 1 FROM version
        UNION SELECT end_date + 1 FROM span
    ) AS edge
),
profile AS (
    -- a distinct (department, position, level) under which evidence arose, for everybody or one employee's own rules
    SELECT DISTINCT NULL::bigint AS employee_id, department_id, position_id, level_id FROM evidence
    {own_profiles}
),
winner AS MATERIALIZED (
    -- the most specific version for a profile, an activity and a stretch; employee_id set: for that person only
    SELECT DISTINCT ON (
        profile.department_id, profile.position_id, profile.level_id, v.employee_id, v.activity_id, stretch.from_day
    )
        coalesce(profile.department_id, 0) AS department_id, coalesce(profile.position_id, 0) AS position_id,
        coalesce(profile.level_id, 0) AS level_id,
        v.employee_id, v.activity_id, stretch.from_day, stretch.to_day,
        v.id AS version_id, v.basis, v.rate, v.max_per_record, v.max_per_year
    FROM version AS v
    JOIN stretch ON stretch.to_day >= v.from_day AND stretch.from_day <= v.to_day
    JOIN profile ON coalesce(profile.employee_id, 0) = coalesce(v.employee_id, 0)
    LEFT JOIN people_level AS l ON l.id = profile.level_id
    LEFT JOIN people_departmentclosure AS near
        ON near.ancestor_id = v.department_id AND near.descendant_id = profile.department_id
    WHERE (v.department_id IS NULL OR near.depth IS NOT NULL)
        AND (v.position_id IS NULL OR v.position_id = profile.position_id)
        AND (v.level_id IS NULL OR v.level_id = profile.level_id)
        AND (v.band = '' OR v.band = l.band)
    ORDER BY
        profile.department_id, profile.position_id, profile.level_id, v.employee_id, v.activity_id, stretch.from_day,
        v.position_id IS NOT NULL DESC, near.depth ASC NULLS LAST,
        v.level_id IS NOT NULL DESC, v.band <> '' DESC, v.priority DESC, v.start_date DESC, v.id DESC
),
priced AS (
    -- a record with its winning version and the quantity in units of the version's basis
    SELECT
        e.record_id, e.employee_id, e.activity_id, e.category_id, e.happened_on,
        w.version_id, w.rate, w.max_per_record, w.max_per_year, w.basis,
        CASE w.basis
            WHEN 'per_hour' THEN coalesce(e.minutes, 0)
            WHEN 'per_time' THEN coalesce(e.count, 1)
            WHEN 'per_pass' THEN CASE WHEN e.passed THEN coalesce(e.count, 1) ELSE 0 END
        END AS units
    FROM evidence AS e
    {pick_winner}
),
valued AS (
    -- a record's value before any cap; one that rounds to nothing is worth nothing
    SELECT
        record_id, employee_id, activity_id, category_id, happened_on, version_id, max_per_record, max_per_year,
        CASE basis WHEN 'per_hour' THEN round(units / 60.0, 4) ELSE units END AS quantity,
        {rounded} AS full_amount
    FROM priced
    WHERE {rounded} > 0
),
worth AS (
    -- the same after the cap of a single record; cut names the caps that took something
    SELECT
        record_id, employee_id, activity_id, category_id, happened_on, version_id, max_per_year, quantity, full_amount,
        least(full_amount, max_per_record) AS counted,
        CASE WHEN full_amount > max_per_record THEN 'record' ELSE '' END AS cut
    FROM valued
),
{cap_stages}
desired AS (
    -- what the ledger should say of a record
    SELECT record_id, employee_id, category_id, version_id, quantity, full_amount, counted AS amount, cut
    FROM {last_stage}
),
booked AS (
    -- what the ledger says of a record
    SELECT
        record_id, category_id, rule_version_id AS version_id, min(employee_id) AS employee_id,
        sum(amount) AS amount, sum(full_amount) AS full_amount
    FROM training_ledgerentry
    WHERE employee_id = ANY(%(ids)s) AND year_id = %(year)s AND record_id IS NOT NULL
    GROUP BY record_id, category_id, rule_version_id
    HAVING sum(amount) <> 0 OR sum(full_amount) <> 0
),
written AS (
    INSERT INTO training_ledgerentry (
        employee_id, year_id, category_id, record_id, rule_version_id, batch_id, kind, amount, full_amount, quantity,
        reason
    )
    SELECT
        coalesce(d.employee_id, b.employee_id), %(year)s, category_id, record_id, version_id, %(batch)s,
        CASE WHEN b.record_id IS NULL THEN 'award' WHEN d.record_id IS NULL THEN 'reversal' ELSE 'recount' END,
        coalesce(d.amount, 0) - coalesce(b.amount, 0),
        coalesce(d.full_amount, 0) - coalesce(b.full_amount, 0),
        d.quantity, coalesce(ltrim(d.cut), '')
    FROM desired AS d
    FULL JOIN booked AS b USING (record_id, category_id, version_id)
    WHERE d.amount IS DISTINCT FROM b.amount OR d.full_amount IS DISTINCT FROM b.full_amount
    RETURNING amount
),
{stand}
SELECT count(*), coalesce(sum(amount), 0), (SELECT count(*) FROM stood) FROM written
