"""Background tasks of the wiring. A task takes no data: the work is rows."""

from celery import shared_task
from django.utils import timezone

from hrsuite import pipeline
from hrsuite.backups.runs import is_due, make_daily
from hrsuite.lib.alone import alone
from hrsuite.lib.nudge import nudge_after_commit

# far below the visibility timeout; what is left waits for the next run
RUN_SECONDS = 120


@shared_task(name="hrsuite.tasks.run_pipeline")
def run_pipeline() -> None:
    """Book waiting points work and refresh appraisals, titles and raise recommendations."""
    if not pipeline.run_pipeline(seconds=RUN_SECONDS).finished:
        nudge_after_commit("hrsuite.tasks.run_pipeline")


@shared_task(name="hrsuite.tasks.backup", time_limit=4 * 3600, soft_time_limit=4 * 3600 - 60)
def backup() -> None:
    """The daily backup, where it is due. Whoever is told meanwhile finds that somebody makes it already."""
    now = timezone.now()
    with alone("hrsuite backup") as is_mine:
        if is_mine and is_due(now):
            make_daily(now)
