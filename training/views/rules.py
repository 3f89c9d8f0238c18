"""A rule: its page with all versions, a new one, a change, an end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from people.access import SignedInRequest, requires
from people.selectors import today
from training.forms.policies import EndForm, RuleForm, VersionForm
from training.selectors.policies import (
    booked_by,
    draft_rule,
    earning_text,
    reach_of,
    rule_line,
    rule_sentence,
    visible_policies,
    visible_rules,
)
from training.services import policies as services

VIEW, CHANGE = "training.view_policies", "training.change_policies"


@require_GET
@requires(VIEW)
def rule(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    line = rule_line(found)
    since = line.shown.start_date if line.shown else None
    context = {
        "rule": found,
        "line": line,
        "versions": [(version, earning_text(version)) for version in line.versions],
        "reach": reach_of(scope=found, activity=found.activity, start_date=since),
        "booked": booked_by(found),
        "today": today(),
    }
    return render(request, "training/rule.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(visible_policies(request.user), pk=pk)
    initial = {"start_date": today(), "activity": request.GET.get("activity")}
    form = RuleForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            created = services.create_rule(
                policy=policy,
                activity=said["activity"],
                whom=form.whom(),
                terms=form.terms(),
                start_date=said["start_date"],
                end_date=said["end_date"],
                code=said["code"],
                priority=said["priority"],
                reason=said["reason"],
                actor=request.user,
            )
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("The rule is entered."))
            return redirect("training:rule", pk=created.pk)
    context = {
        "form": form,
        "policy": policy,
        "heading": _("New rule"),
        "cancel_url": reverse("training:policy", args=[pk]),
        "preview_url": reverse("training:preview_rule", args=[pk]),
        "submit": _("Add rule"),
    }
    return render(request, "training/rule_form.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_version(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    line = rule_line(found)
    form = VersionForm(request.POST or None, version=line.shown, initial={"start_date": today()})
    return answer_form(
        request,
        form,
        lambda: services.add_version(
            rule=found,
            terms=form.terms(),
            start_date=form.cleaned_data["start_date"],
            end_date=form.cleaned_data["end_date"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
        done=_("The new version is entered. Points are being booked in the background."),
        to=reverse("training:rule", args=[pk]),
        template="training/rule_form.html",
        rule=found,
        line=line,
        policy=found.policy,
        heading=_("Change the rule"),
        preview_url=reverse("training:preview_version", args=[pk]),
        submit=_("Save new version"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def end_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    form = EndForm(request.POST or None, initial={"end_date": today()})
    return answer_form(
        request,
        form,
        lambda: services.end_rule(rule=found, end_date=form.cleaned_data["end_date"], actor=request.user),
        done=_("The rule ends on that day."),
        to=reverse("training:rule", args=[pk]),
        heading=_("End the rule"),
        intro=_("What happened until that day keeps its points; later learning earns nothing by this rule."),
        submit=_("End the rule"),
        danger=True,
    )


# --- what a form would do, while it is filled in ----------------------------------------------------------------------
def _preview(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "training/_rule_preview.html", context)


@require_GET
@requires(CHANGE)
def preview_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rule of the form in plain words, and whom it reaches. Nothing is saved."""
    get_object_or_404(visible_policies(request.user), pk=pk)
    form = RuleForm(request.GET, user=request.user)
    form.is_valid()
    said = form.cleaned_data
    if not said.get("activity") or said.get("rate") is None or not said.get("basis"):
        return _preview(request, {})
    draft, version = draft_rule(activity=said["activity"], scope=form.whom().as_fields(), terms=vars(form.terms()))
    reach = reach_of(scope=draft, activity=draft.activity, start_date=said.get("start_date"))
    return _preview(
        request, {"sentence": rule_sentence(draft, version), "reach": reach, "start_date": said.get("start_date")}
    )


@require_GET
@requires(CHANGE)
def preview_version(request: SignedInRequest, pk: int) -> HttpResponse:
    """The changed rule in plain words beside what it says now, and whom it reaches. Nothing is saved."""
    found = get_object_or_404(visible_rules(request.user), pk=pk)
    form = VersionForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    if said.get("rate") is None or not said.get("basis"):
        return _preview(request, {})
    _draft, version = draft_rule(activity=found.activity, scope={}, terms=vars(form.terms()))
    reach = reach_of(scope=found, activity=found.activity, start_date=said.get("start_date"))
    context = {
        "before": rule_line(found).sentence,
        "sentence": rule_sentence(found, version),
        "reach": reach,
        "start_date": said.get("start_date"),
    }
    return _preview(request, context)
