"""Sums for the dashboard where the ledger is too large to be read while somebody waits."""

from __future__ import annotations

import time

from django.utils import timezone

from training.models import YearFigures
from training.selectors.dashboard import sum_up, years_to_refresh


def refresh_figures() -> int:
    """Sum up the years whose figures are old. Returns how many."""
    years = years_to_refresh(timezone.now())
    for year in years:
        began, computed_at = time.monotonic(), timezone.now()
        cells = sum_up(year.pk)
        YearFigures.objects.update_or_create(
            year=year,
            defaults={"cells": cells, "computed_at": computed_at, "seconds": time.monotonic() - began},
        )
    return len(years)
