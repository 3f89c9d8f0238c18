"""How forms look: one renderer for all, so that a form class says only what it asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


class LongSelect(forms.Select):
    """A select for hundreds of options: written in one go, not with a template per option."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, flatatt({"selected": str(key) == chosen}), label) for key, label in self.choices),
        )
        own = flatatt({**self.build_attrs(self.attrs, attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", own, options)
