"""The form of a team's achievement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from people.labels import PREFIX, AttributeForm
from people.models import Attribute, Department
from training.forms.records import RESULTS, attach_hints
from training.models import Activity
from training.selectors.catalogue import activities_in_use
from training.selectors.teams import departments_of


class TeamRecordForm(AttributeForm):
    """``source_id`` names the form itself: sent twice, it makes one record."""

    owner = Attribute.Owner.RECORD

    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("Choose a department")
    )
    activity = forms.ModelChoiceField(
        label=_("Activity"), queryset=Activity.objects.none(), empty_label=_("Choose an activity")
    )
    happened_on = forms.DateField(label=_("Date"), widget=DayInput())
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What it was about."))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1)
    count = forms.IntegerField(label=_("Times"), required=False, min_value=1)
    score = forms.DecimalField(label=_("Score"), required=False, min_value=0, max_digits=7, decimal_places=2)
    result = forms.ChoiceField(label=_("Result"), required=False, choices=RESULTS)
    source_id = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_of(user)  # type: ignore[attr-defined]
        self.fields["activity"].queryset = activities_in_use()  # type: ignore[attr-defined]
        attach_hints(self)

    def content(self) -> dict[str, Any]:
        """Arguments of the service; attributes that nobody stated are left out."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)}
        said["passed"] = {"yes": True, "no": False}.get(said.pop("result"))
        stated = {code: value for code, value in self.attributes().items() if value is not None}
        return said | {"attributes": stated}
