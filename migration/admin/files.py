"""django-import-export over the suite's own import: any file in, the same checks and services, safe files out."""

from __future__ import annotations

import csv
import datetime as dt
import io
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin.options import VERTICAL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.resources import ModelResource
from import_export.results import Result, RowResult
from unfold.contrib.import_export.forms import ImportForm
from unfold.widgets import UnfoldAdminRadioSelectWidget

from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.lib.export import XLSX, csv_cell, write_xlsx
from hrsuite.templatetags.suite import points
from migration.services import Report, import_file
from migration.services.changing import Change
from migration.services.fields import fields_of
from migration.services.safeguard import with_backup
from migration.services.uploads import drop_upload, fetch_upload, keep_upload
from people.models import Attribute, User

#: rows that the preview shows
SHOWN = 300


@dataclass
class Upload:
    """The content of a file, unread: the import's own reader knows encodings and separators."""

    data: bytes


class AnyFile(Format):
    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        return str(gettext_lazy("xlsx, xls, csv or tsv, in any usual encoding"))

    def create_dataset(self, in_stream: bytes) -> Upload:
        return Upload(in_stream)

    def can_import(self) -> bool:
        return True


class XlsxFile(Format):
    """Text that begins with = + - @ stays text."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        return "xlsx"

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return XLSX

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        target = io.BytesIO()
        write_xlsx([dataset.headers, *dataset], target)
        return target.getvalue()


class CsvFile(XlsxFile):
    """UTF-8 with a byte order mark, as spreadsheet programs like it."""

    def get_title(self) -> str:
        return "csv (UTF-8)"

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        target = io.StringIO(newline="")
        writer = csv.writer(target)
        for row in [dataset.headers, *dataset]:
            writer.writerow([csv_cell(value) for value in row])
        return target.getvalue().encode("utf-8-sig")


class PrivateStorage:
    """Import-export's place for a file between preview and confirmation: see services/uploads.py."""

    def __init__(self, *, user: User, name: str | None = None, **kwargs: Any) -> None:
        self.user, self.name = user, name

    def save(self, data: bytes) -> None:
        self.name = keep_upload(data=data, user=self.user)

    def read(self) -> bytes:
        return fetch_upload(token=self.name or "", user=self.user)

    def remove(self) -> None:
        drop_upload(token=self.name or "", user=self.user)


class UploadForm(ImportForm):
    """Asks for a file, and whether it comes in as it is or by the steps of the import; kind and format follow."""

    AT_ONCE, STEPS = "", "steps"
    way = forms.ChoiceField(
        label=gettext_lazy("How"),
        required=False,
        choices=[
            (AT_ONCE, gettext_lazy("Preview at once: the headings are known")),
            (STEPS, gettext_lazy("Step by step: map, clean, dry run")),
        ],
        initial=AT_ONCE,
        widget=UnfoldAdminRadioSelectWidget(radio_style=VERTICAL),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource"].label = gettext_lazy("What the rows are")

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(_("The file is larger than %(most)s MB. Split it.") % {"most": most})
        return file


@dataclass
class Said:
    """An error for import-export's templates, without a traceback."""

    error: str
    traceback: str = ""


class FileResult(Result):
    """A result whose errors carry the row number of the file."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[int, list[Said]]] = []
        #: what the import says of the whole file: columns that nothing reads, rows left out
        self.notes: list[str] = []

    def row_errors(self) -> list[tuple[int, list[Said]]]:
        return self.said


class AttributeField(Field):
    """A custom attribute, headed by its code as the import knows it; days as days and numbers as numbers."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(column_name=attribute.code, readonly=True)
        self.code, self.type = attribute.code, attribute.type

    def get_value(self, instance: Any) -> Any:
        value = instance.attributes.get(self.code)
        if value is None:
            return None
        if self.type == Attribute.Type.DATE:
            return dt.date.fromisoformat(value)
        # spreadsheets keep 15 digits: what has more stays text
        return Decimal(value) if self.type == Attribute.Type.NUMBER and len(value) <= 15 else value


class FileResource(ModelResource):
    """Imports files of ``kind`` through :func:`migration.services.import_file`.

    Exports ``Meta.fields``, and a column for every custom attribute that a file of the kind may state.
    """

    kind: str = ""
    #: whether exports hold custom attributes
    has_attributes = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for one in fields_of(self.kind) if self.has_attributes else ():
            if one.attribute:
                self.fields.setdefault(one.name, AttributeField(one.attribute))

    def get_user_visible_fields(self) -> list[Field]:
        """Names that the import page lists."""
        return [Field(column_name=one.known()[0]) for one in fields_of(self.kind)]

    def import_data(
        self, dataset: Any, dry_run: bool = False, raise_errors: bool = False, file_name: str = "", **kwargs: Any
    ) -> Result:
        result = FileResult()
        try:
            # as worker and command do; a preview writes nothing and keeps nothing
            with nullcontext() if dry_run else with_backup():
                report = import_file(
                    name=file_name or "",
                    data=cast(Upload, dataset).data,
                    kind=self.kind,
                    actor=kwargs.get("user"),
                    dry_run=dry_run,
                    with_changes=dry_run,
                )
        except BadInput as error:
            result.append_base_error(Said(str(error)))
            return result
        _fill(result, report)
        return result


_TYPES = {
    "new": RowResult.IMPORT_TYPE_NEW,
    "changed": RowResult.IMPORT_TYPE_UPDATE,
    "unchanged": RowResult.IMPORT_TYPE_SKIP,
}


def _fill(result: FileResult, report: Report) -> None:
    for problem in report.problems[:SHOWN]:
        result.said.append((problem.row, [Said(_said(problem))]))
    if result.said:
        # what stands in the preview of a page can only be answered there
        way = _("To answer what is in doubt, or to import the good rows alone, choose “Step by step”.")
        result.append_base_error(Said(way))
    if len(report.problems) > SHOWN:
        more = _("%(count)s more rows have problems.") % {"count": points(len(report.problems) - SHOWN)}
        result.append_base_error(Said(more))
    result.notes = report.notes
    names = list(dict.fromkeys(name for change in report.changes for name in change.fields))
    result.diff_headers = [report.columns.get(name, name) for name in names]
    for change in report.changes[:SHOWN]:
        result.rows.append(_row(change, names))
    result.totals[RowResult.IMPORT_TYPE_NEW] = report.created
    result.totals[RowResult.IMPORT_TYPE_UPDATE] = report.changed
    result.totals[RowResult.IMPORT_TYPE_SKIP] = report.unchanged
    result.total_rows = report.rows


def _said(problem: RowProblem) -> str:
    """Of a cell, or of a row as a whole."""
    value = "" if problem.value is None else problem.value
    where = "" if problem.column in ("", "–") else f"{problem.column} “{value}”: "
    sheet = f"{problem.sheet}: " if problem.sheet else ""
    return f"{sheet}{where}{problem.message} {problem.mend}".strip()


def _row(change: Change, names: list[str]) -> RowResult:
    row = RowResult()
    row.import_type = _TYPES[change.status]
    row.number = change.row
    row.diff = [_cell(change, name) for name in names]
    return row


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _cell(change: Change, name: str) -> str:
    old, new = (_text(value) for value in change.fields.get(name, ("", "")))
    return f"{old} → {new}" if change.status == "changed" and name != "employee_no" and old != new else new
