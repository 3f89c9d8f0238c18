"""What recruiters do to an application: move it on, end it with a reason, open it again."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import Employee, User
from recruitment.models import Application
from recruitment.rules import CLOSED, HIRED, STAGES
from recruitment.services.matching import put

LONGEST_REASON = 300


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=application.pk)


def move_application(
    *,
    application: Application,
    stage: str,
    actor: User,
    employee_no: str = "",
    offered_salary: Decimal | None = None,
) -> Application:
    """Say how far it has come. Hired may name the employee that the candidate became; so may a later call."""
    if stage not in STAGES:
        raise BadInput("stage", stage, _("There is no such stage."), _("Choose one of the list."))
    if employee_no.strip() and stage != HIRED:
        raise BadInput("employee_no", employee_no, _("Only who is hired becomes an employee."), _("Leave it empty."))
    if offered_salary is not None and offered_salary < 0:
        raise BadInput("offered_salary", offered_salary, _("This cannot be a salary."), _("Correct the amount."))
    with transaction.atomic():
        found = _locked(application)
        if found.closed_as:
            raise BadInput("stage", found.status_label, _("This application has ended."), _("Open it again first."))
        put(found, stage)
        if employee_no.strip():
            found.employee = Employee.objects.filter(employee_no=employee_no.strip()).first()
            if found.employee is None:
                raise BadInput(
                    "employee_no", employee_no, _("Nobody has this employee number."),
                    _("Enter the number of an employee, or leave it empty."),
                )  # fmt: skip
        if offered_salary is not None:
            found.offered_salary = offered_salary
        found.save(update_fields=["stage", "closed_as", "closed_reason", "employee", "offered_salary"])
    return found


def close_application(*, application: Application, closed_as: str, reason: str, actor: User) -> Application:
    """Reject it, or note that the candidate withdrew. A rejection needs its reason: applicants may ask for it."""
    if closed_as not in CLOSED:
        raise BadInput("closed_as", closed_as, _("There is no such end."), _("Choose one of the list."))
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON or "\x00" in reason:
        raise BadInput("reason", reason[:60], _("This needs a reason."), _("Say in a few words why."))
    with transaction.atomic():
        found = _locked(application)
        if found.closed_as:
            raise BadInput("closed_as", found.status_label, _("This application has ended."), "")
        if found.stage == HIRED:
            raise BadInput(
                "closed_as", found.status_label, _("The candidate is hired."), _("Record a departure of the employee.")
            )
        put(found, closed_as)
        found.closed_reason = reason.strip()
        found.save(update_fields=["stage", "closed_as", "closed_reason", "employee"])
    return found


def reopen_application(*, application: Application, actor: User) -> Application:
    """Where it ended it goes on."""
    with transaction.atomic():
        found = _locked(application)
        if not found.closed_as:
            raise BadInput("closed_as", found.status_label, _("This application is under way."), "")
        put(found, found.stage)
        found.save(update_fields=["stage", "closed_as", "closed_reason", "employee"])
    return found
