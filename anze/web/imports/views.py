"""导入: what was imported, a new upload, its preview, the commit."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.dossiers.hiring import Barred
from anze.records.imports import actions, queries
from anze.records.imports.actions import ImportEnded, UnreadableFile
from anze.rules.importing.rolls import ROLL, takes_roll
from anze.rules.importing.sheets import PEOPLE, VEHICLES
from anze.web.imports.forms import LARGEST_MB, UploadForm
from anze.web.obligations.filters import page_number
from anze.web.records.kinds import grouped
from anze.web.ui.company import of_company

STANDINGS = {"": "全部", "wrong": "有问题", "good": "可导入", "known": "已有，不重复导入"}
PLACES: Mapping[str, tuple[str, str]] = {
    PEOPLE: ("people:index", "人员"),
    VEHICLES: ("fleet:index", "车辆"),
}


@of_company("seal_record")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = queries.imports(page=page_number(request.GET))
    return render(request, "imports/index.html", {"page": page, "list_id": "list"})


@of_company("seal_record")
def new(request: HttpRequest) -> HttpResponseBase:
    """Without a target: choose one. With it: take the template, upload the file."""
    of = request.GET.get("of", "")
    if not of:
        return _choose(request)
    sheet = queries.sheet(of)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            key = actions.upload(of=of, name=file.name, file=file, size=file.size)
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("imports:preview", import_id=key)
    words = {
        "form": form,
        "of": of,
        "sheet": sheet,
        "required": [column for column in sheet.columns if column.required],
        "place": place_of(of),
        "largest": LARGEST_MB,
        "records": of not in PLACES,
        "drafts": queries.stays_draft(of),
    }
    return render(request, "imports/upload.html", words, status=422 if form.errors else 200)


def _choose(request: HttpRequest) -> HttpResponse:
    words = {
        "groups": grouped(),
        "rolls": [(ROLL + kind.id, kind) for g in grouped() for kind in g.kinds if takes_roll(kind)],
        "manages": may(current().actor, "manage_people"),
    }
    return render(request, "imports/choose.html", words)


@of_company("seal_record")
@require_safe
def preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """An import that has ended shows what it made."""
    kept = queries.an_import(import_id)
    standing = request.GET.get("standing", "")
    if standing not in STANDINGS or kept.status != "open":
        standing = ""
    page = queries.rows(import_id, standing=standing, page=page_number(request.GET))
    counts = kept.counts
    words = {
        "kept": kept,
        "page": page,
        "standing": standing,
        "standings": [
            (key, label, kept.total if not key else counts.get(key, 0))
            for key, label in STANDINGS.items()
            if not key or counts.get(key)
        ],
        "wrong": counts.get("wrong", 0),
        "good": counts.get("good", 0),
        "known": counts.get("known", 0),
        "made_to": "people:person" if kept.of == PEOPLE else "" if kept.of == VEHICLES else "records:record",
        "place": place_of(kept.of),
        "drafts": f"{place_of(kept.of)[0]}&status=draft" if queries.stays_draft(kept.of) else "",
        "list_id": "list",
    }
    return render(request, "imports/preview.html", words)


@of_company("seal_record")
@require_POST
def commit(request: HttpRequest, import_id: int) -> HttpResponseBase:
    try:
        done = actions.commit(import_id=import_id)
    except (ImportEnded, Barred) as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:preview", import_id=import_id)
    if done.wrong:
        messages.error(request, f"有 {done.wrong} 行现在有问题，没有导入任何内容。请改好后再导入。")
        return HttpResponseRedirect(wrong_rows(import_id))
    if done.before:
        messages.info(request, f"这次导入已经完成过，共导入 {done.made} 行，没有重复导入。")
    else:
        messages.success(request, f"已导入 {done.made} 行。")
    return redirect("imports:preview", import_id=import_id)


@of_company("seal_record")
@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponseBase:
    try:
        actions.discard(import_id=import_id)
    except ImportEnded as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:preview", import_id=import_id)
    messages.success(request, "导入已取消，没有导入任何内容。")
    return redirect("imports:index")


def wrong_rows(import_id: int) -> str:
    return f"{reverse('imports:preview', args=[import_id])}?{urlencode({'standing': 'wrong'})}"


def place_of(of: str) -> tuple[str, str]:
    """Address and name of the list that an import fills."""
    if of in PLACES:
        name, label = PLACES[of]
        return reverse(name), label
    return f"{reverse('records:ledger')}?{urlencode({'kind': of.removeprefix(ROLL)})}", "台账记录"
