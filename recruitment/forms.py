"""Forms of recruitment. They check shape and speak nicely; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recruitment.models import Application


class MoveForm(forms.Form):
    stage = forms.ChoiceField(label=_("Stage"), choices=Application.Stage.choices)
    offered_salary = forms.DecimalField(
        label=_("Offered salary"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("With the offer, or later. Empty: as it was."),
    )  # fmt: skip
    employee_no = forms.CharField(
        label=_("Employee number"), max_length=40, required=False,
        help_text=_("For a hire: the number of the employee, once entered or imported. It can follow later."),
    )  # fmt: skip

    def moves(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class CloseForm(forms.Form):
    closed_as = forms.ChoiceField(
        label=_("How it ended"), choices=[one for one in Application.Closed.choices if one[0]]
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300,
        help_text=_("In a few words that the candidate may read: applicants can ask for it."),
    )  # fmt: skip
