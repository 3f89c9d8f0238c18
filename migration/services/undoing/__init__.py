"""An import taken back: exactly, or not at all with the list of what depends on it."""

from migration.services.undoing.obstacles import Obstacle
from migration.services.undoing.undo import Undo, UndoRefusedError, look_at_undo, undo_import

__all__ = ["Obstacle", "Undo", "UndoRefusedError", "look_at_undo", "undo_import"]
