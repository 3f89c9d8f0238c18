"""The sign-in sheet and the courses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from people.labels import AttributeForm
from people.models import Attribute
from people.selectors import today
from training.forms.records import attach_hints
from training.models import Measure
from training.selectors.catalogue import activities_in_use, courses_on_offer
from training.services.sheets import Event


class SheetForm(AttributeForm):
    """The event, and attendees as lines of text: numbers or names, and attributes that differ for one of them."""

    owner = Attribute.Owner.RECORD

    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=None,
        required=False,
        empty_label=_("No course of the catalogue"),
        help_text=_("Sets activity and minutes by itself."),
    )
    activity = forms.ModelChoiceField(
        label=_("Activity"), queryset=None, required=False, empty_label=_("Choose an activity")
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Tells two events of the same activity and day apart."),
    )
    happened_on = forms.DateField(label=_("Date"), widget=DayInput())
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, help_text=_("90 for an hour and a half.")
    )
    attendees = forms.CharField(
        label=_("Attendees"),
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One employee number or name per line. Paste a column of a spreadsheet, or add people by search."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"happened_on": today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses_on_offer().exclude(activity__measure=Measure.EXAM)
        self.fields["activity"].queryset = activities_in_use().exclude(measure=Measure.EXAM)
        attach_hints(self)
        if self.declared:
            some = next(iter(self.declared.values()))
            example = _("What differs for one person stands behind the number: “E001; %(name)s=…”.") % {
                "name": some.name
            }
            attendees = self.fields["attendees"]
            attendees.help_text = f"{attendees.help_text} {example}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        course = data.get("course")
        if course and not data.get("activity"):
            data["activity"] = course.activity
        if not data.get("activity") and "activity" not in self.errors:
            self.add_error("activity", _("Choose a course or an activity."))
        return data

    def event(self) -> Event:
        names = ("activity", "course", "happened_on", "title", "minutes")
        stated = {code: value for code, value in self.attributes().items() if value is not None}
        return Event(**{name: self.cleaned_data[name] for name in names}, attributes=stated)


class CourseForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    activity = forms.ModelChoiceField(
        label=_("Activity"),
        queryset=None,
        empty_label=_("Choose an activity"),
        help_text=_("Decides which points rule applies."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, max_value=500_000, help_text=_("Its usual length.")
    )
    skill = forms.CharField(label=_("Skill"), required=False, max_length=80)
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    is_active = forms.BooleanField(label=_("On offer"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = activities_in_use()


class NewCourseForm(CourseForm):
    code = forms.CharField(label=_("Code"), max_length=40)
    field_order = ["code"]
