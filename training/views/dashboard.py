"""The first page of HR: how training goes, in charts, and what waits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from people.access import SignedInRequest, requires
from training.selectors import dashboard as figures
from training.selectors.completion import Node, Tree, completion_tree
from training.selectors.policies import visible_years, year_of
from training.services.work import retry_now


def _compared(tree: Tree) -> list[Node]:
    """The departments below the top: those of the only root, or all roots."""
    top = tree.roots[0].children if len(tree.roots) == 1 else tree.roots
    return top or tree.roots


@require_GET
@requires("training.view_dashboard")
def dashboard(request: SignedInRequest) -> HttpResponse:
    year = year_of(request.user, request.GET.get("year", ""))
    if year is None:
        return render(request, "training/dashboard.html", {"year": None})
    tree = completion_tree(request.user, year)
    sums = figures.figures_of(year)
    context: dict[str, Any] = {
        "year": year,
        "years": visible_years(request.user),
        "whole": tree.whole,
        "sums": sums,
        "waiting": figures.waiting_work(),
        "newest": figures.newest_records(),
        "departments": figures.by_department(_compared(tree), year),
    }
    if sums:
        names = figures.category_labels()
        context |= {"months": figures.by_month(sums, names), "categories": figures.by_category(sums, names)}
    return render(request, "training/dashboard.html", context)


@require_POST
@requires("training.change_records")
def retry_work(request: SignedInRequest) -> HttpResponse:
    """Book work that failed before at once."""
    retry_now(actor=request.user)
    messages.success(request, _("The work is being tried again now."))
    return redirect("training:dashboard")
