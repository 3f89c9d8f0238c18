"""The steps of an import and which of them has something to decide."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from migration import selectors
from migration.services.choices import choices_of
from migration.services.further import proposals
from migration.services.readying import inventory, may_serve, missing_fields, tables_of, wanted_fields
from migration.services.resting import in_use
from people.access import SignedInRequest

#: step -> its page
PAGES = {
    "look": "migration:look", "map": "migration:map", "words": "migration:words", "clean": "migration:clean",
    "check": "migration:check",
}  # fmt: skip
View = Callable[..., HttpResponseBase]
#: added to the address of a step by whoever goes on
ONWARD = "?on=1"


def context_of(upload: Any, step: str) -> dict[str, Any]:
    """What every step shows: the way, with where we are."""
    labels = [
        ("upload", _("Upload"), "cloud-upload"), ("look", _("Look"), "eye"), ("map", _("Map"), "columns"),
        ("words", _("Words"), "book"), ("clean", _("Clean"), "wand"), ("check", _("Check"), "list-check"),
        ("import", _("Import"), "database-import"),
    ]  # fmt: skip
    can_go = not upload.files.filter(is_locked=True).exists()
    at = [name for name, _label, _icon in labels].index(step)
    steps = [
        {"label": label, "icon": icon, "page": PAGES.get(name) if can_go else None, "is_here": place == at,
         "is_past": place < at}
        for place, (name, label, icon) in enumerate(labels)
    ]  # fmt: skip
    return {"upload": upload, "steps": steps, "files": list(upload.files.all())}


def go_on(upload: Any, after: str) -> HttpResponse:
    """To the first step after ``after`` that needs a person; the dry run where none does."""
    page = _next_page(upload, after)
    asks = page in (PAGES["words"], PAGES["clean"])
    return redirect(reverse(page, args=[upload.pk]) + (ONWARD if asks else ""))


def is_onward(request: HttpRequest) -> bool:
    """Whether the page is for whoever goes on: where it has nothing to ask, the next one comes instead."""
    return request.method == "GET" and "on" in request.GET


def at_rest(view: View) -> View:
    """A page of an upload. While a worker has it, the page of the import comes instead, and nothing is changed: what
    was shown at the start is what comes in."""

    @wraps(view)
    def guarded(request: SignedInRequest, pk: int, **more: Any) -> HttpResponseBase:
        job = selectors.open_job_of(request.user, pk)
        if job is None:
            return view(request, pk, **more)
        if request.method == "POST":
            refused = in_use()
            messages.error(request, f"{refused.message} {refused.mend}")
        page = redirect("migration:job", pk=job.pk)
        # an htmx answer that leads elsewhere takes the whole page along
        return HttpResponse(headers={"HX-Redirect": page.url}) if request.headers.get("HX-Request") else page

    return guarded


def _next_page(upload: Any, after: str) -> str:
    if upload.files.filter(is_locked=True).exists():
        return "migration:unlock"
    tables = tables_of(upload)
    if (
        not tables
        or not all(table.kind for table in tables)
        or (after == "upload" and (_has_more(upload) or any(_asks_to_look(table) for table in tables)))
    ):
        return PAGES["look"]
    left = list(PAGES)[list(PAGES).index(after) + 1 if after in PAGES else 0 :]
    if "map" in left and any(_asks_for_mapping(table) for table in tables):
        return PAGES["map"]
    # whether there are words or doubts is known to a page that has read the files, and reading them takes long
    return PAGES[next(name for name in ("words", "clean", "check") if name in left)]


def _asks_to_look(table: Any) -> bool:
    """Whether it has more to bring, or letters that can be read in several ways."""
    return bool(proposals(table, table.file.upload.actor)) or len(inventory(table).get("encodings", ())) > 1


def _has_more(upload: Any) -> bool:
    """Several tables, or one that stays out unless somebody says otherwise."""
    return upload.files.filter(tables__isnull=False).count() > 1


def _asks_for_mapping(table: Any) -> bool:
    choices = choices_of(table)
    asks = may_serve(table, choices) or wanted_fields(table, choices)
    return bool(missing_fields(table, choices) or (not choices.is_mapped and asks))
