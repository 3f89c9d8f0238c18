"""How a part of a policy is edited: as a form, as text, with what it means in words beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hrsuite.lib.errors import BadInput, BadRows, RowProblem
from people.access import SignedInRequest, requires
from training.forms.changes import DraftForm
from training.forms.policy_terms import Known, Page, Posted, build, section_page
from training.selectors.policies import has_others_in_force, visible_policies
from training.selectors.policy_document import head_document, requirements_of
from training.selectors.policy_words import Line, Names, basics_lines
from training.selectors.policy_words.sections import SECTIONS, section_lines
from training.services.policy_editor import save_part, text_after
from training.services.policy_file.grammar import GROUPS
from training.services.policy_file.write import dump

CHANGE = "training.change_policies"
OUTDATED = gettext_lazy(
    "Somebody else has changed this since you opened it. Open the page anew to see it; saved once more, what you "
    "entered takes its place."
)
#: where the row of a condition stands
ROWS = {"test": ".tests", "join": ".groups", "part": ".parts"}


@dataclass
class Editor:
    """A part of a policy on a page. ``item`` is what it says now; the functions take what was posted."""

    policy: Any
    heading: str
    item: Any
    read: Callable[[Posted], Any]
    page: Callable[[Any, Known, Mapping[str, list[str]]], Page]
    save: Callable[[Any], Any]
    save_text: Callable[[str], Any]
    part: Callable[[Any], dict[str, Any]]
    words: Callable[[Any, Names], list[Line]]
    fields: str
    to: str
    done: str
    submit: str
    extra: dict[str, Any] = field(default_factory=dict)
    told: Callable[[Any], dict[str, Any]] = lambda _item: {}


def state_of(editor: Editor) -> str:
    """Names what the part says now, so that a form knows whether somebody else changed it meanwhile."""
    return hashlib.sha256(dump(editor.part(editor.item)).encode()).hexdigest()[:16]


def is_outdated(request: SignedInRequest, editor: Editor) -> bool:
    """Whether the form was opened before a change by somebody else: saved, it would undo that one."""
    return request.POST.get("_state", "") not in ("", state_of(editor))


def answer_editor(request: SignedInRequest, editor: Editor) -> HttpResponse:
    """The page; or what it means while it is filled in; or saved, and on to where it is seen."""
    if request.GET.get("as") == "text":
        return _answer_text(request, editor)
    head = head_document(editor.policy)
    known = Known(head, [(name, name) for name in sorted(requirements_of(editor.policy.code))])
    item, errors = editor.item, dict[str, list[str]]()
    if request.method == "POST":
        posted = Posted(request.POST, known, keeps_empty="_add" in request.POST or "_remove" in request.POST)
        if posted.keeps_empty:
            _move_rows(request, posted)
        item = editor.read(posted)
        if "_preview" in request.POST:
            context = {"lines": editor.words(item, known.names), **editor.told(item)}
            return render(request, "training/terms/_preview.html", context)
        if is_outdated(request, editor):
            errors = {"": [str(OUTDATED)]}
        elif not posted.keeps_empty:
            drafted: list[str] = []
            is_draft = "_simulate" in request.POST
            save = (lambda said: drafted.append(_text_after(editor, said))) if is_draft else editor.save
            errors = _saved(save, item)
            if drafted:
                return _answer_draft(request, editor, drafted[0])
            if not errors:
                messages.success(request, editor.done)
                return redirect(editor.to)
    context = {
        "policy": editor.policy,
        "heading": editor.heading,
        "page": editor.page(item, known, errors),
        "has_errors": bool(errors),
        "cancel_url": editor.to,
        "submit": editor.submit,
        "state": state_of(editor),
        **editor.extra,
    }
    return render(request, "training/terms.html", context)


def _text_after(editor: Editor, item: Any) -> str:
    return text_after(policy=editor.policy, save=lambda: editor.save(item))


def _answer_draft(request: SignedInRequest, editor: Editor, text: str) -> HttpResponse:
    """The page of a new draft with what the form says in its text already; only the reason is asked."""
    context = {"form": DraftForm(), "policy": editor.policy, "text": text, "cancel_url": request.path}
    return render(request, "training/policy_change_draft.html", context | {"is_from_form": True})


def _move_rows(request: SignedInRequest, posted: Posted) -> None:
    """A row more or less, where the browser has no script."""
    if removed := request.POST.get("_remove"):
        posted.remove(removed)
    elif added := request.POST.get("_add"):
        path, _bar, variant = added.partition("|")
        posted.add_row(path + ROWS.get(variant, ""), variant)


def _saved(save: Callable[[Any], Any], item: Any) -> dict[str, list[str]]:
    """What was refused, by path; nothing where it is saved."""
    errors: dict[str, list[str]] = {}
    try:
        save(item)
    except BadRows as refused:
        for problem in refused.problems:
            # how to write a missing field helps in a text, not in a form
            mend = "" if problem.message == _("This field is missing.") else problem.mend
            errors.setdefault(problem.column, []).append(f"{problem.message} {mend}".strip())
    except BadInput as refused:
        errors[refused.field] = [f"{refused.message} {refused.mend}".strip()]
    return errors


def _answer_text(request: SignedInRequest, editor: Editor) -> HttpResponse:
    part = editor.part(editor.item)
    text = request.POST.get("text", "").replace("\r\n", "\n") or dump(part)
    problems: list[RowProblem] = []
    if request.method == "POST" and is_outdated(request, editor):
        problems = [RowProblem(1, "", "", str(OUTDATED))]
    elif request.method == "POST":
        try:
            editor.save_text(text)
        except BadRows as refused:
            problems = refused.problems
        else:
            messages.success(request, editor.done)
            return redirect(editor.to)
    context = {
        "policy": editor.policy,
        "heading": editor.heading,
        "text": text,
        "problems": problems,
        "fields": [(name, ", ".join(GROUPS[name])) for name in (editor.fields, *_below(editor.fields))],
        "cancel_url": editor.to,
        "form_url": request.path,
        "state": state_of(editor),
        "submit": editor.submit,
    }
    return render(request, "training/policy_text.html", context)


def _below(group: str) -> list[str]:
    """Groups of fields that may stand within a group, the nearest first."""
    found: list[str] = []
    waiting = [group]
    while waiting:
        for spec in GROUPS[waiting.pop(0)].values():
            for one in (spec, *spec.options):
                if one.group and one.group not in (*found, group):
                    found.append(one.group)
                    waiting.append(one.group)
    return found


# --- sections of the policy -------------------------------------------------------------------------------------------
def _section_words(key: str) -> Callable[[Any, Names], list[Line]]:
    if key == "policy":
        return basics_lines
    return lambda item, names: section_lines(key, item, names)


def _section_hint(policy: Any, key: str) -> str:
    """What the section is; and that what follows holds for people of other policies in force too."""
    said = [str(SECTIONS[key][1])] if key in SECTIONS else []
    if key in ("statuses", "outcomes", "ranking") and has_others_in_force(policy):
        said.append(
            _(
                "Another policy is in force too, and this is for everybody with a target, of whichever policy. For "
                "some people only, enter it in their target under “What follows”; rank them within the same target."
            )
        )
    return " ".join(said)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def section(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """Limits, carry-over, outcomes and so on; ``policy``: rounding and floor."""
    policy = get_object_or_404(visible_policies(request.user), pk=pk)
    if key not in SECTIONS and key != "policy":
        raise Http404
    head = head_document(policy)
    title = str(SECTIONS[key][0]) if key in SECTIONS else _("Rounding and floor")

    is_list = GROUPS["file"][key].kind == "list"

    def part(item: Any) -> dict[str, Any]:
        if key != "policy":
            return {key: item}
        kept = {name: value for name, value in head["policy"].items() if name not in ("rounding", "floor")}
        return {"policy": {**kept, **(item or {})}}

    def save_text(text: str) -> Any:
        return save_part(policy=policy, part={key: None}, text=text, actor=request.user)

    editor = Editor(
        policy=policy,
        heading=title,
        item=head["policy"] if key == "policy" else head.get(key, [{}] if is_list else {}),
        read=lambda posted: build(GROUPS["file"][key], key, posted),
        page=lambda item, known, errors: section_page(key, item, known, errors),
        save=lambda item: save_part(policy=policy, part=part(item), actor=request.user),
        save_text=save_text,
        part=lambda item: part(item) if item and item != [{}] else {key: [] if is_list else {}},
        words=_section_words(key),
        fields=GROUPS["file"][key].group,
        to=reverse("training:policy", args=[pk]),
        done=_("%(section)s: saved.") % {"section": title},
        submit=_("Save"),
        extra={"hint": _section_hint(policy, key)},
    )
    return answer_editor(request, editor)
