"""Learning records: the list, one with its history, and what may be done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.labels import shown_attributes
from training.forms.records import CorrectionForm, ReasonForm, RecordForm
from training.lists.records import RecordFilter, record_table
from training.selectors.attendees import find_people
from training.selectors.records import entries_of_record, revisions, sheet_key, visible_records
from training.services.records import correct_record, enter_record, restore_record, void_record


@require_GET
@requires("training.view_records")
def records(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=visible_records(request.user), table=record_table(), filters=RecordFilter, name="records"
    )
    return page.respond("training/records.html")


@require_GET
@requires("training.view_records")
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_records(request.user).select_related("created_by"), pk=pk)
    history = list(revisions(request.user, found))
    entries = list(entries_of_record(found))
    context = {
        "record": found,
        "history": history,
        "newest": history[0],
        "entries": entries,
        "attributes": shown_attributes("record", found.attributes),
        "total": sum(entry.amount for entry in entries),
        "sheet": sheet_key(found),
    }
    return render(request, "training/record.html", context)


@require_http_methods(["GET", "POST"])
@requires("training.add_records")
def add_record(request: SignedInRequest) -> HttpResponse:
    initial = {"employee": request.GET.get("employee", "")}
    form = RecordForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = enter_record(actor=request.user, source_id=form.cleaned_data["form_id"], **form.content())
        except BadInput as error:
            refuse(form, error)
        else:
            if not hasattr(made, "revision"):
                messages.warning(request, _("Kept for a decision: %(why)s.") % {"why": made.why_late})
                return redirect("training:correction", pk=made.pk)
            messages.success(request, _("The record is saved. Its points are being booked."))
            return redirect("training:record", pk=made.pk)
    context = {
        "form": form,
        "heading": _("New learning record"),
        "submit": _("Save record"),
        "cancel_url": reverse("training:records"),
    }
    return render(request, "training/record_form.html", context)


@require_http_methods(["GET", "POST"])
@requires("training.change_records")
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_records(request.user), pk=pk)
    form = CorrectionForm(request.POST or None, user=request.user, record=found)
    if request.method == "POST" and form.is_valid():
        try:
            new = correct_record(record=found, reason=form.cleaned_data["reason"], actor=request.user, **form.content())
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The correction is saved. The points follow."))
            return redirect("training:record", pk=new.pk)
    context = {
        "form": form,
        "heading": _("Correct the record of %(name)s") % {"name": found.employee.name},
        "intro": _("The old content stays in the history. The points follow the new one."),
        "submit": _("Save correction"),
        "cancel_url": reverse("training:record", kwargs={"pk": pk}),
    }
    return render(request, "training/record_form.html", context)


@require_http_methods(["GET", "POST"])
@requires("training.change_records")
def void(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_records(request.user), pk=pk)
    return _with_reason(
        request,
        found,
        void_record,
        done=_("The record is voided. Its points are being taken back."),
        heading=_("Void the record of %(name)s?") % {"name": found.employee.name},
        intro=_("It stays in the history, and its points are taken back. You can restore it later."),
        submit=_("Void record"),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@requires("training.change_records")
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_records(request.user), pk=pk)
    return _with_reason(
        request,
        found,
        restore_record,
        done=_("The record counts again. Its points are being booked."),
        heading=_("Restore the record of %(name)s?") % {"name": found.employee.name},
        intro=_("It counts again with the same content."),
        submit=_("Restore record"),
    )


def _with_reason(request: SignedInRequest, found: Any, service: Any, *, done: str, **context: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: service(record=found, reason=form.cleaned_data["reason"], actor=request.user),
        done=done,
        to=reverse("training:record", kwargs={"pk": found.pk}),
        back=_("The record"),
        **context,
    )


@require_GET
@requires("training.add_records", "training.change_records", "training.adjust_points")
def people_options(request: SignedInRequest) -> HttpResponse:
    """Suggestions while somebody types a name: options of a datalist."""
    people = find_people(request.user, request.GET.get("employee", "").replace("\x00", ""))
    return render(request, "training/_people_options.html", {"people": people})
