"""Forms of records, adjustments and reasons. They check shape; the services decide."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from people.labels import AttributeForm
from people.models import Attribute
from people.selectors import today
from training.forms.people import EmployeeField
from training.models import LearningRecord, PointsYear
from training.selectors.catalogue import activities_in_use, courses_on_offer
from training.selectors.policies import current_year, visible_categories, visible_years

RESULTS = [("", _("By the pass mark")), ("yes", _("Passed")), ("no", _("Not passed"))]


class ReasonForm(forms.Form):
    """For what needs nothing but a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who may see the record can read it."),
    )


class ContentForm(AttributeForm):
    """What happened: activity, course, day, and what the activity's measure asks for."""

    owner = Attribute.Owner.RECORD
    employee = EmployeeField(label=_("Employee"), help_text=_("Number or name."))
    course = forms.ModelChoiceField(
        label=_("Course"), queryset=None, required=False, empty_label=_("No course of the catalogue")
    )
    activity = forms.ModelChoiceField(label=_("Activity"), queryset=None, empty_label=_("Choose an activity"))
    happened_on = forms.DateField(label=_("Date"), widget=DayInput())
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, help_text=_("90 for an hour and a half.")
    )
    count = forms.IntegerField(label=_("Times"), required=False, min_value=1)
    score = forms.DecimalField(label=_("Score"), required=False, min_value=0, max_digits=7, decimal_places=2)
    result = forms.ChoiceField(label=_("Result"), required=False, choices=RESULTS)
    title = forms.CharField(label=_("Title"), required=False, max_length=200, help_text=_("What it was about."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employee"].user = user
        self.fields["course"].queryset = courses_on_offer()
        self.fields["activity"].queryset = activities_in_use()
        attach_hints(self)

    def content(self) -> dict[str, Any]:
        """Arguments of the services."""
        names = ("employee", "course", "activity", "happened_on", "minutes", "count", "score", "title")
        result = {"yes": True, "no": False}.get(self.cleaned_data["result"])
        return {name: self.cleaned_data[name] for name in names} | {"passed": result, "attributes": self.attributes()}


def attach_hints(form: forms.Form) -> None:
    """What the browser needs to show just the fields that the activity asks for, and to fill them from the course."""
    measures = {one.pk: one.measure for one in form.fields["activity"].queryset}
    form.fields["activity"].widget.attrs["data-measures"] = json.dumps(measures)
    if "course" not in form.fields:
        return
    courses = {one.pk: [one.activity_id, one.minutes] for one in form.fields["course"].queryset}
    form.fields["course"].widget.attrs["data-courses"] = json.dumps(courses)


class RecordForm(ContentForm):
    """``form_id`` names the form itself: sent twice, it makes one record."""

    form_id = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        initial = {"happened_on": today(), "form_id": uuid.uuid4().hex, **kwargs.pop("initial", {})}
        super().__init__(*args, user=user, initial=initial, **kwargs)


class CorrectionForm(ContentForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Why the record is corrected."))

    def __init__(self, *args: Any, user: Any, record: LearningRecord, **kwargs: Any) -> None:
        initial = {name: getattr(record, name) for name in self.base_fields if hasattr(record, name)}
        initial |= {"employee": record.employee.employee_no, "result": _stated_result(record)}
        super().__init__(*args, user=user, initial=initial, values=record.attributes, **kwargs)
        # an activity or course that is no longer in use stays what it was
        self.fields["activity"].queryset |= type(record.activity).objects.filter(pk=record.activity.pk)
        if record.course:
            self.fields["course"].queryset |= type(record.course).objects.filter(pk=record.course.pk)


def _stated_result(record: LearningRecord) -> str:
    mark = record.activity.pass_mark
    if record.passed is None or (
        record.score is not None and mark is not None and record.passed == (record.score >= mark)
    ):
        return ""
    return "yes" if record.passed else "no"


class AdjustForm(forms.Form):
    year = forms.ModelChoiceField(label=_("Points year"), queryset=None, empty_label=None)
    category = forms.ModelChoiceField(label=_("Category"), queryset=None, empty_label=_("Choose a category"))
    amount = forms.DecimalField(
        label=_("Points"), max_digits=8, decimal_places=2, help_text=_("With a minus sign to take points away.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The employee reads it beside the points."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = visible_years(user).exclude(status=PointsYear.Status.CLOSED)
        self.fields["year"].initial = current_year()
        self.fields["category"].queryset = visible_categories(user)
