"""The bell."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hrsuite.lib.answers import own_path
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest
from people.lists import NotificationTable
from people.selectors import notifications_of, unread_notifications
from people.services.notifications import mark_read


@require_GET
def notifications(request: SignedInRequest) -> HttpResponseBase:
    page = list_page(request, rows=notifications_of(request.user), table=NotificationTable, name="notifications")
    return page.respond("people/notifications.html", {"unread_here": unread_notifications(request.user).count()})


@require_POST
def open_notification(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark it read and go where it points."""
    note = get_object_or_404(notifications_of(request.user), pk=pk)
    mark_read(user=request.user, ids=[note.pk])
    return redirect(own_path(request, note.url, "people:notifications"))


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    mark_read(user=request.user)
    messages.success(request, _("All notifications are marked as read."))
    return redirect("people:notifications")
