"""Where signing in leads: the first page of the role, or the explanation of a lock-out."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def first_page(account: object) -> str:
    """Officers have no workbench: their first page is the ranking of companies."""
    return "/bureau/" if getattr(account, "authority_id", None) else "/"


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Called by django-axes after too many failures."""
    minutes = math.ceil(float(settings.AXES_COOLOFF_TIME or 0) * 60)
    return render(request, "signin/locked.html", {"minutes": minutes}, status=429)
