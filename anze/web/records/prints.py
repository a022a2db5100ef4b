"""What is printed: a record, a ledger over a period, and the blank form of a kind."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from typing import Any

import typst
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.duties import named
from anze.records.evidence import papers
from anze.records.evidence import queries as evidence
from anze.records.evidence.listing import listed
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import EvidenceKind
from anze.web.papers.codes import blank_code, picture_of, printed_code
from anze.web.records import ledger, sheet
from anze.web.records import listed as lists
from anze.web.records.kinds import kind_or_none
from anze.web.reports.pdf import pdf_of
from anze.web.reports.word import word_of
from anze.web.ui.export import PDF, WORD, file_response

SEND_BACK = "版本 {}。签字盖章后扫码拍照上传，扫描件即附在这一版上。"
_ALONE = b"""
#set page(width: 20mm, height: 20mm, margin: 0mm, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 20mm)
"""


@require_safe
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    words = {"detail": detail, "sheet": _sheet(request, detail)}
    return render(request, "records/print.html", words)


@require_safe
def record_word(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    return file_response(
        word_of(_sheet(request, detail), sheet.WORD_LAYOUT, _with_ink), WORD, f"{_name(detail)}.docx"
    )


@require_safe
def record_pdf(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    return file_response(pdf_of(_sheet(request, detail), sheet.PDF_LAYOUT), PDF, f"{_name(detail)}.pdf")


@require_safe
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """A form to be filled in by hand."""
    words = {"kind": _kind(kind), "sheet": _blank(request, kind)}
    return render(request, "records/blank.html", words)


@require_safe
def blank_word(request: HttpRequest, kind: str) -> HttpResponse:
    found = _blank(request, kind)
    return file_response(word_of(found, sheet.WORD_LAYOUT, _with_ink), WORD, f"{found.title}（空白表）.docx")


@require_safe
def blank_pdf(request: HttpRequest, kind: str) -> HttpResponse:
    found = _blank(request, kind)
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


def _sheet(request: HttpRequest, detail: evidence.RecordDetail) -> sheet.RecordSheet:
    """Whoever may send it back signed prints it with the code that leads to this version."""
    found = sheet.sheet_of(detail, tenants.company(detail.company_id))
    actor = current().actor
    if actor.company != detail.company_id or detail.status == "void" or not may(actor, "draft_record"):
        return found
    version = papers.version_of(detail.id) if may(actor, "see_company") or detail.mine else ""
    if not version:
        return found
    code = picture_of(request, printed_code(detail.company_id, detail.id, version))
    return replace(found, code=code, code_note=SEND_BACK.format(version))


def _with_ink(document: DocxTemplate, values: dict[str, Any]) -> None:
    """Names written at the session stand in the last column of the sign-in sheet."""
    for row, picture in zip(values["people"], values["signatures"], strict=True):
        if picture:
            row[-1] = InlineImage(document, BytesIO(b64decode(picture)), height=Mm(8))
    if values["code"]:
        values["picture"] = InlineImage(document, _raster(values["code"]), height=Mm(20))


def _raster(svg: str) -> BytesIO:
    """Word shows no SVG of old; typst draws it as dots."""
    drawn = typst.compile(_ALONE, format="png", ppi=200, sys_inputs={"svg": svg}, ignore_system_fonts=True)
    assert isinstance(drawn, bytes)
    return BytesIO(drawn)


def _name(detail: evidence.RecordDetail) -> str:
    return f"{detail.number or '草稿'} {detail.title}".translate(dict.fromkeys(map(ord, '\\/:*?"<>|'), "_"))


def _kind(kind: str) -> EvidenceKind:
    found = kind_or_none(kind)
    if found is None:
        raise NotFound("没有这种记录。")
    return found


def _blank(request: HttpRequest, kind: str) -> sheet.RecordSheet:
    require("draft_record")
    company = current().actor.company
    if company is None:
        raise NotPermitted("空白表式由企业打印。")
    found = sheet.blank_sheet(_kind(kind), tenants.company(company))
    code = picture_of(request, blank_code(company, kind))
    return replace(found, code=code, code_note="填好、签字后扫码拍照上传，系统据此建立草稿并附上这张表。")


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
