"""Forms of people. They check shape and speak nicely; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hrsuite.lib.forms import DayInput
from people import rules, selectors
from people.labels import ROLE_LABELS, AttributeForm
from people.models import Attribute, Band, Employee
from people.services.employees import Place


class SignInForm(AuthenticationForm):
    """User name and password. The answer is the same for unknown, switched off and wrong."""

    error_messages = {
        "invalid_login": _("This user name and password do not fit. Check both; capitals matter in the password."),
        "inactive": _("This user name and password do not fit. Check both; capitals matter in the password."),
    }


class ForgottenForm(forms.Form):
    identifier = forms.CharField(
        label=_("User name or e-mail address"), max_length=254, widget=forms.TextInput(attrs={"autofocus": True})
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PersonForm(AttributeForm):
    """Personal fields of an employee, and the attributes that were declared."""

    employee_no = forms.CharField(label=_("Employee number"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Needed for a sign-in account and for reminders.")
    )
    hire_date = forms.DateField(label=_("Hire date"), widget=DayInput())
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=DayInput())
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=Employee.Gender.choices)
    education = forms.CharField(label=_("Education"), max_length=60, required=False)

    def person(self) -> dict[str, Any]:
        """Arguments of the services."""
        own = {name: self.cleaned_data[name] for name in PersonForm.base_fields}
        return own | {"attributes": self.attributes()}

    def clean_birth_date(self) -> Any:
        day = self.cleaned_data["birth_date"]
        if day and day >= selectors.today():
            raise forms.ValidationError(_("This day is not in the past. Enter the day of birth."))
        return day


class PlaceForm(forms.Form):
    """Department, position, level."""

    department: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Department"), queryset=None)
    position: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Position"), queryset=None)
    level: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Level"), queryset=None)
    is_head = forms.BooleanField(
        label=_("Heads the department (sees it and everything below it)"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = selectors.all_departments()  # type: ignore[attr-defined]
        self.fields["position"].queryset = selectors.all_positions()  # type: ignore[attr-defined]
        self.fields["level"].queryset = selectors.all_levels()  # type: ignore[attr-defined]

    def place(self) -> Place:
        data = self.cleaned_data
        return Place(data["department"], data["position"], data["level"], data["is_head"])


class NewEmployeeForm(PersonForm, PlaceForm):
    """Personal fields and the first place of work."""

    field_order = ["employee_no", "name", "email", "hire_date", "department", "position", "level", "is_head"]


class TransferForm(PlaceForm):
    start_date = forms.DateField(
        label=_("From"),
        widget=DayInput(),
        help_text=_("First day at the new place; the present assignment ends the day before."),
    )
    field_order = ["start_date"]


class DepartureForm(forms.Form):
    last_day = forms.DateField(
        label=_("Last working day"),
        widget=DayInput(),
        help_text=_("Assignments end with this day, and the account is closed after it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class LeaveForm(forms.Form):
    kind = forms.CharField(
        label=_("Kind of leave"),
        max_length=40,
        help_text=_("A word such as parental or sick; policies can ask for it."),
    )
    start_date = forms.DateField(label=_("First day"), widget=DayInput())
    end_date = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty while the end is not known."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ChangeDeclaredForm(forms.Form):
    """What may be changed of an attribute; the service refuses what would make stored values wrong."""

    name = forms.CharField(label=_("Name"), max_length=120)
    type = forms.ChoiceField(label=_("Type"), choices=Attribute.Type.choices)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line; only for the type choice."),
    )

    def clean_choices(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]


class DeclareForm(ChangeDeclaredForm):
    owner = forms.ChoiceField(label=_("Recorded of"), choices=Attribute.Owner.choices)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Letters, digits and _. Policies ask for it, and a column of a file may have it as heading."),
    )
    field_order = ["owner", "code", "name", "type", "choices"]


class DepartmentForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short and lasting; files refer to it."))
    name = forms.CharField(label=_("Name"), max_length=120)


class NewDepartmentForm(DepartmentForm):
    parent: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=None, required=False, empty_label=_("Nothing: top of the tree")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = selectors.all_departments()  # type: ignore[attr-defined]


class MoveDepartmentForm(forms.Form):
    parent: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("New place: below"), queryset=None, required=False, empty_label=_("Nothing: top of the tree")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = selectors.all_departments()  # type: ignore[attr-defined]


class PositionForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)


class LevelForm(PositionForm):
    band = forms.ChoiceField(label=_("Band"), choices=Band.choices)
    rank = forms.IntegerField(
        label=pgettext_lazy("order of levels", "Rank"),
        min_value=0,
        max_value=1000,
        help_text=_("Orders the levels; higher is more senior."),
    )


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        choices=[(role, ROLE_LABELS[role]) for role in rules.GRANTED_ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Employee and department manager follow from the assignment and are not given here."),
    )
