"""How views answer: a form that a service may refuse, and a button that does one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse


def own_path(request: HttpRequest, path: str, otherwise: str) -> str:
    """``path`` if it leads to this site, or the named page ``otherwise``."""
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return path if safe else reverse(otherwise)


def answer_form(
    request: HttpRequest,
    form: BaseForm,
    call: Callable[[], Any],
    *,
    done: str,
    to: str,
    then: Callable[[Any], str] | None = None,
    template: str = "components/_form_page.html",
    **context: Any,
) -> HttpResponse:
    """The page of ``form``. Once it is valid, ``call`` the service and go ``to`` there, or show what it refused.

    ``then`` says where to go instead, from what the service returned: to what is new.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = call()
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, done)
            return redirect(then(result) if then else to)
    return render(request, template, {"form": form, "cancel_url": to, **context})


def answer_action(request: HttpRequest, call: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """Do it and go ``to`` there, with what was done or what the service refused as a message."""
    try:
        call()
    except BadInput as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    else:
        messages.success(request, done)
    return redirect(to)
