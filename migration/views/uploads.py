"""Files on their way in: upload, passwords, what they hold, which column is which field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.disk import had_no_room
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from migration import selectors
from migration.cleaning.meanings import MEANINGS
from migration.forms import MapForm, TableForm, UnlockForm, UploadForm, encoding_choices, label_of
from migration.services.choices import choices_of
from migration.services.fields import fields_of, is_chinese
from migration.services.further import add_further, further_of, proposals, remove_further, used_elsewhere
from migration.services.mapping import template_columns
from migration.services.readying import inventory, may_serve, missing_fields, tables_of, unmapped, wanted_fields
from migration.services.steps import changed_meanwhile, choose_kinds, map_tables
from migration.services.uploads import add_upload, delete_upload, no_room, read_as, unlock_upload
from migration.views.batches import IMPORTS
from migration.views.stepper import at_rest, context_of, go_on
from people.access import SignedInRequest, requires
from people.labels import ROLE_LABELS

#: columns of a table that Look shows at once, and from how many on it folds the others
FIRST, FOLDED_FROM = 12, 40
#: fields that each row has its own value for
_OF_A_ROW = frozenset({"employee_no", "candidate_no", "name"})
#: types of columns, as people call them
TYPES = {
    "text": pgettext_lazy("column", "text"),
    "name": pgettext_lazy("column", "name"),
    "category": pgettext_lazy("column", "category"),
    "id": pgettext_lazy("column", "identifier"),
    "date": pgettext_lazy("column", "date"),
    "number": pgettext_lazy("column", "number"),
    "truth": pgettext_lazy("column", "yes or no"),
    "gender": pgettext_lazy("column", "gender"),
    "email": pgettext_lazy("column", "e-mail"),
    "phone": pgettext_lazy("column", "phone"),
    "idnumber": pgettext_lazy("column", "ID number"),
}
#: rules that leave rows out
LEFT_OUT = {
    "blank_rows": pgettext_lazy("rows left out", "empty"),
    "repeated_headings": pgettext_lazy("rows left out", "headings again"),
    "totals": pgettext_lazy("rows left out", "sums"),
    "notes": pgettext_lazy("rows left out", "notes"),
    "duplicates": pgettext_lazy("rows left out", "the same as another row"),
    "decided": pgettext_lazy("rows left out", "by decision"),
}


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
def upload(request: SignedInRequest) -> HttpResponse:
    """Choose files; the next page is the first one that has something to decide."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, user=request.user)
    if had_no_room(request):
        form.errors.clear()
        refused = no_room()
        form.add_error(None, f"{refused.message} {refused.mend}")
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = add_upload(
                files=[(file.name, file) for file in said["file"]],
                actor=request.user, kind=said["kind"], mapping=said["mapping"], encoding=said["encoding"],
            )  # fmt: skip
            return go_on(found, "upload")
        except BadInput as error:
            named = "encoding" if error.field == "encoding" else None
            form.add_error(named, f"{error.value} – {error.message} {error.mend}".strip())
    return render(request, "migration/upload.html", {"form": form, "open": selectors.open_uploads(request.user)[:20]})


