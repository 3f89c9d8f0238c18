"""One raise: why it is recommended, and the decision."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from payroll import selectors, services
from payroll.forms import AmountForm, ReasonForm
from payroll.labels import reason_texts
from people.access import SignedInRequest, requires
from people.selectors import employee_of


@require_GET
@requires("payroll.view_reviews")
def recommendation(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.visible_recommendations(request.user), pk=pk)
    own = employee_of(request.user)
    is_own = own is not None and own.pk == row.employee_id
    decides = request.user.has_perm("payroll.decide_raises") and row.review.status == "draft" and not is_own
    context = {
        "row": row,
        "review": row.review,
        "sees_pay": selectors.sees_pay(request.user),
        "standing": selectors.standing_behind(row),
        "places": selectors.places_of(row.review),
        "line": selectors.line_points(row.review),
        "reasons": reason_texts(row.reasons),
        "events": selectors.decisions_on(row),
        "is_own": is_own,
        "decides": decides,
    }
    return render(request, "payroll/recommendation.html", context)


@require_POST
@requires("payroll.decide_raises")
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.visible_recommendations(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.approve_raise(recommendation=row, actor=request.user),
        done=_("The raise of %(name)s is approved.") % {"name": row.employee.name},
        to=_back(request, row.pk, row.review_id),
    )


def _back(request: SignedInRequest, pk: int, review_id: int) -> str:
    """To the list for those who decide from the list, else to the raise."""
    if request.POST.get("from") == "list":
        return reverse("payroll:review", kwargs={"pk": review_id}) + "?show=waiting"
    return reverse("payroll:recommendation", kwargs={"pk": pk})


@require_http_methods(["GET", "POST"])
@requires("payroll.decide_raises")
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.visible_recommendations(request.user), pk=pk)
    form = AmountForm(request.POST or None, initial={"amount": selectors.amount_to_start_from(row)})
    return answer_form(
        request,
        form,
        lambda: services.change_raise(recommendation=row, actor=request.user, **form.cleaned_data),
        done=_("The raise of %(name)s is approved with another amount.") % {"name": row.employee.name},
        to=reverse("payroll:recommendation", kwargs={"pk": pk}),
        heading=_("Approve %(name)s with another amount") % {"name": row.employee.name},
        submit=_("Approve this amount"),
    )


@require_http_methods(["GET", "POST"])
@requires("payroll.decide_raises")
def reject(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.visible_recommendations(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.reject_raise(recommendation=row, actor=request.user, **form.cleaned_data),
        done=_("The raise of %(name)s is rejected.") % {"name": row.employee.name},
        to=reverse("payroll:recommendation", kwargs={"pk": pk}),
        heading=_("Reject the raise of %(name)s") % {"name": row.employee.name},
        submit=_("Reject raise"),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@requires("payroll.decide_raises")
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.visible_recommendations(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.reopen_decision(recommendation=row, actor=request.user, **form.cleaned_data),
        done=_("The decision is taken back."),
        to=reverse("payroll:recommendation", kwargs={"pk": pk}),
        heading=_("Take back the decision on %(name)s") % {"name": row.employee.name},
        intro=_("A salary that the approval wrote is removed if it has not begun yet. History keeps both."),
        submit=_("Take back decision"),
        danger=True,
    )
