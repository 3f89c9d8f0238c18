"""What was decided once: words, and templates of mappings. Both can be revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hrsuite.lib.lists import list_page
from migration import selectors
from migration.lists import TemplateFilter, TemplateTable, TermFilter, TermTable
from migration.services.templates import delete_template
from migration.services.terms import revoke_term
from migration.views.batches import IMPORTS
from people.access import SignedInRequest, requires


@require_GET
@requires(*IMPORTS)
def terms(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=selectors.visible_terms(request.user), table=TermTable, filters=TermFilter, name="terms"
    )
    return page.respond("migration/terms.html", {})


@require_POST
@requires(*IMPORTS)
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(selectors.revocable_terms(request.user), pk=pk)
    revoke_term(term=term, actor=request.user)
    messages.success(request, _("“%(word)s” is asked about again when it comes.") % {"word": term.word})
    return redirect("migration:terms")


@require_GET
@requires(*IMPORTS)
def templates(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(
        request, rows=selectors.visible_templates(request.user), table=TemplateTable, filters=TemplateFilter,
        name="templates",
    )  # fmt: skip
    return page.respond("migration/templates.html", {})


@require_POST
@requires(*IMPORTS)
def forget(request: SignedInRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(selectors.visible_templates(request.user), pk=pk)
    delete_template(template=template, actor=request.user)
    messages.success(request, _("“%(name)s” is deleted. Its files are matched by their headings.") % {"name": template})
    return redirect("migration:templates")
