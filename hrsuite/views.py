"""The home page, and the one door to the admin site."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from hrsuite.home import home_of
from people.access import SignedInRequest


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    return render(request, "hrsuite/home.html", {"home": home_of(request.user)})


@login_not_required
@require_GET
def admin_login(request: HttpRequest) -> HttpResponse:
    """With the throttle, in the language of the visitor. Who is in already lacks the permission."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(f"{reverse('people:sign_in')}?{urlencode({'next': request.GET.get('next', '')})}")
