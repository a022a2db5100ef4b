"""What is printed: a record, a ledger over a period, and the blank form of a kind."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import require
from anze.records.duties import named
from anze.records.evidence import queries as evidence
from anze.records.evidence.listing import listed
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import EvidenceKind
from anze.web.records import ledger, sheet
from anze.web.records import listed as lists
from anze.web.records.kinds import kind_or_none
from anze.web.reports.pdf import pdf_of
from anze.web.reports.word import word_of
from anze.web.ui.export import PDF, WORD, file_response


@require_safe
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    words = {"detail": detail, "sheet": _sheet(detail)}
    return render(request, "records/print.html", words)


@require_safe
def record_word(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    return file_response(word_of(_sheet(detail), sheet.WORD_LAYOUT, _with_ink), WORD, f"{_name(detail)}.docx")


@require_safe
def record_pdf(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    return file_response(pdf_of(_sheet(detail), sheet.PDF_LAYOUT), PDF, f"{_name(detail)}.pdf")


@require_safe
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """A form to be filled in by hand."""
    words = {"kind": _kind(kind), "sheet": _blank(kind)}
    return render(request, "records/blank.html", words)


@require_safe
def blank_word(request: HttpRequest, kind: str) -> HttpResponse:
    found = _blank(kind)
    return file_response(word_of(found, sheet.WORD_LAYOUT), WORD, f"{found.title}（空白表）.docx")


@require_safe
def blank_pdf(request: HttpRequest, kind: str) -> HttpResponse:
    found = _blank(kind)
    return file_response(pdf_of(found, sheet.PDF_LAYOUT), PDF, f"{found.title}（空白表）.pdf")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    found = _listing(request)
    return render(request, "records/list_print.html", {"sheet": found, "query": request.GET.urlencode()})


@require_safe
def listing_word(request: HttpRequest) -> HttpResponse:
    found = _listing(request)
    return file_response(word_of(found, lists.WORD_LAYOUT), WORD, f"{found.title}.docx")


@require_safe
def listing_pdf(request: HttpRequest) -> HttpResponse:
    found = _listing(request)
    return file_response(pdf_of(found, lists.PDF_LAYOUT), PDF, f"{found.title}.pdf")


def _sheet(detail: evidence.RecordDetail) -> sheet.RecordSheet:
    return sheet.sheet_of(detail, tenants.company(detail.company_id))


def _with_ink(document: DocxTemplate, values: dict[str, Any]) -> None:
    """Names written at the session stand in the last column of the sign-in sheet."""
    for row, picture in zip(values["people"], values["signatures"], strict=True):
        if picture:
            row[-1] = InlineImage(document, BytesIO(b64decode(picture)), height=Mm(8))


def _name(detail: evidence.RecordDetail) -> str:
    return f"{detail.number or '草稿'} {detail.title}".translate(dict.fromkeys(map(ord, '\\/:*?"<>|'), "_"))


def _kind(kind: str) -> EvidenceKind:
    found = kind_or_none(kind)
    if found is None:
        raise NotFound("没有这种记录。")
    return found


def _blank(kind: str) -> sheet.RecordSheet:
    require("draft_record")
    company = current().actor.company
    if company is None:
        raise NotPermitted("空白表式由企业打印。")
    return sheet.blank_sheet(_kind(kind), tenants.company(company))


def _listing(request: HttpRequest) -> lists.LedgerSheet:
    """The ledger as it is filtered; an officer prints that of one company."""
    asked, form = ledger.company_asked(request), ledger.filter_of(request)
    if not form.is_valid():
        raise Refused("筛选条件看不懂，请返回台账重新选择。")
    company = asked if asked is not None else current().actor.company
    if company is None:
        raise Refused("请先在台账中选择一家企业，再打印它的台账。")
    kinds, chosen = form.kinds(), form.cleaned_data
    return lists.ledger_sheet(
        listed(**ledger.filters(form, company)),
        company=tenants.company(company),
        kind=kind_or_none(kinds[0]) if kinds and len(kinds) == 1 else None,
        since=chosen["since"],
        until=chosen["until"],
    )
