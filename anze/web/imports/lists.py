"""Workbooks to be saved: templates, lists that can be imported again, an import with its errors marked."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.imports import lists, queries
from anze.web.people.forms import units_of
from anze.web.records.kinds import kind_or_none
from anze.web.records.ledger import filter_of, filters
from anze.web.ui.company import company_at_hand, of_company

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SEARCH = 60


@of_company("seal_record")
@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    name, file = queries.template(request.GET.get("of", ""))
    return _saved(file, f"{name}-导入模板.xlsx")


@of_company("seal_record")
@require_safe
def marked(request: HttpRequest, import_id: int) -> HttpResponseBase:
    kept = queries.an_import(import_id)
    if kept.status != "open":
        raise Refused("这次导入已经结束，没有可以标注的内容。")
    return _saved(queries.marked(import_id), f"{kept.name}-标注问题.xlsx")


@of_company("seal_record")
@require_safe
def records(request: HttpRequest) -> HttpResponseBase:
    """The ledger as it is filtered, of one kind."""
    form, kind = filter_of(request), kind_or_none(request.GET.get("kind", ""))
    if kind is None or not form.is_valid():
        raise Refused("请先在台账中选定一个种类，再导出可导入的表格。")
    file = lists.list_of_records(kind.id, filters(form, company_at_hand(request).id))
    return _saved(file, f"{kind.name}-{current().today:%Y%m%d}.xlsx")


@of_company("manage_people")
@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    file = lists.list_of_people(
        text=_text(request),
        unit_id=_unit(request),
        position=request.GET.get("position") or None,
        service=request.GET.get("service", ""),
    )
    return _saved(file, f"人员-{current().today:%Y%m%d}.xlsx")


@of_company("manage_people")
@require_safe
def vehicles(request: HttpRequest) -> HttpResponseBase:
    service = request.GET.get("service", "")
    file = lists.list_of_vehicles(text=_text(request), unit_id=_unit(request), service=service)
    return _saved(file, f"车辆-{current().today:%Y%m%d}.xlsx")


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def _unit(request: HttpRequest) -> int | None:
    """As on the page: what is no unit of the company filters nothing."""
    asked = request.GET.get("unit", "")
    known = {key for key, _ in units_of(company_at_hand(request), none="全部机构")}
    return int(asked) if asked and asked in known else None


def _saved(file: IO[bytes], name: str) -> HttpResponseBase:
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
