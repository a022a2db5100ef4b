"""A person's account: opened, its password made anew and shown once, closed."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.people import accounts as staff
from anze.records.people.accounts import InvalidAccount
from anze.records.people.directory import account_of_person
from anze.records.people.queries import person as person_of
from anze.web.people.forms import AccountForm
from anze.web.ui.attempt import attempted
from anze.web.ui.company import of_company

# Without letters and digits that are taken for each other when read aloud or from paper.
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_password() -> str:
    """Four groups of four: some 93 random bits, easily copied from paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


@of_company("manage_people")
def account(request: HttpRequest, person_id: int) -> HttpResponseBase:
    found, known = person_of(person_id), account_of_person(person_id)
    form = AccountForm(request.POST if "open" in request.POST else None)
    shown: str | None = None
    if known is None and "open" in request.POST:
        shown = _opened(form, person_id)
        known = account_of_person(person_id)
    elif known is not None and "reset" in request.POST:
        shown = new_password()
        staff.reset_password(account_id=known[0], password=shown)
        known = account_of_person(person_id)
    elif known is not None and "close" in request.POST:
        staff.close_account(account_id=known[0])
        messages.success(request, "账号已停用。")
        return redirect("people:person", person_id=person_id)
    words = {"person": found, "account": known, "form": form, "password": shown}
    response: HttpResponse = render(request, "people/account.html", words, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"  # the password is on no page but this answer
    return response


def _opened(form: AccountForm, person_id: int) -> str | None:
    password = new_password()

    def act() -> None:
        username = form.cleaned_data["username"]
        try:
            staff.open_account(username=username, password=password, person_id=person_id)
        except InvalidAccount as refusal:
            for name, problem in refusal.errors.items():
                form.add_error(name if name in form.fields else None, problem)

    return password if form.is_valid() and attempted(form, act) and not form.errors else None
