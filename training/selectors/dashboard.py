"""What HR sees first: participation, targets, points by month and category, and work that waits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hrsuite.templatetags.suite import percent_sign
from hrsuite.templatetags.suite import points as points_text
from training.models import BookingBatch, Category, LearningRecord, PointsWork, PointsYear, YearFigures
from training.selectors.completion import Node
from training.sql import load

#: a ledger up to this size on disk (about 80,000 lines, 50 ms) is summed while the page is made; a larger one by beat
LIVE_BYTES = 12 * 1024 * 1024
PALETTE = ("#0f766e", "#f59f00", "#4263eb", "#d6336c", "#74b816", "#7048e8", "#1098ad", "#868e96")
MONTHS_SHOWN = 24
#: failed tries from which on work is shown as stuck
STUCK = 3


@dataclass(frozen=True)
class Figures:
    """``cells``: (month, category id, points, entries). ``as_of`` is None where they are of this moment."""

    cells: list[tuple[str, int, float, int]]
    as_of: dt.datetime | None = None


def sum_up(year_id: int) -> list[tuple[str, int, float, int]]:
    """Read the whole ledger of a year: seconds where it has millions of lines."""
    with connection.cursor() as cursor:
        cursor.execute(load("figures"), {"year": year_id})
        return cursor.fetchall()


def _ledger_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('training_ledgerentry')")
        return cursor.fetchone()[0]


def figures_of(year: PointsYear) -> Figures | None:
    """Sums of this moment for a small ledger, stored ones for a large; None until beat has made them."""
    if _ledger_bytes() <= LIVE_BYTES:
        return Figures(sum_up(year.pk))
    stored = YearFigures.objects.filter(year=year).first()
    return Figures([tuple(cell) for cell in stored.cells], stored.computed_at) if stored else None


def years_to_refresh(now: dt.datetime) -> list[PointsYear]:
    """Years whose stored sums are older than the last booking, unless that was summed a moment ago."""
    if _ledger_bytes() <= LIVE_BYTES:
        return []
    last = BookingBatch.objects.order_by("-pk").values_list("created_at", flat=True).first()
    if last is None:
        return []
    stored = {row.year_id: row for row in YearFigures.objects.all()}

    def is_due(year: PointsYear) -> bool:
        row = stored.get(year.pk)
        if row is None:
            return True
        # a sum that took two seconds is made once a minute at most
        return row.computed_at < last and now - row.computed_at > dt.timedelta(seconds=30 * row.seconds)

    return [year for year in PointsYear.objects.exclude(status=PointsYear.Status.CLOSED) if is_due(year)]


# --- charts -----------------------------------------------------------------------------------------------------------
def _bars(**option: Any) -> dict[str, Any]:
    return {"tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}}, **option}


def by_month(figures: Figures, names: dict[int, str]) -> dict[str, Any] | None:
    """Stacked bars: a month each, a colour per category."""
    months = sorted({month for month, *_rest in figures.cells})[-MONTHS_SHOWN:]
    if not months:
        return None
    points: dict[int, dict[str, float]] = defaultdict(dict)
    for month, category, amount, _entries in figures.cells:
        points[category][month] = round(amount, 2)
    series = [
        {
            "type": "bar",
            "stack": "points",
            "name": names.get(category, str(category)),
            "data": [of_month.get(month, 0) for month in months],
        }
        for category, of_month in sorted(points.items(), key=lambda item: names.get(item[0], ""))
    ]
    return _bars(
        grid={"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": True},
        legend={"top": 0, "left": 0, "type": "scroll"},
        xAxis={"type": "category", "data": months},
        yAxis={"type": "value"},
        series=series,
    )


def by_category(figures: Figures, names: dict[int, str]) -> dict[str, Any] | None:
    """Horizontal bars, the largest on top."""
    sums: dict[int, float] = defaultdict(float)
    for _month, category, amount, _entries in figures.cells:
        sums[category] += amount
    ordered = sorted(sums.items(), key=lambda item: item[1])
    if not ordered:
        return None
    # the colours of the chart by month
    by_name = sorted(sums, key=lambda category: names.get(category, ""))
    colors = {category: PALETTE[number % len(PALETTE)] for number, category in enumerate(by_name)}
    return _bars(
        grid={"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        # every bar says its number
        xAxis={"type": "value", "show": False},
        yAxis={"type": "category", "data": [names.get(category, str(category)) for category, _sum in ordered]},
        series=[
            {
                "type": "bar",
                "barMaxWidth": 26,
                "label": {"show": True, "position": "right"},
                "data": [
                    {
                        "value": round(amount, 2),
                        "itemStyle": {"color": colors[category]},
                        "label": {"formatter": points_text(round(amount, 2))},
                    }
                    for category, amount in ordered
                ],
            }
        ],
    )


def by_department(nodes: list[Node], year: PointsYear, limit: int = 15) -> dict[str, Any] | None:
    """``option``: horizontal bars of the share that met the target, the highest on top; a click opens the department.

    ``height`` in px grows with the bars. Of many departments the lowest are shown, ``higher`` counts the others.
    """
    compared = sorted((node for node in nodes if node.with_target), key=lambda node: (node.rate or 0, node.name))
    rated = compared[:limit]
    if not rated:
        return None
    completion = reverse("training:completion")
    option = _bars(
        grid={"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        xAxis={"type": "value", "max": 100, "show": False},
        yAxis={"type": "category", "data": [node.name for node in rated]},
        series=[
            {
                "type": "bar",
                "name": _("met the target, %"),
                "barMaxWidth": 26,
                "label": {"show": True, "position": "right", "formatter": percent_sign("{c}")},
                "showBackground": True,
                "backgroundStyle": {"color": "#eef2f1"},
                "data": [round(float(node.rate or 0) * 100, 1) for node in rated],
            }
        ],
        suite={"links": [f"{completion}?year={year.name}&department={node.pk}" for node in rated]},
    )
    return {"option": option, "height": 60 + 36 * len(rated), "higher": len(compared) - len(rated)}


def category_labels() -> dict[int, str]:
    return dict(Category.objects.values_list("pk", "name"))


# --- work -------------------------------------------------------------------------------------------------------------
def newest_records(limit: int = 8) -> QuerySet[LearningRecord]:
    """Last received; the dashboard is for people who see everyone."""
    records = LearningRecord.objects.filter(status="active").select_related("employee", "activity")
    return records.order_by("-pk")[:limit]


@dataclass(frozen=True)
class Waiting:
    """Rows of points work to be booked, and those among them that failed again and again."""

    rows: int
    failed: int
    examples: list[PointsWork]


def failed_work() -> tuple[int, str]:
    """Employees whose points could not be booked yet, and why the first of them could not."""
    failed = PointsWork.objects.filter(attempts__gt=0)
    reason = failed.order_by("pk").values_list("error", flat=True).first() or ""
    return failed.values("employee").distinct().count(), reason


def waiting_work(limit: int = 5) -> Waiting:
    failed = PointsWork.objects.filter(attempts__gte=STUCK)
    return Waiting(
        rows=PointsWork.objects.count(),
        failed=failed.count(),
        examples=list(failed.select_related("employee", "year").order_by("pk")[:limit]),
    )
