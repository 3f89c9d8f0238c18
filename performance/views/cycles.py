"""Appraisal cycles: the list, one with its grades, a new one, its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from people.access import SignedInRequest, requires
from people.selectors import today
from performance import selectors, services
from performance.forms import (
    FIRST_BANDS,
    FIRST_PARTS,
    BandFormSet,
    CycleForm,
    PartFormSet,
    planned_bands,
    planned_parts,
)
from training.selectors.policies import year_of


@require_GET
@requires("performance.view_appraisals")
def cycles(request: SignedInRequest) -> HttpResponse:
    mine = selectors.visible_appraisals(request.user)
    rows = [(cycle, selectors.cycle_sums(mine, cycle)) for cycle in selectors.all_cycles()[:10]]
    return render(request, "performance/cycles.html", {"rows": rows})


def grades_chart(counts: list[tuple[str, int]], cycle_id: int) -> dict[str, Any]:
    """An ECharts option: people by grade; a bar opens the list of its people."""
    graded = [(grade, number) for grade, number in counts if grade]
    base = reverse("performance:appraisals")
    return {
        "grid": {"left": 40, "right": 12, "top": 16, "bottom": 28},
        "tooltip": {},
        "xAxis": {"type": "category", "data": [grade for grade, _number in graded]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "bar", "label": {"show": True, "position": "top"}, "data": [number for _grade, number in graded]}
        ],
        "suite": {
            "links": [f"{base}?{urlencode([('cycle', cycle_id), ('grade', grade)])}" for grade, _number in graded]
        },
    }


@require_GET
@requires("performance.view_appraisals")
def cycle(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.all_cycles(), pk=pk)
    mine = selectors.visible_appraisals(request.user)
    counts = selectors.grade_counts(mine, found)
    context = {
        "cycle": found,
        "sums": selectors.cycle_sums(mine, found),
        "chart": grades_chart(counts, found.pk),
        "ungraded": counts[-1][1],
    }
    return render(request, "performance/cycle.html", context)


@require_http_methods(["GET", "POST"])
@requires("performance.change_cycles")
def add_cycle(request: SignedInRequest) -> HttpResponse:
    year = today().year
    form = CycleForm(
        request.POST or None,
        initial={
            "name": year,
            "points_year": year_of(request.user, ""),
            "start_date": dt.date(year, 1, 1),
            "end_date": dt.date(year, 12, 31),
        },
    )
    parts = PartFormSet(request.POST or None, prefix="parts", initial=None if request.POST else FIRST_PARTS)
    bands = BandFormSet(request.POST or None, prefix="bands", initial=None if request.POST else FIRST_BANDS)
    if request.method == "POST" and all([form.is_valid(), parts.is_valid(), bands.is_valid()]):
        try:
            made = services.create_cycle(
                **form.cleaned_data, parts=planned_parts(parts), bands=planned_bands(bands), actor=request.user
            )
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The cycle is open. Everybody on staff on its last day has an appraisal."))
            return redirect("performance:cycle", pk=made.pk)
    return render(request, "performance/add_cycle.html", {"form": form, "parts": parts, "bands": bands})


@require_POST
@requires("performance.change_cycles")
def finalise(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.all_cycles(), pk=pk)
    return answer_action(
        request,
        lambda: services.finalise_cycle(cycle=found, actor=request.user),
        done=_("The cycle is final."),
        to=reverse("performance:cycle", kwargs={"pk": pk}),
    )


@require_http_methods(["GET", "POST"])
@requires("performance.change_appraisals")
def sign_ready(request: SignedInRequest, pk: int) -> HttpResponse:
    """A preview of the complete appraisals that the reader may sign; POST signs them."""
    found = get_object_or_404(selectors.all_cycles(), pk=pk)
    ready = list(selectors.ready_to_sign(request.user, found))
    if request.method == "POST":
        return answer_action(
            request,
            lambda: services.sign_complete(appraisals=ready, seen=request.POST.get("seen", ""), actor=request.user),
            done=ngettext("%(count)s appraisal is signed.", "%(count)s appraisals are signed.", len(ready))
            % {"count": len(ready)},
            to=reverse("performance:cycle", kwargs={"pk": pk}),
        )
    context = {"cycle": found, "rows": ready[:200], "count": len(ready), "seen": selectors.fingerprint(ready)}
    return render(request, "performance/sign_ready.html", context)
