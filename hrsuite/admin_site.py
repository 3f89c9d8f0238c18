"""Who may enter the admin site: the holders of ``admin.use``, whatever Django's own staff flag says."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite


class SuiteAdminSite(UnfoldAdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.has_perm("admin.use")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Somebody signed in who may not enter is told so; a second sign-in would not help."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return super().login(request, extra_context)
