"""Activities and the category tree that they belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hrsuite.lib.errors import BadInput
from people.models import User
from training.models import Activity, Category, CategoryClosure, LearningRecord, Measure, Policy
from training.services.scopes import check_fields
from training.services.work import queue_points_for_all

#: letters of any script
CODE = re.compile(r"\w[\w./-]*")


def _queue_if_used(*, cause: str, actor: User | None) -> None:
    if Policy.objects.filter(is_active=True).exists():
        queue_points_for_all(cause=cause, actor=actor)


def _check_code(model: type[Category] | type[Activity], code: str) -> None:
    """Of something new: what is there keeps its code."""
    if not CODE.fullmatch(code):
        raise BadInput(
            "code",
            code,
            _("Policies name it, so a code has no spaces and few signs."),
            _("Use letters, digits and “-”, “_”, “.” or “/”, such as law-2; the name may be anything."),
        )
    if model.objects.filter(code=code).exists():
        raise BadInput("code", code, _("This code is in use."), _("Choose another code."))


@transaction.atomic
def create_category(
    *,
    code: str,
    name: str,
    parent: Category | None = None,
    terms: Mapping[str, Any] | None = None,
    actor: User | None,
) -> Category:
    """``terms``: what docs/policy-format.md says of categories beyond code, name and parent."""
    _check_code(Category, code)
    category = Category(code=code, name=name, parent=parent, terms=terms or {})
    check_fields(category)
    category.save()
    return category


@transaction.atomic
def change_category(
    *,
    category: Category,
    name: str,
    parent: Category | None,
    terms: Mapping[str, Any] | None = None,
    actor: User | None,
) -> Category:
    """Another name, place in the tree or terms (None: as they are); points are summed anew where it matters."""
    category = Category.objects.select_for_update().get(pk=category.pk)
    terms = category.terms if terms is None else terms
    moved = category.parent_id != (parent.pk if parent else None) or category.terms != terms
    if parent and CategoryClosure.objects.filter(ancestor=category, descendant=parent).exists():
        raise BadInput("parent", parent, _("A category cannot stand below itself."), _("Choose a category outside it."))
    category.name, category.parent, category.terms = name, parent, terms
    check_fields(category)
    category.save(update_fields=["name", "parent", "terms"])
    if moved:
        _queue_if_used(cause=_("Category %(name)s moved") % {"name": name}, actor=actor)
    return category


@transaction.atomic
def create_activity(
    *,
    code: str,
    name: str,
    category: Category,
    measure: str = Measure.TIMES,
    pass_mark: Decimal | None = None,
    actor: User | None,
) -> Activity:
    _check_code(Activity, code)
    activity = Activity(code=code, name=name, category=category, measure=measure, pass_mark=pass_mark)
    check_fields(activity)
    activity.save()
    return activity


@transaction.atomic
def change_activity(
    *,
    activity: Activity,
    name: str,
    category: Category,
    measure: str,
    pass_mark: Decimal | None = None,
    is_active: bool = True,
    actor: User | None,
) -> Activity:
    """A new pass mark is for records to come; another category moves the points that are booked."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    moved = activity.category_id != category.pk
    if measure != activity.measure and LearningRecord.objects.filter(activity=activity).exists():
        raise BadInput(
            "measure",
            measure,
            _("%(name)s has records that are measured by %(measure)s.")
            % {"name": activity.name, "measure": activity.get_measure_display()},
            _("Add another activity for the new measure."),
        )
    activity.name, activity.category, activity.measure = name, category, measure
    activity.pass_mark, activity.is_active = pass_mark, is_active
    check_fields(activity)
    activity.save()
    if moved:
        _queue_if_used(cause=_("Activity %(name)s moved to another category") % {"name": name}, actor=actor)
    return activity
