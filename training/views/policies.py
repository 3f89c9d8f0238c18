"""The list of policies, a policy's page, and what is done to a policy as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from hrsuite.lib.errors import BadRows
from people.access import SignedInRequest, requires
from training.forms.policies import PolicyFileForm, PolicyForm, YearForm
from training.selectors.policies import (
    policies_with_counts,
    rules_by_activity,
    target_bars,
    visible_policies,
    visible_years,
)
from training.services import policies as services
from training.services.policy_file import Imported, export_policy, import_policy, parse
from training.services.years import create_year

VIEW, CHANGE = "training.view_policies", "training.change_policies"


@require_GET
@requires(VIEW)
def policies(request: SignedInRequest) -> HttpResponse:
    context = {"policies": policies_with_counts(request.user), "years": visible_years(request.user)}
    return render(request, "training/policies.html", context)


@require_GET
@requires(VIEW)
def policy(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    context = {"policy": found, "groups": rules_by_activity(found), "years": target_bars(found)}
    return render(request, "training/policy.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_policy(request: SignedInRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        created = services.create_policy(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The policy is entered. Add its rules and targets, then put it in force."))
        return redirect("training:policy", pk=created.pk)
    context = {"form": form, "heading": _("New points policy"), "cancel_url": reverse("training:policies")}
    return render(request, "components/_form_page.html", {**context, "submit": _("Create policy")})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def change_policy(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    form = PolicyForm(request.POST or None, instance=found)
    return answer_form(
        request,
        form,
        lambda: services.change_policy(policy=found, actor=request.user, **form.cleaned_data),
        done=_("The policy is saved."),
        to=reverse("training:policy", args=[pk]),
        heading=_("Name and description"),
    )


def _switch(request: SignedInRequest, pk: int, service: Callable[..., Any], done: str) -> HttpResponse:
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    return answer_action(
        request,
        lambda: service(policy=found, actor=request.user),
        done=done,
        to=reverse("training:policy", kwargs={"pk": pk}),
    )


@require_POST
@requires(CHANGE)
def activate_policy(request: SignedInRequest, pk: int) -> HttpResponse:
    return _switch(
        request, pk, services.activate_policy, _("The policy is in force. Points are being booked in the background.")
    )


@require_POST
@requires(CHANGE)
def stop_policy(request: SignedInRequest, pk: int) -> HttpResponse:
    return _switch(
        request,
        pk,
        services.stop_policy,
        _("The policy is stopped. Its points are being taken back in the background."),
    )


# --- files ------------------------------------------------------------------------------------------------------------
@require_GET
@requires(VIEW)
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    response = HttpResponse(export_policy(found), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{found.code}.yaml") or ""
    return response


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def import_file(request: SignedInRequest) -> HttpResponse:
    form = PolicyFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["file"].read().decode("utf-8-sig")
            done = import_policy(file=parse(text), activate=form.cleaned_data["activate"], actor=request.user)
        except UnicodeDecodeError:
            form.add_error("file", _("This file is not UTF-8 text. Save it as UTF-8 and try again."))
        except BadRows as error:
            context["problems"] = error.problems
        else:
            messages.success(request, _imported(done))
            return redirect("training:policy", pk=done.policy.pk) if done.policy else redirect("training:policies")
    return render(request, "training/policy_import.html", context)


def _imported(done: Imported) -> str:
    return _("Imported: %(new)s new, %(changed)s changed, %(same)s unchanged.") % {
        "new": len(done.created),
        "changed": len(done.changed),
        "same": done.unchanged,
    }


# --- points years -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_year(request: SignedInRequest) -> HttpResponse:
    form = YearForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: create_year(actor=request.user, **form.cleaned_data),
        done=_("The points year is entered."),
        to=reverse("training:policies"),
        heading=_("New points year"),
        submit=_("Create year"),
    )
