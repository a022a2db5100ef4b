"""What scanning a printed paper opens: which record it belongs to, and the way to send its photograph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import require
from anze.records.duties import named
from anze.records.evidence import papers, queries
from anze.records.evidence.actions import LARGEST, attach_file
from anze.records.evidence.drafts import InvalidAttachment
from anze.web.papers.codes import Blank, NoPaper, Printed, read
from anze.web.records.kinds import kind_name
from anze.web.records.views import SHOWN_INLINE

FOREIGN = "这个二维码不是本系统打印的，或没有扫完整。"
NOTHING = "还没有选择文件。请拍照，或选择扫描件。"
MOST_AT_ONCE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, mark: str) -> HttpResponseBase:
    try:
        found = read(mark)
    except NoPaper:
        raise NotFound(FOREIGN) from None
    if current().actor.company != found.company_id:
        raise NotFound(FOREIGN)
    require("draft_record")
    if isinstance(found, Printed):
        return _printed(request, found)
    return _blank(request, found)


@require_safe
def copy(request: HttpRequest, record_id: int, copy_id: int) -> HttpResponseBase:
    named.record(record_id)
    row, path = papers.open_copy(record_id, copy_id)
    inline = row.media_type in SHOWN_INLINE and "download" not in request.GET
    response = FileResponse(path.open("rb"), as_attachment=not inline, filename=row.name)
    response.headers["Content-Type"] = row.media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _printed(request: HttpRequest, found: Printed) -> HttpResponseBase:
    detail = queries.record(found.record_id)
    words = {
        "heading": detail.title,
        "kind": detail.kind_name,
        "detail": detail,
        "version": found.version,
        "current": papers.version_of(found.record_id) == found.version,
    }
    if request.method != "POST":
        return render(request, "papers/paper.html", words)

    def file(upload: Any) -> None:
        papers.file_printed(
            record_id=detail.id,
            version=found.version,
            name=upload.name or "扫描件",
            chunks=upload.chunks(),
        )

    if problem := _filed(request, file):
        return render(request, "papers/paper.html", words | {"problem": problem}, status=422)
    return _done(request, detail.id)


def _blank(request: HttpRequest, found: Blank) -> HttpResponseBase:
    words = {
        "heading": kind_name(found.kind),
        "kind": "空白表",
        "filed": papers.filed_on(found.paper),
        "current": True,
    }
    if request.method != "POST":
        return render(request, "papers/paper.html", words)
    if not request.FILES.getlist("files"):
        return render(request, "papers/paper.html", words | {"problem": NOTHING}, status=422)
    point = transaction.savepoint()
    try:
        draft = papers.file_blank(kind=found.kind, paper=found.paper, anew=request.POST.get("anew") == "1")
    except NotPermitted:
        raise
    except Refused as refusal:
        return render(request, "papers/paper.html", words | {"problem": str(refusal)}, status=422)

    def file(upload: Any) -> None:
        attach_file(record_id=draft, name=upload.name or "扫描件", chunks=upload.chunks())

    if problem := _filed(request, file):
        transaction.savepoint_rollback(point)
        return render(request, "papers/paper.html", words | {"problem": problem}, status=422)
    return _done(request, draft)


def _filed(request: HttpRequest, file: Callable[[Any], None]) -> str:
    """What was refused; then nothing of the attempt is kept, because the answer is a refusal."""
    uploads = request.FILES.getlist("files")
    if not uploads or len(uploads) > MOST_AT_ONCE:
        return f"一次最多上传 {MOST_AT_ONCE} 个文件。" if uploads else NOTHING
    for upload in uploads:
        if (upload.size or 0) > LARGEST:
            return f"“{upload.name}”超过 {LARGEST >> 20} MB，请压缩或拆分后再上传。"
        try:
            file(upload)
        except (InvalidAttachment, papers.OtherVersion) as refusal:
            return str(refusal)
    return ""


def _done(request: HttpRequest, record_id: int) -> HttpResponse:
    messages.success(request, f"已附上 {len(request.FILES.getlist('files'))} 个文件。")
    return redirect("records:record", record_id)
