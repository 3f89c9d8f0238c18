"""Who else must hear that somebody's place in the company changed.

Points depend on assignments, hire and exit dates, but ``people`` stands below ``training`` and may not import it.
So the apps above say once, in their ``AppConfig.ready``, which function they want called::

    changes.listen(queue_points_of_changed_people)

and every service that changes employees, assignments or the department tree ends with ONE call, inside its own
transaction, however many people it touched::

    with transaction.atomic():
        ...
        changes.people_changed(employee_ids=ids, actor=actor, cause="transfer")

A listener writes rows (the work to do) and returns quickly. Where it raises, the whole change is undone: nothing is
saved whose consequences could not be written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import transaction

from people.models import User


class Listener(Protocol):
    """``employee_ids`` is sorted, without doubles, and never empty."""

    def __call__(self, *, employee_ids: list[int], actor: User | None, cause: str) -> object: ...


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener`` in the transaction of every change from now on. Twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)


def people_changed(*, employee_ids: Iterable[int], actor: User | None, cause: str) -> None:
    """Tell every listener. Call it last, inside the transaction of the change."""
    ids = sorted(set(employee_ids))
    if not ids:
        return
    with transaction.atomic():
        for listener in _listeners:
            listener(employee_ids=ids, actor=actor, cause=cause)
