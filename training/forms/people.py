"""A field that finds one person by number or name, with suggestions while typing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from people.models import Employee
from training.selectors.attendees import one_person


class EmployeeInput(forms.TextInput):
    """A text input with a list of suggestions that htmx fills."""

    template_name = "training/_employee_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["people_url"] = reverse("training:people_options")
        return context


class EmployeeField(forms.CharField):
    """``user`` is set by the form: only people whom that user may see are found."""

    widget = EmployeeInput
    user: Any = None

    def clean(self, value: Any) -> Employee:
        text = super().clean(value)
        employee, problem = one_person(self.user, text)
        if employee is None:
            raise forms.ValidationError(problem)
        return employee
