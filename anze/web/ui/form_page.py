"""The page of one form: a heading, what to mind, the fields, the act, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class FormPage:
    """`crumbs`: (address, label); `notes`: what to mind before sending the form."""

    title: str
    act: str
    back: str
    lead: str = ""
    crumbs: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


def form_page(request: HttpRequest, form: BaseForm, page: FormPage) -> HttpResponse:
    """What was typed stays; a form with errors is answered 422."""
    return render(request, "ui/form.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def over_version(form: BaseForm, version: int) -> None:
    """The same typing over the newest version: sending it again is then a decision, with both in sight."""
    over(form, "version", str(version))


def over(form: BaseForm, name: str, value: str) -> None:
    """The same typing over what `name` says stands there now."""
    data = QueryDict(mutable=True)
    data.update({key: str(typed) for key, typed in form.data.items()})
    data[name] = value
    form.data = data
