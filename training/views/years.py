"""Points years from open over closing to closed, late records, and reopening."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from training.forms.years import CloseForm, CorrectionDecisionForm, ReopenForm, WindowForm, window_end
from training.lists.corrections import ChangeTable, CorrectionFilter, CorrectionTable, SnapshotFilter, SnapshotTable
from training.selectors.years import (
    apart_from_standings,
    changes_between,
    checks_before_closing,
    checksum_of,
    snapshot_lines,
    visible_closings,
    visible_corrections,
    visible_reopenings,
    visible_snapshots,
    waiting_reopening,
)
from training.services.closing import (
    close_year,
    decide_reopening,
    open_again,
    request_reopening,
    start_closing,
)
from training.services.corrections import accept_correction, adjust_for_correction, refuse_correction

SEE, CHANGE = "training.view_years", "training.change_years"


def _to(pk: int) -> str:
    return reverse("training:year", kwargs={"pk": pk})


@require_GET
@requires(SEE)
def years(request: SignedInRequest) -> HttpResponse:
    return render(request, "training/years.html", {"years": visible_closings(request.user)})


@require_GET
@requires(SEE)
def year(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_closings(request.user), pk=pk)
    snapshots = list(visible_snapshots(request.user).filter(year=found))
    context = {
        "year": found,
        "checks": [] if found.is_closed else checks_before_closing(found),
        "snapshots": snapshots,
        "apart": apart_from_standings(snapshots[0]) if snapshots and found.is_closed else None,
        "reopening": waiting_reopening(found),
        "reopenings": visible_reopenings(request.user).filter(year=found),
    }
    return render(request, "training/year.html", context)


# --- the steps --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def closing(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_closings(request.user), pk=pk)
    form = WindowForm(request.POST or None, initial={"until": window_end(found)})
    return answer_form(
        request,
        form,
        lambda: start_closing(year=found, until=form.cleaned_data["until"], actor=request.user),
        done=_("The late window of %(year)s is set.") % {"year": found.name},
        to=_to(pk),
        back=found.name,
        heading=_("Late window of %(year)s") % {"year": found.name},
        intro=_("Records of the year are taken until the last day of the window. Then close the year."),
        submit=_("Set late window"),
    )


@require_POST
@requires(CHANGE)
def back_to_open(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_closings(request.user), pk=pk)
    return answer_action(
        request,
        lambda: open_again(year=found, actor=request.user),
        done=_("%(year)s is open again.") % {"year": found.name},
        to=_to(pk),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_closings(request.user), pk=pk)
    form = CloseForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: close_year(year=found, reason=form.cleaned_data["reason"], actor=request.user),
        done=_("%(year)s is closed, and its snapshot is written.") % {"year": found.name},
        to=_to(pk),
        template="training/year_close.html",
        year=found,
        checks=checks_before_closing(found),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_closings(request.user), pk=pk)
    form = ReopenForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: request_reopening(year=found, actor=request.user, **form.cleaned_data),
        done=_("You asked for the reopening. A second person is told to decide it."),
        to=_to(pk),
        back=found.name,
        heading=_("Ask to reopen %(year)s") % {"year": found.name},
        intro=_("A second person has to approve it. Late records that were accepted are saved then, and closing the "
                "year again makes a new version of its snapshot."),
        submit=_("Ask for reopening"),
    )  # fmt: skip


@require_GET
@requires(SEE)
def reopening(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_reopenings(request.user), pk=pk)
    accepted = visible_corrections(request.user).filter(year=found.year, state="accepted")
    context = {"reopening": found, "is_own": found.requested_by_id == request.user.pk, "accepted": accepted[:50]}
    return render(request, "training/year_reopening.html", context)


@require_POST
@requires(CHANGE)
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """``decision`` is approve or refuse, the latter with an ``answer``."""
    found = get_object_or_404(visible_reopenings(request.user), pk=pk)
    approve, answer = request.POST.get("decision") == "approve", request.POST.get("answer", "").replace("\x00", "")
    return answer_action(
        request,
        lambda: decide_reopening(reopening=found, approve=approve, answer=answer, actor=request.user),
        done=_("%(year)s is reopened.") % {"year": found.year.name} if approve else _("The request is refused."),
        to=reverse("training:reopening", kwargs={"pk": pk}),
    )


@require_GET
@requires(SEE)
def snapshot(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Who changed by how much since the version before; with ``?all=1``, and for the first version, everybody."""
    found = get_object_or_404(visible_snapshots(request.user), pk=pk)
    before = visible_snapshots(request.user).filter(year=found.year, number__lt=found.number).first()
    shows_all = before is None or request.GET.get("all") == "1"
    rows = snapshot_lines(found) if before is None or shows_all else changes_between(before, found)
    name = f"{found.year.name}-v{found.number}{'' if shows_all else '-changes'}"
    table = SnapshotTable if shows_all else ChangeTable
    page = list_page(request, rows=rows, table=table, filters=SnapshotFilter, name=name)
    context = {
        "snapshot": found,
        "before": before,
        "shows_all": shows_all,
        "is_genuine": checksum_of(found) == found.checksum,
    }
    return page.respond("training/year_snapshot.html", context)


# --- late records -----------------------------------------------------------------------------------------------------
@require_GET
@requires(SEE)
def corrections(request: SignedInRequest) -> HttpResponseBase:
    rows = visible_corrections(request.user)
    page = list_page(request, rows=rows, table=CorrectionTable, filters=CorrectionFilter, name="late-records")
    return page.respond("training/years_corrections.html")


def _is_open(found: Any) -> bool:
    return found.state in {"pending", "accepted"}


@require_GET
@requires(SEE)
def correction(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_corrections(request.user), pk=pk)
    context = {
        "correction": found,
        "can_decide": _is_open(found) and request.user.has_perm(CHANGE),
        "form": CorrectionDecisionForm(user=request.user),
        "cancel_url": reverse("training:corrections"),
    }
    return render(request, "training/years_correction.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def decide_correction(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_corrections(request.user), pk=pk)
    form = CorrectionDecisionForm(request.POST or None, user=request.user)

    def call() -> Any:
        said = form.cleaned_data
        common = {"correction": found, "reason": said["reason"], "actor": request.user}
        if said["decision"] == "adjust":
            fields = {name: said[name] for name in ("year", "category", "amount")}
            return adjust_for_correction(**common, **fields)
        return (accept_correction if said["decision"] == "accept" else refuse_correction)(**common)

    return answer_form(
        request,
        form,
        call,
        done=_("The late record is decided."),
        to=reverse("training:corrections"),
        template="training/years_correction.html",
        correction=found,
        can_decide=_is_open(found),
    )
