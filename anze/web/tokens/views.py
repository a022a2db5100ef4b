"""One's own keys for programs: made (shown once), listed, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from anze.records.acting.permissions import require
from anze.records.people import tokens
from anze.web.tokens.forms import TokenForm


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    require("use_api")
    form = TokenForm(request.POST if request.method == "POST" else None)
    issued = _issued(form) if form.is_valid() else None
    words = {
        "form": form if issued is None else TokenForm(),
        "issued": issued,
        "rows": tokens.tokens(),
        "example": request.build_absolute_uri("/api/v1/me"),
    }
    response = render(request, "tokens/index.html", words, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"  # the secret is on no page but this answer
    return response


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    require("use_api")
    tokens.revoke_token(token_id=token_id)
    messages.success(request, "令牌已停用，使用它的程序从现在起不能再访问。")
    return redirect("tokens:index")


def _issued(form: TokenForm) -> tokens.Issued | None:
    try:
        return tokens.issue_token(name=form.cleaned_data["name"], days=form.cleaned_data["days"])
    except tokens.InvalidToken as refusal:
        for name, problem in refusal.errors.items():
            form.add_error(name, problem)
        return None
