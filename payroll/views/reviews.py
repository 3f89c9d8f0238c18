"""Raise reviews: the list, one review with its line, a new one, its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.lists import list_page
from payroll import selectors, services
from payroll.forms import ReviewForm
from payroll.lists import RecommendationFilter, RecommendationTable
from people.access import SignedInRequest, requires
from people.selectors import today
from training.selectors.policies import year_of


@require_GET
@requires("payroll.view_reviews")
def reviews(request: SignedInRequest) -> HttpResponse:
    rows = [(review, selectors.review_sums(request.user, review)) for review in _shown(request)]
    return render(request, "payroll/reviews.html", {"rows": rows, "sees_pay": selectors.sees_pay(request.user)})


def _shown(request: SignedInRequest) -> Any:
    # a review a year: the newest dozen is enough
    return selectors.visible_reviews(request.user)[:12]


def distribution(bars: list[tuple[Any, int, int]]) -> dict[str, Any]:
    """An ECharts option: people by points, those who are recommended in colour."""
    return {
        "grid": {"left": 40, "right": 12, "top": 32, "bottom": 44},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": [str(int(start)) for start, _below, _above in bars],
            "name": _("points"),
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": _("Recommended"),
                "type": "bar",
                "stack": "people",
                "data": [above for _start, _below, above in bars],
            },
            {
                "name": _("Others"),
                "type": "bar",
                "stack": "people",
                "itemStyle": {"color": "#c3ccd5"},
                "data": [below for _start, below, _above in bars],
            },
        ],
    }


@require_GET
@requires("payroll.view_reviews")
def review(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(selectors.visible_reviews(request.user), pk=pk)
    sees_pay = selectors.sees_pay(request.user)
    page = list_page(
        request,
        rows=selectors.visible_recommendations(request.user).filter(review=found),
        table=RecommendationTable,
        filters=RecommendationFilter,
        name="raises",
        exclude=() if sees_pay else ("old_pay", "new_pay", "decided_pay"),
    )
    if request.GET.get("export") or request.htmx:  # type: ignore[attr-defined]
        return page.respond("payroll/review.html", {"review": found})
    context = {
        "review": found,
        "sees_pay": sees_pay,
        "sums": selectors.review_sums(request.user, found),
        "places": selectors.places_of(found),
        "line": selectors.line_points(found),
        "population": found.recommendations.count(),
        "chart": distribution(selectors.points_histogram(request.user, found)),
        "frozen": found.population_date < today(),
    }
    return page.respond("payroll/review.html", context)


@require_http_methods(["GET", "POST"])
@requires("payroll.change_reviews")
def add_review(request: SignedInRequest) -> HttpResponse:
    day = today()
    form = ReviewForm(
        request.POST or None,
        initial={
            "year": year_of(request.user, ""),
            "population_date": day,
            "effective_date": dt.date(day.year + 1, 1, 1),
            "band": "middle",
        },
    )
    return answer_form(
        request,
        form,
        lambda: services.create_review(actor=request.user, **form.cleaned_data),
        then=lambda review: reverse("payroll:review", args=[review.pk]),
        done=_("The review is open. Recommendations follow the points until you decide."),
        to=reverse("payroll:reviews"),
        heading=_("New raise review"),
        submit=_("Open review"),
        intro=_("The top share by points among the people counted gets a recommended raise. Nothing is paid yet."),
    )


@require_POST
@requires("payroll.change_reviews")
def close_review(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_reviews(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.close_review(review=found, actor=request.user),
        done=_("The review is closed."),
        to=reverse("payroll:review", kwargs={"pk": pk}),
    )


@require_POST
@requires("payroll.change_reviews")
def rebuild_population(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_reviews(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.rebuild_population(review=found, actor=request.user),
        done=_("The people are counted again as of %(day)s.") % {"day": found.population_date},
        to=reverse("payroll:review", kwargs={"pk": pk}),
    )


@require_http_methods(["GET", "POST"])
@requires("payroll.decide_raises")
def approve_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """A preview of what would be approved; POST approves exactly that, or nothing where the list has moved."""
    found = get_object_or_404(selectors.visible_reviews(request.user), pk=pk)
    waiting = selectors.waiting_raises(request.user, found)
    if request.method == "POST":
        given = request.POST.get("expected", "")
        expected = int(given) if given.isdigit() else -1
        return answer_action(
            request,
            lambda: services.approve_recommended(review=found, expected=expected, actor=request.user),
            done=ngettext("%(count)s raise is approved.", "%(count)s raises are approved.", max(expected, 0))
            % {"count": expected},
            to=reverse("payroll:review", kwargs={"pk": pk}),
        )
    context = {"review": found, "rows": waiting[:200], "totals": selectors.raise_totals(waiting)}
    return render(request, "payroll/approve_all.html", context)
