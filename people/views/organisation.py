"""The department tree, and the lists of positions and levels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.answers import answer_action, answer_form
from people import selectors
from people.access import SignedInRequest, requires
from people.forms import DepartmentForm, LevelForm, MoveDepartmentForm, NewDepartmentForm, PositionForm
from people.services import organisation as services
from people.tree import Branch, grow


@require_GET
@requires("people.view_people")
def organisation(request: SignedInRequest) -> HttpResponse:
    heads = {one.department_id: one for one in selectors.heads_today()}
    branches = grow(
        selectors.visible_departments(request.user).order_by("code"), counts=selectors.head_counts(), heads=heads
    )
    may_change = request.user.has_perm("people.change_organisation")
    context = {
        "branches": branches,
        "people": sum(branch.total for branch in branches if branch.depth == 0),
        "may_change": may_change,
        "chart": (chart := _chart(branches)),
        "chart_height": 36 * len(chart["yAxis"]["data"]) + 24 if chart else 0,
    }
    return render(request, "people/organisation.html", context)


def _chart(branches: list[Branch]) -> dict[str, Any] | None:
    """People by department, of the highest level of the tree that has at least two."""
    depths = {branch.depth for branch in branches}
    shown: list[Branch] = []
    for depth in sorted(depths):
        shown = [branch for branch in branches if branch.depth == depth]
        if len(shown) > 1:
            break
    if len(shown) < 2:
        return None
    shown = sorted(shown, key=lambda branch: branch.total)[-12:]
    return {
        "grid": {"left": 8, "right": 40, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "data": [branch.department.name for branch in shown],
            "axisTick": {"show": False},
            "axisLabel": {"width": 130, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "data": [branch.total for branch in shown],
                "label": {"show": True, "position": "right"},
                "barMaxWidth": 22,
                "itemStyle": {"borderRadius": 3},
            }
        ],
        "suite": {"links": [f"{reverse('people:people')}?department={branch.department.pk}" for branch in shown]},
    }


@require_http_methods(["GET", "POST"])
@requires("people.change_organisation")
def add_department(request: SignedInRequest) -> HttpResponse:
    parent = request.GET.get("parent", "")
    form = NewDepartmentForm(request.POST or None, initial={"parent": parent if parent.isdecimal() else None})
    return answer_form(
        request,
        form,
        lambda: services.create_department(actor=request.user, **form.cleaned_data),
        done=_("The department is created."),
        to=reverse("people:organisation"),
        heading=_("New department"),
        submit=_("Create department"),
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_organisation")
def change_department(request: SignedInRequest, pk: int) -> HttpResponse:
    department = get_object_or_404(selectors.visible_departments(request.user), pk=pk)
    form = DepartmentForm(request.POST or None, initial={"code": department.code, "name": department.name})
    return answer_form(
        request,
        form,
        lambda: services.change_department(department=department, actor=request.user, **form.cleaned_data),
        done=_("The changes are saved."),
        to=reverse("people:organisation"),
        heading=_("Edit %(name)s") % {"name": department.name},
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_organisation")
def move_department(request: SignedInRequest, pk: int) -> HttpResponse:
    department = get_object_or_404(selectors.visible_departments(request.user), pk=pk)
    form = MoveDepartmentForm(request.POST or None, initial={"parent": department.parent_id})
    return answer_form(
        request,
        form,
        lambda: services.move_department(department=department, parent=form.cleaned_data["parent"], actor=request.user),
        done=_("The department is moved. Points of its people are being booked again."),
        to=reverse("people:organisation"),
        heading=_("Move %(name)s") % {"name": department.name},
        intro=_(
            "Everything below it moves along. Rules and targets that are made for a department reach its whole tree."
        ),
        submit=_("Move department"),
    )


@require_POST
@requires("people.change_organisation")
def delete_department(request: SignedInRequest, pk: int) -> HttpResponse:
    department = get_object_or_404(selectors.visible_departments(request.user), pk=pk)
    return answer_action(
        request,
        lambda: services.delete_department(department=department, actor=request.user),
        done=_("%(name)s is deleted.") % {"name": department.name},
        to=reverse("people:organisation"),
    )


@require_GET
@requires("people.view_people")
def places(request: SignedInRequest) -> HttpResponse:
    """Positions and levels: short lists, on one page."""
    context = {
        "positions": selectors.all_positions(),
        "levels": selectors.all_levels(),
        "may_change": request.user.has_perm("people.change_organisation"),
    }
    return render(request, "people/places.html", context)


@require_http_methods(["GET", "POST"])
@requires("people.change_organisation")
def position(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """Create a position, or change one."""
    old = get_object_or_404(selectors.all_positions(), pk=pk) if pk else None
    form = PositionForm(request.POST or None, initial={"code": old.code, "name": old.name} if old else None)
    return answer_form(
        request,
        form,
        lambda: services.save_position(position=old, actor=request.user, **form.cleaned_data),
        done=_("The position is saved."),
        to=reverse("people:places"),
        heading=_("Edit %(name)s") % {"name": old.name} if old else _("New position"),
    )


@require_http_methods(["GET", "POST"])
@requires("people.change_organisation")
def level(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """Create a level, or change one."""
    old = get_object_or_404(selectors.all_levels(), pk=pk) if pk else None
    initial = {name: getattr(old, name) for name in ("code", "name", "band", "rank")} if old else None
    form = LevelForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        lambda: services.save_level(level=old, actor=request.user, **form.cleaned_data),
        done=_("The level is saved."),
        to=reverse("people:places"),
        heading=_("Edit %(name)s") % {"name": old.name} if old else _("New level"),
    )
