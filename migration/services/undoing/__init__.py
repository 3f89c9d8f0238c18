"""An import taken back: exactly, or not at all with the list of what depends on it."""

from migration.services.undoing.jobs import JobUndo, look_at_batches, look_at_job_undo, undo_batches, undo_job
from migration.services.undoing.obstacles import Obstacle
from migration.services.undoing.undo import Undo, UndoRefusedError, look_at_undo, undo_import

__all__ = [
    "JobUndo",
    "Obstacle",
    "Undo",
    "UndoRefusedError",
    "look_at_batches",
    "look_at_job_undo",
    "look_at_undo",
    "undo_batches",
    "undo_import",
    "undo_job",
]
