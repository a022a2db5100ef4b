"""GET obligations: the list with the page's filters, and one with its grounds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from anze.api.door import entered, freshen
from anze.api.fields import Id
from anze.api.problems import InvalidQuery, refuse_unknown
from anze.api.requests import ObligationQuery
from anze.api.schemas import ObligationDetailOut, ObligationOut, Paged, Problem
from anze.records.acting.context import Acting
from anze.records.demands import queries as demands
from anze.records.duties import queries as duties
from anze.records.duties.corrections import correction_of
from anze.records.evidence import queries as evidence
from anze.records.lawbook import lawbook

router = Router(tags=["履职任务"])
STANDING = "standing"
REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.get("", response={200: Paged[ObligationOut], **REFUSED}, url_name="obligations")
def obligations(request: HttpRequest, asked: Query[ObligationQuery]) -> Any:
    """履职任务列表，最急的在前；筛选条件与页面相同。监管人员须指明企业。"""
    refuse_unknown(request, ObligationQuery)
    _check(asked)
    with entered(request, asked.company) as scope:
        _one_company(scope, asked)
        freshen(scope)
        page = duties.obligations(page=asked.page, size=asked.size, **_filters(asked))
        items = [ObligationOut.from_orm(row) for row in page.rows]
    return {"items": items, "page": page.page, "pages": page.pages, "total": page.total}


@router.get("/{obligation_id}", response={200: ObligationDetailOut, **REFUSED}, url_name="obligation")
def obligation(request: HttpRequest, obligation_id: Path[Id]) -> Any:
    """一项履职任务及其判定依据：条款、计入的记录、标准版本；已判定的任务如有更正，一并列出。"""
    with entered(request) as scope:
        freshen(scope)
        row = duties.obligation(obligation_id)
        grounds = duties.grounds(obligation_id)
        facts = evidence.record_rows(grounds.facts) if grounds.facts else []
        correction = correction_of(row)
    return {
        **ObligationOut.from_orm(row).dict(),
        "grounds": {
            "cites": list(grounds.cites),
            "facts": facts,
            "edition": grounds.edition,
            "decided_at": grounds.decided_at,
        },
        "correction": correction,
    }


def _filters(asked: ObligationQuery) -> duties.Filters:
    month = None if asked.month in (None, STANDING) else date.fromisoformat(asked.month or "")
    return {
        "position": asked.position,
        "requirement": asked.requirement,
        "line": asked.line,
        "states": (asked.state,) if asked.state else (),
        "month": month,
        "standing": asked.month == STANDING,
        "starts": asked.starts,
        "event": asked.event,
    }


def _check(asked: ObligationQuery) -> None:
    """A filter that names nothing is a mistake, not an empty list. Raises InvalidQuery."""
    errors = {}
    if asked.position is not None and asked.position not in lawbook().positions:
        errors["position"] = "没有这个岗位。"
    if asked.requirement is not None and not _known(asked.requirement):
        errors["requirement"] = "没有这项要求。"
    if errors:
        raise InvalidQuery(errors)


def _known(requirement: str) -> bool:
    try:
        demands.requirement(requirement)
    except (KeyError, IndexError):
        return False
    return True


def _one_company(scope: Acting, asked: ObligationQuery) -> None:
    """An officer's whole area is no list."""
    if scope.actor.authority is not None and asked.company is None:
        raise InvalidQuery({"company": "请指明企业。"})
