"""Sign-in sheets: fill in, check, enter, look at the result, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hrsuite.lib.errors import BadInput, BadRows
from hrsuite.lib.forms import refuse
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from people.labels import shown_attributes
from people.selectors import visible_departments
from training.forms.records import ReasonForm
from training.forms.sheets import SheetForm
from training.lists.records import SheetFilter, sheet_table
from training.selectors.attendees import Line, department_of, find_people, people_of, read_lines
from training.selectors.records import sheet_records
from training.services.sheets import SheetOutcome, check_sheet, enter_sign_in_sheet, undo_sheet


@require_http_methods(["GET", "POST"])
@requires("training.add_records")
def sheet(request: SignedInRequest) -> HttpResponse:
    """Fill in, then check (nothing is saved), then enter what was checked."""
    form = SheetForm(request.POST or None, initial={"course": request.GET.get("course", "")})
    context: dict[str, Any] = {"form": form, "departments": visible_departments(request.user)}
    if request.method == "POST" and form.is_valid():
        lines = read_lines(request.user, form.cleaned_data["attendees"], form.declared)
        try:
            context |= _checked(form, lines)
            if "enter" in request.POST and not context["problem_count"]:
                outcome = enter_sign_in_sheet(
                    event=form.event(), employees=_people(lines), own=_own(lines), actor=request.user
                )
                messages.success(request, _told(outcome))
                if outcome.kept == sum(vars(outcome)[name] for name in ("created", "restored", "unchanged", "kept")):
                    return redirect("training:corrections")
                return redirect("training:sheet_result", key=outcome.key)
        except BadInput as error:
            refuse(form, error)
        except BadRows as error:
            first = error.problems[0]
            form.add_error(None, f"{_people(lines)[first.row - 1]}: {first.message} {first.mend}")
    return render(request, "training/sheet.html", context)


def _people(lines: list[Line]) -> list[Any]:
    return [line.employee for line in lines if line.employee and not line.again]


def _own(lines: list[Line]) -> dict[int, dict[str, str]]:
    return {line.employee.pk: line.stated for line in lines if line.employee and not line.again and line.stated}


def _checked(form: SheetForm, lines: list[Line]) -> dict[str, Any]:
    """Every line with what would become of it."""
    people = _people(lines)
    check = check_sheet(event=form.event(), employees=people, own=_own(lines)) if people else None
    rows: list[dict[str, Any]] = []
    for line in lines:
        problem, state = line.problem, ""
        if line.employee and check:
            problem = problem or check.problems.get(line.employee.pk, "")
            state = "double" if line.again else check.states[line.employee.pk]
        stated = [(form.declared[code].name, value or "–") for code, value in line.stated.items()]
        rows.append({"line": line, "problem": problem, "state": state, "stated": stated})
    # what needs a hand comes first
    rows.sort(key=lambda row: (not row["problem"], row["line"].number))
    return {
        "rows": rows,
        "event": form.event(),
        "attributes": shown_attributes("record", form.event().attributes),
        "problem_count": sum(1 for row in rows if row["problem"]),
        "new_count": sum(1 for row in rows if row["state"] in {"new", "again", "late"} and not row["problem"]),
        "known_count": sum(1 for row in rows if row["state"] in {"known", "corrected"} and not row["problem"]),
    }


def _told(outcome: SheetOutcome) -> str:
    entered = outcome.created + outcome.restored
    parts = []
    if entered or not outcome.kept:
        text = ngettext("%(count)s attendee is entered.", "%(count)s attendees are entered.", entered)
        parts.append(text % {"count": entered})
    if outcome.kept:
        text = ngettext(
            "%(count)s attendee is kept for a decision: it came too late for its points year.",
            "%(count)s attendees are kept for a decision: they came too late for their points year.",
            outcome.kept,
        )
        parts.append(text % {"count": outcome.kept})
    if outcome.unchanged:
        parts.append(
            ngettext("%(count)s had been entered before.", "%(count)s had been entered before.", outcome.unchanged)
            % {"count": outcome.unchanged}
        )
    return " ".join(parts)


@require_GET
@requires("training.add_records")
def sheet_people(request: SignedInRequest) -> HttpResponse:
    """People to add: those found by words, or everybody of a department."""
    department = department_of(request.user, request.GET.get("department", ""))
    words = request.GET.get("find", "").replace("\x00", "")
    people = people_of(request.user, department) if department else find_people(request.user, words, limit=20)
    context = {"people": people, "department": department, "asked": bool(department or words.strip())}
    return render(request, "training/_sheet_people.html", context)


@require_GET
@requires("training.view_records")
def sheet_result(request: SignedInRequest, key: str) -> HttpResponseBase:
    rows = sheet_records(request.user, key)
    first = rows.first()
    if first is None:
        raise Http404
    page = list_page(request, rows=rows, table=sheet_table(), filters=SheetFilter, name=f"sheet-{key}")
    context = {
        "key": key,
        "first": first,
        "active": rows.filter(status="active").count(),
        "undo_form": ReasonForm(),
    }
    return page.respond("training/sheet_result.html", context)


@require_POST
@requires("training.change_records")
def sheet_undo(request: SignedInRequest, key: str) -> HttpResponse:
    if not sheet_records(request.user, key).exists():
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the sheet is undone: the reason is missing."))
        return redirect("training:sheet_result", key=key)
    try:
        count = undo_sheet(key=key, reason=form.cleaned_data["reason"], actor=request.user)
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, ngettext("%(count)s record is voided.", "%(count)s records are voided.", count) % {"count": count}
        )
    return redirect("training:sheet_result", key=key)
