"""Background tasks of imports."""

from celery import shared_task

from migration.services import uploads


@shared_task(name="migration.tasks.sweep_uploads")
def sweep_uploads() -> None:
    """Delete uploads whose time is over."""
    uploads.sweep_uploads()
