"""Activities and the categories that they belong to."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from people.access import SignedInRequest, requires
from training.forms.policies import ActivityForm, CategoryForm
from training.selectors.policies import category_tree, visible_activities, visible_categories
from training.selectors.policy_history import catalogue_changes
from training.services import activities as services
from training.services import unused
from training.views.removal import answer_removal, why_not

VIEW, CHANGE = "training.view_policies", "training.change_policies"


@require_GET
@requires(VIEW)
def activities(request: SignedInRequest) -> HttpResponse:
    return render(request, "training/activities.html", {"branches": category_tree(request.user)})


@require_GET
@requires("people.view_history")
def history(request: SignedInRequest) -> HttpResponse:
    """Who changed what of activities and categories, and when."""
    context = {"changes": catalogue_changes(), "back": _("Activities and categories")}
    return render(request, "training/policy_history.html", {**context, "back_url": reverse("training:activities")})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_activity(request: SignedInRequest) -> HttpResponse:
    form = ActivityForm(request.POST or None, user=request.user, initial={"category": request.GET.get("category")})
    return answer_form(
        request,
        form,
        lambda: services.create_activity(actor=request.user, **form.cleaned_data),
        done=_("The activity is entered. It earns points as soon as a rule names it."),
        to=reverse("training:activities"),
        back=_("Activities and categories"),
        heading=_("New activity"),
        submit=_("Add activity"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def change_activity(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_activities(request.user), pk=pk)
    form = ActivityForm(request.POST or None, instance=found, user=request.user)
    return answer_form(
        request,
        form,
        lambda: services.change_activity(activity=found, actor=request.user, **form.cleaned_data),
        done=_("The activity is saved."),
        to=reverse("training:activities"),
        heading=_("Activity %(code)s") % {"code": found.code},
        template="training/catalogue_form.html",
        remove_url=reverse("training:remove_activity", args=[pk]),
        stays=why_not(unused.why_activity_stays(found)),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_category(request: SignedInRequest) -> HttpResponse:
    form = CategoryForm(request.POST or None, user=request.user, initial={"parent": request.GET.get("parent")})
    return answer_form(
        request,
        form,
        lambda: services.create_category(actor=request.user, **form.cleaned_data),
        done=_("The category is entered."),
        to=reverse("training:activities"),
        back=_("Activities and categories"),
        heading=_("New category"),
        submit=_("Add category"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def change_category(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_categories(request.user), pk=pk)
    form = CategoryForm(request.POST or None, instance=found, user=request.user)
    return answer_form(
        request,
        form,
        lambda: services.change_category(category=found, actor=request.user, **form.cleaned_data),
        done=_("The category is saved."),
        to=reverse("training:activities"),
        heading=_("Category %(code)s") % {"code": found.code},
        template="training/catalogue_form.html",
        remove_url=reverse("training:remove_category", args=[pk]),
        stays=why_not(unused.why_category_stays(found)),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def remove_activity(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_activities(request.user), pk=pk)
    return answer_removal(
        request,
        partial(unused.remove_activity, activity=found),
        why=lambda: unused.why_activity_stays(found),
        done=_("The activity is removed."),
        to=reverse("training:change_activity", args=[pk]),
        then=reverse("training:activities"),
        back=found.name,
        heading=_("Remove activity “%(name)s”?") % {"name": found.name},
        intro=_("Only an activity without records, rules and courses can be removed; others can be taken out of use."),
        submit=_("Remove activity"),
    )


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def remove_category(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_categories(request.user), pk=pk)
    return answer_removal(
        request,
        partial(unused.remove_category, category=found),
        why=lambda: unused.why_category_stays(found),
        done=_("The category is removed."),
        to=reverse("training:change_category", args=[pk]),
        then=reverse("training:activities"),
        back=found.name,
        heading=_("Remove category “%(name)s”?") % {"name": found.name},
        intro=_("Only a category without activities, points and targets can be removed."),
        submit=_("Remove category"),
    )
