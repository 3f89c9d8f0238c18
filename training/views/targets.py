"""Targets of a policy: entered, changed, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hrsuite.lib.answers import answer_action
from people.access import SignedInRequest, requires
from training.forms.policy_terms import Posted, build, target_page
from training.selectors.policies import current_year, visible_policies, visible_targets
from training.selectors.policy_document import target_document
from training.selectors.policy_words import Line, Names, target_lines
from training.selectors.policy_words.names import points
from training.services.policy_editor import save_part, save_target
from training.services.policy_file.grammar import GROUPS
from training.services.targets import delete_target
from training.views.policy_terms import Editor, answer_editor

CHANGE = "training.change_policies"


def _read(posted: Posted) -> dict[str, Any]:
    rows = build(GROUPS["file"]["targets"], "targets", posted)
    return rows[0] if rows else {}


def _words(item: dict[str, Any], names: Names) -> list[Line]:
    if "total" not in item:
        return []
    total = _("%(points)s in total.") % {"points": points(item["total"])}
    return [Line(total), *target_lines(item, names)]


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def add_target(request: SignedInRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(visible_policies(request.user), pk=pk)
    year = current_year()
    editor = Editor(
        policy=policy,
        heading=_("New target"),
        item={"year": year.name if year else "", "requirements": [{}]},
        read=_read,
        page=lambda item, known, errors: target_page(item, known, errors, is_new=True),
        save=lambda item: save_target(policy=policy, item=item, target=None, actor=request.user),
        save_text=lambda text: save_part(policy=policy, part={"targets": None}, text=text, actor=request.user),
        part=lambda item: {"targets": [{"name": "", "year": item["year"], "total": 0}]},
        words=_words,
        fields="target",
        to=reverse("training:policy", args=[pk]),
        done=_("The target is entered."),
        submit=_("Add target"),
    )
    return answer_editor(request, editor)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def change_target(request: SignedInRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(visible_targets(request.user), pk=pk)
    document = target_document(target)

    def save(item: dict[str, Any]) -> Any:
        whole = {**item, "year": target.year.name}
        return save_target(policy=target.policy, item=whole, target=target, actor=request.user)

    editor = Editor(
        policy=target.policy,
        heading=_("Target %(name)s, %(year)s") % {"name": target.name, "year": target.year},
        item=document,
        read=_read,
        page=lambda item, known, errors: target_page(item, known, errors, is_new=False),
        save=save,
        save_text=lambda text: save_part(policy=target.policy, part={"targets": None}, text=text, actor=request.user),
        part=lambda _item: {"targets": [document]},
        words=_words,
        fields="target",
        to=reverse("training:policy", args=[target.policy_id]),
        done=_("The target is saved. Who meets it is being worked out in the background."),
        submit=_("Save target"),
        extra={"target": target},
    )
    return answer_editor(request, editor)


@require_POST
@requires(CHANGE)
def remove_target(request: SignedInRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(visible_targets(request.user), pk=pk)
    return answer_action(
        request,
        lambda: delete_target(target=target, actor=request.user),
        done=_("The target is removed."),
        to=reverse("training:policy", kwargs={"pk": target.policy_id}),
    )
