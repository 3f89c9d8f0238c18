"""Closing a points year, asking for its reopening, and deciding what came too late."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from people.selectors import today
from training.models import Category, PointsYear
from training.selectors.policies import visible_categories
from training.selectors.years import open_years

WINDOW_DAYS = 14


def _in_two_weeks() -> dt.date:
    return today() + dt.timedelta(days=WINDOW_DAYS)


def window_end(year: PointsYear) -> dt.date:
    """What the late window ends with unless somebody says otherwise: two weeks, at the earliest after the year."""
    return year.closing_until or max(today(), year.end_date) + dt.timedelta(days=WINDOW_DAYS)


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text
    )


class WindowForm(forms.Form):
    until = forms.DateField(
        label=_("Late records until"),
        widget=DayInput(),
        help_text=_("What arrives after this day waits on the list of late records for a decision."),
    )


class CloseForm(forms.Form):
    reason = _reason(_("It stands beside the snapshot."))


class ReopenForm(forms.Form):
    reason = _reason(_("Whoever approves it reads this."))
    until = forms.DateField(label=_("Late records until"), widget=DayInput(), initial=_in_two_weeks)
    field_order = ["reason", "until"]


class CorrectionDecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accept", _("Accept: save it as a record of its year, as soon as that is not closed")),
            ("adjust", _("Book its value as an adjustment of an open year")),
            ("refuse", _("Refuse")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    amount = forms.DecimalField(
        label=_("Points"), required=False, max_digits=8, decimal_places=2, help_text=_("Only for an adjustment.")
    )
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False, empty_label=_("Choose…")
    )
    year = forms.ModelChoiceField(
        label=_("Points year"), queryset=PointsYear.objects.none(), required=False, empty_label=_("Choose…")
    )
    reason = _reason(_("It stands on the list and, for an adjustment, beside the points."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = visible_categories(user)  # type: ignore[attr-defined]
        self.fields["year"].queryset = open_years(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("decision") == "adjust":
            for name, text in (
                ("amount", _("State the points.")),
                ("category", _("Choose a category.")),
                ("year", _("Choose a points year.")),
            ):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, text)
        return said
