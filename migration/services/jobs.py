"""Imports that a worker does: several tables in the order in which they lean on each other, one transaction for each.

The job's row is the work. Whoever holds the advisory lock works on jobs; a worker that dies loses it with its
connection, and the next one goes on with the first table that is not done, of which nothing was written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pghistory
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hrsuite.lib.alone import alone
from hrsuite.lib.disk import is_full
from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.lib.nudge import nudge_after_commit
from hrsuite.lib.retry import is_race, is_taken
from migration.models import ImportJob, ImportJobTable, Kind, UploadTable
from migration.rules import row_json
from migration.selectors import kinds_of
from migration.services.importing import MOST_KEPT, Cancelled, Report
from migration.services.readying import Ready, import_ready, ready_tables
from migration.services.refused import keep_rows
from migration.services.resting import lock_upload
from migration.services.safeguard import with_backup
from migration.services.sealing import lost
from migration.services.steps import changed_meanwhile
from migration.services.watching import Watch
from people.models import User
from people.services.notifications import language_of

logger = logging.getLogger(__name__)

TASK = "migration.tasks.run_imports"
#: a task that has worked for so long begins no further job: its own time has an end
RUN_SECONDS = 1800
#: a job that ends its worker so often is not tried again
MOST_ATTEMPTS = 3
#: so often a table is imported again that lost a race against somebody's work
MOST_RACES = 3


def start_import(*, tables: Sequence[UploadTable], actor: User, skip_bad: bool = False) -> ImportJob:
    """Have the tables of one upload imported by a worker, soon. Raises BadInput."""
    order = {kind: place for place, kind in enumerate(Kind.values)}
    if not tables:
        raise BadInput("file", "", _("There is no table to import."), _("Take at least one table in."))
    upload = tables[0].file.upload
    try:
        with transaction.atomic():
            lock_upload(upload.pk)
            # as they are now that nobody changes them any more
            given, tables = tables, list(UploadTable.objects.filter(pk__in=[one.pk for one in tables]))
            if len(tables) < len(given) or any(one.is_skipped for one in tables):
                raise changed_meanwhile(given[0])
            _check_kinds(tables, actor)
            job = ImportJob.objects.create(
                actor=actor, upload=upload, skip_bad=skip_bad, language=actor.language or get_language() or ""
            )
            ImportJobTable.objects.bulk_create(
                ImportJobTable(job=job, position=place, table=table, name=str(table), kind=table.kind)
                for place, table in enumerate(sorted(tables, key=lambda one: order[one.kind]), 1)
            )
            nudge_after_commit(TASK)
    except IntegrityError as error:
        if not is_taken(error):
            # deleted between the page and the button
            raise lost() from error
        raise BadInput(
            "file", str(upload), _("This upload is being imported already."), _("Wait until it is done.")
        ) from error
    return job


def _check_kinds(tables: Sequence[UploadTable], actor: User) -> None:
    """Raises BadInput where ``actor`` may not import one of them."""
    allowed = set(kinds_of(actor))
    for table in tables:
        if table.kind not in allowed:
            raise BadInput(
                "kind", str(table), _("You may not import this kind of table, or it has none yet."),
                _("Choose a kind, or leave the table out."),
            )  # fmt: skip


@transaction.atomic
def cancel_import(*, job: ImportJob, actor: User) -> None:
    """Stop a job: the table that runs is rolled back, earlier ones stay. Raises BadInput where nothing runs."""
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if not job.is_open:
        raise BadInput("job", job.pk, _("This import has ended already."), _("Undo it, if it was a mistake."))
    job.cancel_requested, job.cancelled_by = True, actor
    job.save(update_fields=["cancel_requested", "cancelled_by"])
    # whoever works on it looks at the row; where nobody does, it ends at once
    nudge_after_commit(TASK)


def run_jobs() -> int:
    """Work on all open jobs, one after the other; answers how many. Another process that does it already has it all."""
    done = 0
    end = time.monotonic() + RUN_SECONDS
    with alone("hrsuite imports") as is_mine:
        while is_mine and (job := _next_job()) is not None:
            done += 1
            _run(job)
            if time.monotonic() > end:
                # the next one has its whole time with a task of its own
                nudge_after_commit(TASK)
                break
    return done


def _next_job() -> ImportJob | None:
    """The oldest open job, running from now on. One that runs already has lost its worker: we hold the lock."""
    with transaction.atomic():
        # the one that runs first: there is one at most
        job = ImportJob.objects.select_for_update().filter(status__in=ImportJob.OPEN).order_by("status", "pk").first()
        if job is None:
            return None
        job.status, job.attempts, job.phase = ImportJob.Status.RUNNING, job.attempts + 1, ""
        job.done = job.total = 0
        job.heartbeat_at = timezone.now()
        job.save(update_fields=["status", "attempts", "phase", "done", "total", "heartbeat_at"])
    return job


def _run(job: ImportJob) -> None:
    # a worker that dies keeps the status: who comes next goes on
    if job.cancel_requested:
        _cancel(job)
        return
    if job.attempts > MOST_ATTEMPTS:
        _fail(job, _("The worker ended several times in the middle of it. Nothing of this table was imported."))
        return
    # who started it reads the reasons, in the language of the pages then
    language = override(job.language or language_of(job.actor))
    with language, pghistory.context(user=job.actor_id, job=job.pk), Watch(job.pk) as watch:
        try:
            watch.progress("reading", 0, 0)
            rows = list(job.tables.select_related("table__file__upload__actor").order_by("position"))
            tables = [row.table for row in rows if row.table is not None]
            if len(tables) < len(rows):
                raise BadInput("file", "", _("The uploaded file is not here any more."), _("Upload it again."))
            readies = {ready.table.pk: ready for ready in ready_tables(tables)}
            for row in rows:
                if row.status != ImportJobTable.Status.WAITING:
                    continue
                assert row.table is not None
                report = _import(job, row, readies.pop(row.table.pk), watch)
                if report.status == "refused":
                    _end(job, ImportJob.Status.REFUSED)
                    return
            _end(job, ImportJob.Status.DONE)
        except Cancelled:
            _cancel(job)
        except BadInput as error:
            _fail(job, str(error))
        except Exception as error:
            if not connection.is_usable():
                # nobody can write down what happened: the next worker finds the row
                raise
            logger.exception("import job %s failed", job.pk)
            _fail(job, _said(error))


def _import(job: ImportJob, row: ImportJobTable, ready: Ready, watch: Watch) -> Report:
    """One table: all of it, with its mark in the job, or nothing."""
    for attempt in range(1, MOST_RACES + 1):
        try:
            with watch.stoppable(), with_backup(), transaction.atomic():
                report = import_ready(ready, actor=job.actor, skip_bad=job.skip_bad, progress=watch.progress)
                _note(row, report)
            return report
        except DatabaseError as error:
            if watch.is_cancelled:
                raise Cancelled from error
            if not is_race(error) or attempt == MOST_RACES:
                raise
    raise AssertionError("the loop answers or raises")


def _note(row: ImportJobTable, report: Report) -> None:
    row.rows, row.refused = report.rows, report.refused
    if report.status == "refused":
        row.status = ImportJobTable.Status.REFUSED
    else:
        row.status = ImportJobTable.Status.IMPORTED if report.batch else ImportJobTable.Status.UNCHANGED
    # an attempt that lost a race has left its own here, and none in the database
    row.batch_id = report.batch
    if not report.batch:
        # nothing else keeps what was refused
        row.problems = [_storable(one) for one in report.problems[:MOST_KEPT]]
        keep_rows(row, report.refused_rows)
    row.save(update_fields=["rows", "refused", "status", "problems", "refused_sealed", "refused_until", "batch"])


def _storable(problem: RowProblem) -> dict[str, Any]:
    values = asdict(problem) | {
        **row_json(problem.row),
        "value": "" if problem.value is None else str(problem.value),
    }
    return {name: one.replace("\x00", "") if isinstance(one, str) else one for name, one in values.items()}


def _said(error: Exception) -> str:
    """For people; the log has the rest."""
    if is_full(error):
        return _("The disk of the server is full. Nothing of this table was imported: make room and start again.")
    return _("Something went wrong that nobody expected. Nothing of this table was imported; the server's log has it.")


def _fail(job: ImportJob, message: str) -> None:
    _end(job, ImportJob.Status.FAILED, message, ImportJobTable.Status.FAILED)


def _cancel(job: ImportJob) -> None:
    _end(job, ImportJob.Status.CANCELLED, table=ImportJobTable.Status.CANCELLED)


@transaction.atomic
def _end(job: ImportJob, status: str, message: str = "", table: str = "") -> None:
    """``table`` is the state of the first table that is not done."""
    if table:
        row = job.tables.filter(status=ImportJobTable.Status.WAITING).order_by("position").first()
        if row is not None:
            job.tables.filter(pk=row.pk).update(status=table)
    ImportJob.objects.filter(pk=job.pk).update(
        status=status, message=message, finished_at=timezone.now(), phase="", done=F("total")
    )
