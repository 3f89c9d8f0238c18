"""The tables that an import touches are kept as they were, before its changes are committed.

Whoever imports for good says so (``with_backup``): previews import, too, and take it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hrsuite.lib.disk import is_full
from hrsuite.lib.errors import BadInput
from migration.models import ImportBatch
from migration.services.journal import TOUCHED, table_of

_wanted: ContextVar[bool] = ContextVar("imports are backed up", default=False)


@contextmanager
def with_backup() -> Iterator[None]:
    token = _wanted.set(True)
    try:
        yield
    finally:
        _wanted.reset(token)


def back_up(batch: ImportBatch) -> str:
    """Keep the tables as everybody else still sees them: nothing of the import is committed. Answers a note for people.

    Raises BadInput where it cannot be written, and then nothing is imported.
    """
    if not _wanted.get():
        return ""
    make = import_string(settings.BACKUP_BEFORE_IMPORT)
    try:
        found = make(tables=[table_of(model) for model in TOUCHED[batch.kind]], name=f"import-{batch.pk}")
    except (RuntimeError, OSError, DatabaseError) as error:
        message = _("The tables could not be backed up first, so nothing was imported: %(reason)s")
        reason = _("the disk of the server is full.") if is_full(error) else error
        raise BadInput(
            "backup", "", message % {"reason": reason}, _("Make room, or ask who runs the server.")
        ) from error
    if found is None:
        return _("No backup was taken first: the server has no key for backups (BACKUP_RECIPIENT).")
    batch.backup_file, batch.backup_size = found
    batch.save(update_fields=["backup_file", "backup_size"])
    return ""
