"""Changes of policies: drafted, simulated, applied, reversed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.errors import BadInput, BadRows
from hrsuite.lib.forms import refuse
from hrsuite.lib.lists import list_page
from hrsuite.templatetags.suite import points
from people.access import SignedInRequest, requires
from training.forms.changes import DraftForm, ReverseForm
from training.lists.changes import EffectFilter, EffectTable, PolicyChangeFilter, PolicyChangeTable
from training.selectors.changes import (
    AFFECTED,
    bookable_years,
    difference_bars,
    effect_sums,
    simulated_years,
    simulation_of,
    still_booking,
    visible_changes,
    visible_effects,
    year_among,
    year_to_simulate,
)
from training.selectors.policies import visible_policies
from training.services import changes as services
from training.services.policy_file import export_policy

VIEW, CHANGE = "training.view_policies", "training.change_policies"
GAIN, LOSS = "#2fb344", "#f76707"


@require_GET
@requires(VIEW)
def changes(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request,
        rows=visible_changes(request.user),
        table=PolicyChangeTable,
        filters=PolicyChangeFilter,
        name="policy-changes",
    )
    return page.respond("training/policy_changes.html")


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(visible_policies(request.user), pk=pk)
    form = DraftForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "policy": policy}
    context["text"] = request.POST.get("text", "") or export_policy(policy)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        context["text"] = said["text"]
        try:
            change = services.draft_change(
                policy=policy,
                text=said["text"],
                reason=said["reason"],
                from_day=said["from_day"],
                actor=request.user,
            )
        except BadRows as error:
            context["problems"] = error.problems
        except BadInput as error:
            refuse(form, error)
        else:
            _simulate_all(request, change)
            return redirect("training:policy_change", pk=change.pk)
    return render(request, "training/policy_change_draft.html", context)


def _simulate_all(request: SignedInRequest, change: Any) -> None:
    """Every year that it can move; the one that its page shows first is worked out first."""
    years = list(bookable_years())
    first = year_among(years, "")
    for year in sorted(years, key=lambda one: one != first):
        found = services.request_simulation(change=change, year=year, actor=request.user)
        if year == first:
            services.work_off(found)


def _simulate(request: SignedInRequest, change: Any, name: str) -> None:
    """Work the change out for a year, where there is one that it can move."""
    year = year_to_simulate(name)
    if year is not None:
        services.work_off(services.request_simulation(change=change, year=year, actor=request.user))


@require_GET
@requires(VIEW)
def change(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(visible_changes(request.user), pk=pk)
    is_draft = found.state == "draft"
    years = list(bookable_years()) if is_draft else simulated_years(found)
    year = year_among(years, request.GET.get("year", ""))
    simulation = simulation_of(found, year)
    context: dict[str, Any] = {
        "change": found,
        "is_draft": is_draft,
        "year": year,
        "years": years,
        "simulation": simulation,
        "progress": Decimal(simulation.done) / max(simulation.people, 1) if simulation else None,
    }
    if simulation is None or simulation.finished_at is None:
        return render(request, "training/policy_change.html", _told(context, found))
    effects = visible_effects(request.user, simulation)
    rows = effects if request.GET.get("show") == "all" else effects.filter(AFFECTED)
    page = list_page(request, rows=rows, table=EffectTable, filters=EffectFilter, name="policy-change")
    is_part = request.htmx and request.htmx.target == "list"  # type: ignore[attr-defined]
    if not is_part and not request.GET.get("export"):
        context |= {"sums": effect_sums(effects), "chart": distribution(difference_bars(effects))}
        context = _told(context, found)
    return page.respond("training/policy_change.html", context)


def _told(context: dict[str, Any], found: Any) -> dict[str, Any]:
    """What the page says beside the simulation."""
    return context | {
        "told": services.told(found),
        "waiting": still_booking(found),
        "outdated": context["is_draft"] and services.is_outdated(found),
    }


def distribution(bars: list[tuple[Decimal, Decimal, int]]) -> dict[str, Any] | None:
    """An ECharts option: people by the points that they gain or lose."""
    if not bars:
        return None
    return {
        "grid": {"left": 40, "right": 12, "top": 12, "bottom": 44},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": [f"{points(start)} … {points(end)}" for start, end, _number in bars],
            "name": _("points lost or gained"),
            "nameLocation": "middle",
            "nameGap": 28,
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": _("People"),
                "type": "bar",
                "barMaxWidth": 48,
                "data": [
                    {"value": number, "itemStyle": {"color": LOSS if start < 0 else GAIN, "borderRadius": 3}}
                    for start, _end, number in bars
                ],
            }
        ],
    }


@require_GET
@requires(VIEW)
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    """The policy as the change has it, as a file."""
    found = get_object_or_404(visible_changes(request.user), pk=pk)
    response = HttpResponse(found.document, content_type="application/yaml; charset=utf-8")
    name = f"{found.policy.code}-{found.pk}.yaml"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_POST
@requires(CHANGE)
def simulate(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_changes(request.user), pk=pk)
    year = request.POST.get("year", "")
    return answer_action(
        request,
        lambda: _simulate(request, found, year),
        done=_("The change is being worked out; nothing is booked."),
        to=f"{_page(pk)}?year={year}",
    )


def _page(pk: int) -> str:
    return reverse("training:policy_change", args=[pk])


@require_POST
@requires(CHANGE)
def apply(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_changes(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.apply_change(change=found, actor=request.user),
        done=_("The change is applied. Its differences are being booked as one batch."),
        to=_page(pk),
    )


@require_POST
@requires(CHANGE)
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_changes(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.discard_change(change=found, actor=request.user),
        done=_("The draft is put aside."),
        to=_page(pk),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def reverse_applied(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_changes(request.user), pk=pk)
    form = ReverseForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.reverse_change(change=found, reason=form.cleaned_data["reason"], actor=request.user),
        done=_("The change is reversed. A batch takes back what it moved."),
        to=_page(pk),
        back=found.policy.name,
        heading=_("Reverse a change"),
        intro=_(
            "The policy says again what it said before “%(reason)s”, and a new batch takes back what that change "
            "moved. Points years that were closed meanwhile stay as they are."
        )
        % {"reason": found.reason},
        submit=_("Reverse change"),
        danger=True,
    )
