"""Background tasks of training."""

from celery import shared_task

from training.services import figures


@shared_task(name="training.tasks.refresh_figures")
def refresh_figures() -> None:
    """Sum up large ledgers for the dashboard."""
    figures.refresh_figures()
