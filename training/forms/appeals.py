"""Handing in an appeal, and deciding it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hrsuite.lib.documents import Document, read_document
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import DayInput
from training.forms.records import RESULTS, attach_hints
from training.models import Appeal, AppealState
from training.selectors.catalogue import activities_in_use, activities_that_count, courses_on_offer
from training.selectors.policies import visible_categories
from training.services.appeals import Happening, Verdict

STATES = [
    (AppealState.UPHELD.value, _("Uphold")),
    (AppealState.PARTLY.value, _("Uphold in part")),
    (AppealState.REJECTED.value, _("Reject")),
]


class AppealForm(forms.Form):
    text = forms.CharField(label=_("What is wrong"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("A PDF, PNG or JPEG of at most 5 MB: a certificate, a photo of the list."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def clean_evidence(self) -> Document | None:
        upload = self.cleaned_data["evidence"]
        if not upload:
            return None
        try:
            return read_document(upload, most_bytes=settings.EVIDENCE_MAX_BYTES, field="evidence")
        except BadInput as error:
            raise forms.ValidationError(f"{error.message} {error.mend}") from error


class HappeningFields(forms.Form):
    """What a record should say, without whose it is."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses_on_offer()
        self.fields["activity"].queryset = activities_in_use()
        attach_hints(self)

    def happening(self) -> Happening:
        said = self.cleaned_data
        names = ("activity", "course", "happened_on", "minutes", "count", "score", "title")
        return Happening(passed={"yes": True, "no": False}.get(said["result"]), **{name: said[name] for name in names})


class MissingForm(HappeningFields, AppealForm):
    """Something that happened and is not in the account."""

    field_order = [*HappeningFields.base_fields, "text", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = activities_that_count()
        self.fields["activity"].queryset = counted
        self.fields["course"].queryset = courses_on_offer().filter(activity__in=counted)
        attach_hints(self)


class _Decision(forms.Form):
    state = forms.ChoiceField(
        label=_("Decision"), choices=STATES, widget=forms.RadioSelect(attrs={"class": "form-check-input"})
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The employee reads it, and it stands beside the points."),
    )


class PointsDecisionForm(_Decision):
    """For a line or a record: the points that put it right."""

    amount = forms.DecimalField(
        label=_("Points to add"),
        required=False,
        max_digits=8,
        decimal_places=2,
        help_text=_("With a minus sign to take points away. Not needed to reject."),
    )
    category = forms.ModelChoiceField(label=_("Category"), queryset=None, required=False, empty_label=_("Choose…"))
    field_order = ["state", "amount", "category", "answer"]

    def __init__(self, *args: Any, user: Any, appeal: Appeal, **kwargs: Any) -> None:
        kwargs["initial"] = {"amount": _suggested(appeal), "category": _category(appeal)}
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = visible_categories(user)

    def verdict(self) -> Verdict:
        said = self.cleaned_data
        return Verdict(said["state"], said["answer"], amount=said["amount"], category=said["category"])


class RecordDecisionForm(HappeningFields, _Decision):
    """For a missing record: what it shall say."""

    field_order = ["state", *HappeningFields.base_fields, "answer"]

    def __init__(self, *args: Any, user: Any, appeal: Appeal, **kwargs: Any) -> None:
        names = ("course", "activity", "happened_on", "minutes", "count", "score", "title")
        result = "" if appeal.passed is None else "yes" if appeal.passed else "no"
        kwargs["initial"] = {name: getattr(appeal, name) for name in names} | {"result": result}
        super().__init__(*args, **kwargs)

    def verdict(self) -> Verdict:
        return Verdict(self.cleaned_data["state"], self.cleaned_data["answer"], happening=self.happening())


def decision_form(data: Any, *, user: Any, appeal: Appeal) -> PointsDecisionForm | RecordDecisionForm:
    kind = RecordDecisionForm if appeal.activity else PointsDecisionForm
    return kind(data, user=user, appeal=appeal)


def _suggested(appeal: Appeal) -> Decimal | None:
    """What the caps took off, or what the line takes away; none where the sum has to be worked out."""
    entry = appeal.entry
    if entry is None:
        return None
    return -entry.amount if entry.amount < 0 else (entry.full_amount - entry.amount) or None


def _category(appeal: Appeal) -> Any:
    if appeal.entry:
        return appeal.entry.category
    return appeal.record.activity.category if appeal.record else None
