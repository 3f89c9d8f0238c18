"""Two people at the same moment: the loser's request is worked once more, so that it meets what the winner wrote.

Services check first and write then. Between the two somebody else may take the same code, or hold what the other one
waits for. The database refuses one of them; worked again, its check finds the code taken and says so in words. Or the
other one has removed what this one changes: worked again, it is not found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from hrsuite.lib.answers import own_path
from hrsuite.lib.errors import BadInput

logger = logging.getLogger(__name__)

ATTEMPTS = 3
_TAKEN = "23505"
#: unique_violation, exclusion_violation, foreign_key_violation, serialization_failure, deadlock_detected
RACES = frozenset({"23505", "23P01", "23503", "40001", "40P01"})


def is_race(error: BaseException) -> bool:
    """Whether working again may end otherwise."""
    if isinstance(error, ObjectDoesNotExist):
        return True
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "pgcode", None) in RACES


def is_taken(error: DatabaseError) -> bool:
    """Whether the same is there already. Of what an integrity error says, what it refers to may be gone as well."""
    return getattr(error.__cause__, "pgcode", None) == _TAKEN


class RetryMiddleware:
    """Works a view again that lost a race. A view calls one service, a service is one transaction: nothing is left of
    the first attempt. What fails again and again is no race and stays an error.

    Where the form has seen nothing wrong and the service refuses all the same, the person reads why on the page that
    they came from.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any], kwargs: dict[str, Any]
    ) -> None:
        request._again = lambda: view(request, *args, **kwargs)  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        attempts = 1
        while is_race(error) and not connection.in_atomic_block and attempts < ATTEMPTS:
            attempts += 1
            logger.warning("%s %s lost a race and is worked again: %s", request.method, request.path, error)
            for _name, uploads in request.FILES.lists():
                for upload in uploads:
                    upload.seek(0)
            try:
                return self._worked_again(request)
            except (DatabaseError, ObjectDoesNotExist, BadInput) as lost:
                error = lost
        if isinstance(error, BadInput) and request.method == "POST":
            messages.error(request, f"{error.message} {error.mend}".strip())
            return redirect(own_path(request, request.headers.get("Referer", ""), "home"))
        if attempts > 1:
            raise error
        return None

    def _worked_again(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = request._again()  # type: ignore[attr-defined]
        render = getattr(response, "render", None)
        return render() if callable(render) else response
