"""Changes of a policy: drafted, simulated, applied as one batch, reversed by one."""

from training.services.changes.apply import apply_change, reverse_change
from training.services.changes.draft import REASON_LENGTH, discard_change, draft_change, is_outdated
from training.services.changes.simulate import request_simulation, simulate_next_lot, work_off
from training.services.changes.told import Told, told

__all__ = [
    "REASON_LENGTH",
    "Told",
    "apply_change",
    "discard_change",
    "draft_change",
    "is_outdated",
    "request_simulation",
    "reverse_change",
    "simulate_next_lot",
    "told",
    "work_off",
]
