"""From mapped tables to an import: words, doubts, the dry run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.errors import BadInput, RowProblem
from hrsuite.lib.export import xlsx_response
from hrsuite.templatetags.suite import points
from migration import selectors
from migration.forms import label_of
from migration.rules import row_name
from migration.services.changing import Change
from migration.services.choices import CREATED
from migration.services.deciding import decide, decided, orders_of, progress, rules_of
from migration.services.fields import fields_of
from migration.services.jobs import start_import
from migration.services.questions import groups_of
from migration.services.readying import (
    Ready,
    Tried,
    missing_fields,
    ready_tables,
    tables_of,
    try_import,
    unmapped,
    wanted_fields,
)
from migration.services.reasons import FEW, reasons_of
from migration.services.refused import workbook_of
from migration.services.steps import NEW, ask_again, decide_words, decided_words, words_of
from migration.services.terms import CODED, WORDED, vocabulary
from migration.services.totals import lines_of
from migration.views.batches import IMPORTS, SHOWN
from migration.views.stepper import at_rest, context_of, go_on, is_onward
from people.access import SignedInRequest, requires

#: questions of a group that a page asks one by one
ASKED = 50
#: words of a field from which they are folded
FOLDED = 10
#: what a row does -> how early the dry run shows it: first what is there already and would be another
_ORDER = {"changed": 0, "new": 1, "unchanged": 2}
#: refused rows that the dry run shows; the workbook has all
PROBLEMS = 30


class NotMappedError(Exception):
    """The tables cannot be cleaned yet."""


def _ready(request: SignedInRequest, found: Any) -> list[Ready]:
    """The tables, clean. Raises NotMappedError where a step before is not done."""
    tables = tables_of(found)
    if not tables or not all(table.kind for table in tables):
        raise NotMappedError
    if {table.kind for table in tables} - {*selectors.kinds_of(request.user)}:
        # a role that is gone since: the dry run would show what is stored
        said, mend = (
            _("You may not import this kind of table, or it has none yet."),
            _("Choose a kind, or leave the table out."),
        )
        messages.error(request, f"{said} {mend}")
        raise NotMappedError
    try:
        readies = ready_tables(tables)
    except BadInput as error:
        messages.error(request, f"{error.value}: {error.message} {error.mend}")
        raise NotMappedError from error
    if any(missing_fields(ready.table, ready.choices) for ready in readies):
        raise NotMappedError
    return readies


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
@at_rest
def words(request: SignedInRequest, pk: int) -> HttpResponse:
    """Words that the suite does not know: each is decided once, for this file and all that come."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    try:
        readies = _ready(request, found)
    except NotMappedError:
        return redirect("migration:map", pk=pk)
    asked = words_of(readies)
    if request.method == "POST" and "again" in request.POST:
        ask_again(readies=readies, keys=request.POST.getlist("again"), actor=request.user)
        return redirect("migration:words", pk=pk)
    if request.method == "POST":
        said = {(one.field, one.word): _meaning(request, place, one.field) for place, one in enumerate(asked)}
        bands = {
            one.word: request.POST.get(f"word-{place}-band", "")
            for place, one in enumerate(asked)
            if one.field == "level"
        }
        try:
            count = decide_words(readies=readies, said=said, actor=request.user, bands=bands)
        except BadInput as error:
            messages.error(request, f"{error.field}: {error.message} {error.mend}")
            return redirect("migration:words", pk=pk)
        if count:
            text = ngettext("%(n)s word is decided.", "%(n)s words are decided.", count)
            messages.success(request, text % {"n": points(count)})
        return go_on(found, "words")
    if is_onward(request) and not asked:
        # the files are read: whether there are doubts is known here
        return go_on(found, "words" if any(ready.clean.doubts for ready in readies) else "clean")
    fields: dict[str, dict[str, Any]] = {}
    for place, one in enumerate(asked):
        group = fields.setdefault(
            one.field,
            {
                "name": one.field,
                "label": WORDED[one.field],
                "words": [],
                "all": vocabulary(one.field),
                "can_create": one.field in CREATED,
                "bands": vocabulary("band") if one.field == "level" else {},
            },
        )
        group["words"].append((f"word-{place}", one))
    for group in fields.values():
        # what is chosen beforehand is seen before it is kept
        group["is_open"] = len(group["words"]) <= FOLDED or any(one.likely for _name, one in group["words"])
    context = {
        "fields": fields.values(),
        "decided": _decided_words(readies, request.user),
        "new_levels": any(_makes_levels(ready) for ready in readies),
    }
    return render(request, "migration/words.html", context | context_of(found, "words"))


