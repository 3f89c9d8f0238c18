"""Forms of the upload page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from migration.models import Kind
from migration.selectors import kinds_of

MOST_MAPPING = 200_000


class _KindForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What the rows are"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = set(kinds_of(user))
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Kind.choices if value in allowed
        ]


class UploadForm(_KindForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("xlsx, xls, csv or tsv. Encoding, separator and usual headings are recognised."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.tsv,.txt"}),
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping"),
        required=False,
        help_text=gettext_lazy("Optional: a YAML file that says which column is which field."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(_("The file is larger than %(most)s MB. Split it.") % {"most": most})
        return file

    def clean_mapping(self) -> str:
        """Its text."""
        file = self.cleaned_data.get("mapping")
        if not file:
            return ""
        try:
            return file.read(MOST_MAPPING).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The mapping is not UTF-8. Save it as UTF-8.")) from error


class ConfirmForm(_KindForm):
    """What the preview hands over to the import."""

    token = forms.CharField(max_length=80)
    file_name = forms.CharField(max_length=255)
    mapping = forms.CharField(required=False, max_length=MOST_MAPPING)
    skip_bad = forms.BooleanField(required=False)


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Others will read it beside the import and its records."),
    )
