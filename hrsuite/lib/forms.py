"""How forms look: one renderer for all, so that a form class says only what it asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from hrsuite.lib.errors import BadInput


class SuiteRenderer(TemplatesSetting):
    """Forms and fields through ``templates/components``."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


def refuse(form: forms.BaseForm, error: BadInput) -> None:
    """Show what a service refused at its field, or above the form."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message} {error.mend}".strip())
