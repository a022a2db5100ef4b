"""Signing in with a password, and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from anze.records.people.factors import has_second_factor
from anze.web.links.device import COOKIE
from anze.web.signin.code import remember_halfway
from anze.web.signin.forms import SignInForm
from anze.web.signin.pages import first_page


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "signin/signin.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        account = form.get_user()
        if not has_second_factor(account):
            return super().form_valid(form)
        remember_halfway(self.request, account, self.get_redirect_url())
        return redirect("signin:code")

    def get_default_redirect_url(self) -> str:
        return first_page(self.request.user)


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    next_page = "/signin/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A device that came by a one-use link forgets it."""
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
