"""My points, the same page for others, why a line is there, and points given by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.selectors import employee_of, visible_employees
from training.forms.records import AdjustForm
from training.lists.points import LedgerFilter, LedgerTable
from training.selectors.appeals import booked_since
from training.selectors.paths import gaps_of_person, my_gaps
from training.selectors.points import (
    Points,
    ledger_of,
    people_with_points,
    points_of,
    pro_rata_text,
    visible_entries,
    window_text,
)
from training.selectors.policies import figure, visible_years, year_of
from training.selectors.suggestions import gaps_of
from training.selectors.why import why
from training.services.records import adjust_points

#: whoever sees the completion of others sees their points; employees are let in to find only themselves
SEES_POINTS = ("training.view_completion", "training.view_own_points")


def ring(points: Points) -> dict[str, Any]:
    """An ECharts option: how much of the target is reached."""
    share = points.share or 0
    width, colour = 16, "#2fb344" if points.standing and points.standing.met else "#0f766e"
    of = _("of %(required)s points") % {"required": figure(points.required or points.total)}
    return {
        "series": [
            {
                "type": "gauge",
                "startAngle": 90,
                "endAngle": -270,
                "radius": "98%",
                "pointer": {"show": False},
                "progress": {"show": True, "width": width, "roundCap": True, "itemStyle": {"color": colour}},
                "axisLine": {"lineStyle": {"width": width, "color": [[1, "#e6ecec"]]}},
                "splitLine": {"show": False},
                "axisTick": {"show": False},
                "axisLabel": {"show": False},
                "title": {"offsetCenter": [0, "26%"], "fontSize": 13, "color": "#667382"},
                "detail": {
                    "offsetCenter": [0, "-6%"],
                    "fontSize": 38,
                    "fontWeight": 600,
                    "color": "#182433",
                    "formatter": figure(points.total),
                },
                "data": [{"value": round(float(share) * 100, 2), "name": of}],
            }
        ]
    }


@require_GET
@requires("training.view_own_points")
def my_points(request: SignedInRequest) -> HttpResponseBase:
    employee = employee_of(request.user)
    return _points_page(request, get_object_or_404(people_with_points(request.user), pk=employee.pk if employee else 0))


@require_GET
@requires(*SEES_POINTS)
def points_of_employee(request: SignedInRequest, pk: int) -> HttpResponseBase:
    return _points_page(request, get_object_or_404(people_with_points(request.user), pk=pk))


def _points_page(request: SignedInRequest, employee: Any) -> HttpResponseBase:
    year = year_of(request.user, request.GET.get("year", ""))
    is_self = employee == employee_of(request.user)
    context: dict[str, Any] = {"employee": employee, "is_self": is_self, "year": year}
    if year is None:
        return render(request, "training/my_points.html", context)
    points = points_of(employee, year)
    page = list_page(
        request,
        rows=ledger_of(request.user, employee, year),
        table=LedgerTable,
        filters=LedgerFilter,
        name=f"points-{employee.employee_no}-{year.name}",
    )
    context |= {
        "points": points,
        "years": visible_years(request.user),
        "ring": ring(points),
        "pro_rata": pro_rata_text(points),
        "window": window_text(points),
        "gaps": gaps_of(points, anywhere=_("In any category")),
        "here": request.get_full_path(),
        "mandatory": my_gaps(request.user, year) if is_self else gaps_of_person(request.user, employee, year),
        "appeal_since": booked_since() if is_self and not year.is_closed else None,
    }
    return page.respond("training/my_points.html", context)


@require_GET
@requires(*SEES_POINTS)
def entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why a line stands in the ledger: a page of its own, or the part that slides in beside the list."""
    line = get_object_or_404(
        visible_entries(request.user).select_related(
            "batch__actor", "rule_version__rule__policy", "rule_version__created_by", "record__created_by"
        ),
        pk=pk,
    )
    context = {"entry": line, "why": why(line), "is_self": line.employee == employee_of(request.user)}
    part = getattr(request, "htmx", False)
    return render(request, "training/_points_why.html" if part else "training/points_entry.html", context)


@require_http_methods(["GET", "POST"])
@requires("training.adjust_points")
def adjust(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(visible_employees(request.user), pk=pk)
    form = AdjustForm(request.POST or None, user=request.user)
    return answer_form(
        request,
        form,
        lambda: adjust_points(employee=employee, actor=request.user, **form.cleaned_data),
        done=_("The adjustment is booked."),
        to=reverse("training:points_of", kwargs={"pk": pk}),
        heading=_("Adjust points of %(name)s") % {"name": employee.name},
        intro=_("For what no record can stand for. The line keeps your name and the reason, and cannot be changed."),
        submit=_("Book adjustment"),
    )
