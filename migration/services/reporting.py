"""What the page of a job says: how far it is, and its tables with their proofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from migration.models import ImportJob, ImportJobTable
from migration.services.importing import PHASES
from migration.services.reasons import reasons_of
from migration.services.totals import reconciled

#: how much of a table's time a phase takes, about
_SHARES = {"reading": 0.15, "checking": 0.25, "saving": 0.5, "proving": 0.1}


@dataclass
class TableReport:
    table: ImportJobTable
    #: waiting, running, imported …
    state: str
    label: str
    color: str
    proof: dict[str, Any] | None = None

    @property
    def reasons(self) -> list[tuple[str, str, int, int]]:
        """Why its rows are refused, as bars."""
        return reasons_of((str(one["column"]), str(one["message"])) for one in self.table.problems)


@dataclass
class JobReport:
    """``share`` of 0 to 1, None while nobody knows; ``step`` says what happens right now."""

    share: float | None = 0.0
    step: str = ""
    tables: list[TableReport] = field(default_factory=list)
    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    adds_up: bool = True
    can_undo: bool = False
    is_undone: bool = False


_COLORS = {
    "imported": "green", "unchanged": "green", "refused": "red", "failed": "red", "cancelled": "orange",
    "running": "blue", "waiting": "secondary",
}  # fmt: skip


def report_on(job: ImportJob, tables: Sequence[ImportJobTable]) -> JobReport:
    report = JobReport()
    running = None
    for table in tables:
        state = table.status
        if state == ImportJobTable.Status.WAITING and running is None and job.status == ImportJob.Status.RUNNING:
            running, state = table, "running"
        report.tables.append(_table(job, table, state))
        batch = table.batch
        report.rows += table.rows
        report.refused += table.refused
        if batch is not None:
            report.imported += batch.created + batch.changed + batch.kept
            report.unchanged += batch.unchanged
            report.can_undo |= batch.has_journal and batch.undone_at is None
        elif table.status == ImportJobTable.Status.UNCHANGED:
            report.unchanged += table.rows - table.refused
    report.can_undo &= not job.is_open
    batches = [table.batch for table in tables if table.batch is not None]
    report.is_undone = bool(batches) and all(batch.undone_at for batch in batches)
    report.adds_up = all(one.proof["adds_up"] for one in report.tables if one.proof)
    finished = sum(one.table.status != ImportJobTable.Status.WAITING for one in report.tables)
    report.share = min(1.0, (finished + _inside(job) * (running is not None)) / max(1, len(tables)))
    if running is not None and not job.total:
        report.share = None
    report.step = _step(job, running)
    return report


def _table(job: ImportJob, table: ImportJobTable, state: str) -> TableReport:
    label = _("Importing") if state == "running" else table.get_status_display()
    if state == "waiting" and not job.is_open:
        label = _("Not begun")
    batch = table.batch
    if batch is not None and batch.undone_at:
        label = _("Undone")
    proof = reconciled(batch) if batch is not None and batch.has_journal else None
    color = "orange" if batch is not None and batch.undone_at else _COLORS[state]
    return TableReport(table, state, label, color, proof)


def _inside(job: ImportJob) -> float:
    """How much of the table that runs is done."""
    if job.phase not in PHASES:
        return 0.0
    before = sum(_SHARES[name] for name in PHASES[: PHASES.index(job.phase)])
    return before + _SHARES[job.phase] * (job.done / job.total if job.total else 0)


def _step(job: ImportJob, running: ImportJobTable | None) -> str:
    if job.status == ImportJob.Status.WAITING:
        return _("Waiting for a worker")
    if running is None:
        return ""
    if job.cancel_requested:
        return _("Stopping: %(table)s is rolled back") % {"table": running.name}
    return told(job.phase, job.done, job.total, running.name)


def told(phase: str, done: int, total: int, table: str) -> str:
    """In words what :data:`migration.services.importing.Progress` hears of ``table``."""
    steps = {
        "reading": _("Reading the rows of %(table)s") if done else _("Reading the files"),
        "checking": _("Checking the rows of %(table)s"),
        "saving": _("Saving the rows of %(table)s"),
        "proving": _("Adding up %(table)s"),
    }
    step = steps.get(phase, _("Starting")) % {"table": table}
    if total:
        return _("%(step)s: %(done)s of %(total)s") % {"step": step, "done": f"{done:,}", "total": f"{total:,}"}
    if done:
        said = ngettext("%(step)s: %(n)s row so far", "%(step)s: %(n)s rows so far", done)
        return said % {"step": step, "n": f"{done:,}"}
    return step
