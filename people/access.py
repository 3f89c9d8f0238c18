"""Who may call what: the backend that answers ``has_perm`` and the decorator that views wear."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from people import rules
from people.models import User
from people.selectors import has_left, roles_of
from people.services import sign_in

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """For annotations of views that only somebody signed in can reach, which is nearly all of them."""

    user: User


class RoleBackend(ModelBackend):
    """Django's password backend with permissions from the role table instead of database rows.

    Every way in passes here, so wrong passwords are counted here and leavers are refused here. Django asks again with
    every request: a session of an account that was switched off, or whose last working day is over, is a dead one.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        username = username or kwargs.get("username", "")
        if not username or password is None or sign_in.locked_until(username=username, request=request):
            return None
        user = super().authenticate(request, username=username, password=password)
        if user is None:
            sign_in.count_failure(username=username, request=request)
        else:
            sign_in.forget_failures(username=username, request=request)
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not has_left(user)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(rules.permissions_of(roles_of(user_obj)))

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return user_obj.is_active and perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))


def requires(*permissions: str) -> Callable[[View], View]:
    """Guard a view: any one of ``permissions`` lets in, otherwise 403. The names stay readable for the access test."""
    unknown = set(permissions) - rules.PERMISSIONS
    if unknown:
        raise ValueError(f"Unknown permissions {sorted(unknown)}: declare them in people/rules.py.")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate
