"""The page of a job: how far it is, then what became of its tables."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.errors import BadInput
from hrsuite.lib.export import xlsx_response
from hrsuite.templatetags.suite import points
from migration import selectors
from migration.forms import UndoForm
from migration.services.jobs import cancel_import
from migration.services.reasons import FEW
from migration.services.refused import kept_rows, workbook_of
from migration.services.reporting import report_on
from migration.services.totals import sheet_of_job
from migration.services.undoing import look_at_job_undo, undo_job
from migration.views.batches import IMPORTS, SHOWN, undo_context
from people.access import SignedInRequest, requires

#: what an import can end as, so that its files are to be tried again
GO_BACK = ("refused", "cancelled", "failed")


@require_GET
@requires("migration.view_imports")
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_jobs(request.user), pk=pk)
    tables = selectors.tables_of_job(found)
    report = report_on(found, tables)
    context = {
        "job": found,
        "report": report,
        "may_change": selectors.changeable_jobs(request.user).filter(pk=pk).exists(),
        "can_go_back": found.status in GO_BACK and selectors.visible_uploads(request.user).filter(jobs=found).exists(),
        "shown": SHOWN,
        "few": FEW,
    }
    return render(request, "migration/job.html", context)


@require_POST
@requires(*IMPORTS)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.changeable_jobs(request.user), pk=pk)
    try:
        cancel_import(job=found, actor=request.user)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
    return redirect("migration:job", pk=pk)


@require_GET
@requires("migration.view_imports")
def proof(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The control totals of all its tables."""
    found = get_object_or_404(selectors.visible_jobs(request.user), pk=pk)
    batches = [(one.name, one.batch) for one in selectors.tables_of_job(found) if one.batch is not None]
    return xlsx_response(sheet_of_job(batches), f"proof-job-{pk}", title=_("Proof"))


@require_GET
@requires("migration.view_imports")
def refused(request: SignedInRequest, pk: int, position: int) -> HttpResponseBase:
    """The rows of a table that was refused as a whole: to mend and send again alone."""
    found = get_object_or_404(selectors.visible_jobs(request.user), pk=pk)
    table = next((one for one in selectors.tables_of_job(found) if one.position == position), None)
    if table is None or table.refused_until is None:
        raise Http404
    try:
        rows, title = workbook_of(kept_rows(table), table.problems)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
        return redirect("migration:job", pk=pk)
    return xlsx_response(rows, f"refused-job-{pk}-{position}", title=title)


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """What taking all of it back would do, or what stands against it; with a reason it is done."""
    found = get_object_or_404(selectors.changeable_jobs(request.user), pk=pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            plan = undo_job(job=found, reason=form.cleaned_data["reason"], actor=request.user)
            if not plan.obstacles:
                count = plan.removed + plan.voided + plan.restored
                said = ngettext("Undone: %(n)s entry is as before.", "Undone: %(n)s entries are as before.", count)
                messages.success(request, said % {"n": points(count)})
                return redirect("migration:job", pk=pk)
        else:
            plan = look_at_job_undo(found)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")
        return redirect("migration:job", pk=pk)
    about = pgettext("one import", "Import %(n)s") % {"n": pk}
    return render(
        request,
        "migration/undo.html",
        undo_context(request.user, plan, form, about, reverse("migration:job", args=[pk])),
    )
