"""What goes with learning something: a ranking of courses, and one in full."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from performance import labels
from performance.lists import InsightTable
from performance.rules.comparison import LEAST
from performance.selectors import insight as selectors

BARS = 20


def _chosen(wanted: str, known: list[Any]) -> Any:
    return wanted if wanted in known else known[0]


def _basis(request: SignedInRequest, bases: list[selectors.Basis]) -> selectors.Basis | None:
    wanted = request.GET.get("of", "")
    return next((basis for basis in bases if basis.key == wanted), bases[0] if bases else None)


def _address(found: selectors.Finding, basis: selectors.Basis) -> str:
    page = reverse("performance:insight", kwargs={"kind": found.kind, "pk": found.thing})
    return f"{page}?{urlencode({'of': basis.key})}"


def _cells(one: selectors.Finding) -> dict[str, Any]:
    """Plain values, so that the list sorts and exports them."""
    shown, scale = one.shown, 100 if one.is_share else 1

    def at(value: float | None) -> Decimal | None:
        return None if value is None else Decimal(value * scale).quantize(Decimal("0.01"))

    return {
        "name": one.name,
        "n1": one.matched.n1,
        "n0": one.matched.n0,
        "mean1": at(one.mean1),
        "mean0": at(one.mean0),
        "difference": at(one.difference),
        "low": at(shown.low if shown else None),
        "high": at(shown.high if shown else None),
        "interval": labels.interval(one),
        "verdict": labels.verdict_text(one),
    }


def ranked_chart(found: list[selectors.Finding], basis: selectors.Basis) -> dict[str, Any] | None:
    """The largest differences to either side, from the best to the worst; a click opens the thing."""
    enough = [one for one in found if one.shown]
    largest = sorted(enough, key=lambda one: -abs(one.difference or 0))[:BARS]
    shown = [one for one in enough if one in largest]
    if not shown:
        return None
    return {
        "option": labels.error_bars(shown, links=[_address(one, basis) for one in shown]),
        "height": 50 + 30 * len(shown),
        "hidden": len(enough) - len(shown),
    }


@require_GET
@requires(selectors.VIEW)
def insights(request: SignedInRequest) -> HttpResponseBase:
    bases = selectors.bases(request.user)
    basis = _basis(request, bases)
    if basis is None:
        return render(request, "performance/insights.html", {"basis": None})
    outcomes = selectors.outcomes_of(basis)
    outcome = _chosen(request.GET.get("outcome", ""), outcomes)
    kind = _chosen(request.GET.get("kind", ""), list(selectors.KINDS))
    found = selectors.findings(request.user, basis, outcome, kind)
    rows = [{"found": one, **_cells(one), "url": _address(one, basis)} for one in found]
    page = list_page(request, rows=rows, table=InsightTable, name=f"insights-{outcome}")
    enough = sum(1 for one in found if one.is_enough)
    context = {
        "basis": basis,
        "bases": bases,
        "outcomes": [(key, labels.OUTCOME[key]) for key in outcomes],
        "outcome": outcome,
        "outcome_label": labels.OUTCOME[outcome],
        "kinds": labels.KIND.items(),
        "kind": kind,
        "chart": ranked_chart(found, basis),
        "enough": enough,
        "too_few": len(found) - enough,
        "clear": sum(1 for one in found if one.is_good or one.is_bad),
        "by_chance": round(enough * 0.05, 1),
        "least": LEAST,
    }
    return page.respond("performance/insights.html", context)


def _mandatory_url(kind: str, pk: int, basis: selectors.Basis, found: list[selectors.Finding]) -> str:
    said = {
        "what": f"{kind}:{pk}",
        "name": found[0].name,
        "reason": labels.reason(basis, found),
        "origin": labels.origin(basis),
        "back": _address(found[0], basis),
    }
    return f"{reverse('training:add_path')}?{urlencode(said)}"


@require_GET
@requires(selectors.VIEW)
def insight(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in selectors.KINDS:
        raise Http404
    name = selectors.name_of(request.user, kind, pk)
    bases = selectors.bases(request.user)
    basis = _basis(request, bases)
    context: dict[str, Any] = {"name": name, "basis": basis, "bases": bases, "kind": kind, "least": LEAST}
    if basis:
        found = selectors.findings_of(request.user, basis, kind, pk)
        context |= {
            "lines": [
                {
                    "found": one,
                    "label": labels.OUTCOME[one.outcome],
                    "mean1": labels.level(one.mean1, is_share=one.is_share),
                    "mean0": labels.level(one.mean0, is_share=one.is_share),
                    "difference": labels.difference(one),
                    "interval": labels.interval(one),
                    "verdict": labels.verdict_text(one),
                    "text": labels.explained(one),
                    "caution": labels.CAUTION.get(one.outcome, "") if one.shown else "",
                    "chart": labels.error_bars([one], names=False) if one.shown else None,
                }
                for one in found
            ],
            "speaks_for_it": any(labels.speaks_for_it(one) for one in found),
            "mandatory_url": _mandatory_url(kind, pk, basis, found),
            "paths": selectors.mandatory_by(request.user, kind, pk),
        }
    return render(request, "performance/insight.html", context)