@require_GET
@requires(*IMPORTS)
@at_rest
def session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on where something is to be decided."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    return go_on(found, "upload")


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
@at_rest
def unlock(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the passwords of protected workbooks."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    files = list(found.files.filter(is_locked=True))
    if not files:
        return go_on(found, "upload")
    form = UnlockForm(request.POST or None, files=files)
    if request.method == "POST" and form.is_valid():
        try:
            unlock_upload(upload=found, passwords=form.passwords(), actor=request.user)
            return go_on(found, "upload")
        except BadInput as error:
            named = next((f"file-{file.pk}" for file in files if file.name == error.value), None)
            form.add_error(named, f"{error.message} {error.mend}")
    return render(request, "migration/unlock.html", {"form": form, **context_of(found, "upload")})


@require_POST
@requires(*IMPORTS)
@at_rest
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    delete_upload(upload=found, actor=request.user)
    messages.success(request, _("The uploaded files are deleted."))
    return redirect("migration:imports")


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
@at_rest
def look(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the files hold, and what the rows of each table are."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    if found.files.filter(is_locked=True).exists():
        return redirect("migration:unlock", pk=pk)
    tables = list(selectors.upload_tables(found).filter(is_further=False))
    if request.method == "POST" and "read_as" in request.POST:
        _read_as(request, tables)
        return redirect("migration:look", pk=pk)
    forms = [TableForm(request.POST or None, user=request.user, table=table) for table in tables]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        said = [(table, form.cleaned_data) for table, form in zip(tables, forms, strict=True)]
        choose_kinds(chosen=[(table, one["kind"], one["is_in"]) for table, one in said], actor=request.user)
        if "add" in request.POST or "remove" in request.POST:
            _change_further(request, tables)
            return redirect("migration:look", pk=pk)
        if tables_of(found):
            return go_on(found, "look")
        messages.error(request, _("Take at least one table in."))
    shown = [
        (table, _drawn(table, inventory(table)) | _forbidden(request.user, table) | _besides(request.user, table), form)
        for table, form in zip(tables, forms, strict=True)
    ]
    return render(request, "migration/look.html", {"tables": shown, **context_of(found, "look")})


def _read_as(request: SignedInRequest, tables: Sequence[Any]) -> None:
    """``read_as`` names the table of a text, ``encoding-12`` what it is to be read as."""
    table = next((one for one in tables if str(one.pk) == request.POST["read_as"]), None)
    if table is None:
        raise Http404
    try:
        read_as(table=table, encoding=request.POST.get(f"encoding-{table.pk}", ""), actor=request.user)
        messages.success(request, _("The file was read anew."))
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")


def _change_further(request: SignedInRequest, tables: Sequence[Any]) -> None:
    """``add`` and ``remove`` name a table and a kind, as in 12:salaries, or all that are offered, as in 12:*."""
    change = add_further if "add" in request.POST else remove_further
    number, _separator, kind = request.POST.get("add", request.POST.get("remove", "")).partition(":")
    table = next((one for one in tables if str(one.pk) == number), None)
    if table is None:
        raise Http404
    kinds = [one.kind for one in proposals(table, request.user)] if kind == "*" else [kind]
    try:
        for one in kinds:
            change(table=table, kind=one, actor=request.user)
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}")


def _besides(user: Any, table: Any) -> dict[str, Any]:
    """What the table brings besides, and what it could."""
    return {"further": list(further_of(table)), "proposals": proposals(table, user)}


def _drawn(table: Any, about: dict[str, Any]) -> dict[str, Any]:
    """The inventory with what its bars need, and the field of each column as it is mapped now."""
    choices = choices_of(table)
    labels = {one.name: label_of(one) for one in fields_of(table.kind)} if table.kind else {}
    serves: dict[str, str] = {}
    for name, text in choices.columns.items():
        serves |= {heading: labels.get(name, name) for heading in template_columns(text) or [text]}
    for one in further_of(table):
        names = {field.name: label_of(field) for field in fields_of(one.kind)}
        for name, text in choices_of(one).columns.items():
            for heading in template_columns(text) or [text]:
                serves.setdefault(heading, f"{one.kind_label}: {names.get(name, name)}")
    for column in about["columns"]:
        column["share"] = 1 - column["empty"]
        column["filled"] = round(100 * column["share"])
        most = max((count for _word, count in column["most_frequent"]), default=1)
        column["bars"] = [(word, count, round(100 * count / most)) for word, count in column["most_frequent"][:3]]
        column["label"] = serves.get(column["name"], "")
        column["about"] = _word_for(column["meaning"])
        column["type_label"] = TYPES.get(column["type"], column["type"])
    about["first"], about["more"] = about["columns"][:FIRST], about["columns"][FIRST:]
    if len(about["columns"]) <= FOLDED_FROM:
        about["first"], about["more"] = about["columns"], []
    about["serving"] = sum(bool(column["label"]) for column in about["columns"])
    about["doubtful"] = sum(column["doubts"] or 0 for column in about["columns"] if column["label"])
    about["left_out_labels"] = [(LEFT_OUT.get(rule, rule), n) for rule, n in about.get("left_out", {}).items()]
    if about["encoding"] and not about["encoding"].startswith("utf-8"):
        about["encoding_choices"] = encoding_choices(about["encodings"])
    about["unknown"] = not table.kind and not about.get("blank")
    return about


def _forbidden(user: Any, table: Any) -> dict[str, Any]:
    """What the columns look like where ``user`` may not import that, and who may."""
    found = None if table.kind else selectors.kind_of_others(user, inventory(table).get("kind", ""))
    if found is None:
        return {}
    label, roles = found
    return {"unknown": False, "not_yours": label, "who_may": ", ".join(str(ROLE_LABELS[role]) for role in roles)}


def _word_for(meaning: str) -> str:
    """What a column is about, in the reader's language: its most usual heading."""
    headings = MEANINGS[meaning][1].split("|") if meaning in MEANINGS else []
    return next((one for one in headings if one.isascii() != is_chinese()), "")


@require_http_methods(["GET", "POST"])
@requires(*IMPORTS)
@at_rest
def map_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which column is which field."""
    found = get_object_or_404(selectors.visible_uploads(request.user), pk=pk)
    tables = tables_of(found)
    if not tables or not all(table.kind for table in tables):
        return redirect("migration:look", pk=pk)
    shown: list[dict[str, Any]] = []
    for table in tables:
        choices, about = choices_of(table), inventory(table)
        form = MapForm(request.POST or None, table=table, choices=choices, columns=about["columns"])
        shown.append({"table": table, "form": form, "choices": choices, "kind_label": table.kind_label})
    outdated = [one["table"] for one in shown if request.method == "POST" and one["form"].is_outdated()]
    if outdated:
        return _map_again(request, changed_meanwhile(outdated[0]), pk)
    if request.method == "POST" and all(one["form"].is_valid() for one in shown):
        try:
            for one in shown:
                one["choices"] = one["form"].chosen()
            map_tables(chosen=[(one["table"], one["choices"]) for one in shown], actor=request.user)
        except BadInput as error:
            if error.field == "table":
                return _map_again(request, error, pk)
            refuse(one["form"], error)
        else:
            missing = [label_of(field) for one in shown for field in missing_fields(one["table"], one["choices"])]
            if not missing:
                return go_on(found, "map")
            said = _("These fields need a column or a value: %(fields)s.") % {"fields": ", ".join(missing)}
            messages.error(request, said)
            return redirect("migration:map", pk=pk)
    for one in shown:
        lacking, wanted = missing_fields(one["table"], one["choices"]), wanted_fields(one["table"], one["choices"])
        one["missing"], one["wanted"] = [label_of(field) for field in lacking], [label_of(field) for field in wanted]
        # rows of one person alone are rare: that value is asked for below, among those of other fields
        one["asked"] = one["form"].ask_for([field for field in (*lacking, *wanted) if field.name not in _OF_A_ROW])
        one["others"] = [field for field in one["form"].constants() if field not in one["asked"]]
        one["likely"] = [(name, label_of(field)) for name, field in may_serve(one["table"], one["choices"])]
        elsewhere = used_elsewhere(one["table"])
        one["left_out"] = [name for name in unmapped(one["table"], one["choices"]) if name not in elsewhere]
        one["first"], one["more"] = _folded(one["form"], {name for name, _label in one["likely"]})
        one["is_open"] = len(shown) < 2 or one["missing"] or one["likely"] or one["form"].errors
    # one list for a field, however many tables have it
    words = {name: words for one in shown for name, words in one["form"].words.items() if words}
    return render(request, "migration/map.html", {"tables": shown, "words": words, **context_of(found, "map")})


def _folded(form: MapForm, likely: set[str]) -> tuple[list[Any], list[Any]]:
    """The rows of the form; of very wide tables those that serve nothing stand apart, but for the first ones."""
    rows = list(form.rows())
    if len(rows) <= FOLDED_FROM:
        return rows, []
    first = [
        (column, field)
        for place, (column, field) in enumerate(rows)
        if place < FIRST or field.value() or field.errors or column["name"] in likely
    ]
    shown = {field.name for _column, field in first}
    return first, [(column, field) for column, field in rows if field.name not in shown]


def _map_again(request: SignedInRequest, error: BadInput, pk: int) -> HttpResponse:
    messages.error(request, f"{error.message} {error.mend}")
    return redirect("migration:map", pk=pk)
