"""The people list, the profile, and what may be done to an employee."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from hrsuite.lib.lists import list_page
from people import selectors
from people.access import SignedInRequest, requires
from people.forms import (
    DepartureForm,
    NewEmployeeForm,
    PersonForm,
    RolesForm,
    TransferForm,
)
from people.labels import ROLE_LABELS, shown_attributes
from people.links import profile_links
from people.lists import people_filter, people_table
from people.services import accounts, employees

if TYPE_CHECKING:
    from people.models import User


@require_GET
@requires("people.view_people")
def people(request: SignedInRequest) -> HttpResponseBase:
    # what a profile shows only to those who keep the data, the list tells nobody else
    may_change = request.user.has_perm("people.change_people")
    page = list_page(
        request,
        rows=selectors.people_list(request.user),
        table=people_table(with_attributes=may_change),
        filters=people_filter(with_attributes=may_change),
        name="people",
    )
    return page.respond("people/people.html")


@require_GET
@requires("people.view_people", "people.view_own_profile")
def profile(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_employees(request.user).select_related("user"), pk=pk)
    history = list(selectors.assignments_of(employee))
    day = selectors.today()
    is_self = employee == selectors.employee_of(request.user)
    may_change = request.user.has_perm("people.change_people")
    context = {
        "employee": employee,
        "history": history,
        "attributes": shown_attributes("employee", employee.attributes) if is_self or may_change else [],
        "leaves": list(selectors.leaves_of(employee)) if is_self or may_change else [],
        "today": day,
        "current": next((one for one in history if one.start_date <= day <= (one.end_date or day)), None),
        "has_left": bool(employee.exit_date and employee.exit_date < day),
        "is_self": is_self,
        "may_change": may_change,
        "sees_personal": is_self or may_change,
        "links": profile_links(request.user, employee, is_self=is_self),
        "roles": [ROLE_LABELS[role] for role in selectors.account_roles(employee.user)] if employee.user else [],
    }
    return render(request, "people/profile.html", context)


@require_GET
@requires("people.view_history")
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who changed what of this person's record, and when."""
    employee = get_object_or_404(selectors.visible_employees(request.user), pk=pk)
    context = {"employee": employee, "changes": selectors.history_of(employee)}
    return render(request, "people/history.html", context)


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def add_employee(request: SignedInRequest) -> HttpResponse:
    form = NewEmployeeForm(request.POST or None, initial={"hire_date": selectors.today()})
    if request.method == "POST" and form.is_valid():
        try:
            employee = employees.create_employee(place=form.place(), actor=request.user, **form.person())
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": employee.name})
            return redirect("people:profile", pk=employee.pk)
    context = {
        "form": form,
        "heading": _("New employee"),
        "submit": _("Enter employee"),
        "cancel_url": reverse("people:people"),
    }
    return render(request, "components/_form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def change_employee(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_employees(request.user), pk=pk)
    form = PersonForm(
        request.POST or None,
        initial={name: getattr(employee, name) for name in PersonForm.base_fields},
        values=employee.attributes,
    )
    return answer_form(
        request,
        form,
        lambda: employees.change_employee(employee=employee, actor=request.user, **form.person()),
        done=_("The changes are saved."),
        to=reverse("people:profile", kwargs={"pk": pk}),
        heading=_("Edit %(name)s") % {"name": employee.name},
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def transfer(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_employees(request.user), pk=pk)
    current = selectors.current_assignments().filter(employee=employee).first()
    initial: dict[str, Any] = {"start_date": selectors.today()}
    if current:
        initial |= {name: getattr(current, name) for name in ("department", "position", "level", "is_head")}
    form = TransferForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        lambda: employees.transfer_employee(
            employee=employee, place=form.place(), start_date=form.cleaned_data["start_date"], actor=request.user
        ),
        done=_("The transfer is saved. Points are being booked again under the rules of the new place."),
        to=reverse("people:profile", kwargs={"pk": pk}),
        heading=_("Transfer %(name)s") % {"name": employee.name},
        submit=_("Transfer"),
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def departure(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_employees(request.user), pk=pk)
    form = DepartureForm(request.POST or None, initial={"last_day": selectors.today()})
    return answer_form(
        request,
        form,
        lambda: employees.record_departure(
            employee=employee,
            last_day=form.cleaned_data["last_day"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
        done=_("The departure is recorded. It can be undone on this page."),
        to=reverse("people:profile", kwargs={"pk": pk}),
        heading=_("Departure of %(name)s") % {"name": employee.name},
        submit=_("Record departure"),
        danger=True,
    )


@require_POST
@requires("people.change_people")
def undo_departure(request: SignedInRequest, pk: int) -> HttpResponse:
    employee = get_object_or_404(selectors.visible_employees(request.user), pk=pk)
    return _call(
        request,
        lambda: employees.undo_departure(employee=employee, actor=request.user),
        done=_("The departure is taken back."),
        pk=pk,
    )


def _call(request: SignedInRequest, call: Callable[[], Any], *, done: str, pk: int) -> HttpResponse:
    """A button of the profile."""
    return answer_action(request, call, done=done, to=reverse("people:profile", kwargs={"pk": pk}))


@require_POST
@requires("people.change_people")
def open_account(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the account, or send the invitation again, or switch the account on again."""
    employee = get_object_or_404(selectors.visible_employees(request.user).select_related("user"), pk=pk)
    user = employee.user

    def call() -> None:
        if user is None:
            accounts.create_account(employee=employee, actor=request.user)
        elif user.is_active:
            accounts.send_invitation(user=user)
        else:
            accounts.activate_account(user=user, actor=request.user)

    return _call(request, call, done=_("The invitation is on its way by e-mail."), pk=pk)


def _account(request: SignedInRequest, pk: int) -> User:
    """The account of a visible employee, or 404."""
    employee = get_object_or_404(selectors.visible_employees(request.user).select_related("user"), pk=pk)
    if employee.user is None:
        raise Http404
    return employee.user


@require_POST
@requires("people.change_people")
def close_account(request: SignedInRequest, pk: int) -> HttpResponse:
    user = _account(request, pk)
    return _call(
        request,
        lambda: accounts.deactivate_account(user=user, actor=request.user),
        done=_("The account is switched off and signed out everywhere."),
        pk=pk,
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def roles(request: SignedInRequest, pk: int) -> HttpResponse:
    user = _account(request, pk)
    form = RolesForm(request.POST or None, initial={"roles": selectors.account_roles(user)})
    return answer_form(
        request,
        form,
        lambda: accounts.set_roles(user=user, roles=form.cleaned_data["roles"], actor=request.user),
        done=_("The roles are saved and count from now on."),
        to=reverse("people:profile", kwargs={"pk": pk}),
        heading=_("Roles of %(name)s") % {"name": str(user)},
    )
