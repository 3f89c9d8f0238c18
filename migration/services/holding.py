"""Hold what a file is about before anybody looks at it, so that what is seen is what is written over.

What others enter meanwhile cannot be held; it is found afterwards, and then the import looks anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.apps import apps
from django.db import connection

from migration.models import ImportBatch, Kind
from payroll.services import mark_reviews_stale
from people.services.bulk import is_first_load

WHOLE, FIELDS = "FOR UPDATE", "FOR NO KEY UPDATE"
#: kind -> (model, how), in the order in which the apps' services lock; whole people get no new entries meanwhile
_HELD: dict[str, tuple[tuple[str, str], ...]] = {
    Kind.EMPLOYEES: (("people.Employee", WHOLE), ("people.Assignment", FIELDS)),
    Kind.ASSIGNMENTS: (("people.Employee", WHOLE), ("people.Assignment", FIELDS)),
    Kind.LEAVES: (("people.Employee", WHOLE), ("people.Leave", FIELDS)),
    Kind.RATINGS: (("people.Employee", FIELDS), ("performance.Rating", WHOLE)),
    Kind.SALARIES: (("people.Employee", FIELDS), ("payroll.Salary", FIELDS)),
    Kind.CANDIDATES: (("recruitment.Candidate", WHOLE), ("recruitment.Application", WHOLE)),
    Kind.COURSES: (("training.Course", WHOLE),),
    Kind.DEPARTURES: (("people.Employee", WHOLE), ("people.Assignment", FIELDS)),
}
_HOLD = "SELECT t.id FROM {table} AS t WHERE {where} ORDER BY t.id {how} OF t"
#: whoever types a score holds the cycle first
_HOLD_CYCLES = """
SELECT id FROM performance_appraisalcycle WHERE name IN (SELECT source FROM import_given) ORDER BY id FOR NO KEY UPDATE
"""
_HOLD_APPRAISALS = """
SELECT id FROM performance_appraisal
WHERE employee_id IN (SELECT id FROM people_employee WHERE employee_no IN (SELECT number FROM import_given))
    AND cycle_id IN (SELECT id FROM performance_appraisalcycle WHERE name IN (SELECT source FROM import_given))
ORDER BY id FOR NO KEY UPDATE
"""
#: their accounts are switched off
_HOLD_LEAVERS = """
SELECT id FROM people_user
WHERE id IN (SELECT user_id FROM people_employee WHERE employee_no = ANY(%s)) ORDER BY id FOR NO KEY UPDATE
"""
_HOLD_DEPARTMENTS = "SELECT id FROM people_department ORDER BY id FOR NO KEY UPDATE"
#: of what the journal says the import created: what its history says somebody else entered
_FOREIGN = """
SELECT EXISTS (
    SELECT 1 FROM migration_importedrow AS j JOIN {events} AS t ON t.pgh_obj_id = j.object_id
    WHERE j.batch_id = %(batch)s AND j.model = %(model)s AND j.action = 'created' AND t.pgh_label = 'insert'
        AND NOT ({ours})
)
"""


class OvertakenError(Exception):
    """Somebody entered meanwhile what the file is about: nothing is written, and it is worth a second look."""


def hold(kind: str, where: Mapping[str, str], leavers: Sequence[str]) -> None:
    """Lock what stands in the tables about the rows of import_given. ``where``: model -> which rows of its table;
    ``leavers`` are the numbers of people whose last day the file says."""
    if kind == Kind.SALARIES:
        # reviews are locked before people, as decisions do
        mark_reviews_stale()
    with connection.cursor() as cursor:
        if kind == Kind.KPI:
            cursor.execute(_HOLD_CYCLES)
            cursor.execute(_HOLD_APPRAISALS)
        for model, how in _HELD.get(kind, ()):
            table = apps.get_model(model)._meta.db_table
            cursor.execute(_HOLD.format(table=table, where=where[model], how=how))
        if leavers:
            cursor.execute(_HOLD_LEAVERS, [list(leavers)])
        if kind in (Kind.EMPLOYEES, Kind.ASSIGNMENTS) and is_first_load():
            cursor.execute(_HOLD_DEPARTMENTS)


def check_own(batch: ImportBatch, models: Sequence[str], ours: str, top: int) -> None:
    """Raises OvertakenError where the import changed what the journal takes for its own, but somebody else entered.

    ``ours`` is the condition that this transaction, ``top``, wrote a row ``t``."""
    with connection.cursor() as cursor:
        for model in models:
            events = events_table(model)
            if events:
                query = _FOREIGN.format(events=events, ours=ours)
                cursor.execute(query, {"batch": batch.pk, "model": model, "top": top})
                if cursor.fetchone()[0]:
                    raise OvertakenError
    # courses have no history, but an import of them adds nothing else
    if batch.kind == Kind.COURSES and batch.journal.filter(action="created").count() > batch.created:
        raise OvertakenError


def events_table(model: str) -> str:
    """Where the history of a model keeps what was entered; empty where there is none."""
    events = getattr(apps.get_model(model), "pgh_event_models", {}).get("insert")
    return str(events._meta.db_table) if events else ""
