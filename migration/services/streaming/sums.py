"""Journal and control totals of a stream: the rows of its lane beside those that went the way of all rows."""

# ruff: noqa: S608 - queries are put together from the constants of this module
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from migration.models import ImportBatch
from migration.services.journal import write_journal
from migration.services.totals import added_by, totals_as_text
from training.services.records.lane import FRESH, FRESH_ROWS

_SUMS = "count(*) AS n, sum(minutes) AS minutes, sum(count) AS times, sum(score) AS score"
_BEFORE = f"""
DROP TABLE IF EXISTS import_people;
-- a row is an employee of the file and what there is about them
CREATE TEMPORARY TABLE import_people ON COMMIT DROP AS
SELECT wanted.id, r.n, r.minutes, r.times, r.score
FROM unnest(%s::bigint[]) AS wanted (id)
LEFT JOIN (
    SELECT employee_id, {_SUMS} FROM training_learningrecord WHERE status = 'active' GROUP BY employee_id
) AS r ON r.employee_id = wanted.id;
ANALYZE import_people;
"""
_JOURNAL = f"""
INSERT INTO migration_importedrow (batch_id, model, object_id, row, action)
SELECT %s, 'training.LearningRecord', id, row, 'created' FROM ({FRESH_ROWS}) AS fresh
"""
_CONCERNED = f"""
DROP TABLE IF EXISTS import_added, import_concerned;
-- a row is an employee with new evidence, and what of it there is
CREATE TEMPORARY TABLE import_added ON COMMIT DROP AS
SELECT employee_id, {_SUMS} FROM ({FRESH}) AS fresh GROUP BY employee_id;
-- a row is an employee whom a good row of the file names
CREATE TEMPORARY TABLE import_concerned ON COMMIT DROP AS
SELECT employee_id FROM import_added
UNION
SELECT employee_id FROM import_lane WHERE employee_id IS NOT NULL
UNION
SELECT e.id FROM people_employee AS e JOIN import_given AS g ON g.number = e.employee_no;
-- how many they are decides whether all evidence is read, or theirs is looked up
ANALYZE import_concerned;
"""
_TOTALS = f"""
SELECT sum(n), sum(minutes), sum(times), sum(score) FROM import_people
WHERE id IN (SELECT employee_id FROM import_concerned)
UNION ALL
SELECT sum(n), sum(minutes), sum(times), sum(score) FROM import_added
UNION ALL
SELECT {_SUMS} FROM training_learningrecord
WHERE status = 'active' AND employee_id IN (SELECT employee_id FROM import_concerned)
"""


def remember_people(ids: Sequence[int]) -> None:
    """Look at what there is of these people, before the rows get in."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [list(ids)])


def prove(batch: ImportBatch) -> list[dict[str, str]]:
    """Write the journal; answer the control totals."""
    write_journal(batch)
    others = added_by(batch)
    with connection.cursor() as cursor:
        cursor.execute(_JOURNAL, [batch.pk])
        cursor.execute(_CONCERNED)
        cursor.execute(_TOTALS)
        before, added, after = ([Decimal(value or 0) for value in row] for row in cursor.fetchall())
    both = [one + other for one, other in zip(added, others, strict=True)]
    return totals_as_text(batch.kind, before, both, after)


def refresh_statistics() -> None:
    """Tell the planner of so many new rows; autovacuum would come a minute later."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE training_learningrecord, migration_importedrow, training_pointswork")
