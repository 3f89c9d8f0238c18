"""Forms of performance. They check shape and speak nicely; the services decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from people.models import Band, Department, Level, Position
from people.selectors import all_departments, all_levels, all_positions
from performance import selectors
from performance.models import CyclePart, Rounding, TieRule
from performance.services import BandPlan, PartPlan
from training.models import PointsYear


class CycleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    points_year = forms.ModelChoiceField(
        label=_("Points year"),
        queryset=PointsYear.objects.none(),
        help_text=_("The training part is pulled from the points of this year."),
    )
    start_date = forms.DateField(label=_("First day"), widget=DayInput())
    end_date = forms.DateField(label=_("Last day"), widget=DayInput())
    max_grade_if_missed = forms.CharField(
        label=_("Best grade with the target missed"),
        max_length=8,
        required=False,
        help_text=_("Whoever misses the training target gets this grade at best. Empty: the rating only shows it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points_year"].queryset = selectors.points_years()  # type: ignore[attr-defined]


class RowForm(forms.Form):
    """A row of a small table; a row with nothing typed in is left out."""

    def has_changed(self) -> bool:
        return any(self[name].data for name in self.fields if name != "source")


class RowFormSet(forms.BaseFormSet):
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": True, "use_required_attribute": False}


class PartForm(RowForm):
    code = forms.SlugField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    weight = forms.DecimalField(label=_("Weight %"), max_digits=5, decimal_places=2)
    source = forms.ChoiceField(label=_("Source"), choices=CyclePart.Source.choices)


class BandForm(RowForm):
    grade = forms.CharField(label=_("Grade"), max_length=8)
    name = forms.CharField(label=_("Meaning"), max_length=80)
    min_score = forms.DecimalField(label=_("From score"), max_digits=5, decimal_places=2)


PartFormSet = forms.formset_factory(PartForm, formset=RowFormSet, extra=2)
BandFormSet = forms.formset_factory(BandForm, formset=RowFormSet, extra=1)

FIRST_PARTS = [
    {"code": "kpi", "name": _("KPI"), "weight": 90, "source": CyclePart.Source.TYPED},
    {"code": "training", "name": _("Training"), "weight": 10, "source": CyclePart.Source.TRAINING},
]
FIRST_BANDS = [
    {"grade": "A", "name": _("Excellent"), "min_score": 90},
    {"grade": "B", "name": _("Good"), "min_score": 80},
    {"grade": "C", "name": _("Meets expectations"), "min_score": 60},
    {"grade": "D", "name": _("Below expectations"), "min_score": 0},
]


def planned_parts(formset: Any) -> list[PartPlan]:
    return [PartPlan(**form.cleaned_data) for form in formset if form.cleaned_data]


def planned_bands(formset: Any) -> list[BandPlan]:
    return [BandPlan(**form.cleaned_data) for form in formset if form.cleaned_data]


class ScoreForm(forms.Form):
    """A typed score, or *not applicable*."""

    score = forms.DecimalField(
        label=_("Score, 0 to 100"), max_digits=5, decimal_places=2, required=False, min_value=Decimal(0), max_value=100
    )
    not_applicable = forms.BooleanField(label=_("Not applicable: its weight goes to the other parts"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class SignForm(forms.Form):
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class TitleForm(forms.Form):
    name = forms.CharField(label=_("Name of the title"), max_length=120)
    year = forms.ModelChoiceField(label=_("Points year"), queryset=PointsYear.objects.none())
    share = forms.DecimalField(label=_("Top %"), max_digits=5, decimal_places=2, initial=10)
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
    rounding = forms.ChoiceField(label=_("Round the number of places"), choices=Rounding.choices)
    ties = forms.ChoiceField(label=_("Equal points at the line"), choices=TieRule.choices)
    needs_target = forms.BooleanField(label=_("The training target must be met"), required=False, initial=True)
    leads_promotion = forms.BooleanField(label=_("Holders head the promotion list"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = selectors.points_years()  # type: ignore[attr-defined]
        self.fields["department"].queryset = all_departments()  # type: ignore[attr-defined]
        self.fields["position"].queryset = all_positions()  # type: ignore[attr-defined]
        self.fields["level"].queryset = all_levels()  # type: ignore[attr-defined]
