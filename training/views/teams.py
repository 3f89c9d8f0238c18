"""What departments achieved as teams: a list, a form for one more, and voiding."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.selectors import today
from training.forms.records import ReasonForm
from training.forms.teams import TeamRecordForm
from training.lists.teams import TeamRecordFilter, team_record_table
from training.selectors.teams import visible_team_records
from training.services.records import enter_team_record, void_team_record

SEE, ADD, VOID = "training.view_records", "training.add_records", "training.change_records"


@require_GET
@requires(SEE)
def team_records(request: SignedInRequest) -> HttpResponseBase:
    rows = visible_team_records(request.user)
    page = list_page(request, rows=rows, table=team_record_table(), filters=TeamRecordFilter, name="team-records")
    return page.respond("training/team_records.html")


@require_http_methods(["GET", "POST"])
@requires(ADD)
def add_team_record(request: SignedInRequest) -> HttpResponse:
    form = TeamRecordForm(
        request.POST or None, initial={"source_id": uuid.uuid4().hex, "happened_on": today()}, user=request.user
    )
    return answer_form(
        request,
        form,
        lambda: enter_team_record(actor=request.user, **form.content()),
        done=_("The team record is saved. Whoever shares its points is booked now."),
        to=reverse("training:team_records"),
        back=_("Team records"),
        heading=_("Add team record"),
        intro=_("An achievement of a whole department. The points policy says what it is worth, and who shares it."),
        submit=_("Save team record"),
        template="training/record_form.html",
    )


@require_http_methods(["GET", "POST"])
@requires(VOID)
def void(request: SignedInRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(visible_team_records(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: void_team_record(record=record, actor=request.user, **form.cleaned_data),
        done=_("The record does not count any more."),
        to=reverse("training:team_records"),
        back=_("Team records"),
        heading=_("Void “%(record)s”") % {"record": record},
        intro=_("Its points are taken back from everybody who shares them. The record stays, with your reason."),
        submit=_("Void record"),
    )
