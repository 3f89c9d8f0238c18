"""How far departments are with their targets, who is behind, and reminders to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hrsuite.lib.answers import own_path
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from training.lists.completion import CompletionFilter, CompletionTable
from training.selectors.completion import REMIND, Node, Tree, completion_tree, standings_in
from training.selectors.policies import visible_years, year_of
from training.services.reminders import Reminded, remind


def _focus(tree: Tree, wanted: str) -> Node | None:
    """The chosen department; else the only root; else None for everything visible."""
    if wanted:
        node = tree.nodes.get(int(wanted)) if wanted.isdecimal() else None
        if node is None:
            raise Http404
        return node
    return tree.roots[0] if len(tree.roots) == 1 else None


def _by_need(nodes: list[Node]) -> list[Node]:
    """Lowest rate first; departments without a target last."""
    return sorted(
        (node for node in nodes if node.people), key=lambda node: (node.rate is None, node.rate or 0, node.name)
    )


@require_GET
@requires("training.view_completion")
def completion(request: SignedInRequest) -> HttpResponseBase:
    year = year_of(request.user, request.GET.get("year", ""))
    if year is None:
        return render(request, "training/completion.html", {"year": None})
    tree = completion_tree(request.user, year)
    node = _focus(tree, request.GET.get("department", ""))
    page = list_page(
        request,
        rows=standings_in(request.user, year, node),
        table=CompletionTable,
        filters=CompletionFilter,
        name="completion",
    )
    focus = node or tree.whole
    context: dict[str, Any] = {
        "year": year,
        "years": visible_years(request.user),
        "node": node,
        "focus": focus,
        "path": tree.path(node) if node else [],
        "is_root": node is None or node in tree.roots,
        "branches": _by_need(node.children if node else tree.roots),
        "here": request.get_full_path(),
    }
    return page.respond("training/completion.html", context)


@require_GET
@requires("training.view_completion")
def completion_branch(request: SignedInRequest, pk: int) -> HttpResponse:
    """The departments directly below one, for the tree."""
    year = year_of(request.user, request.GET.get("year", ""))
    if year is None:
        raise Http404
    tree = completion_tree(request.user, year)
    node = tree.nodes.get(pk)
    if node is None:
        raise Http404
    return render(request, "training/_completion_branch.html", {"branches": _by_need(node.children), "year": year})


def _told(done: Reminded) -> str:
    parts = [
        ngettext("%(count)s person was reminded.", "%(count)s people were reminded.", done.sent) % {"count": done.sent}
    ]
    if done.already:
        parts.append(
            ngettext(
                "%(count)s had been reminded today already.", "%(count)s had been reminded today already.", done.already
            )
            % {"count": done.already}
        )
    if done.unreachable:
        parts.append(
            ngettext(
                "%(count)s has neither an account nor an e-mail address.",
                "%(count)s have neither an account nor an e-mail address.",
                done.unreachable,
            )
            % {"count": done.unreachable}
        )
    return " ".join(parts)


@require_POST
@requires("training.send_reminders")
def send_reminders(request: SignedInRequest) -> HttpResponse:
    """Remind one (``employee``) or everybody behind in a department (``department``) or in all that is visible."""
    year = year_of(request.user, request.POST.get("year", ""))
    if year is None:
        raise Http404
    tree = completion_tree(request.user, year)
    rows = standings_in(request.user, year, _focus(tree, request.POST.get("department", "")), REMIND)
    one_person = "employee" in request.POST
    if one_person:
        wanted = request.POST["employee"]
        one = get_object_or_404(rows, employee=wanted if wanted.isdecimal() else 0)
        rows = rows.filter(pk=one.pk)
    done = remind(standings=rows, year=year, actor=request.user, of_items=one_person)
    (messages.success if done.sent else messages.info)(request, _told(done))
    return redirect(own_path(request, request.POST.get("back", ""), "training:completion"))