def _decided_words(readies: Sequence[Ready], reader: Any) -> list[tuple[Any, str]]:
    """Each with what people call its field."""
    return [(one, str(WORDED.get(one.field, one.field))) for one in decided_words(readies, reader)]


def _meaning(request: SignedInRequest, place: int, field: str) -> str:
    """What is said of a word: by itself, of its field, or of all words."""
    rest = request.POST.get("rest", "")
    return (
        request.POST.get(f"word-{place}", "")
        or request.POST.get(f"all-{field}", "")
        or (rest if rest != NEW or field in CREATED else "")
    )


def _makes_levels(ready: Ready) -> bool:
    """The suite has no level yet, and nothing says the bands of those in the file."""
    return "level" in ready.first and "level" in ready.choices.columns and "band" not in ready.choices.columns


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
@at_rest
def clean(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the rules did, and what only a person can tell."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    try:
        readies = _ready(request, found)
    except NotMappedError:
        return redirect("migration:map", pk=pk)
    if request.method == "POST":
        try:
            count = decide(readies=readies, said=request.POST.dict(), actor=request.user)
        except BadInput as error:
            messages.error(request, str(error))
            return redirect("migration:clean", pk=pk)
        if count:
            text = ngettext("%(n)s question is answered.", "%(n)s questions are answered.", count)
            messages.success(request, text % {"n": points(count)})
        return go_on(found, "clean") if "go_on" in request.POST else redirect("migration:clean", pk=pk)
    if is_onward(request) and not any(ready.clean.doubts for ready in readies):
        return go_on(found, "clean")
    done, total = progress(readies)
    tables: list[dict[str, Any]] = [{"ready": ready, "rules": rules_of(ready)} for ready in readies]
    for table in tables:
        table["cells"] = sum(ran.cells for ran in table["rules"])
        table["left_out"] = sum(ran.left_out for ran in table["rules"])
        table["has_changes"] = any(ran.cells or ran.left_out or not ran.is_on for ran in table["rules"])
    groups = groups_of(readies)
    context = {
        "tables": tables, "groups": groups, "decided": decided(readies), "orders": orders_of(readies), "done": done,
        "total": total, "share": done / total if total else 1, "asked": ASKED, "asked_slice": f":{ASKED}",
        # a page for one table need not name it again and again
        "is_one": len({str(ready.table) for ready in readies}) == 1,
        "suggested": sum(one.cells for group in groups for one in group.questions if one.offered),
    }  # fmt: skip
    return render(request, "migration/clean.html", context | context_of(found, "clean"))


@require_GET
@requires(*IMPORTS)
@at_rest
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page that asks for the dry run at once: it may take a while, and it writes before it takes all back."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    tables = tables_of(found)
    if not tables or not all(table.kind for table in tables):
        return redirect("migration:look", pk=pk)
    return render(request, "migration/check.html", context_of(found, "check"))


@require_POST
@requires(*IMPORTS)
@at_rest
def dry_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the import would do, tried and taken back."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    try:
        readies = _ready(request, found)
    except NotMappedError:
        # an htmx answer that leads elsewhere takes the whole page along
        answer = redirect("migration:map", pk=pk)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": answer.url})
        return answer
    tables = [_shown(tried) for tried in try_import(readies, actor=request.user)]
    context = {
        "tables": tables,
        "shown": SHOWN,
        "shown_problems": PROBLEMS,
        "few": FEW,
        "undecided_words": len(words_of(readies)),
        "new_levels": any(_makes_levels(ready) for ready in readies),
        "undecided_cells": sum(len(ready.clean.doubts) for ready in readies),
        "refused": sum(one["refused"] for one in tables),
        "can_import": all(one["can_import"] for one in tables),
        # of a beginning nobody knows what comes after it
        "has_news": any(
            one["beginning"] or one["report"].created or one["report"].changed or one["report"].kept
            for one in tables
            if "report" in one
        ),
        "hopeless": [str(one["table"]) for one in tables if not one["can_import"]],
    }
    template = "migration/_check.html" if request.headers.get("HX-Request") else "migration/check.html"
    return render(request, template, context | context_of(found, "check"))


def _shown(tried: Tried) -> dict[str, Any]:
    """A table of the dry run, for its page."""
    report = tried.report
    if report is None:
        return {"table": tried.ready.table, "error": tried.error, "refused": 0, "can_import": False}
    names, altered = _fields_of(report.changes)
    labels = {one.name: label_of(one) for one in fields_of(tried.ready.table.kind)}
    problems = _labelled(report.problems, labels, tried.ready.clean.headings)
    return {
        "table": tried.ready.table,
        "kind_label": tried.ready.table.kind_label,
        "report": report,
        "beginning": tried.ready.clean.read if tried.ready.is_beginning else 0,
        "total": tried.ready.clean.total,
        "refused": report.refused,
        "can_import": report.status == "imported",
        "problems": problems[:PROBLEMS],
        "reasons": reasons_of((one.column, one.message) for one in problems),
        "wanted": [label_of(field) for field in wanted_fields(tried.ready.table, tried.ready.choices)],
        "lines": lines_of(report.totals),
        "has_unmapped": bool(unmapped(tried.ready.table, tried.ready.choices)),
        "headings": [report.columns.get(name, labels.get(name, name)) for name in names],
        "altered": [
            (report.columns.get(name, labels.get(name, name)), n, round(100 * n / max(altered.values())))
            for name, n in altered.most_common()
        ],
        "changes": [
            (row_name(change.row), change.status, [_called(name, change.fields.get(name, ("", ""))) for name in names])
            for change in sorted(report.changes, key=lambda one: _ORDER[one.status])[:SHOWN]
        ],
    }


def _fields_of(changes: Sequence[Change]) -> tuple[list[str], Counter[str]]:
    """The fields of the rows; where some change, who the rows are about, then those that change most often. And how
    often each does."""
    who = {name for change in changes for name in change.who}
    altered = Counter(name for change in changes if change.status == "changed" for name in change.differing())
    names = dict.fromkeys(name for change in changes for name in change.fields)
    if not altered:
        # in the order of the file
        return list(names), altered
    return sorted(names, key=lambda name: (name not in who, -altered[name])), altered


def _called(name: str, pair: tuple[Any, Any]) -> tuple[Any, Any]:
    """Old and new by what people call them, where the suite keeps codes."""
    if name not in CODED:
        return pair
    words = vocabulary(name)
    old, new = (words.get(str(value), value) for value in pair)
    return old, new


def _labelled(problems: Sequence[RowProblem], labels: dict[str, str], headings: Sequence[str]) -> Sequence[RowProblem]:
    """Fields without a column by what pages call them."""
    return [
        one if one.column in headings or one.column not in labels else replace(one, column=labels[one.column])
        for one in problems
    ]


@require_POST
@requires(*IMPORTS)
@at_rest
def refused_rows(request: SignedInRequest, pk: int, table: int) -> HttpResponseBase:
    """The rows that would be refused, as they came, with the reasons: to mend and send again alone."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    one = get_object_or_404(selectors.upload_tables(found), pk=table)
    try:
        readies = _ready(request, found)
    except NotMappedError:
        return redirect("migration:map", pk=pk)
    if one.pk not in {ready.table.pk for ready in readies}:
        # left out of the import meanwhile
        raise Http404
    tried = next(t for t in try_import(readies, actor=request.user) if t.ready.table.pk == one.pk)
    report = tried.report
    rows, title = workbook_of(
        report.refused_rows if report else {}, [asdict(problem) for problem in report.problems] if report else []
    )
    return xlsx_response(rows, f"refused-{one.pk}", title=title)


@require_POST
@requires(*IMPORTS)
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand the tables over to a worker."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    try:
        job = start_import(tables=tables_of(found), actor=request.user, skip_bad="skip_bad" in request.POST)
    except BadInput as error:
        messages.error(request, f"{error.value}: {error.message} {error.mend}".strip(": "))
        return go_on(found, "upload")
    return redirect("migration:job", pk=job.pk)
