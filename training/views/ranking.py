"""Who has most points, and where one stands oneself."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.selectors import all_departments, employee_of
from training.lists.ranking import RankingFilter, RankingTable
from training.selectors.policies import visible_years, year_of
from training.selectors.ranking import listed, own_place, population


@require_GET
@requires("training.view_ranking")
def ranking(request: SignedInRequest) -> HttpResponseBase:
    year = year_of(request.user, request.GET.get("year", ""))
    if year is None:
        return render(request, "training/ranking.html", {"year": None})
    wanted = request.GET.get("department", "")
    department = all_departments().filter(pk=wanted).first() if wanted.isdecimal() else None
    rows = population(request.user, year, department=department, band=request.GET.get("band", ""))
    # the table asks it for places, also chunk by chunk in an export
    request.ranking_population = rows  # type: ignore[attr-defined]
    page = list_page(request, rows=listed(rows), table=RankingTable, filters=RankingFilter, name="ranking")
    page.table.own_id = getattr(employee_of(request.user), "pk", None)
    context = {"year": year, "years": visible_years(request.user), "own": own_place(request.user, rows)}
    return page.respond("training/ranking.html", context)
