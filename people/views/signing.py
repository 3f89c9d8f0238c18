"""Signing in and out, and passwords."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hrsuite.lib.answers import own_path
from people.access import SignedInRequest
from people.forms import ForgottenForm, LanguageForm, SignInForm
from people.labels import ROLE_LABELS
from people.selectors import employee_of, roles_of
from people.services import accounts
from people.services.sign_in import locked_until


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.user.is_authenticated:
        return redirect(own_path(request, wanted, "home"))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(own_path(request, wanted, "home"))
    return render(request, "people/sign_in.html", {"form": form, "next": wanted, "locked": _locked(request)})


def _locked(request: HttpRequest) -> str:
    """A sentence for those who must wait, the same whether the account exists or not."""
    username = request.POST.get("username", "")
    until = locked_until(username=username, request=request) if username else None
    if until is None:
        return ""
    minutes = max(1, round((until - timezone.now()).total_seconds() / 60))
    return _("Too many wrong passwords. Wait %(minutes)s min and try again, or set a new password.") % {
        "minutes": minutes
    }


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect("people:sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language: with the account when signed in, and in a cookie for the sign-in page."""
    back = own_path(request, request.POST.get("next", ""), "home")
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect(back)
    language = form.cleaned_data["language"]
    if request.user.is_authenticated:
        accounts.set_language(user=request.user, language=language)
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whoever asks for whom."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.request_password_reset(identifier=form.cleaned_data["identifier"])
        return render(request, "people/forgotten_sent.html")
    return render(request, "people/forgotten.html", {"form": form})


class SetPassword(PasswordResetConfirmView):
    """Django's own page for the link in the mail: the token leaves the address at once and works once."""

    template_name = "people/set_password.html"
    success_url = reverse_lazy("people:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("The password is set. Sign in with it."))
        return response


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: SignedInRequest) -> HttpResponse:
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        # this session goes on, all others end
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return redirect("people:account")
    context = {
        "form": form,
        "heading": _("Change password"),
        "submit": _("Change password"),
        "cancel_url": reverse("people:account"),
    }
    return render(request, "components/_form_page.html", context)


@require_http_methods(["GET"])
def account(request: SignedInRequest) -> HttpResponse:
    """The own account: who I am here, language, password."""

    language = request.user.language or translation.get_language()
    context = {
        "employee": employee_of(request.user),
        "roles": [ROLE_LABELS[role] for role in ROLE_LABELS if role in roles_of(request.user)],
        "language_form": LanguageForm(initial={"language": language}),
    }
    return render(request, "people/account.html", context)
