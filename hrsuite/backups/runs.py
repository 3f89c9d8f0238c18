"""The daily backup: made once a day, late rather than not at all, and missed by nobody in silence.

That it was made is a row, so it needs no message that arrives: beat has a worker look every few minutes whether one is
due. Where no worker comes to it, pages and ``backup --list`` say so.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from hrsuite.backups.keys import identity_of
from hrsuite.backups.make import make_backup, prune
from hrsuite.backups.restore import verify_backup
from hrsuite.models import BackupRun
from people.rules import HR_ADMIN, OPERATIONS
from people.selectors import people_of_role
from people.services.notifications import Note, notify_all

logger = logging.getLogger(__name__)

#: after an attempt that came to nothing
PAUSE = dt.timedelta(hours=1)
#: as long as one may take: a backup that is not there by then was missed
LATE = dt.timedelta(hours=4)


def due_since(now: dt.datetime) -> dt.datetime:
    """The last time that ``BACKUP_HOUR`` struck."""
    local = timezone.localtime(now)
    struck = local.replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    return struck if struck <= local else struck - dt.timedelta(days=1)


def is_due(now: dt.datetime) -> bool:
    """Whether none was made since the hour struck, and none was tried just now."""
    runs = BackupRun.objects.filter(started_at__gte=due_since(now))
    return not runs.exclude(file="").exists() and not runs.filter(started_at__gt=now - PAUSE).exists()


def newest() -> BackupRun | None:
    return BackupRun.objects.exclude(file="").first()


def is_missed(now: dt.datetime) -> bool:
    """Whether this installation makes daily backups, and the one that should be there is not."""
    if not settings.BACKUP_RECIPIENT:
        return False
    found = newest()
    return found is None or found.started_at < due_since(now - LATE)


def note_backup(path: Path, started_at: dt.datetime) -> None:
    """Somebody made one by hand: it counts, too, where it stands with the others."""
    try:
        with transaction.atomic():
            if path.parent.resolve() == Path(settings.BACKUP_DIR).resolve():
                BackupRun.objects.create(file=path.name, started_at=started_at)
    except ProgrammingError:
        logger.info("the database is older than the list of backups: this one is not noted there")


def make_daily(now: dt.datetime) -> None:
    """Make the backup, prove it where the secret key is at hand, and let the oldest go. Operations hear of a failure,
    once a day."""
    run = BackupRun.objects.create(started_at=now)
    try:
        path, _manifest = make_backup(settings.BACKUP_DIR)
        run.file = path.name
        run.save(update_fields=["file"])
        if settings.BACKUP_IDENTITY_FILE:
            verify_backup(path, identity_of(settings.BACKUP_IDENTITY_FILE))
        prune(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP)
    except Exception as error:
        # whatever it is: who relies on a backup hears that there is none
        logger.exception("the daily backup failed")
        _tell(run, str(error) or type(error).__name__)


def answers_for() -> str:
    """The role that hears of backups: operations, or HR admins where nobody is that."""
    return OPERATIONS if people_of_role(OPERATIONS).exists() else HR_ADMIN


def _tell(run: BackupRun, reason: str) -> None:
    with transaction.atomic():
        failed = BackupRun.objects.filter(started_at__gte=due_since(run.started_at)).exclude(error="")
        is_told = failed.exists()
        run.error = reason
        run.save(update_fields=["error"])
        if not is_told:
            text = gettext_lazy("The daily backup failed: %(reason)s")
            subject = gettext_lazy("The daily backup failed")
            notify_all(
                [
                    Note(user=user, text=text, params={"reason": reason}, subject=subject)
                    for user in people_of_role(answers_for())
                ]
            )
