"""Appeals: handed in by employees, decided by HR."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.documents import content_type
from hrsuite.lib.errors import BadInput
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.selectors import employee_of
from training.forms.appeals import AppealForm, MissingForm, decision_form
from training.lists.appeals import AppealFilter, AppealTable, MyAppealFilter, MyAppealTable
from training.selectors.appeals import (
    deadline_of_entry,
    deadline_of_record,
    deadline_of_year,
    open_appeal,
    outcome_entries,
    own_appeals,
    own_entries,
    own_records,
    records_without_points,
    subject,
    visible_appeals,
    why_not,
)
from training.selectors.policies import current_year
from training.services.appeals import decide_appeal, preview_decision, submit_appeal, withdraw_appeal

OWN, SEE, DECIDE = "training.view_own_points", "training.view_appeals", "training.decide_appeals"


@require_GET
@requires(SEE)
def appeals(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=visible_appeals(request.user), table=AppealTable, filters=AppealFilter, name="appeals"
    )
    return page.respond("training/appeals.html")


@require_GET
@requires(OWN)
def my_appeals(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=own_appeals(request.user), table=MyAppealTable, filters=MyAppealFilter, name="my-appeals"
    )
    return page.respond("training/my_appeals.html")


@require_GET
@requires(OWN, SEE)
def appeal(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_appeals(request.user), pk=pk)
    is_own = found.employee == employee_of(request.user)
    context = {
        "appeal": found,
        "subject": subject(found),
        "is_own": is_own,
        "outcome": outcome_entries(found),
        "why_not": why_not(found, request.user) if request.user.has_perm(DECIDE) and not is_own else "",
    }
    return render(request, "training/appeal.html", context)


@require_GET
@requires(OWN, SEE)
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Always as a download: what somebody uploaded is never shown on our pages."""
    found = get_object_or_404(visible_appeals(request.user), pk=pk)
    if not found.evidence:
        raise Http404
    try:
        file = found.evidence.open("rb")
    except FileNotFoundError:
        messages.error(
            request, _("The file cannot be found in the storage. Tell operations, with this appeal's number.")
        )
        return redirect("training:appeal", pk=pk)
    return FileResponse(
        file, as_attachment=True, filename=found.evidence_name, content_type=content_type(found.evidence_name)
    )


# --- handing in -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(OWN)
def add_appeal(request: SignedInRequest) -> HttpResponse:
    """About a line (``?entry=``), a record (``?record=``), or something that is missing."""
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    about: dict[str, Any] = {}
    for name, rows in (("entry", own_entries), ("record", own_records)):
        wanted = request.GET.get(name, "")
        if wanted:
            about = {name: get_object_or_404(rows(request.user), pk=wanted if wanted.isdecimal() else 0)}
            break
    twin = open_appeal(**about)
    if twin:
        return redirect("training:appeal", pk=twin.pk)
    files = request.FILES or None
    form = AppealForm(request.POST or None, files) if about else MissingForm(request.POST or None, files)

    def submit() -> None:
        missing = form.happening() if isinstance(form, MissingForm) else None
        submit_appeal(
            employee=employee,
            text=form.cleaned_data["text"],
            evidence=form.cleaned_data["evidence"],
            missing=missing,
            actor=request.user,
            **about,
        )

    year = current_year()
    return answer_form(
        request,
        form,
        submit,
        done=_("The appeal is handed in. You will hear from HR."),
        to=reverse("training:my_appeals"),
        template="training/appeal_form.html",
        deadline=_deadline(about, year),
        silent=list(records_without_points(request.user, year)[:20]) if year and not about else [],
        year=year,
        **about,
    )


def _deadline(about: dict[str, Any], year: Any) -> Any:
    if "entry" in about:
        return deadline_of_entry(about["entry"])
    if "record" in about:
        return deadline_of_record(about["record"])
    return deadline_of_year(year) if year else None


@require_POST
@requires(OWN)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(own_appeals(request.user), pk=pk)
    return answer_action(
        request,
        lambda: withdraw_appeal(appeal=found, actor=request.user),
        done=_("The appeal is withdrawn."),
        to=reverse("training:appeal", kwargs={"pk": pk}),
    )


# --- deciding ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(DECIDE)
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_appeals(request.user), pk=pk)
    form = decision_form(request.POST or None, user=request.user, appeal=found)
    return answer_form(
        request,
        form,
        lambda: decide_appeal(appeal=found, verdict=form.verdict(), actor=request.user),
        done=_("The appeal is decided, and %(name)s is told.") % {"name": found.employee.name},
        to=reverse("training:appeal", kwargs={"pk": pk}),
        template="training/appeal_decide.html",
        appeal=found,
        subject=subject(found),
        why_not=why_not(found, request.user),
    )


@require_POST
@requires(DECIDE)
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the decision in the form would do to the points: a part for the page beside it."""
    found = get_object_or_404(visible_appeals(request.user), pk=pk)
    data = request.POST.copy()
    # the answer is written last, and changes no points
    data["answer"] = data.get("answer", "").strip() or "–"
    form = decision_form(data, user=request.user, appeal=found)
    context: dict[str, Any] = {"chosen": data.get("state", ""), "problems": []}
    if form.is_valid():
        try:
            context["effect"] = preview_decision(appeal=found, verdict=form.verdict(), actor=request.user)
        except BadInput as error:
            context["problems"] = [f"{error.message} {error.mend}".strip()]
    elif context["chosen"]:
        context["problems"] = [
            f"{form.fields[name].label}: {one}" if name in form.fields else one
            for name, errors in form.errors.items()
            for one in errors
        ]
    return render(request, "training/_appeal_preview.html", context)
