"""Targets of a policy: entered, changed, taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from people.access import SignedInRequest, requires
from training.forms.policies import TargetForm, need_formset, one_need
from training.selectors.policies import current_year, visible_policies, visible_targets
from training.services.targets import change_target as change
from training.services.targets import create_target, delete_target

CHANGE = "training.change_policies"
MAX_LINES = 60


def _page(request: SignedInRequest, form: Any, needs: Any, **context: Any) -> HttpResponse:
    return render(request, "training/target_form.html", {"form": form, "needs": needs, **context})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_target(request: SignedInRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(visible_policies(request.user), pk=pk)
    form = TargetForm(request.POST or None, user=request.user, initial={"year": current_year()})
    needs = need_formset(request.user, request.POST or None)
    # both, so that all mistakes show at once
    if request.method == "POST" and all([form.is_valid(), needs.is_valid()]):
        try:
            create_target(
                policy=policy,
                year=form.cleaned_data["year"],
                goal=form.goal(needs.needs()),
                whom=form.whom(),
                actor=request.user,
            )
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The target is entered."))
            return redirect("training:policy", pk=pk)
    return _page(
        request,
        form,
        needs,
        policy=policy,
        heading=_("New target"),
        submit=_("Add target"),
        cancel_url=reverse("training:policy", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def change_target(request: SignedInRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(visible_targets(request.user), pk=pk)
    form = TargetForm(request.POST or None, user=request.user, target=target)
    needs = need_formset(request.user, request.POST or None, target)
    if request.method == "POST" and all([form.is_valid(), needs.is_valid()]):
        try:
            change(target=target, goal=form.goal(needs.needs()), whom=form.whom(), actor=request.user)
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The target is saved. Who meets it is being worked out in the background."))
            return redirect("training:policy", pk=target.policy_id)
    return _page(
        request,
        form,
        needs,
        policy=target.policy,
        target=target,
        heading=_("Target %(name)s, %(year)s") % {"name": target.name, "year": target.year},
        submit=_("Save target"),
        cancel_url=reverse("training:policy", args=[target.policy_id]),
    )


@require_POST
@requires(CHANGE)
def remove_target(request: SignedInRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(visible_targets(request.user), pk=pk)
    return answer_action(
        request,
        lambda: delete_target(target=target, actor=request.user),
        done=_("The target is removed."),
        to=reverse("training:policy", kwargs={"pk": target.policy_id}),
    )


@require_GET
@requires(CHANGE)
def target_line(request: SignedInRequest) -> HttpResponse:
    """One more empty requirement line, and the raised count of lines beside it."""
    wanted = request.GET.get("needs-TOTAL_FORMS", "")
    number = min(int(wanted), MAX_LINES - 1) if wanted.isdecimal() and len(wanted) < 6 else 0
    line = one_need(request.user, number)
    return render(request, "training/_target_line.html", {"line": line, "total": number + 1})
