"""Forms of learning paths: the path, whom it is for, and a line for each thing it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from people.selectors import today
from training.forms.scopes import ScopeFields, scope_initial
from training.models import Activity, Category, Course, LearningPath, PathItem
from training.selectors.catalogue import activities_in_use, courses_on_offer
from training.selectors.paths import skills_in_catalogue
from training.selectors.policies import visible_categories
from training.services.paths import DAYS_TO_COMPLETE, Item, PathTerms, free_code

KINDS: dict[str, Any] = {"course": Course, "activity": Activity, "category": Category}
TERMS = ("name", "reason", "origin", "start_date", "end_date", "due_days", "due_date", "is_active")


class PathForm(ScopeFields):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("A policy file names it. It stays."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who has to do it reads it."),
    )
    start_date = forms.DateField(label=_("Valid from"), widget=DayInput())
    end_date = forms.DateField(label=_("Valid until"), required=False, widget=DayInput())
    due_date = forms.DateField(label=_("Due on"), required=False, widget=DayInput())
    due_days = forms.IntegerField(
        label=_("Days to complete"),
        required=False,
        min_value=0,
        max_value=3660,
        help_text=_("From joining: for newcomers and transfers, and for all where no day is set."),
    )
    is_active = forms.BooleanField(label=_("In force"), required=False, initial=True)

    def __init__(
        self, *args: Any, path: LearningPath | None = None, suggested: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"start_date": today(), **(suggested or {})}
        self.origin = path.origin if path else (suggested or {}).get("origin", "")
        if path:
            kwargs["initial"] = {name: getattr(path, name) for name in TERMS} | scope_initial(path)
        super().__init__(*args, **kwargs)
        if path:
            # records and files name it
            del self.fields["code"]

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "code", "reason") if name in self.fields]

    def when_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("start_date", "end_date", "due_date", "due_days", "is_active")]

    def terms(self) -> PathTerms:
        said = self.cleaned_data
        return PathTerms(origin=self.origin, **{name: said[name] for name in TERMS if name != "origin"})


class GroupedSelect(forms.Select):
    """A select with groups of hundreds of options: written in one go, not with a template per option."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)

        def options(choices: Any) -> SafeString:
            return format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                ((key, flatatt({"selected": str(key) == chosen}), label) for key, label in choices),
            )

        inner = format_html_join(
            "",
            "{}",
            (
                (format_html('<optgroup label="{}">{}</optgroup>', key, options(label)),)
                if isinstance(label, list)
                else (options([(key, label)]),)
                for key, label in self.choices
            ),
        )
        return format_html(
            "<select{}>{}</select>", flatatt({**self.build_attrs(self.attrs, attrs or {}), "name": name}), inner
        )


def what_choices(user: Any) -> list[tuple[Any, Any]]:
    """``course:12``, ``activity:3``, ``category:4``, ``skill:IT``, in groups."""
    groups = [
        (gettext("A course"), [(f"course:{one.pk}", f"{one.name} ({one.code})") for one in courses_on_offer()]),
        (gettext("Any of an activity"), [(f"activity:{one.pk}", one.name) for one in activities_in_use()]),
        (gettext("Any of a category"), [(f"category:{one.pk}", one.name) for one in visible_categories(user)]),
        (gettext("Any course of a skill"), [(f"skill:{one}", one) for one in skills_in_catalogue(user)]),
    ]
    return [("", gettext("Choose…")), *((label, options) for label, options in groups if options)]


class ItemForm(forms.Form):
    what = forms.ChoiceField(label=_("What"), widget=GroupedSelect())
    minimum = forms.IntegerField(label=_("How many"), min_value=1, max_value=1000, initial=1)
    period = forms.ChoiceField(label=_("How often"), choices=PathItem.Period.choices, initial=PathItem.Period.ONCE)
    valid_for_months = forms.IntegerField(label=_("Valid for months"), required=False, min_value=1, max_value=600)

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.initial.get("what")
        known = {key for _label, options in choices[1:] for key, _text in options} if choices else set()
        if current and current not in known:
            # a course that is no longer on offer stays what it was
            choices = [*choices, (current, self.initial.get("text", current))]
        self.fields["what"].choices = choices

    def item(self) -> Item:
        said = self.cleaned_data
        kind, _colon, key = said["what"].partition(":")
        rest = {name: said[name] for name in ("minimum", "period", "valid_for_months")}
        if kind == "skill":
            return Item(skill=key, **rest)
        return Item(**{kind: KINDS[kind].objects.get(pk=key)}, **rest)


class BaseItemFormSet(forms.BaseFormSet):
    def items(self) -> list[Item]:
        """Lines that are filled in and not removed."""
        return [
            form.item() for form in self.forms if form.cleaned_data.get("what") and not form.cleaned_data.get("DELETE")
        ]


ItemFormSet = forms.formset_factory(ItemForm, formset=BaseItemFormSet, extra=0, can_delete=True, max_num=60)


def item_formset(user: Any, data: Any = None, path: LearningPath | None = None, suggested: str = "") -> Any:
    """The lines of a path; a new one begins with an empty line, or with what is ``suggested`` and can be chosen."""
    choices = what_choices(user)
    initial = [_initial(item) for item in path.items.all()] if path else []
    formset = ItemFormSet(data, initial=initial, prefix="items", form_kwargs={"choices": choices})
    if data is None and not initial:
        formset.extra = 1
        known = {key for _label, options in choices[1:] for key, _text in options}
        if suggested in known:
            formset.forms[0].initial["what"] = suggested
    return formset


def _initial(item: PathItem) -> dict[str, Any]:
    kinds = {"course": item.course_id, "activity": item.activity_id, "category": item.category_id, "skill": item.skill}
    what = next(f"{kind}:{key}" for kind, key in kinds.items() if key)
    numbers = {name: getattr(item, name) for name in ("minimum", "period", "valid_for_months")}
    return {"what": what, "text": str(item), **numbers}


def one_item(user: Any, number: int) -> forms.Form:
    """An empty line, as the formset would number it."""
    line = ItemForm(
        prefix=f"items-{number}", choices=what_choices(user), use_required_attribute=False, empty_permitted=True
    )
    ItemFormSet(prefix="items").add_fields(line, number)
    return line


def suggestion(query: Mapping[str, str]) -> dict[str, Any]:
    """What a finding elsewhere fills in, out of an address: ``what``, ``name``, ``reason``, ``origin``."""
    said: dict[str, Any] = {
        name: query[name][:longest]
        for name, longest in (("name", 120), ("reason", 1000), ("origin", 200))
        if query.get(name)
    }
    kind, _colon, key = query.get("what", "").partition(":")
    course = Course.objects.filter(pk=key).first() if kind == "course" and key.isdecimal() and len(key) < 10 else None
    if course:
        said |= {"code": free_code(course.code), "due_days": DAYS_TO_COMPLETE}
    return said


class EndPathForm(forms.Form):
    end_date = forms.DateField(label=_("Last day"), widget=DayInput())
