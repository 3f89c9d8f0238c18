"""The home page: one per role."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "hrsuite/home.html")


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """One door only: with the throttle, in the language of the visitor. Who is in already lacks the permission."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(f"{reverse('people:sign_in')}?{urlencode({'next': request.GET.get('next', '')})}")
