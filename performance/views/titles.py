"""Titles: who is ranked, where the line runs, who holds; and the promotion list."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from performance import selectors, services
from performance.forms import TitleForm
from performance.lists import CandidateFilter, CandidateTable, PromotionTable, TitleFilter
from training.selectors.policies import visible_years, year_of


@require_GET
@requires("performance.view_titles")
def titles(request: SignedInRequest) -> HttpResponse:
    rows = [(title, selectors.line_of(title)) for title in selectors.visible_titles(request.user)[:20]]
    return render(request, "performance/titles.html", {"rows": rows})


@require_GET
@requires("performance.view_titles")
def title(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(selectors.visible_titles(request.user), pk=pk)
    page = list_page(
        request,
        rows=selectors.visible_candidates(request.user).filter(title=found),
        table=CandidateTable,
        filters=TitleFilter,
        name="title",
    )
    return page.respond("performance/title.html", {"title": found, "line": selectors.line_of(found)})


@require_http_methods(["GET", "POST"])
@requires("performance.change_titles")
def add_title(request: SignedInRequest) -> HttpResponse:
    form = TitleForm(request.POST or None, initial={"year": year_of(request.user, ""), "band": "middle"})
    return answer_form(
        request,
        form,
        lambda: services.create_title(actor=request.user, **form.cleaned_data),
        done=_("The title is ranked. It follows the points until you confirm it."),
        to=reverse("performance:titles"),
        heading=_("New title"),
        submit=_("Add title"),
    )


@require_POST
@requires("performance.change_titles")
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_titles(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.confirm_title(title=found, actor=request.user),
        done=_("The title is confirmed, and its holders have been told."),
        to=reverse("performance:title", kwargs={"pk": pk}),
    )


@require_POST
@requires("performance.change_titles")
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_titles(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.reopen_title(title=found, actor=request.user),
        done=_("The title follows the points again."),
        to=reverse("performance:title", kwargs={"pk": pk}),
    )


@require_GET
@requires("performance.view_titles")
def promotion(request: SignedInRequest) -> HttpResponseBase:
    year = year_of(request.user, request.GET.get("year", ""))
    rows = selectors.promotion_list(request.user, year)
    page = list_page(request, rows=rows, table=PromotionTable, filters=CandidateFilter, name="promotion")
    return page.respond("performance/promotion.html", {"year": year, "years": visible_years(request.user)})
