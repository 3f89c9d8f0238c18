"""Forms of the way in: files, kinds of tables, columns and fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from migration.models import Kind, UploadFile, UploadTable
from migration.rules import folded
from migration.selectors import kinds_of
from migration.services.choices import Choices
from migration.services.fields import OWNERS, Field, fields_of
from migration.services.mapping import is_template, template_columns
from migration.services.terms import WORDED, known_words, vocabulary

MOST_MAPPING = 200_000
#: values of a column's select that are no field
FIRST_PART, SECOND_PART, OWN = "name:1", "name:2", "attribute"


def kind_choices(user: Any, nothing: Any) -> list[tuple[str, Any]]:
    allowed = set(kinds_of(user))
    return [("", nothing), *((value, label) for value, label in Kind.choices if value in allowed)]


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One or several files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [self._one(one, initial) for one in given or [None]]

    def _one(self, file: Any, initial: Any) -> Any:
        try:
            return super().clean(file, initial)
        except forms.ValidationError as error:
            if file is None:
                raise
            # of several files it says which
            raise forms.ValidationError([f"{file.name} – {said}" for said in error.messages]) from error


#: encodings that texts of old systems have, the usual ones first
ENCODINGS = (
    ("utf-8", "UTF-8"), ("cp1252", gettext_lazy("Western European")), ("gb18030", gettext_lazy("Chinese, simplified")),
    ("big5", gettext_lazy("Chinese, traditional")), ("cp932", gettext_lazy("Japanese")),
    ("cp949", gettext_lazy("Korean")), ("cp1250", gettext_lazy("Central European")),
    ("cp1251", gettext_lazy("Cyrillic")), ("koi8-r", gettext_lazy("Cyrillic, KOI8-R")),
    ("cp1253", gettext_lazy("Greek")), ("cp1254", gettext_lazy("Turkish")), ("cp1255", gettext_lazy("Hebrew")),
    ("cp1256", gettext_lazy("Arabic")), ("cp1257", gettext_lazy("Baltic")), ("cp1258", gettext_lazy("Vietnamese")),
    ("cp874", gettext_lazy("Thai")), ("mac_roman", gettext_lazy("Western European, Mac")),
    ("cp850", gettext_lazy("Western European, DOS")), ("cp852", gettext_lazy("Central European, DOS")),
    ("cp866", gettext_lazy("Cyrillic, DOS")), ("euc-jp", gettext_lazy("Japanese, Unix")), ("utf-16", "UTF-16"),
)  # fmt: skip


def encoding_choices(readings: Sequence[Mapping[str, Any]] = ()) -> list[tuple[str, str]]:
    """Those that are as likely, each with words as it reads them, then all others."""
    first = [(one["encoding"], f"{one['encoding']} – {', '.join(one['words'])}") for one in readings]
    known = {codec for codec, _label in first}
    return [*first, *((codec, f"{label} ({codec})") for codec, label in ENCODINGS if codec not in known)]


class UploadForm(forms.Form):
    file = _FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "One or several: xlsx, xls, csv, tsv, or a zip of these. Encodings, separators and headings are recognised."
        ),
        widget=_FilesInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.tsv,.txt,.zip", "multiple": True}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What the rows are"), required=False)
    mapping = forms.FileField(
        label=gettext_lazy("Mapping"),
        required=False,
        help_text=gettext_lazy("Optional: a YAML file that says which column is which field."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding of texts"),
        required=False,
        help_text=gettext_lazy("Only where a csv does not show it: the page after this one shows how it is read."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices(user, _("Find out from the columns"))  # type: ignore[attr-defined]
        self.fields["encoding"].choices = [("", _("Find out from the letters")), *encoding_choices()]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        files = self.cleaned_data["file"]
        if any(file.size > settings.UPLOAD_MAX_BYTES for file in files):
            most = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(_("The file is larger than %(most)s MB. Split it.") % {"most": most})
        return files

    def clean_mapping(self) -> str:
        """Its text."""
        file = self.cleaned_data.get("mapping")
        if not file:
            return ""
        if file.size > MOST_MAPPING:
            # the beginning alone would say something else
            raise forms.ValidationError(_("The mapping is larger than %(most)s KB.") % {"most": MOST_MAPPING // 1000})
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The mapping is not UTF-8. Save it as UTF-8.")) from error


class UnlockForm(forms.Form):
    """A password for each protected file. It is used once and not kept."""

    def __init__(self, *args: Any, files: Sequence[UploadFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for file in files:
            self.fields[f"file-{file.pk}"] = forms.CharField(
                label=_("Password of %(file)s") % {"file": file.name},
                max_length=255,
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )

    def passwords(self) -> dict[int, str]:
        return {int(name.removeprefix("file-")): value for name, value in self.cleaned_data.items()}


class TableForm(forms.Form):
    """What the rows of a table are, or that it stays out."""

    kind = forms.ChoiceField(label=gettext_lazy("What the rows are"), required=False)
    is_in = forms.BooleanField(label=gettext_lazy("Import this table"), required=False)

    def __init__(self, *args: Any, user: Any, table: UploadTable, **kwargs: Any) -> None:
        kwargs |= {"prefix": f"table-{table.pk}", "initial": {"kind": table.kind, "is_in": not table.is_skipped}}
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices(user, _("Choose …"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_in") and not said.get("kind"):
            self.add_error("kind", _("Say what the rows are, or leave the table out."))
        return said


class MapForm(forms.Form):
    """Which column is which field: a select per column, a value for fields that have no column."""

    def __init__(
        self, *args: Any, table: UploadTable, choices: Choices, columns: Sequence[Mapping[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs | {"prefix": f"map-{table.pk}"})
        self.kind, self.choices, self.columns = table.kind, choices, columns
        self.known = {one.name: one for one in fields_of(table.kind)}
        #: the kind that the page was made for
        self.fields["of"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=table.kind)
        options = self._options()
        serves = self._serves()
        for place, column in enumerate(columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column["name"], choices=options, required=False, initial=serves.get(column["name"], "")
            )
        #: field -> the suite's words, of fields that have them
        self.words = {name: list(vocabulary(name).values()) for name in self.known if name in WORDED}
        for one in self.known.values():
            named = {"list": f"words-{one.name}"} if self.words.get(one.name) else {}
            self.fields[f"constant-{one.name}"] = forms.CharField(
                label=label_of(one), max_length=300, required=False, initial=choices.constants.get(one.name, ""),
                widget=forms.TextInput(attrs=named),
            )  # fmt: skip
        self.fields["template"] = forms.CharField(
            label=gettext_lazy("Save as template"), max_length=120, required=False, initial=choices.template,
            help_text=gettext_lazy("A name, such as that of the old system. Such files are recognised from then on."),
        )  # fmt: skip

    def _options(self) -> list[tuple[str, Any]]:
        options: list[tuple[str, Any]] = [("", _("Leave out"))]
        for one in self.known.values():
            options.append((one.name, f"{label_of(one)} *" if one.required else label_of(one)))
            if one.name == "name":
                options += [(FIRST_PART, _("Name, first part")), (SECOND_PART, _("Name, second part"))]
        if self.kind in OWNERS:
            options.append((OWN, _("Keep as an attribute of its own")))
        return options

    def _serves(self) -> dict[str, str]:
        """Heading -> what it is now."""
        found = {heading: OWN if name not in self.known else name for name, heading in self.choices.attributes.items()}
        for name, heading in self.choices.columns.items():
            if not is_template(heading):
                found[heading] = name
            elif name == "name" and len(parts := template_columns(heading)) == 2:
                found |= {parts[0]: FIRST_PART, parts[1]: SECOND_PART}
        return found

    def is_outdated(self) -> bool:
        """Whether the page that was sent was made before the table became what it is."""
        sent = {name: value for name, value in self.data.items() if name.startswith(f"{self.prefix}-")}
        return not sent or sent.get(self.add_prefix("of"), self.kind) != self.kind

    def rows(self) -> Iterator[tuple[Mapping[str, Any], Any]]:
        """Each column with its select."""
        return ((column, self[f"column-{place}"]) for place, column in enumerate(self.columns))

    def constants(self) -> Iterator[Any]:
        """Fields without a column: those that every row needs first."""
        free = [one for one in self.known.values() if one.name not in self.choices.columns and not one.attribute]
        return (self[f"constant-{one.name}"] for one in sorted(free, key=lambda one: not one.required))

    def ask_for(self, fields: Sequence[Field]) -> list[Any]:
        """The values that rows lack, each with a few of the suite's words to choose from."""
        for one in fields:
            if some := ", ".join(self.words.get(one.name, [])[:2]):
                self.fields[f"constant-{one.name}"].widget.attrs["placeholder"] = f"{some} …"
        return [self[f"constant-{one.name}"] for one in fields]

    def composed(self) -> list[tuple[str, str]]:
        """Fields made of several columns by a mapping file: shown, and kept."""
        return [
            (label_of(self.known[name]), heading)
            for name, heading in self.choices.columns.items()
            if is_template(heading) and name in self.known and not self._is_name(name, heading)
        ]

    def _is_name(self, name: str, heading: str) -> bool:
        return name == "name" and len(template_columns(heading)) == 2

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        used: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            name = said.get(f"column-{place}") or ""
            if name and name != OWN and name in used:
                self.add_error(f"column-{place}", _("“%(other)s” is this field already.") % {"other": used[name]})
            used.setdefault(name, column["name"])
        for name, words in self.words.items():
            value = said.get(f"constant-{name}", "")
            if words and value and value != self.choices.constants.get(name) and folded(value) not in known_words(name):
                self.add_error(f"constant-{name}", _("The suite has no such word. Choose one of the list."))
        return said

    def chosen(self) -> Choices:
        """The choices with what this form says."""
        said = self.cleaned_data
        columns = {
            name: heading
            for name, heading in self.choices.columns.items()
            if is_template(heading) and not self._is_name(name, heading)
        }
        attributes, parts = {}, {}
        for place, column in enumerate(self.columns):
            name, heading = said[f"column-{place}"], column["name"]
            if name in (FIRST_PART, SECOND_PART):
                parts[name] = heading
            elif name == OWN:
                attributes[self._code(heading)] = heading
            elif name:
                columns[name] = heading
        if parts:
            columns["name"] = " ".join(f"{{{parts[part]}}}" for part in sorted(parts))
        constants = {name: said[f"constant-{name}"] for name in self.known if said.get(f"constant-{name}")}
        return replace(
            self.choices, columns=columns, attributes=attributes,
            constants={name: value for name, value in constants.items() if name not in columns}, is_mapped=True,
            template=said["template"].strip(),
        )  # fmt: skip

    def _code(self, heading: str) -> str:
        kept = next((code for code, name in self.choices.attributes.items() if name == heading), "")
        return kept or "_".join("".join(one if one.isalnum() else " " for one in heading).lower().split())[:40]


def label_of(one: Field) -> str:
    return one.attribute.name if one.attribute else one.known()[0]


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Others will read it beside the import and its records."),
    )
