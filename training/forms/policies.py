"""Forms of the policy editor. They check shape; the services decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.forms import DayInput
from training.forms.scopes import ScopeFields, scope_initial
from training.models import Activity, Basis, Category, Measure, PointsYear, Policy, RuleVersion, Target
from training.selectors.policies import visible_activities, visible_categories, visible_years
from training.services.policies import Terms
from training.services.targets import Goal, Need


class PointsField(forms.DecimalField):
    """Points as people write them: 40, not 40.00."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def points_field(label: Any, *, required: bool = False, **options: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return PointsField(label=label, required=required, max_digits=10, decimal_places=2, widget=widget, **options)


class PolicyForm(forms.ModelForm):
    class Meta:
        model = Policy
        fields = ("code", "name", "description")
        help_texts = {"code": _("A short name for files and commands. It stays.")}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


class PolicyFileForm(forms.Form):
    file = forms.FileField(
        label=_("Policy file"),
        help_text=_("A YAML file, as the export of a policy writes it."),
        validators=[FileExtensionValidator(["yaml", "yml"])],
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    activate = forms.BooleanField(label=_("Put the policy in force at once"), required=False)


class TermsFields(forms.Form):
    """What a rule version says."""

    rate = points_field(_("Points"), required=True, min_value=0)
    basis = forms.ChoiceField(label=_("Given"), choices=Basis.choices)
    max_per_record = points_field(_("At most per record"), min_value=0)
    max_per_year = points_field(_("At most per year"), min_value=0)
    start_date = forms.DateField(
        label=_("Valid from"), widget=DayInput(), help_text=_("The day of the learning decides, not the day of entry.")
    )
    end_date = forms.DateField(
        label=_("Valid until"), widget=DayInput(), required=False, help_text=_("Empty: until it is changed.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Shown in the history of the rule.")
    )

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(said["basis"], said["rate"], said.get("max_per_record"), said.get("max_per_year"))

    def what_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("rate", "basis", "max_per_record", "max_per_year")]

    def when_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("start_date", "end_date", "reason")]


class VersionForm(TermsFields):
    """A new version: begins with what the last one says."""

    def __init__(self, *args: Any, version: RuleVersion | None = None, **kwargs: Any) -> None:
        if version:
            said = ("rate", "basis", "max_per_record", "max_per_year")
            kwargs["initial"] = {**{name: getattr(version, name) for name in said}, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RuleForm(TermsFields, ScopeFields):
    activity = forms.ModelChoiceField(label=_("Activity"), queryset=Activity.objects.none(), empty_label=_("Choose…"))
    priority = forms.IntegerField(
        label=_("Priority"),
        initial=0,
        required=False,
        min_value=-1000,
        max_value=1000,
        help_text=_("Where two rules are equally specific, the higher number wins."),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        required=False,
        help_text=_("For policy files. Empty: named after the activity."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = visible_activities(self.user).filter(is_active=True)  # type: ignore[attr-defined]

    def clean_priority(self) -> int:
        return self.cleaned_data["priority"] or 0

    def what_fields(self) -> list[forms.BoundField]:
        return [self["activity"], *super().what_fields()]

    def more_fields(self) -> list[forms.BoundField]:
        return [self["priority"], self["code"]]


class EndForm(forms.Form):
    end_date = forms.DateField(label=_("Last day"), widget=DayInput())


# --- targets ----------------------------------------------------------------------------------------------------------
class TargetForm(ScopeFields):
    name = forms.CharField(label=_("Name"), max_length=120)
    year = forms.ModelChoiceField(label=_("Points year"), queryset=PointsYear.objects.none(), empty_label=None)
    total = points_field(_("Points in total"), required=True, min_value=0)
    pro_rata = forms.ChoiceField(
        label=_("Joiners and leavers"),
        choices=Target.ProRata.choices,
        initial=Target.ProRata.MONTHS,
        help_text=_("Total and minimums are reduced to the time on staff."),
    )
    priority = forms.IntegerField(
        label=_("Priority"),
        initial=0,
        required=False,
        min_value=-1000,
        max_value=1000,
        help_text=_("Where two targets are equally specific, the higher number wins."),
    )

    def __init__(self, *args: Any, target: Target | None = None, **kwargs: Any) -> None:
        if target:
            said = {name: getattr(target, name) for name in ("name", "year", "total", "pro_rata", "priority")}
            kwargs["initial"] = {**said, **scope_initial(target)}
        super().__init__(*args, **kwargs)
        self.fields["year"].queryset = visible_years(self.user).exclude(status="closed")  # type: ignore[attr-defined]
        if target:
            # a target belongs to its year
            del self.fields["year"]

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "year", "total", "pro_rata") if name in self.fields]

    def goal(self, needs: list[Need]) -> Goal:
        said = self.cleaned_data
        return Goal(said["name"], said["total"], needs, said["pro_rata"], said["priority"] or 0)


class NeedForm(forms.Form):
    category = forms.ModelChoiceField(label=_("Category"), queryset=Category.objects.none(), empty_label=_("Choose…"))
    minimum = points_field(_("At least"), min_value=0)
    cap = points_field(_("Counts at most"), min_value=0)

    def __init__(self, *args: Any, categories: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories if categories is not None else Category.objects.none()  # type: ignore[attr-defined]

    def need(self) -> Need:
        said = self.cleaned_data
        return Need(said["category"], said.get("minimum") or Decimal(0), said.get("cap"))


class BaseNeedFormSet(forms.BaseFormSet):
    def needs(self) -> list[Need]:
        """Lines that are filled in and not removed."""
        return [
            form.need()
            for form in self.forms
            if form.cleaned_data.get("category") and not form.cleaned_data.get("DELETE")
        ]


NeedFormSet = forms.formset_factory(NeedForm, formset=BaseNeedFormSet, extra=0, can_delete=True, max_num=60)


def need_formset(user: Any, data: Any = None, target: Target | None = None) -> Any:
    """The requirement lines of a target; a new one begins with two empty lines."""
    initial = []
    if target:
        initial = [
            {"category": need.category_id, "minimum": need.minimum, "cap": need.cap}
            for need in target.requirements.all()
        ]
    formset = NeedFormSet(data, initial=initial, prefix="needs", form_kwargs={"categories": visible_categories(user)})
    if data is None and not initial:
        formset.extra = 2
    return formset


def one_need(user: Any, number: int) -> forms.Form:
    """An empty requirement line, as the formset would number it."""
    formset = NeedFormSet(prefix="needs")
    line = NeedForm(
        prefix=f"needs-{number}",
        categories=visible_categories(user),
        use_required_attribute=False,
        empty_permitted=True,
    )
    formset.add_fields(line, number)
    return line


# --- activities and years ---------------------------------------------------------------------------------------------
class ActivityForm(forms.ModelForm):
    class Meta:
        model = Activity
        fields = ("code", "name", "category", "measure", "pass_mark", "is_active")
        help_texts = {
            "code": _("Learning records and imports name it. It stays."),
            "measure": _("What a record has to state."),
            "pass_mark": _("For exams: the score from which on it is passed."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = visible_categories(user)  # type: ignore[attr-defined]
        self.fields["measure"].choices = Measure.choices  # type: ignore[attr-defined]
        del self.fields["code" if self.instance.pk else "is_active"]


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ("code", "name", "parent")
        help_texts = {"parent": _("Points of a category include everything below it.")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = visible_categories(user)  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"]


class YearForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Such as 2027 or FY27."))
    start_date = forms.DateField(label=_("First day"), widget=DayInput())
    end_date = forms.DateField(label=_("Last day"), widget=DayInput())
