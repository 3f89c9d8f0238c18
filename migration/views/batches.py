"""What came in: the list of imports, each with its refused rows, proof and undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.errors import BadInput
from hrsuite.lib.export import csv_response, xlsx_response
from hrsuite.lib.lists import list_page
from hrsuite.templatetags.suite import points
from migration import selectors
from migration.forms import UndoForm
from migration.lists import ImportFilter, ImportTable
from migration.rules import KIND_PERMISSIONS
from migration.services.reasons import FEW, reasons_of
from migration.services.refused import kept_rows, workbook_of
from migration.services.totals import reconciled, sheet_of
from migration.services.undoing import UndoRefusedError, look_at_undo, undo_import
from people.access import SignedInRequest, requires

IMPORTS = tuple(dict.fromkeys(KIND_PERMISSIONS.values()))
#: rows that a page shows; the csv has all
SHOWN = 100


@require_GET
@requires("migration.view_imports")
def imports(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=selectors.visible_batches(request.user), table=ImportTable, filters=ImportFilter, name="imports"
    )
    context = {
        "may_import": bool(selectors.kinds_of(request.user)),
        "uploads": selectors.open_uploads(request.user)[:SHOWN],
        "jobs": selectors.open_jobs(request.user)[:SHOWN],
    }
    return page.respond("migration/imports.html", context)


@require_GET
@requires("migration.view_imports")
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)
    may_undo = batch.has_journal and not batch.undone_at and batch.kind in selectors.kinds_of(request.user)
    context = {
        "batch": batch, "problems": batch.problems[:SHOWN], "proof": reconciled(batch), "may_undo": may_undo,
        "reasons": reasons_of((str(one["column"]), str(one["message"])) for one in batch.problems),
        "few": FEW, "shown": SHOWN,
    }  # fmt: skip
    return render(request, "migration/detail.html", context)


@require_GET
@requires("migration.view_imports")
def problems(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The rows kept out, as a table to mend by."""
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)

    def rows() -> Iterator[list[Any]]:
        yield [_("Row"), _("Column"), _("Value"), _("Problem"), _("Mend")]
        for one in batch.problems:
            row = f"{one['sheet']}!{one['row']}" if one.get("sheet") else one["row"]
            yield [row, one["column"], one["value"], one["message"], one["mend"]]

    return csv_response(rows(), f"problems-{batch.pk}")


@require_GET
@requires("migration.view_imports")
def refused(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The refused rows as they came, with the reasons beside them: to mend and send again alone."""
    batch = get_object_or_404(selectors.visible_batches(request.user), pk=pk)
    try:
        rows, title = workbook_of(kept_rows(batch), batch.problems)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
        return redirect("migration:detail", pk=pk)
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
            messages.success(request, said % {"n": points(count)})
            return redirect("migration:detail", pk=pk)
        plan = look_at_undo(batch)
    except UndoRefusedError:
        # somebody was faster than the page
        plan = look_at_undo(batch)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
        return redirect("migration:detail", pk=pk)
    back_url = reverse("migration:detail", args=[pk])
    return render(request, "migration/undo.html", undo_context(request.user, plan, form, batch.file_name, back_url))


def undo_context(user: Any, plan: Any, form: UndoForm, about: str, back_url: str) -> dict[str, Any]:
    """What the page of an undo shows, of one import or of all of a job."""
    obstacles = plan.obstacles[:SHOWN]
    later = selectors.visible_batches(user).filter(pk__in={one.later for one in plan.obstacles if one.later})
    return {
        "plan": plan, "obstacles": obstacles, "shown": SHOWN, "form": form, "about": about, "back_url": back_url,
        "later": later.order_by("-pk"), "few": FEW,
    }  # fmt: skip
