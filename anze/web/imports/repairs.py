"""One row of an import typed anew in the browser, or left out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from anze.records.imports import actions, queries
from anze.records.imports.actions import ImportEnded
from anze.web.imports.forms import RowForm
from anze.web.imports.views import wrong_rows
from anze.web.ui.company import of_company


@of_company("seal_record")
def row(request: HttpRequest, import_id: int, number: int) -> HttpResponseBase:
    """What was typed is kept whatever is still wrong with it."""
    kept = queries.an_import(import_id)
    found, sheet, typed, errors = queries.a_row(import_id, number)
    if kept.status != "open":
        return redirect("imports:preview", import_id=import_id)
    if request.method == "POST":
        return _repair(request, import_id, number)
    words = {"kept": kept, "row": found, "form": RowForm(sheet, typed, errors), "back": wrong_rows(import_id)}
    return render(request, "imports/row.html", words)


def _repair(request: HttpRequest, import_id: int, number: int) -> HttpResponseBase:
    typed = {name: str(text) for name, text in request.POST.items() if isinstance(text, str)}
    try:
        in_order = actions.repair(import_id=import_id, number=number, typed=typed)
    except ImportEnded as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:preview", import_id=import_id)
    if in_order:
        messages.success(request, f"第 {number} 行已改好。")
        return _on(import_id)
    messages.error(request, f"已保存，第 {number} 行还有问题，请看标红的栏目。")
    return HttpResponseRedirect(reverse("imports:row", args=[import_id, number]))


@of_company("seal_record")
@require_POST
def drop(request: HttpRequest, import_id: int, number: int) -> HttpResponseBase:
    try:
        actions.drop_row(import_id=import_id, number=number)
    except ImportEnded as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:preview", import_id=import_id)
    messages.success(request, f"第 {number} 行不再导入。")
    return _on(import_id)


def _on(import_id: int) -> HttpResponseBase:
    """To the rows that are still wrong, else to the whole."""
    if queries.an_import(import_id).counts.get("wrong"):
        return HttpResponseRedirect(wrong_rows(import_id))
    return redirect("imports:preview", import_id=import_id)
