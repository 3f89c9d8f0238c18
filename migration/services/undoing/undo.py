"""The undo itself: look, refuse, or take back in one transaction."""

# ruff: noqa: S608 - queries are put together from models and constants
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, Kind
from migration.services.journal import TOUCHED, table_of
from migration.services.undoing.accounts import close_accounts, undone_batches
from migration.services.undoing.obstacles import DERIVED, PART, Obstacle, obstacles_of, relations_to
from payroll.services import mark_reviews_stale
from people.models import User
from people.services.changes import people_changed
from performance.services import mark_titles_stale
from performance.services.scores import settle
from training.models import PointsYear, RecordStatus, TeamRecord
from training.services.records import void_team_record
from training.services.records.change import stated
from training.services.work import queue_points_for_days

_CREATED = "SELECT object_id FROM migration_importedrow WHERE batch_id = %(batch)s AND model = %(model)s AND action = 'created'"  # noqa: E501
_JOURNALED = "SELECT object_id FROM migration_importedrow WHERE batch_id = %(batch)s AND model = %(model)s"
#: they are voided; those of people who leave in the same undo go with them
_VOIDED = f"""
SELECT count(*) FROM training_learningrecord AS t
WHERE t.id IN ({_CREATED}) AND EXISTS (SELECT 1 FROM training_ledgerentry AS entry WHERE entry.record_id = t.id)
    AND NOT EXISTS (
        SELECT 1 FROM migration_importedrow AS j
        WHERE j.batch_id = ANY(%(leaving)s) AND j.model = 'people.Employee' AND j.action = 'created'
            AND j.object_id = t.employee_id
    )
"""
_BOOKED = "EXISTS (SELECT 1 FROM training_ledgerentry AS entry WHERE entry.record_id = t.id)"
#: whoever was undone gives the name free: the mended file brings the same ids
_VOID = f"""
UPDATE training_learningrecord AS t
SET status = 'voided', status_reason = CASE t.status WHEN 'voided' THEN t.status_reason ELSE %(reason)s END,
    source = CASE
        WHEN length(%(prefix)s || t.source) <= 40 THEN %(prefix)s || t.source
        ELSE %(prefix)s || left(md5(t.source), 12)
    END
WHERE t.id IN ({_CREATED}) AND ({_BOOKED} OR t.status = 'voided')
"""
_RENAME_TEAMS = f"""
UPDATE training_teamrecord AS t
SET source = CASE
        WHEN length(%(prefix)s || t.source) <= 40 THEN %(prefix)s || t.source
        ELSE %(prefix)s || left(md5(t.source), 12)
    END
WHERE t.id IN ({_CREATED})
"""
_PAIRS = f"""
SELECT DISTINCT t.employee_id, t.happened_on FROM training_learningrecord AS t
WHERE t.id IN ({_CREATED}) AND t.status = 'active'
"""
_REMOVE_RECORDS = f"DELETE FROM training_learningrecord AS t WHERE t.id IN ({_CREATED}) AND t.status = 'active'"
#: courses that voided records name stay with them
_REMOVE_COURSES = f"""
DELETE FROM training_course AS t
WHERE t.id IN ({_CREATED})
    AND NOT EXISTS (SELECT 1 FROM training_learningrecord AS r WHERE r.course_id = t.id)
    AND NOT EXISTS (SELECT 1 FROM training_teamrecord AS r WHERE r.course_id = t.id)
"""
_RESTORE = """
WITH was AS (
    -- the columns that the batch changed, as they were
    SELECT j.object_id, (
        SELECT jsonb_object_agg(key, j.before -> key) FROM jsonb_object_keys(j.before) AS key
        WHERE j.before -> key IS DISTINCT FROM j.after -> key
    ) AS columns, coalesce(j.before ->> 'end_date', '9999') < coalesce(j.after ->> 'end_date', '9999') AS is_shorter
    FROM migration_importedrow AS j
    WHERE j.batch_id = %(batch)s AND j.model = %(model)s AND j.action = 'changed' {more}
)
UPDATE {table} AS t
SET ({names}) = (SELECT {values} FROM jsonb_populate_record(t, was.columns) AS n)
FROM was
WHERE t.id = was.object_id AND was.is_shorter = %(is_shorter)s
"""
_UNSCORE = """
UPDATE performance_appraisalpart SET state = 'missing', score = NULL, reason = '', updated_at = now()
WHERE id IN (
    SELECT object_id FROM migration_importedrow
    WHERE batch_id = %(batch)s AND model = %(model)s AND action = 'created' AND row IS NOT NULL
)
"""
_LOCK = "SELECT t.id FROM {table} AS t WHERE t.id IN (" + _JOURNALED + ") ORDER BY t.id FOR UPDATE"
_LOCK_PEOPLE = f"""
SELECT e.id FROM people_employee AS e
WHERE e.id IN (SELECT t.employee_id FROM {{table}} AS t WHERE t.id IN ({_JOURNALED}))
ORDER BY e.id FOR UPDATE
"""


