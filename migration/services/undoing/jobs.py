"""A job taken back: its batches in the opposite order, all of them or none."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportJob
from migration.services.undoing.obstacles import Obstacle
from migration.services.undoing.undo import Undo, UndoRefusedError, look_at_undo, undo_import
from people.models import User


@dataclass
class JobUndo:
    """What taking a job back does, or would do. ``obstacles`` are of ``blocked``, and then it does nothing."""

    batches: list[ImportBatch] = field(default_factory=list)
    removed: int = 0
    voided: int = 0
    restored: int = 0
    blocked: ImportBatch | None = None
    obstacles: list[Obstacle] = field(default_factory=list)


def undoable_batches_of(job: ImportJob) -> list[ImportBatch]:
    """Last in, first out; what was undone alone is left out."""
    found = ImportBatch.objects.filter(job_table__job=job, undone_at=None, has_journal=True)
    return list(found.order_by("-job_table__position"))


def look_at_job_undo(job: ImportJob) -> JobUndo:
    """What :func:`undo_job` would do, without doing it. Raises BadInput as it does."""
    plan = JobUndo(batches=_batches(job))
    before: list[int] = []
    for batch in plan.batches:
        one = look_at_undo(batch, before)
        if one.obstacles:
            plan.blocked, plan.obstacles = batch, one.obstacles
            break
        _add(plan, one)
        before.append(batch.pk)
    return plan


def undo_job(*, job: ImportJob, reason: str, actor: User | None) -> JobUndo:
    """Take every batch of a job back in one transaction, or answer with what stands against it.

    Raises BadInput where the job still runs, or nothing is left to undo.
    """
    with transaction.atomic():
        job = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        done = JobUndo(batches=_batches(job))
        for batch in done.batches:
            try:
                _add(done, undo_import(batch=batch, reason=reason, actor=actor))
            except UndoRefusedError as error:
                done.blocked, done.obstacles = batch, error.obstacles
                transaction.set_rollback(True)
                break
    return done


def _batches(job: ImportJob) -> list[ImportBatch]:
    if job.is_open:
        raise BadInput("job", job.pk, _("This import still runs."), _("Cancel it, or wait until it has ended."))
    batches = undoable_batches_of(job)
    if not batches:
        raise BadInput("job", job.pk, _("There is nothing left to undo."), _("Go back to the import."))
    return batches


def _add(whole: JobUndo, one: Undo) -> None:
    whole.removed += one.removed
    whole.voided += one.voided
    whole.restored += one.restored
