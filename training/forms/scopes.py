"""Choosing people: the fields that rules and targets have in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import LongSelect
from people.models import Band, Department, Employee
from people.selectors import all_departments, all_levels, all_positions, visible_employees
from training.services.scopes import Whom

EVERYONE = ("", _("Everyone"))


def department_choices() -> list[tuple[Any, Any]]:
    """All departments in the order of the tree, indented."""
    children: dict[int | None, list[Department]] = {}
    for department in all_departments().order_by("name"):
        children.setdefault(department.parent_id, []).append(department)
    choices: list[tuple[Any, Any]] = [("", _("All departments"))]

    def add(parent: int | None, depth: int) -> None:
        for department in children.get(parent, []):
            # no-break spaces: a select drops others
            choices.append((department.pk, "\u00a0" * 3 * depth + department.name))
            add(department.pk, depth + 1)

    add(None, 0)
    return choices


def department_codes() -> list[tuple[str, str]]:
    """(code, name) of all departments in the order of the tree, indented."""
    codes = dict(all_departments().values_list("pk", "code"))
    return [(codes[pk], str(name)) for pk, name in department_choices() if pk in codes]


class ScopeFields(forms.Form):
    """Whom it is for. Nothing chosen: everyone."""

    department = forms.ModelChoiceField(
        label=_("Department and below"), queryset=all_departments(), required=False, widget=LongSelect()
    )
    band = forms.ChoiceField(label=_("Band"), choices=[("", _("All bands")), *Band.choices], required=False)
    level = forms.ModelChoiceField(label=_("Level"), queryset=all_levels(), required=False, empty_label=_("All levels"))
    position = forms.ModelChoiceField(
        label=_("Position"), queryset=all_positions(), required=False, empty_label=_("All positions")
    )
    employee = forms.CharField(
        label=_("One employee only"),
        required=False,
        max_length=40,
        help_text=_("Employee number; leave empty unless it is for one person."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["department"].choices = department_choices()  # type: ignore[attr-defined]

    def clean_employee(self) -> Employee | None:
        number = self.cleaned_data["employee"].strip()
        if not number:
            return None
        employee = visible_employees(self.user).filter(employee_no=number).first()
        if employee is None:
            raise forms.ValidationError(
                gettext("There is no employee %(number)s. Look the number up in the people list.") % {"number": number}
            )
        return employee

    def whom(self) -> Whom:
        chosen = self.cleaned_data
        return Whom(
            department=chosen.get("department"),
            position=chosen.get("position"),
            level=chosen.get("level"),
            band=chosen.get("band") or "",
            employee=chosen.get("employee"),
        )

    def scope_fields(self) -> list[forms.BoundField]:
        """For templates that group the fields."""
        return [self[name] for name in ("department", "band", "level", "position", "employee")]


def scope_initial(scope: Any) -> dict[str, Any]:
    """What a saved rule or target puts into the fields."""
    return {
        "department": scope.department_id,
        "position": scope.position_id,
        "level": scope.level_id,
        "band": scope.band,
        "employee": scope.employee.employee_no if scope.employee else "",
    }
