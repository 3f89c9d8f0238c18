"""Ask before something is removed; where it stays anyway, say why instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hrsuite.lib.answers import answer_form
from hrsuite.lib.errors import BadInput
from people.access import SignedInRequest
from training.forms.policies import ConfirmForm


def why_not(refusal: BadInput | None) -> str:
    """On the page of what stays, in place of a button."""
    if refusal is None:
        return ""
    return _("It cannot be removed. %(why)s") % {"why": f"{refusal.message} {refusal.mend}".strip()}


def answer_removal(
    request: SignedInRequest,
    call: Callable[..., None],
    *,
    why: Callable[[], BadInput | None],
    to: str,
    then: str = "",
    **context: Any,
) -> HttpResponse:
    """``to``: the page of what is removed, ``then``: where it is gone from, unless that is the same page."""
    if request.method == "GET" and (refusal := why()):
        return render(request, "training/stays.html", {**context, "why": refusal, "cancel_url": to})
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda: call(actor=request.user),
        to=to,
        then=lambda _done: then or to,
        danger=True,
        **context,
    )
