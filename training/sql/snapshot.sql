-- Write the snapshot of a year: one row of figures, one line per standing. Parameters: year, actor, reason.
WITH
used AS (
    -- an employee's booked points by the version of the rule that earned them, or by their kind where none did
    SELECT employee_id, jsonb_object_agg(version, points) AS rules
    FROM (
        SELECT
            employee_id, coalesce(rule_version_id::text, kind) AS version,
            jsonb_build_array(sum(amount), sum(full_amount)) AS points
        FROM training_ledgerentry
        WHERE year_id = %(year)s
        GROUP BY employee_id, coalesce(rule_version_id::text, kind)
        HAVING sum(amount) <> 0 OR sum(full_amount) <> 0
    ) AS sums
    GROUP BY employee_id
),
minimum AS (
    -- a standing that one statement booked: what its target asks of categories, as the next year may carry their surplus
    SELECT
        s.id AS standing_id, jsonb_object_agg(q.category_id, round(q.minimum * s.share, 2)::text) AS minimums
    FROM training_standing AS s
    JOIN training_targetrequirement AS q ON q.target_id = s.target_id
    WHERE s.year_id = %(year)s AND NOT s.detail ? 'requirements'
    GROUP BY s.id
),
line AS MATERIALIZED (
    -- a standing; detail has what the policy engine found besides, without its notes for ranking
    SELECT
        s.employee_id, s.department_id, s.total, s.full_total, s.required, s.share, s.met, s.categories, s.missing,
        coalesce(t.name, '')::varchar AS target_name, rank() OVER (ORDER BY s.total DESC)::int AS rank,
        coalesce(used.rules, '{}'::jsonb) AS rules,
        CASE WHEN s.status = '' THEN '{}'::jsonb ELSE jsonb_build_object('status', s.status) END
            || CASE WHEN s.outcomes = '{}' THEN '{}'::jsonb ELSE jsonb_build_object('outcomes', s.outcomes) END
            || CASE WHEN minimums IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('minimums', minimums) END
            || (s.detail - 'kept') AS detail
    FROM training_standing AS s
    LEFT JOIN minimum ON minimum.standing_id = s.id
    LEFT JOIN training_target AS t ON t.id = s.target_id
    LEFT JOIN used ON used.employee_id = s.employee_id
    WHERE s.year_id = %(year)s
),
made AS (
    INSERT INTO training_yearsnapshot (
        year_id, number, made_at, made_by_id, reason, people, points, with_target, met, entries, checksum
    )
    SELECT
        %(year)s, (SELECT coalesce(max(number), 0) + 1 FROM training_yearsnapshot WHERE year_id = %(year)s),
        now(), %(actor)s, %(reason)s, count(*), coalesce(sum(total), 0), count(required),
        count(*) FILTER (WHERE met),
        (SELECT count(*) FROM training_ledgerentry WHERE year_id = %(year)s),
        encode(sha256(convert_to(coalesce(string_agg(line::text, E'\n' ORDER BY employee_id), ''), 'UTF8')), 'hex')
    FROM line
    RETURNING id
),
kept AS (
    INSERT INTO training_snapshotline (
        snapshot_id, employee_id, department_id, total, full_total, required, share, met, categories, missing,
        target_name, rank, rules, detail
    )
    SELECT made.id, line.* FROM made CROSS JOIN line
    RETURNING 1
)
SELECT id, (SELECT count(*) FROM kept) FROM made
