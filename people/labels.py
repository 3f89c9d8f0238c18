"""What roles are called; custom attributes as forms ask for them and pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import DayInput
from people import rules
from people.models import Attribute
from people.selectors import all_attributes, attributes_of
from people.services.attributes import read_value

ROLE_LABELS = {
    rules.HR_ADMIN: gettext_lazy("HR admin"),
    rules.PAYROLL: gettext_lazy("Payroll officer"),
    rules.RECRUITER: gettext_lazy("Recruiter"),
    rules.OPERATIONS: gettext_lazy("Operations (imports, no pay)"),
    rules.AUDITOR: gettext_lazy("Auditor (reads, changes nothing)"),
    rules.MANAGER: gettext_lazy("Department manager"),
    rules.EMPLOYEE: gettext_lazy("Employee"),
}
PREFIX = "attribute_"
#: what the suite keeps among the attributes for itself
OWN = frozenset({"exit_reason"})


class AttributeForm(forms.Form):
    """Adds a field for every attribute of ``owner`` that is in use. ``values`` are the ones that are stored."""

    owner: str = Attribute.Owner.EMPLOYEE

    def __init__(self, *args: Any, values: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # what the form has a field of its own for is asked there
        asked = attributes_of(self.owner).values()
        self.declared = {one.code: one for one in asked if one.code not in self.fields}
        for code, attribute in self.declared.items():
            self.fields[PREFIX + code] = _field(attribute)
            self.initial.setdefault(PREFIX + code, _initial((values or {}).get(code)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for code, attribute in self.declared.items():
            if PREFIX + code not in data:
                continue
            try:
                data[PREFIX + code] = read_value(attribute, data[PREFIX + code])
            except BadInput as error:
                self.add_error(PREFIX + code, f"{error.message} {error.mend}")
        return data

    def attribute_fields(self) -> list[forms.BoundField]:
        """For templates that place fields by hand."""
        return [self[PREFIX + code] for code in self.declared]

    def attributes(self) -> dict[str, Any]:
        """Code -> value as it is stored, None where nothing is stated."""
        return {code: self.cleaned_data.get(PREFIX + code) for code in self.declared}


def _field(attribute: Attribute) -> forms.Field:
    name = attribute.name
    match attribute.type:
        case Attribute.Type.NUMBER:
            return forms.DecimalField(label=name, required=False)
        case Attribute.Type.DATE:
            return forms.DateField(label=name, required=False, widget=DayInput())
        case Attribute.Type.BOOLEAN:
            options = [("", gettext_lazy("Not stated")), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
            return forms.ChoiceField(label=name, required=False, choices=options)
        case Attribute.Type.CHOICE:
            given = [(one, one) for one in attribute.choices]
            return forms.ChoiceField(label=name, required=False, choices=[("", gettext_lazy("Not stated")), *given])
        case _:
            return forms.CharField(label=name, required=False, max_length=300)


def _initial(value: Any) -> Any:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def attribute_text(value: Any, attribute: Attribute | None = None) -> str:
    """A stored value for people to read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if attribute and attribute.type == Attribute.Type.DATE:
        return date_format(dt.date.fromisoformat(str(value)))
    return str(value)


def shown_attributes(owner: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, text) of what is stored, declared ones by name, first."""
    if not set(values) - OWN:
        return []
    declared = {one.code: one for one in all_attributes().filter(owner=owner).order_by("name")}
    known = [(one.name, attribute_text(values[code], one)) for code, one in declared.items() if code in values]
    others = sorted(set(values) - set(declared) - OWN)
    return known + [(code, attribute_text(values[code])) for code in others]


class AttributeColumn(tables.Column):
    """A custom attribute: in exports, not on the screen."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(
            verbose_name=attribute.name, accessor=f"attributes__{attribute.code}", visible=False, orderable=False
        )
        self.attribute = attribute

    def render(self, value: Any) -> str:
        return attribute_text(value)


def attribute_columns(owner: str) -> dict[str, tables.Column]:
    """For lists of employees or records: a column of the export for every attribute in use."""
    return {f"attribute_{code}": AttributeColumn(one) for code, one in attributes_of(owner).items()}
