"""Learning paths: how far people are, who is behind, and the form that says what is mandatory for whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form, own_path
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.selectors import today
from training.forms.paths import EndPathForm, PathForm, item_formset, one_item, suggestion
from training.lists.paths import BehindFilter, BehindTable, PathFilter, PathTable, is_running
from training.selectors.paths import (
    item_text,
    paths_with_progress,
    people_on_path,
    progress_by_department,
    visible_paths,
)
from training.selectors.policies import current_year
from training.services.paths import change_path, create_path, end_path

SEE, CHANGE = "training.view_paths", "training.change_paths"
MAX_LINES, BARS = 60, 12
#: long names of departments are cut to what the screen has room for, the tooltip has them whole
LABELS = {"overflow": "truncate"}


@require_GET
@requires(SEE)
def paths(request: SignedInRequest) -> HttpResponseBase:
    year = current_year()
    rows = paths_with_progress(request.user, year) if year else visible_paths(request.user).none()
    page = list_page(request, rows=rows, table=PathTable, filters=PathFilter, name="learning-paths")
    return page.respond("training/paths.html")


def chart(bars: list[Any]) -> dict[str, Any]:
    """An ECharts option: people of each department who are done, have something open, or are overdue."""
    shown = bars[:BARS][::-1]
    parts = [
        (_("Done"), "#2fb344", [one.done for _name, one in shown]),
        (pgettext("learning path", "Open"), "#4299e1", [one.behind - one.late for _name, one in shown]),
        (_("Overdue"), "#d63939", [one.late for _name, one in shown]),
    ]
    return {
        "grid": {"left": 8, "right": 16, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [name for name, _one in shown], "axisLabel": LABELS},
        "series": [
            {"name": name, "type": "bar", "stack": "people", "barMaxWidth": 18, "data": data, "color": colour}
            for name, colour, data in parts
        ],
    }


@require_GET
@requires(SEE)
def path(request: SignedInRequest, pk: int) -> HttpResponseBase:
    year = current_year()
    found: Any = get_object_or_404(visible_paths(request.user), pk=pk)
    if year:
        found = paths_with_progress(request.user, year, found).get(pk=pk)
    rows = people_on_path(request.user, year, found) if year else []
    page = list_page(request, rows=rows, table=BehindTable, filters=BehindFilter, name=f"path-{found.code}")
    bars = progress_by_department(request.user, year, found) if year else []
    context = {
        "path": found,
        "items": [(item, item_text(item)) for item in found.items.all()],
        "is_running": is_running(found),
        "behind": getattr(found, "people", 0) - getattr(found, "done", 0),
        "chart": chart(bars) if bars else None,
        "chart_height": 60 + 30 * min(len(bars), BARS),
        "hidden_bars": max(len(bars) - BARS, 0),
    }
    return page.respond("training/path.html", context)


def _form_page(request: SignedInRequest, form: Any, items: Any, save: Any, **context: Any) -> HttpResponse:
    # both, so that all mistakes show at once
    if request.method == "POST" and all([form.is_valid(), items.is_valid()]):
        try:
            saved = save({"terms": form.terms(), "whom": form.whom(), "items": items.items(), "actor": request.user})
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The learning path is saved."))
            return redirect("training:path", pk=saved.pk)
    return render(request, "training/path_form.html", {"form": form, "items": items, **context})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_path(request: SignedInRequest) -> HttpResponse:
    # the address stays when the form is sent: the origin is kept
    form = PathForm(request.POST or None, user=request.user, suggested=suggestion(request.GET))
    items = item_formset(request.user, request.POST or None, suggested=request.GET.get("what", ""))
    return _form_page(
        request,
        form,
        items,
        lambda said: create_path(code=form.cleaned_data["code"], **said),
        heading=_("New learning path"),
        # a finding that opened it wants its reader back
        cancel_url=own_path(request, request.GET.get("back", ""), "training:paths"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def edit_path(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_paths(request.user), pk=pk)
    return _form_page(
        request,
        PathForm(request.POST or None, user=request.user, path=found),
        item_formset(request.user, request.POST or None, found),
        lambda said: change_path(path=found, **said),
        heading=_("Edit %(name)s") % {"name": found.name},
        cancel_url=reverse("training:path", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_paths(request.user), pk=pk)
    form = EndPathForm(request.POST or None, initial={"end_date": found.end_date or today()})
    return answer_form(
        request,
        form,
        lambda: end_path(path=found, actor=request.user, **form.cleaned_data),
        done=_("The learning path ends on that day."),
        to=reverse("training:path", args=[pk]),
        back=found.name,
        heading=_("End %(name)s") % {"name": found.name},
        intro=" ".join(
            [
                _("After the last day nothing is asked by it any more. What people have learned stays."),
                _("A path made by mistake asks for nothing at once when Edit takes it out of force."),
            ]
        ),
        submit=_("End learning path"),
        danger=True,
    )


@require_GET
@requires(CHANGE)
def path_line(request: SignedInRequest) -> HttpResponse:
    """One more empty line, and the raised count of lines beside it."""
    wanted = request.GET.get("items-TOTAL_FORMS", "")
    number = min(int(wanted), MAX_LINES - 1) if wanted.isdecimal() and len(wanted) < 6 else 0
    return render(request, "training/_path_line.html", {"line": one_item(request.user, number), "total": number + 1})
