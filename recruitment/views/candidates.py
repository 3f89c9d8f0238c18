"""Candidates: the list with its funnel, one with the applications, and what comes next."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from recruitment import selectors, services
from recruitment.forms import CloseForm, MoveForm
from recruitment.lists import ApplicationFilter, CandidateTable
from recruitment.rules import STAGES, next_stage


def funnel(found: selectors.Sums) -> dict[str, Any]:
    """An ECharts option: how many applications came how far; a bar opens the list of those that stand there."""
    labels = selectors.status_labels()
    base = reverse("recruitment:candidates")
    return {
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "tooltip": {},
        "xAxis": {"type": "value", "show": False, "axisLabel": {"show": False}},
        "yAxis": {
            "type": "category", "inverse": True, "data": [labels[stage] for stage in STAGES],
            "axisTick": {"show": False}, "axisLine": {"show": False},
        },
        "series": [
            {
                "type": "bar", "barMaxWidth": 26, "label": {"show": True, "position": "right"},
                "data": [found.reached[stage] for stage in STAGES],
            }
        ],
        "suite": {"links": [f"{base}?{urlencode({'status': stage})}" for stage in STAGES]},
    }  # fmt: skip


@require_GET
@requires("recruitment.view_candidates")
def candidates(request: SignedInRequest) -> HttpResponseBase:
    rows = selectors.visible_applications(request.user)
    page = list_page(request, rows=rows, table=CandidateTable, filters=ApplicationFilter, name="candidates")
    if request.GET.get("export") or getattr(request, "htmx", False):
        return page.respond("recruitment/candidates.html")
    found = selectors.sums(selectors.visible_applications(request.user))
    context = {
        "sums": found,
        "chart": funnel(found) if found.total else None,
        "interviewed": found.share("interviewing"),
        "offered": found.share("offered"),
        "may_import": request.user.has_perm("migration.import_candidates"),
    }
    return page.respond("recruitment/candidates.html", context)


@require_GET
@requires("recruitment.view_candidates")
def candidate(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.candidate_page(request.user), pk=pk)
    steps = selectors.steps_of(found)
    labels = selectors.status_labels()
    applications = [
        {
            "it": one,
            "steps": steps.get(one.pk, []),
            "track": [labels[stage] for stage in STAGES],
            "place": STAGES.index(one.stage),
            "next": next_stage(one.stage),
            "next_label": labels.get(next_stage(one.stage), ""),
        }
        for one in found.applications.all()
    ]
    context = {
        "candidate": found,
        "applications": applications,
        "may_change": request.user.has_perm("recruitment.change_candidates"),
    }
    return render(request, "recruitment/candidate.html", context)


@require_http_methods(["GET", "POST"])
@requires("recruitment.change_candidates")
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_applications(request.user), pk=pk)
    initial = {
        "stage": next_stage(found.stage) or found.stage,
        "offered_salary": found.offered_salary,
        "employee_no": found.employee.employee_no if found.employee else "",
    }
    form = MoveForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        lambda: services.move_application(application=found, actor=request.user, **form.moves()),
        done=_("The application of %(name)s has moved.") % {"name": found.candidate.name},
        to=reverse("recruitment:candidate", kwargs={"pk": found.candidate_id}),
        heading=_("Move the application of %(name)s") % {"name": found.candidate.name},
        submit=_("Move application"),
    )


@require_http_methods(["GET", "POST"])
@requires("recruitment.change_candidates")
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_applications(request.user), pk=pk)
    form = CloseForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.close_application(application=found, actor=request.user, **form.cleaned_data),
        done=_("The application of %(name)s has ended.") % {"name": found.candidate.name},
        to=reverse("recruitment:candidate", kwargs={"pk": found.candidate_id}),
        heading=_("End the application of %(name)s") % {"name": found.candidate.name},
        submit=_("End application"),
        danger=True,
    )


@require_POST
@requires("recruitment.change_candidates")
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_applications(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.reopen_application(application=found, actor=request.user),
        done=_("The application is under way again."),
        to=reverse("recruitment:candidate", kwargs={"pk": found.candidate_id}),
    )
