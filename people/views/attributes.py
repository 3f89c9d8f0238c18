"""Custom attributes: what else is recorded, declared once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from people import selectors
from people.access import SignedInRequest, requires
from people.forms import ChangeDeclaredForm, DeclareForm
from people.services.attributes import declare_attribute, retire_attribute


@require_GET
@requires("people.change_people")
def attributes(request: SignedInRequest) -> HttpResponse:
    rows = list(selectors.all_attributes())
    owners = [
        (_("Of employees"), [one for one in rows if one.owner == "employee"]),
        (_("Of learning records"), [one for one in rows if one.owner == "record"]),
    ]
    return render(request, "people/attributes.html", {"owners": owners})


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def declare(request: SignedInRequest) -> HttpResponse:
    form = DeclareForm(request.POST or None, initial={"owner": request.GET.get("owner", "employee")})
    return answer_form(
        request,
        form,
        lambda: declare_attribute(actor=request.user, **form.cleaned_data),
        done=_("The attribute is declared: forms, files and policies know it from now on."),
        to=reverse("people:attributes"),
        heading=_("New attribute"),
        back=_("Attributes"),
        submit=_("Declare"),
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_people")
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.all_attributes(), pk=pk)
    initial = {"name": row.name, "type": row.type, "choices": "\n".join(map(str, row.choices))}
    form = ChangeDeclaredForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        lambda: declare_attribute(owner=row.owner, code=row.code, actor=request.user, **form.cleaned_data),
        done=_("The attribute is saved."),
        to=reverse("people:attributes"),
        heading=_("Edit %(name)s") % {"name": row.name},
        back=_("Attributes"),
        intro=_("Saving a retired attribute takes it into use again.") if not row.is_active else "",
    )


@require_POST
@requires("people.change_people")
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.all_attributes(), pk=pk)
    return answer_action(
        request,
        lambda: retire_attribute(attribute=row, actor=request.user),
        done=_("%(name)s is not asked for any more. What was stated stays.") % {"name": row.name},
        to=reverse("people:attributes"),
    )
