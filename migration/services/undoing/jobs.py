"""A job taken back: its batches in the opposite order, all of them or none."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportJob
from migration.services.undoing.obstacles import Obstacle
from migration.services.undoing.undo import UndoRefusedError, undo_import
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


def undo_job(*, job: ImportJob, reason: str, actor: User | None, dry_run: bool = False) -> JobUndo:
    """Take every batch of a job back in one transaction, or answer with what stands against it.

    Raises BadInput where the job still runs, or nothing is left to undo. ``dry_run`` does it and takes it back.
    """
    done = JobUndo()
    with transaction.atomic():
        job = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if job.is_open:
            raise BadInput("job", job.pk, _("This import still runs."), _("Cancel it, or wait until it has ended."))
        done.batches = undoable_batches_of(job)
        if not done.batches:
            raise BadInput("job", job.pk, _("There is nothing left to undo."), _("Go back to the import."))
        for batch in done.batches:
            try:
                one = undo_import(batch=batch, reason=reason, actor=actor)
            except UndoRefusedError as error:
                done.blocked, done.obstacles = batch, error.obstacles
                transaction.set_rollback(True)
                break
            done.removed += one.removed
            done.voided += one.voided
            done.restored += one.restored
        if dry_run:
            transaction.set_rollback(True)
    return done
