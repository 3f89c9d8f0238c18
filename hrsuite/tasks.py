"""Background tasks of the wiring. A task takes no data: the work is rows."""

from celery import shared_task

from hrsuite import pipeline
from hrsuite.lib.nudge import nudge_after_commit

# far below the visibility timeout; what is left waits for the next run
RUN_SECONDS = 120


@shared_task(name="hrsuite.tasks.run_pipeline")
def run_pipeline() -> None:
    """Book waiting points work and refresh appraisals, titles and raise recommendations."""
    if not pipeline.run_pipeline(seconds=RUN_SECONDS).finished:
        nudge_after_commit("hrsuite.tasks.run_pipeline")
