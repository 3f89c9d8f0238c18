"""How far a job is, told from a thread with a connection of its own: the import's transaction shows nothing yet."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection

from migration.services.importing import Cancelled

logger = logging.getLogger(__name__)

SECONDS = 0.5
#: a job that has ended stays as its end left it, whatever was about to be told
_TELL = """
UPDATE migration_importjob SET phase = %s, done = %s, total = %s, heartbeat_at = now()
WHERE id = %s AND status = 'running' RETURNING cancel_requested
"""


class Watch:
    """``with Watch(job) as watch``: hand ``watch.progress`` to the import. Somebody's wish to stop raises Cancelled
    there, or ends the statement that runs inside ``stoppable``."""

    def __init__(self, job: int) -> None:
        self._job = job
        self._now = ("", 0, 0)
        self._over = threading.Event()
        self._cancelled = threading.Event()
        self._guard = threading.Lock()
        #: psycopg2's connection while its statements may be stopped
        self._target: Any = None
        self._thread = threading.Thread(target=self._tell_forever, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def progress(self, phase: str, done: int, total: int) -> None:
        """What an import tells. Raises Cancelled where somebody wants to stop it."""
        self._now = (phase, done, total)
        if self.is_cancelled:
            raise Cancelled

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Within it the wish to stop ends the statement that runs. Raises Cancelled where it came before."""
        if self.is_cancelled:
            raise Cancelled
        connection.ensure_connection()
        with self._guard:
            self._target = connection.connection
        try:
            yield
        finally:
            with self._guard:
                self._target = None

    def _tell_forever(self) -> None:
        own = connection.copy()
        try:
            while True:
                is_last = self._over.wait(SECONDS)
                self._tell(own)
                if is_last:
                    return
        finally:
            own.close()

    def _tell(self, own: Any) -> None:
        try:
            with own.cursor() as cursor:
                cursor.execute(_TELL, [*self._now, self._job])
                found = cursor.fetchone()
        except DatabaseError as error:
            # the next turn tells it
            logger.warning("progress of import job %s was not told: %s", self._job, type(error).__name__)
            own.close()
            return
        if found and found[0]:
            self._cancelled.set()
            with self._guard:
                if self._target is not None:
                    self._target.cancel()
