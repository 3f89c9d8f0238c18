"""Whose raise recommendation turns by a draft of a points policy."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from hrsuite.lib.lists import list_page
from payroll import services
from payroll.lists import FlipTable
from people.access import SignedInRequest, requires
from training.selectors.changes import visible_simulations


@require_GET
@requires("payroll.view_reviews")
def simulated_raises(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(visible_simulations(request.user).filter(finished_at__isnull=False), pk=pk)
    flips = services.raise_flips(request.user, found)
    context = {
        "simulation": found,
        "flips": flips,
        "gain": sum(flip.gains for flip in flips),
        "lose": sum(not flip.gains for flip in flips),
    }
    if request.htmx and request.htmx.target == "raises":  # type: ignore[attr-defined]
        return render(request, "payroll/_simulated_raises.html", context)
    page = list_page(request, rows=flips, table=FlipTable, name="raise-recommendations")
    return page.respond("payroll/simulated_raises.html", context)
