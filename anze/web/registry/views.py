"""企业登记: a company with its principal, an authority with its officer, and their first accounts.

The administrator sees no company's data: what was registered is handed to its own people on this one answer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.duties.organising import NewCompany, found_company
from anze.records.people.accounts import open_account
from anze.records.people.actions import InvalidPeople
from anze.records.tenants.actions import register_authority
from anze.web.people.accounts import new_password
from anze.web.people.acts import posted
from anze.web.people.forms import first_day
from anze.web.registry.forms import AuthorityForm, CompanyForm
from anze.web.ui.attempt import attempted


def company(request: HttpRequest) -> HttpResponse:
    require("register")
    form = CompanyForm(posted(request), initial={"judged_from": first_day(), "since": first_day()})
    password = new_password()

    def act() -> None:
        given = dict(form.cleaned_data)
        username = given.pop("username")
        found_company(new=NewCompany(**given), username=username, password=password)

    return _answer(request, form, act, password, "company")


def authority(request: HttpRequest) -> HttpResponse:
    require("register")
    form = AuthorityForm(posted(request))
    password = new_password()

    def act() -> None:
        given = form.cleaned_data
        key = register_authority(name=given["name"], area=given["area"])
        open_account(
            username=given["username"],
            password=password,
            authority_id=key,
            officer_name=given["officer_name"],
        )

    return _answer(request, form, act, password, "authority")


def _answer(
    request: HttpRequest, form: Form, act: Callable[[], None], password: str, tab: str
) -> HttpResponse:
    done = form.is_valid() and attempted(form, lambda: _in_a_sentence(act)) and not form.errors
    words = {"form": form, "tab": tab, "done": form.cleaned_data if done else None, "password": password}
    response = render(request, "registry/index.html", words, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"  # the password is on no page but this answer
    return response


def _in_a_sentence(act: Callable[[], None]) -> None:
    """Who is wrong is said in one sentence; the refusal goes on up, so that nothing of the attempt stays."""
    try:
        act()
    except InvalidPeople as refusal:
        raise Refused(refusal.errors[0]) from None
