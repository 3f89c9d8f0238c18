"""Long leaves of a person: entered, ended, taken back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from people import selectors
from people.access import SignedInRequest, requires
from people.forms import LeaveForm
from people.services import leaves


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def add_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_employees(request.user), pk=pk)
    form = LeaveForm(request.POST or None, initial={"start_date": selectors.today()})
    return answer_form(
        request,
        form,
        lambda: leaves.add_leave(employee=employee, actor=request.user, **form.cleaned_data),
        done=_("The leave is entered. Points are being booked again."),
        to=reverse("people:profile", kwargs={"pk": pk}),
        heading=_("Long leave of %(name)s") % {"name": employee.name},
        back=employee.name,
        intro=_("Policies can ask less of people who are on leave for long."),
        submit=_("Enter leave"),
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def change_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    leave = get_object_or_404(selectors.visible_leaves(request.user), pk=pk)
    initial = {name: getattr(leave, name) for name in LeaveForm.base_fields}
    form = LeaveForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        lambda: leaves.change_leave(leave=leave, actor=request.user, **form.cleaned_data),
        done=_("The leave is saved. Points are being booked again."),
        to=reverse("people:profile", kwargs={"pk": leave.employee_id}),
        template="people/leave_form.html",
        heading=_("Long leave of %(name)s") % {"name": leave.employee.name},
        back=leave.employee.name,
        delete_url=reverse("people:delete_leave", kwargs={"pk": pk}),
    )


@require_POST
@requires("people.change_people")
def delete_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    leave = get_object_or_404(selectors.visible_leaves(request.user), pk=pk)
    return answer_action(
        request,
        lambda: leaves.delete_leave(leave=leave, actor=request.user),
        done=_("The leave is taken back."),
        to=reverse("people:profile", kwargs={"pk": leave.employee_id}),
    )
