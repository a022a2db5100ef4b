"""Signing in and out; a lock-out is explained."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator

from anze.web.signin.forms import SignInForm


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "signin/signin.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Officers have no workbench: their first page is the ranking of companies."""
        return "/bureau/" if getattr(self.request.user, "authority_id", None) else "/"


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    next_page = "/signin/"


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Called by django-axes after too many failures."""
    minutes = math.ceil(float(settings.AXES_COOLOFF_TIME or 0) * 60)
    return render(request, "signin/locked.html", {"minutes": minutes}, status=429)
