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
from training.forms.policies import NewPolicyForm, PolicyFileForm, PolicyForm, YearForm
from training.selectors.changes import drafts_of
from training.selectors.policies import (
    policies_with_counts,
    rules_by_activity,
    target_bars,
    visible_policies,
    visible_years,
)
from training.selectors.policy_document import head_document
from training.selectors.policy_history import policy_changes
from training.selectors.policy_words import Names, basics_lines, policy_sections
from training.services import policies as services
from training.services.policy_editor import check_text, example_text, save_text
from training.services.policy_file import Imported, export_policy, import_policy, parse
from training.services.years import create_year

VIEW, CHANGE, HISTORY = "training.view_policies", "training.change_policies", "people.view_history"


@require_GET
@requires(VIEW)
def policies(request: SignedInRequest) -> HttpResponse:
    context = {"policies": policies_with_counts(request.user), "years": visible_years(request.user)}
    return render(request, "training/policies.html", context)


@require_GET
@requires(VIEW)
def policy(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    head = head_document(found)
    names = Names(head)
    sections = policy_sections(head, names)
    context = {
        "policy": found,
        "drafts": drafts_of(request.user, found),
        "groups": rules_by_activity(found, names),
        "years": target_bars(found, names),
        "basics": basics_lines(head["policy"], names),
        "sections": [section for section in sections if section.lines],
        "silent": [section for section in sections if not section.lines],
    }
    return render(request, "training/policy.html", context)


@require_GET
@requires(HISTORY)
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who changed what of the policy, its rules and its targets, and when."""
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    context = {"changes": policy_changes(found), "back": found.name}
    return render(
        request, "training/policy_history.html", {**context, "back_url": reverse("training:policy", args=[pk])}
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_policy(request: SignedInRequest) -> HttpResponse:
    form = NewPolicyForm(request.POST or None, initial={"example": request.GET.get("example", "")})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if key := said.pop("example"):
            return _from_example(request, key, said)
        created = services.create_policy(actor=request.user, **said)
        messages.success(request, _("The policy is entered. Add its rules and targets, then put it in force."))
        return redirect("training:policy", pk=created.pk)
    context = {"form": form, "heading": _("New points policy"), "cancel_url": reverse("training:policies")}
    context["back"] = _("Points policies")
    return render(request, "components/_form_page.html", {**context, "submit": _("Create policy")})


def _from_example(request: SignedInRequest, key: str, said: dict[str, str]) -> HttpResponse:
    """The example as a policy of its own; where it does not fit, its text to be corrected."""
    text, left = example_text(key=key, **said)
    try:
        done = import_policy(file=parse(text), actor=request.user)
    except BadRows as error:
        context = {
            "form": PolicyFileForm(),
            "is_whole": True,
            "text": text,
            "problems": error.problems,
            "heading": _("Correct the example"),
            "form_url": reverse("training:import_policy"),
            "cancel_url": reverse("training:policies"),
            "submit": _("Import"),
        }
        return render(request, "training/policy_text.html", context)
    messages.success(request, _("The policy is entered from the example. Change what differs, then put it in force."))
    if left:
        messages.info(
            request,
            _("Left out, because the departments or people they are for are not here: %(names)s.")
            % {"names": ", ".join(left)},
        )
    return redirect("training:policy", pk=done.policy.pk) if done.policy else redirect("training:policies")


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
        back=found.name,
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
    """A new policy, or changes to one, from a file or typed text."""
    return _answer_file(
        request,
        lambda text, activate: import_policy(file=parse(text), activate=activate, actor=request.user),
        heading=_("Import a policy file"),
        cancel_url=reverse("training:policies"),
        submit=_("Import"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def policy_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole policy as the text of its file."""
    found = get_object_or_404(visible_policies(request.user), pk=pk)
    return _answer_file(
        request,
        lambda text, _activate: save_text(policy=found, text=text, actor=request.user),
        written=lambda: export_policy(found),
        policy=found,
        heading=_("Policy as text"),
        cancel_url=reverse("training:policy", args=[pk]),
        submit=_("Save"),
    )


def _answer_file(
    request: SignedInRequest,
    call: Callable[[str, bool], Imported],
    *,
    written: Callable[[], str] = str,
    **context: Any,
) -> HttpResponse:
    """Read and check the text: told what is wrong line by line, or what would change; then brought in."""
    form = PolicyFileForm(request.POST or None, request.FILES or None)
    context |= {"form": form, "is_whole": True, "text": request.POST.get("text", "") or written()}
    if request.method == "POST" and form.is_valid():
        text = context["text"] = form.cleaned_data["text"]
        try:
            if "check" in request.POST:
                context["checked"] = check_text(text=text, policy=context.get("policy"), actor=request.user)
            else:
                done = call(text, form.cleaned_data["activate"])
                messages.success(request, _imported(done))
                return redirect("training:policy", pk=done.policy.pk) if done.policy else redirect("training:policies")
        except BadRows as error:
            context["problems"] = error.problems
    return render(request, "training/policy_text.html", context)


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
        back=_("Points policies"),
        heading=_("New points year"),
        submit=_("Create year"),
    )
