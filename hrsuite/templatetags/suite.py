"""Filters and tags that every template may use: ``{% load suite %}``."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    SelectMultiple,
)
from django.forms.boundfield import BoundWidget
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@register.filter
def points(value: Any) -> str:
    """``12.50`` as 12.5, ``40.00`` as 40, with thousands marks; a dash for none."""
    if value is None or value == "":
        return "–"
    number = Decimal(str(value)).normalize()
    places = max(0, -int(number.as_tuple().exponent)) if number else 0
    return number_format(number, decimal_pos=min(places, 2), use_l10n=True, force_grouping=True)


@register.filter
def money(value: Any) -> str:
    """Two places and thousands marks; a dash for none."""
    return "–" if value is None else number_format(value, decimal_pos=2, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """A share of 0 to 1 as a percentage, rounded as people do it; a dash for none."""
    if value is None:
        return "–"
    share = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return percent_sign(number_format(share, decimal_pos=places))


@register.filter
def percent_sign(number: str) -> str:
    """``number`` with the sign as the language sets it: with a space or without."""
    return gettext("%(number)s %%") % {"number": number}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A Tabler icon by name, hidden from screen readers."""
    return format_html('<i class="ti ti-{} {}" aria-hidden="true"></i>', name, classes)


@register.simple_tag
def widget(field: BoundField, **attrs: Any) -> SafeString:
    """The field's input with the classes of the theme and its state."""
    kind = field.field.widget
    if isinstance(kind, (RadioSelect, CheckboxSelectMultiple, CheckboxInput)):
        css = "form-check-input"
    elif isinstance(kind, (Select, SelectMultiple)):
        css = "form-select"
    else:
        css = "form-control"
    if isinstance(kind, FileInput):
        # the browser's own words are in its language, not in the reader's
        many = kind.allow_multiple_selected
        attrs["data-choose"] = gettext("Choose files") if many else gettext("Choose a file")
        attrs["data-drop"] = gettext("or drop them here") if many else gettext("or drop it here")
    classes = [css, str(kind.attrs.get("class", "")), "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={**attrs, "class": " ".join(part for part in classes if part)})


@register.simple_tag
def choice_input(choice: BoundWidget) -> SafeString:
    """One radio button or check box of a choice, with the class of the theme."""
    attrs = choice.data["attrs"]
    attrs["class"] = " ".join(dict.fromkeys(["form-check-input", *str(attrs.get("class", "")).split()]))
    return choice.tag()


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choices(field: BoundField) -> bool:
    return isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The current query string with ``changes``; None removes a key. Starts with ``?``."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            parameters.pop(key, None)
        else:
            parameters[key] = value
    return f"?{parameters.urlencode()}"
