"""Background tasks of the wiring. A task takes no data: the work is rows."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy

from hrsuite import pipeline
from hrsuite.backups import BackupError, identity_of, make_backup, prune, verify_backup
from hrsuite.lib.nudge import nudge_after_commit
from people.rules import OPERATIONS
from people.selectors import people_of_role
from people.services.notifications import Note, notify_all

logger = logging.getLogger(__name__)

# far below the visibility timeout; what is left waits for the next run
RUN_SECONDS = 120


@shared_task(name="hrsuite.tasks.run_pipeline")
def run_pipeline() -> None:
    """Book waiting points work and refresh appraisals, titles and raise recommendations."""
    if not pipeline.run_pipeline(seconds=RUN_SECONDS).finished:
        nudge_after_commit("hrsuite.tasks.run_pipeline")


@shared_task(name="hrsuite.tasks.backup", time_limit=4 * 3600, soft_time_limit=4 * 3600 - 60)
def backup() -> None:
    """The daily backup, proved where the secret key is at hand. Operations hear of a failure."""
    with connection.cursor() as cursor:
        # a message that is handed out twice makes one backup
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('hrsuite backup'))")
        if not cursor.fetchone()[0]:
            return
    try:
        path, _manifest = make_backup(settings.BACKUP_DIR)
        if settings.BACKUP_IDENTITY_FILE:
            verify_backup(path, identity_of(settings.BACKUP_IDENTITY_FILE))
        prune(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP)
    except (BackupError, OSError) as error:
        logger.exception("the daily backup failed")
        text = gettext_lazy("The daily backup failed: %(reason)s")
        subject = gettext_lazy("The daily backup failed")
        notify_all(
            [
                Note(user=user, text=text, params={"reason": str(error)}, subject=subject)
                for user in people_of_role(OPERATIONS)
            ]
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('hrsuite backup'))")
