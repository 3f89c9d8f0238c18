"""How forms look: one renderer for all, so that a form class says only what it asks."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class SuiteRenderer(TemplatesSetting):
    """Forms and fields through ``templates/components``."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
