"""Background tasks of imports."""

from celery import shared_task

from migration.services import jobs, refused, uploads


@shared_task(name="migration.tasks.sweep_uploads")
def sweep_uploads() -> None:
    """Delete uploads whose time is over, and rows that imports refused."""
    uploads.sweep_uploads()
    refused.sweep_refused()


@shared_task(name="migration.tasks.run_imports", time_limit=6 * 3600, soft_time_limit=6 * 3600 - 60)
def run_imports() -> None:
    """Work on the imports that wait. Whoever is told twice finds that somebody does it already."""
    jobs.run_jobs()
