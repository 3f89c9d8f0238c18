"""How people were rated in other systems: the list, with a chart of a period."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from performance import selectors
from performance.lists import RatingFilter, RatingTable


def ratings_chart(period: str, counts: list[tuple[str, int]]) -> dict[str, Any]:
    """An ECharts option: people by rating in a period; a bar opens the list of its people."""
    base = reverse("performance:ratings")
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "tooltip": {},
        "xAxis": {"type": "value", "show": False, "axisLabel": {"show": False}},
        "yAxis": {
            "type": "category", "inverse": True, "data": [grade for grade, _number in counts],
            "axisTick": {"show": False}, "axisLine": {"show": False},
        },
        "series": [
            {
                "type": "bar", "barMaxWidth": 26, "label": {"show": True, "position": "right"},
                "data": [number for _grade, number in counts],
            }
        ],
        "suite": {
            "links": [f"{base}?{urlencode([('period', period), ('grade', grade)])}" for grade, _number in counts]
        },
    }  # fmt: skip


@require_GET
@requires("performance.view_appraisals")
def ratings(request: SignedInRequest) -> HttpResponseBase:
    rows = selectors.rating_list(request.user)
    page = list_page(request, rows=rows, table=RatingTable, filters=RatingFilter, name="ratings")
    period, counts = selectors.rating_counts(request.user, request.GET.get("period", ""))
    context = {
        "period": period,
        "people": sum(number for _grade, number in counts),
        "chart": ratings_chart(period, counts) if counts else None,
        "height": 34 * len(counts) + 24,
    }
    return page.respond("performance/ratings.html", context)
