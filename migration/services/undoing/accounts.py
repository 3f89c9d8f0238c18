"""The points accounts of people whom an undo removes: nobody is left whose account could grow.

The ledger is appended to, never changed. People who came by mistake have no place in it, though, and neither do the
lines that were booked for them out of the same mistake. They leave together, and the journal of the import that
brought the people keeps every line and every record word by word (docs/decisions/undone-people-take-their-account.md).
"""

# ruff: noqa: S608 - queries are put together from the constants of this module
from __future__ import annotations

from collections.abc import Sequence

import pgtrigger
from django.db import connection
from django.utils.translation import gettext as _

from migration.models import ImportBatch
from people.models import User
from training.services.work import queue_points_for_people

#: people whom these batches created
_LEAVING = """
SELECT object_id FROM migration_importedrow
WHERE batch_id = ANY(%(batches)s) AND model = 'people.Employee' AND action = 'created'
"""
#: records of batches that are taken back, now or before
_OWN = """
SELECT object_id FROM migration_importedrow
WHERE batch_id = ANY(%(own)s) AND model = 'training.LearningRecord' AND action = 'created'
"""
#: a line of a leaving person that somebody wrote by hand, or that was earned by a record of another origin
FOREIGN = f"(t.kind = 'adjustment' OR (t.record_id IS NOT NULL AND t.record_id NOT IN ({_OWN})))"

_FOREIGN_LINES = f"""
SELECT j.row, j.object_id, t.id, t.kind
FROM training_ledgerentry AS t
JOIN migration_importedrow AS j
    ON j.batch_id = ANY(%(batches)s) AND j.model = 'people.Employee' AND j.action = 'created'
    AND j.object_id = t.employee_id
WHERE {FOREIGN}
ORDER BY j.row, t.id LIMIT %(most)s
"""
_ARCHIVE = """
INSERT INTO migration_importedrow (batch_id, model, object_id, action, before)
SELECT j.batch_id, %(model)s, t.id, 'removed', to_jsonb(t)
FROM {table} AS t
JOIN migration_importedrow AS j
    ON j.batch_id = ANY(%(batches)s) AND j.model = 'people.Employee' AND j.action = 'created'
    AND j.object_id = t.employee_id
WHERE {which}
"""
_YEARS_CHANGED = f"""
INSERT INTO training_yearchanged (year_id, created_at)
SELECT DISTINCT t.year_id, now() FROM training_ledgerentry AS t WHERE t.employee_id IN ({_LEAVING})
"""
_LESS_BOOKED = f"""
WITH gone AS (
    -- a booking and what it wrote for leaving people
    SELECT batch_id, count(*) AS entries, sum(amount) AS points
    FROM training_ledgerentry WHERE employee_id IN ({_LEAVING}) GROUP BY batch_id
)
UPDATE training_bookingbatch AS b SET entries = b.entries - gone.entries, points = b.points - gone.points
FROM gone WHERE b.id = gone.batch_id
"""
#: by position: the trigger is switched off in front of it
_REMOVE_LINES = """
DELETE FROM training_ledgerentry WHERE id IN (
    SELECT object_id FROM migration_importedrow
    WHERE batch_id = ANY(%s) AND model = 'training.LedgerEntry' AND action = 'removed'
)
"""
_OWN_RECORDS = f"t.employee_id IN ({_LEAVING}) AND t.id IN ({_OWN})"


def undone_batches() -> list[int]:
    """Imports that were taken back before: what they left behind is nobody's any more."""
    return list(ImportBatch.objects.exclude(undone_at=None).values_list("pk", flat=True))


def foreign_lines(batch: ImportBatch, own: Sequence[int], most: int) -> list[tuple[int | None, int, str]]:
    """(row, employee, what) of lines of the batch's people that do not come from what is taken back with them."""
    kinds = {"adjustment": _("There is an adjustment of points by hand.")}
    other = _("Points were booked for a record that another source brought.")
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_LINES, {"batches": [batch.pk], "own": list(own), "most": most})
        return [(row, person, kinds.get(kind, other)) for row, person, _line, kind in cursor.fetchall()]


def close_accounts(batches: Sequence[int], own: Sequence[int], *, cause: str, actor: User | None) -> int:
    """Take the accounts of the people whom ``batches`` created out of the ledger, with the records of ``own``.

    Call it where nothing stands against their removal, in its transaction. Answers the lines that went.
    """
    params = {"batches": list(batches), "own": list(own)}
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, params)
        people = [pk for (pk,) in cursor.fetchall()]
        if not people:
            return 0
        # others may have divided an achievement with them
        queue_points_for_people(employee_ids=people, cause=cause, actor=actor)
        for model, table, which in (
            ("training.LedgerEntry", "training_ledgerentry", f"NOT {FOREIGN}"),
            ("training.LearningRecord", "training_learningrecord", _OWN_RECORDS),
        ):
            cursor.execute(_ARCHIVE.format(table=table, which=which), params | {"model": model})
        cursor.execute(_YEARS_CHANGED, params)
        cursor.execute(_LESS_BOOKED, params)
        with pgtrigger.ignore("training.LedgerEntry:append_only"):
            cursor.execute(_REMOVE_LINES, [list(batches)])
            count = cursor.rowcount
        cursor.execute(f"DELETE FROM training_learningrecord AS t WHERE {_OWN_RECORDS}", params)
    return count
