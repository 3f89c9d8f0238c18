"""Tell the worker that there is work, without ever making anybody wait.

The work itself is a row in PostgreSQL and beat sweeps it; a nudge only makes it instant. Publishing to Redis may
block or fail, so it happens on a background thread behind a queue of one: nudges that come meanwhile merge.
"""

from __future__ import annotations

import logging
import os
import queue
import threading

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)
_waiting: queue.Queue[str] = queue.Queue(maxsize=8)
_sender: threading.Thread | None = None
_sender_pid = 0
_lock = threading.Lock()


def nudge_after_commit(task: str) -> None:
    """Ask a worker to run ``task`` (a dotted name without arguments) once the transaction is committed."""
    transaction.on_commit(lambda: _enqueue(task), robust=True)


def _enqueue(task: str) -> None:
    _ensure_sender()
    try:
        if task not in _waiting.queue:
            _waiting.put_nowait(task)
    except queue.Full:
        logger.info("nudge for %s dropped, the sweep will find the work", task)


def _ensure_sender() -> None:
    global _sender, _sender_pid  # noqa: PLW0603 - one thread per process, also after a fork
    with _lock:
        if _sender is None or not _sender.is_alive() or _sender_pid != os.getpid():
            _sender = threading.Thread(target=_send_forever, name="nudge", daemon=True)
            _sender_pid = os.getpid()
            _sender.start()


def _send_forever() -> None:
    while True:
        task = _waiting.get()
        try:
            current_app.send_task(task, retry=False, expires=60)
        except Exception as error:  # noqa: BLE001 - whatever Redis does, the sweep finds the row
            logger.warning("nudge for %s failed (%s), the sweep will find the work", task, type(error).__name__)
