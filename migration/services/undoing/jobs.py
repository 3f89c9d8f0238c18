"""Several batches taken back at once, as those of a job: in the opposite order, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch, ImportJob, Kind
from migration.services.undoing.accounts import close_accounts, undone_batches
from migration.services.undoing.obstacles import Obstacle
from migration.services.undoing.undo import Undo, UndoRefusedError, lock, look_at_undo, undo_import
from payroll.services import mark_reviews_stale
from people.models import User


@dataclass
class JobUndo:
    """What taking batches back does, or would do. ``obstacles`` are of ``blocked``, and then it does nothing."""

    batches: list[ImportBatch] = field(default_factory=list)
    removed: int = 0
    voided: int = 0
    restored: int = 0
    blocked: ImportBatch | None = None
    obstacles: list[Obstacle] = field(default_factory=list)


def undoable_batches_of(job: ImportJob) -> list[ImportBatch]:
    """Last in, first out; what was undone alone is left out."""
    found = ImportBatch.objects.defer("problems", "refused_sealed")
    found = found.filter(job_table__job=job, undone_at=None, has_journal=True)
    return list(found.order_by("-job_table__position"))


def look_at_job_undo(job: ImportJob) -> JobUndo:
    """What :func:`undo_job` would do, without doing it. Raises BadInput as it does."""
    return look_at_batches(_batches(job))


def look_at_batches(batches: Sequence[ImportBatch]) -> JobUndo:
    """What taking them back in this order would do: the newest first. Raises BadInput."""
    plan = JobUndo(batches=list(batches))
    before: list[int] = []
    whole = [batch.pk for batch in batches]
    for batch in batches:
        one = look_at_undo(batch, before, whole)
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
        return undo_batches(batches=_batches(job), reason=reason, actor=actor)


def undo_batches(*, batches: Sequence[ImportBatch], reason: str, actor: User | None) -> JobUndo:
    """Take several batches back, the newest first, in one transaction, or answer with what stands against it.

    People of theirs leave with the accounts that their records earned. Raises BadInput.
    """
    with transaction.atomic():
        if {batch.kind for batch in batches} & {Kind.EMPLOYEES, Kind.DEPARTURES, Kind.SALARIES}:
            # reviews are locked before people, as decisions do
            mark_reviews_stale()
        for batch in batches:
            lock(batch)
        plan = look_at_batches(batches)
        if plan.obstacles:
            return plan
        whole = [batch.pk for batch in batches]
        cause = _("Undo of the import of %s") % batches[-1].file_name
        close_accounts(whole, [*whole, *undone_batches()], cause=cause[:200], actor=actor)
        for batch in batches:
            try:
                undo_import(batch=batch, reason=reason, actor=actor)
            except UndoRefusedError as error:
                plan.blocked, plan.obstacles = batch, error.obstacles
                transaction.set_rollback(True)
                break
    return plan


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
