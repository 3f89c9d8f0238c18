"""Forms of the policy editor. They check shape; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import DayInput, refuse
from training.models import Activity, Category, Measure, Policy
from training.selectors.policies import visible_categories
from training.selectors.policy_document import figure, kept
from training.services.policy_editor import examples
from training.services.policy_file.decode import decode

CODE_TAKEN = _("This code is taken. Choose another code.")


class PolicyForm(forms.ModelForm):
    class Meta:
        model = Policy
        fields = ("code", "name", "description")
        help_texts = {"code": _("A short name for files and commands. It stays.")}
        error_messages = {"code": {"unique": CODE_TAKEN}}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


class NewPolicyForm(PolicyForm):
    """Begins empty, or with an example that comes with the suite."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=PolicyForm.Meta.help_texts["code"],
        error_messages={
            "invalid": _("Use letters, digits, hyphens and underscores, such as sales-2027."),
            "unique": CODE_TAKEN,
        },
    )

    example = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, f"{name} – {text}" if text else name) for key, name, text in examples()]
        self.fields["example"].choices = [("", _("An empty policy")), *choices]  # type: ignore[attr-defined]


class PolicyFileForm(forms.Form):
    file = forms.FileField(
        label=_("Policy file"),
        required=False,
        help_text=_("A YAML file, as the export of a policy writes it."),
        validators=[FileExtensionValidator(["yaml", "yml"])],
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    text = forms.CharField(required=False, strip=False)
    activate = forms.BooleanField(label=_("Put the policy in force at once"), required=False)

    def clean(self) -> dict[str, Any]:
        """The text of the file that was chosen, or else the text that was typed."""
        said = super().clean() or self.cleaned_data
        if said.get("file"):
            try:
                said["text"] = decode(said["file"].read())
            except BadInput as error:
                refuse(self, error)
        said["text"] = said.get("text", "").replace("\r\n", "\n")
        if not said["text"].strip() and not self.errors:
            self.add_error("file", _("Choose a file, or write the policy below."))
        return said


class ConfirmForm(forms.Form):
    """Asks nothing: the page says what will happen."""


class EndForm(forms.Form):
    end_date = forms.DateField(label=_("Last day"), widget=DayInput())


class ActivityForm(forms.ModelForm):
    class Meta:
        model = Activity
        fields = ("code", "name", "category", "measure", "pass_mark", "is_active")
        error_messages = {"code": {"unique": CODE_TAKEN}}
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
    is_apart = forms.BooleanField(
        label=_("Does not count for the total"), required=False, help_text=_("A bucket of its own, such as hours.")
    )
    window = forms.RegexField(
        r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
        label=_("Own year begins on"),
        required=False,
        help_text=_("Month-day, such as 04-01. Empty: the points year."),
    )
    floor = forms.DecimalField(
        label=_("Points never below"), required=False, help_text=_("Such as 0. Empty: may be negative.")
    )

    class Meta:
        model = Category
        fields = ("code", "name", "parent")
        help_texts = {
            "code": _("A short name for files and commands. It stays."),
            "parent": _("Points of a category include everything below it."),
        }
        error_messages = {"code": {"unique": CODE_TAKEN}}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = visible_categories(user)  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"]
            said = self.instance.terms
            self.initial["is_apart"] = not said.get("in_total", True)
            self.initial["window"], self.initial["floor"] = said.get("window"), said.get("floor")

    def clean(self) -> dict[str, Any]:
        """The last three fields as the ``terms`` of the category."""
        said = super().clean() or self.cleaned_data
        is_apart, window, floor = said.pop("is_apart", False), said.pop("window", ""), said.pop("floor", None)
        said["terms"] = kept(in_total=False if is_apart else None, window=window, floor=figure(floor))
        return said


class YearForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Such as 2027 or FY27."))
    start_date = forms.DateField(label=_("First day"), widget=DayInput())
    end_date = forms.DateField(label=_("Last day"), widget=DayInput())
