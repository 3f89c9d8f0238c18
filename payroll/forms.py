"""Forms of payroll. They check shape and speak nicely; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from payroll import selectors
from people.models import Band, Department, Level, Position
from people.selectors import all_departments, all_levels, all_positions
from performance.models import Rounding, TieRule
from training.models import PointsYear


class ReviewForm(forms.Form):
    """A new compensation review: whom it counts, who gets how much."""

    name = forms.CharField(label=_("Name"), max_length=120)
    year = forms.ModelChoiceField(label=_("Points year"), queryset=PointsYear.objects.none())
    band = forms.ChoiceField(label=_("Band"), required=False, choices=[("", _("Everyone")), *Band.choices])
    department = forms.ModelChoiceField(
        label=_("Department and below"), queryset=Department.objects.none(), required=False, empty_label=_("Everyone")
    )
    position = forms.ModelChoiceField(
        label=_("Position"), queryset=Position.objects.none(), required=False, empty_label=_("Everyone")
    )
    level = forms.ModelChoiceField(
        label=_("Level"), queryset=Level.objects.none(), required=False, empty_label=_("Everyone")
    )
    share = forms.DecimalField(
        label=_("Top %"),
        max_digits=5,
        decimal_places=2,
        initial=20,
        help_text=_("By points, out of everybody counted."),
    )
    raise_percent = forms.DecimalField(label=_("Raise %"), max_digits=5, decimal_places=2, initial=5)
    population_date = forms.DateField(
        label=_("People counted as of"),
        widget=DayInput(),
        help_text=_("Who is on staff on this day counts; after it the list of people is frozen."),
    )
    effective_date = forms.DateField(label=_("Raises effective from"), widget=DayInput())
    rounding = forms.ChoiceField(label=_("Round the number of places"), choices=Rounding.choices)
    ties = forms.ChoiceField(label=_("Equal points at the line"), choices=TieRule.choices)
    needs_target = forms.BooleanField(
        label=_("Whoever misses the training target is not eligible"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = selectors.points_years()  # type: ignore[attr-defined]
        self.fields["department"].queryset = all_departments()  # type: ignore[attr-defined]
        self.fields["position"].queryset = all_positions()  # type: ignore[attr-defined]
        self.fields["level"].queryset = all_levels()  # type: ignore[attr-defined]


class AmountForm(forms.Form):
    """Approve with another amount."""

    amount = forms.DecimalField(label=_("New monthly amount"), max_digits=14, decimal_places=2)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
