"""The pages of imports: what came in, and a file's way in with a preview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.errors import BadInput
from hrsuite.lib.export import csv_response, xlsx_response
from hrsuite.lib.lists import list_page
from migration import selectors
from migration.forms import ConfirmForm, UndoForm, UploadForm
from migration.lists import ImportFilter, ImportTable
from migration.services import Report, import_file, read_mapping
from migration.services.fields import fields_of
from migration.services.refused import workbook_of
from migration.services.totals import reconciled, sheet_of
from migration.services.undoing import UndoRefusedError, look_at_undo, undo_import
from migration.services.uploads import drop_upload, fetch_upload, keep_upload
from people.access import SignedInRequest, requires

IMPORTS = ("migration.import_people", "migration.import_records", "migration.import_scores", "migration.import_pay")
#: rows that a page shows; the csv has all
SHOWN = 100


@require_GET
@requires("migration.view_imports")
def imports(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=selectors.visible_batches(request.user), table=ImportTable, filters=ImportFilter, name="imports"
    )
    return page.respond("migration/imports.html", {"may_import": bool(selectors.kinds_of(request.user))})


@require_GET
@requires("migration.view_imports")
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)
    may_undo = batch.has_journal and not batch.undone_at and batch.kind in selectors.kinds_of(request.user)
    context = {"batch": batch, "problems": batch.problems[:SHOWN], "proof": reconciled(batch), "may_undo": may_undo}
    return render(request, "migration/detail.html", context)


@require_GET
@requires("migration.view_imports")
def problems(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The rows kept out, as a table to mend by."""
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)

    def rows() -> Iterator[list[Any]]:
        yield [_("Row"), _("Column"), _("Value"), _("Problem"), _("Mend")]
        for one in batch.problems:
            yield [one["row"], one["column"], one["value"], one["message"], one["mend"]]

    return csv_response(rows(), f"problems-{batch.pk}")


@require_GET
@requires("migration.view_imports")
def refused(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The refused rows as they came, with the reasons beside them: to mend and send again alone."""
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)
    rows, title = workbook_of(batch.refused_rows, batch.problems)
    return xlsx_response(rows, f"refused-{batch.pk}", title=title)


@require_GET
@requires("migration.view_imports")
def proof(request: SignedInRequest, pk: int) -> HttpResponseBase:
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)
    return xlsx_response(sheet_of(batch), f"proof-{batch.pk}", title=_("Proof"))


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """What taking the import back would do, or what stands against it; with a reason it is done."""
    batch = get_object_or_404(selectors.undoable_batches(request.user), pk=pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            done = undo_import(batch=batch, reason=form.cleaned_data["reason"], actor=request.user)
            count = done.removed + done.voided + done.restored
            said = ngettext("Undone: %(n)s entry is as before.", "Undone: %(n)s entries are as before.", count)
            messages.success(request, said % {"n": count})
            return redirect("migration:detail", pk=pk)
        plan = look_at_undo(batch)
    except UndoRefusedError:
        # somebody was faster than the page
        plan = look_at_undo(batch)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
        return redirect("migration:detail", pk=pk)
    context = {"batch": batch, "plan": plan, "obstacles": plan.obstacles[:SHOWN], "shown": SHOWN, "form": form}
    return render(request, "migration/undo.html", context)


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
def upload(request: SignedInRequest) -> HttpResponse:
    """Choose a file; the answer is a preview of what it would do."""
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        given = {"kind": form.cleaned_data["kind"], "file_name": file.name, "mapping": form.cleaned_data["mapping"]}
        data = file.read()
        try:
            report = _import(request, given, data, dry_run=True, skip_bad=True)
        except BadInput as error:
            form.add_error(
                None, f"{_heading(given['kind'], error.field)}: {error.value} – {error.message} {error.mend}"
            )
        else:
            return _preview(request, report, given, data)
    return render(request, "migration/upload.html", {"form": form})


def _heading(kind: str, field: str) -> str:
    """What people call the field; the name itself of what is no field of a row."""
    return next((one.known()[0] for one in fields_of(kind) if one.name == field), field)


def _import(request: SignedInRequest, given: dict[str, Any], data: bytes, *, dry_run: bool, skip_bad: bool) -> Report:
    return import_file(
        name=given["file_name"],
        data=data,
        kind=given["kind"],
        mapping=read_mapping(given["mapping"]),
        actor=request.user,
        dry_run=dry_run,
        skip_bad=skip_bad,
        with_changes=dry_run,
    )


def _preview(request: SignedInRequest, report: Report, given: dict[str, Any], data: bytes) -> HttpResponse:
    names = list(dict.fromkeys(name for change in report.changes for name in change.fields))
    can_import = bool(report.rows > report.refused + report.passed_over and report.status == "checked")
    context = {
        "report": report,
        "problems": report.problems[:SHOWN],
        "headings": [report.columns.get(name, name) for name in names],
        "changes": [
            (change.row, change.status, [change.fields.get(name, ("", "")) for name in names])
            for change in report.changes[:SHOWN]
        ],
        "shown": SHOWN,
        "given": given,
        "can_import": can_import,
        "token": keep_upload(data=data, user=request.user) if can_import else "",
    }
    return render(request, "migration/preview.html", context)


@require_POST
@requires(*IMPORTS)
def confirm(request: SignedInRequest) -> HttpResponse:
    """Import what the preview showed; refused as a whole where it does not hold any more."""
    form = ConfirmForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("The preview cannot be used any more: upload the file again."))
        return redirect("migration:upload")
    given = form.cleaned_data
    try:
        data = fetch_upload(token=given["token"], user=request.user)
        report = _import(request, given, data, dry_run=False, skip_bad=given["skip_bad"])
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
        return redirect("migration:upload")
    if report.status == "refused":
        messages.error(request, _("Rows are refused that were fine in the preview. Nothing was imported."))
        return _preview(request, report, given, data)
    drop_upload(token=given["token"], user=request.user)
    count = report.created + report.changed
    messages.success(request, ngettext("%(n)s row was imported.", "%(n)s rows were imported.", count) % {"n": count})
    return redirect("migration:detail", pk=report.batch) if report.batch else redirect("migration:imports")
