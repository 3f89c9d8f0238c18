"""Appraisals: the list, one with its parts, scores, signature, and one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from performance import selectors, services
from performance.forms import ReasonForm, ScoreForm, SignForm
from performance.lists import AppraisalFilter, AppraisalTable

#: ratings of other systems beside an appraisal
RATINGS_SHOWN = 10


@require_GET
@requires("performance.view_appraisals")
def appraisals(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request,
        rows=selectors.appraisal_list(request.user),
        table=AppraisalTable,
        filters=AppraisalFilter,
        name="appraisals",
    )
    return page.respond("performance/appraisals.html")


def stacked(lines: list[selectors.PartLine]) -> dict[str, Any]:
    """An ECharts option: one bar of what each part brings to the final score, out of 100."""
    return {
        "grid": {"left": 8, "right": 8, "top": 30, "bottom": 24},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {},
        "xAxis": {"type": "value", "min": 0, "max": 100},
        "yAxis": {"type": "category", "data": [""], "axisTick": {"show": False}},
        "series": [
            {
                "name": line.part.part.name,
                "type": "bar",
                "stack": "score",
                "barWidth": 30,
                "data": [float(line.contribution)],
            }
            for line in lines
            if line.contribution is not None
        ],
    }


def _shown(appraisal: Any) -> dict[str, Any]:
    lines = selectors.part_lines(appraisal)
    return {
        "appraisal": appraisal,
        "lines": lines,
        "deviates": selectors.part_deviates(lines),
        "standing": selectors.standing_of(appraisal),
        "chart": stacked(lines),
        "is_complete": appraisal.final_score is not None,
    }


@require_GET
@requires("performance.view_appraisals")
def appraisal(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = selectors.with_parts(selectors.visible_appraisals(request.user).select_related("signed_by"))
    found = get_object_or_404(rows, pk=pk)
    may_change = request.user.has_perm("performance.change_appraisals") and found.cycle.status == "open"
    ratings = list(selectors.visible_ratings(request.user).filter(employee=found.employee_id)[:RATINGS_SHOWN])
    context = {**_shown(found), "may_change": may_change, "ratings": ratings}
    return render(request, "performance/appraisal.html", context)


@require_http_methods(["GET", "POST"])
@requires("performance.change_appraisals")
def score(request: SignedInRequest, pk: int) -> HttpResponse:
    part = get_object_or_404(selectors.visible_parts(request.user), pk=pk)
    form = ScoreForm(
        request.POST or None,
        initial={"score": part.score, "not_applicable": part.state == "not_applicable", "reason": part.reason},
    )
    intro = ""
    if part.part.source == "training":
        intro = _("This score comes from training points. Another one needs a reason and stays until you release it.")
    return answer_form(
        request,
        form,
        lambda: services.type_score(part=part, actor=request.user, **form.cleaned_data),
        done=_("The score is saved."),
        to=reverse("performance:appraisal", kwargs={"pk": part.appraisal_id}),
        heading=_("%(part)s of %(name)s") % {"part": part.part.name, "name": part.appraisal.employee.name},
        intro=intro,
        submit=_("Save score"),
    )


@require_POST
@requires("performance.change_appraisals")
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    part = get_object_or_404(selectors.visible_parts(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.release_score(part=part, actor=request.user),
        done=_("The score follows the points again."),
        to=reverse("performance:appraisal", kwargs={"pk": part.appraisal_id}),
    )


@require_http_methods(["GET", "POST"])
@requires("performance.change_appraisals")
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_appraisals(request.user), pk=pk)
    form = SignForm(request.POST or None, initial={"comment": found.comment})
    return answer_form(
        request,
        form,
        lambda: services.sign_appraisal(appraisal=found, actor=request.user, **form.cleaned_data),
        done=_("The appraisal of %(name)s is signed.") % {"name": found.employee.name},
        to=reverse("performance:appraisal", kwargs={"pk": pk}),
        heading=_("Sign the appraisal of %(name)s") % {"name": found.employee.name},
        intro=_("Once signed, nothing overwrites it; the person sees your comment."),
        submit=_("Sign appraisal"),
    )


@require_http_methods(["GET", "POST"])
@requires("performance.change_appraisals")
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_appraisals(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.reopen_appraisal(appraisal=found, actor=request.user, **form.cleaned_data),
        done=_("The appraisal is open again."),
        to=reverse("performance:appraisal", kwargs={"pk": pk}),
        heading=_("Reopen the appraisal of %(name)s") % {"name": found.employee.name},
        submit=_("Reopen appraisal"),
        danger=True,
    )


def _shown_to_the_person(appraisal: Any) -> dict[str, Any]:
    """Before the signature only what the person knows anyway: the own points. What others typed is a draft."""
    context = _shown(appraisal)
    context["is_secret"] = appraisal.status != "signed"
    if context["is_secret"]:
        context["lines"] = [
            replace(line, is_kept_back=line.part.part.source != "training") for line in context["lines"]
        ]
        context["chart"] = None
    return context


@require_GET
@requires("performance.view_own_appraisal")
def my_appraisals(request: SignedInRequest) -> HttpResponse:
    rows = list(selectors.own_appraisals(request.user)[:5])
    context = {
        "current": _shown_to_the_person(rows[0]) if rows else None,
        "earlier": rows[1:],
        "ratings": list(selectors.own_ratings(request.user)[:RATINGS_SHOWN]),
    }
    return render(request, "performance/my_appraisals.html", context)