@dataclass
class Undo:
    """What taking back does, or would do, in rows of tables; with obstacles it does nothing."""

    removed: int = 0
    voided: int = 0
    restored: int = 0
    obstacles: list[Obstacle] = field(default_factory=list)


class UndoRefusedError(Exception):
    """Something came later; nothing was taken back."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(f"{len(obstacles)} obstacle(s): {obstacles[0]}")
        self.obstacles = obstacles


def look_at_undo(batch: ImportBatch, together: Sequence[int] = (), leaving: Sequence[int] = ()) -> Undo:
    """What would happen, without doing it. ``together``: later batches that are taken back before this one,
    ``leaving``: those whose people go in the same undo.

    Raises BadInput where the batch cannot be undone whatever came later.
    """
    _check(batch)
    plan = Undo(obstacles=obstacles_of(batch, together))
    journal = batch.journal.exclude(model=PART, row=None)
    created = journal.filter(action="created")
    plan.restored = journal.filter(action="changed").count()
    kept = created.filter(model="training.TeamRecord").count()
    with connection.cursor() as cursor:
        cursor.execute(_VOIDED, {"batch": batch.pk, "model": "training.LearningRecord", "leaving": list(leaving)})
        kept += cursor.fetchone()[0]
    if batch.kind == Kind.KPI:
        plan.restored += created.count()
    else:
        plan.removed = created.count() - kept
    plan.voided = kept
    return plan


def undo_import(*, batch: ImportBatch, reason: str, actor: User | None) -> Undo:
    """Take a batch back. Raises UndoRefusedError with every obstacle, or BadInput; then nothing has changed.

    What it created is removed, booked evidence is voided under a name of its own (the ledger only grows), what it
    changed is as before, and points are booked anew.
    """
    reason = stated(reason)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        _check(batch)
        if batch.kind in (Kind.EMPLOYEES, Kind.DEPARTURES, Kind.SALARIES):
            # reviews are locked before people, as decisions do
            mark_reviews_stale()
        people = lock(batch)
        plan = look_at_undo(batch)
        if plan.obstacles:
            raise UndoRefusedError(plan.obstacles)
        try:
            with transaction.atomic():
                _take_back(batch, reason, actor, people)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except IntegrityError as error:
            raise BadInput(
                "batch", batch.pk, _("Something came to depend on this import just now."), _("Look at it again.")
            ) from error
        batch.undone_at, batch.undone_by, batch.undo_reason = timezone.now(), actor, reason
        batch.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    return plan


def _check(batch: ImportBatch) -> None:
    if batch.undone_at:
        raise BadInput("batch", batch.pk, _("This import was undone already."), _("There is nothing left to undo."))
    if not batch.has_journal:
        raise BadInput(
            "batch", batch.pk, _("This import is older than the journal that an undo needs."),
            _("Correct its rows one by one, or restore a backup."),
        )  # fmt: skip


def _run(query: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.rowcount


def _ids(query: str, **params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def lock(batch: ImportBatch) -> list[int]:
    """Hold what the batch wrote and the people it is about, so that nobody changes them meanwhile."""
    people: set[int] = set()
    # nobody closes a year before our commit
    _ids("SELECT id FROM training_pointsyear ORDER BY id FOR SHARE")
    if batch.kind in (Kind.EMPLOYEES, Kind.DEPARTURES):
        people |= {pk for (pk,) in _ids(_LOCK.format(table="people_employee"), batch=batch.pk, model="people.Employee")}
    for model in TOUCHED[batch.kind]:
        names = {one.name for one in apps.get_model(model)._meta.concrete_fields}
        if "employee" in names:
            query = _LOCK_PEOPLE.format(table=table_of(model))
            people |= {pk for (pk,) in _ids(query, batch=batch.pk, model=model)}
    if batch.kind == Kind.KPI:
        _ids(
            "SELECT id FROM performance_appraisal WHERE id IN (SELECT appraisal_id FROM performance_appraisalpart "
            f"WHERE id IN ({_JOURNALED})) ORDER BY id FOR NO KEY UPDATE",
            batch=batch.pk, model=PART,
        )  # fmt: skip
    for model in TOUCHED[batch.kind]:
        _ids(_LOCK.format(table=table_of(model)), batch=batch.pk, model=model)
    return sorted(people)


def _take_back(batch: ImportBatch, reason: str, actor: User | None, people: list[int]) -> None:
    cause = _("Undo of the import of %s") % batch.file_name
    if batch.kind in (Kind.RECORDS, Kind.SCORES):
        _take_evidence_back(batch, reason, actor, cause[:200])
        return
    if batch.kind == Kind.KPI:
        _run(_UNSCORE, batch=batch.pk, model=PART)
        _restore(batch, PART)
        parts = _ids(
            f"SELECT DISTINCT appraisal_id FROM performance_appraisalpart WHERE id IN ({_JOURNALED})",
            batch=batch.pk, model=PART,
        )  # fmt: skip
        settle(appraisal_ids=sorted(pk for (pk,) in parts))
        return
    gone = {pk for (pk,) in _ids(_CREATED, batch=batch.pk, model="people.Employee")}
    if gone:
        close_accounts([batch.pk], [batch.pk, *undone_batches()], cause=cause[:200], actor=actor)
    for model in TOUCHED[batch.kind]:
        _remove(batch, model)
        _restore(batch, model)
    if batch.kind in (Kind.EMPLOYEES, Kind.DEPARTURES):
        for year in PointsYear.objects.exclude(status=PointsYear.Status.CLOSED):
            mark_titles_stale(year_id=year.pk)
    if batch.kind not in (Kind.SALARIES, Kind.COURSES, Kind.RATINGS, Kind.CANDIDATES):
        people_changed(employee_ids=set(people) - gone, actor=actor, cause=cause[:200])


def _take_evidence_back(batch: ImportBatch, reason: str, actor: User | None, cause: str) -> None:
    records = {"batch": batch.pk, "model": "training.LearningRecord"}
    prefix = f"undone-{batch.pk}-"
    pairs = _ids(_PAIRS, **records)
    _run(_VOID, **records, reason=reason, prefix=prefix)
    _run(_REMOVE_RECORDS, **records)
    created = batch.journal.filter(model="training.TeamRecord").values("object_id")
    for team in TeamRecord.objects.filter(pk__in=created, status=RecordStatus.ACTIVE).order_by("pk"):
        void_team_record(record=team, reason=reason, actor=actor)
    _run(_RENAME_TEAMS, batch=batch.pk, model="training.TeamRecord", prefix=prefix)
    _run(f"DELETE FROM training_correction WHERE id IN ({_CREATED})", batch=batch.pk, model="training.Correction")
    _run(_REMOVE_COURSES, batch=batch.pk, model="training.Course")
    queue_points_for_days(pairs=pairs, cause=cause, actor=actor)


def _remove(batch: ImportBatch, model: str) -> None:
    """What it created, with what the suite computed for it."""
    params = {"batch": batch.pk, "model": model}
    if not batch.journal.filter(model=model, action="created").exists():
        return
    if model == "people.Employee":
        parts = "DELETE FROM performance_appraisalpart WHERE appraisal_id IN (SELECT id FROM performance_appraisal WHERE employee_id IN ({}))"  # noqa: E501
        _run(parts.format(_CREATED), **params)
        for other, column, _pk in relations_to(model):
            if other in DERIVED:
                _run(f"DELETE FROM {table_of(other)} AS r WHERE r.{column} IN ({_CREATED})", **params)
    if model == "people.Department":
        _run(f"UPDATE training_standing SET department_id = NULL WHERE department_id IN ({_CREATED})", **params)
    _run(f"DELETE FROM {table_of(model)} WHERE id IN ({_CREATED})", **params)


def _restore(batch: ImportBatch, model: str) -> None:
    columns = [one.column for one in apps.get_model(model)._meta.concrete_fields if not one.primary_key]
    query = _RESTORE.format(
        table=table_of(model),
        names=", ".join(f'"{name}"' for name in columns),
        values=", ".join(f'n."{name}"' for name in columns),
        more="AND j.row IS NOT NULL" if model == PART else "",
    )
    # the shorter ones make room for the others
    for is_shorter in (True, False):
        _run(query, batch=batch.pk, model=model, is_shorter=is_shorter)
