"""The points pipeline, the whole way at a glance.

points work -> book -> pull into appraisals   (one transaction per slice of employees)
            -> rank, statuses, outcomes -> titles -> raise recommendations   (one transaction per changed year)

drafts of policies -> who would gain and lose (one transaction per lot of employees; nothing is booked)

Every stage reads tables and writes differences, so any stage may run twice, on any number of workers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from payroll.services import mark_reviews_stale, refresh_stale_reviews
from performance.services import mark_titles_stale, pull_training_scores, refresh_stale_titles
from training.services.booking import SliceFailed, book_next_slice, take_changed_years
from training.services.changes import simulate_next_lot
from training.services.engine_booking import refresh_outcomes

logger = logging.getLogger(__name__)


@dataclass
class PipelineRun:
    """What one run did: slices booked and failed, entries, points in sum, years whose rankings were refreshed."""

    slices: int = 0
    failures: int = 0
    entries: int = 0
    points: Decimal = Decimal(0)
    years: int = 0
    finished: bool = True


def _pull(employee_ids: Sequence[int], year_id: int) -> None:
    pull_training_scores(employee_ids=employee_ids, year_id=year_id)


def refresh_rankings() -> int:
    """Refresh titles and raise recommendations of years that changed, and those marked stale by their own edits."""
    with transaction.atomic():
        years = take_changed_years()
        for year_id in years:
            refresh_outcomes(year_id=year_id)
            mark_titles_stale(year_id=year_id)
            mark_reviews_stale(year_id=year_id)
        refresh_stale_titles()
        refresh_stale_reviews()
    return len(years)


def run_pipeline(*, seconds: float | None = None) -> PipelineRun:
    """Book all waiting work and refresh what depends on it; stop after ``seconds`` with ``finished`` False.

    A slice that fails is logged, waits, and is tried again by a later run; a lost connection or a failure that could
    not even be written down is raised.
    """
    run = PipelineRun()
    deadline = None if seconds is None else time.monotonic() + seconds
    while run.finished:
        try:
            booked = book_next_slice(follow_up=_pull)
        except SliceFailed:
            # its rows wait now, so the loop comes to an end
            logger.exception("a slice of points work failed and waits for another try")
            run.failures += 1
        else:
            if booked is None:
                break
            run.slices += 1
            run.entries += booked.entries
            run.points += booked.points
        run.finished = deadline is None or time.monotonic() < deadline
    run.years = refresh_rankings()
    while run.finished and simulate_next_lot():
        run.finished = deadline is None or time.monotonic() < deadline
    return run
