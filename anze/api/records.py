"""Reading records; writing drafts, attaching files, sealing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import File, Path, Query, Router, Status, UploadedFile

from anze.api.door import entered
from anze.api.fields import Id
from anze.api.problems import InvalidQuery, refuse_unknown
from anze.api.requests import RecordIn, RecordQuery
from anze.api.schemas import AttachmentOut, Paged, Problem, RecordDetailOut, RecordOut, SealedOut
from anze.records.acting.permissions import require
from anze.records.duties import actions as duty_actions
from anze.records.duties import named
from anze.records.evidence import actions, queries
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.lawbook import lawbook

router = Router(tags=["台账记录"])
REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
CHANGING = {**REFUSED, 409: Problem, 413: Problem}


@router.get("", response={200: Paged[RecordOut], **REFUSED}, url_name="records")
def records(request: HttpRequest, asked: Query[RecordQuery]) -> Any:
    """记录列表，最新发生的在前。"""
    refuse_unknown(request, RecordQuery)
    if asked.kind is not None and asked.kind not in lawbook().kinds:
        raise InvalidQuery({"kind": "没有这种记录。"})
    with entered(request, asked.company):
        page = queries.records(
            kind=asked.kind,
            status=asked.status,
            since=asked.since,
            until=asked.until,
            search=asked.search,
            page=asked.page,
            page_size=asked.size,
        )
    return {"items": page.rows, "page": page.page, "pages": page.pages, "total": page.total}


@router.get("/{record_id}", response={200: RecordDetailOut, **REFUSED}, url_name="record")
def record(request: HttpRequest, record_id: Path[Id]) -> Any:
    """一条记录的全部内容。"""
    with entered(request):
        return named.record(record_id)


@router.post("", response={201: RecordDetailOut, **CHANGING}, url_name="records")
def draft_record(request: HttpRequest, draft: RecordIn) -> Any:
    """新建草稿。草稿可以不全，但填写的内容必须正确；错误按字段列出。"""
    with entered(request):
        record_id = actions.draft_record(draft=_draft(draft))
        return Status(201, queries.record(record_id))


@router.put("/{record_id}", response={200: RecordDetailOut, **CHANGING}, url_name="record")
def edit_draft(request: HttpRequest, record_id: Path[Id], draft: RecordIn) -> Any:
    """以新内容整体替换草稿；附件不变。已封存的记录不能改动。"""
    with entered(request):
        actions.edit_draft(record_id=record_id, draft=_draft(draft))
        return queries.record(record_id)


@router.post(
    "/{record_id}/attachments", response={201: AttachmentOut, **CHANGING}, url_name="record_attachments"
)
def attach_file(request: HttpRequest, record_id: Path[Id], file: File[UploadedFile]) -> Any:
    """为草稿上传一个附件（PDF、图片、Office 文件等，不超过 50 MB）。"""
    with entered(request):
        attachment = actions.attach_file(record_id=record_id, name=file.name or "附件", chunks=file.chunks())
        detail = queries.record(record_id)
        return Status(201, next(row for row in detail.attachments if row.id == attachment))


@router.post("/{record_id}/seal", response={200: SealedOut, **CHANGING}, url_name="record_seal")
def seal_record(request: HttpRequest, record_id: Path[Id]) -> Any:
    """封存草稿：编号、定时、不再改动，并立即重新判定它能证明的履职任务。"""
    with entered(request):
        require("seal_record")
        return duty_actions.seal_records(record_ids=[record_id])[0]


def _draft(given: RecordIn) -> Draft:
    return Draft(
        kind=given.kind,
        title=given.title,
        happened_at=given.happened_at,
        ended_at=given.ended_at,
        hours=_hours(given.hours),
        values=given.values,
        parts=[
            PartInput(p.person_id, p.role, p.attendance, _hours(p.hours), _hours(p.score), p.result)
            for p in given.parts
        ],
        subjects=[(subject.type, subject.id) for subject in given.subjects],
        about=given.about,
        makes_up=given.makes_up,
        attests=given.attests,
    )


def _hours(hours: float | None) -> Decimal | None:
    return None if hours is None else Decimal(repr(hours))
