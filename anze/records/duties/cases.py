"""Companies and their records as the rules want them, and the rulebooks they are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from anze.records.duties.models import Commitment, Waiver
from anze.records.evidence.models import Record
from anze.records.fleet.queries import rosters
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import company
from anze.rules import posts
from anze.rules.catalogue.model import Citation, Every, Layer, Limit, LimitUnit, Term
from anze.rules.duties import Rulebook
from anze.rules.periods import day_of


@cache
def rulebook(trade: str, area: str) -> Rulebook:
    return Rulebook(lawbook(), trade, area)


def companies(company_ids: Sequence[int]) -> dict[int, posts.Company]:
    """What verdicts depend on besides records; three queries and those of the rosters."""
    found = rosters(company_ids)
    commitments: dict[int, list[posts.Commitment]] = {}
    for row in Commitment.objects.filter(company_id__in=company_ids).order_by("since"):
        commitments.setdefault(row.company_id, []).append(posts.Commitment(row.requirement, term_of(row)))
    waivers: dict[int, list[posts.Waiver]] = {}
    for waived in Waiver.objects.filter(company_id__in=company_ids):
        span = posts.Span(waived.since, waived.until)
        waivers.setdefault(waived.company_id, []).append(
            posts.Waiver(waived.pk, waived.requirement, span, waived.person_id)
        )
    return {
        key: replace(company, commitments=commitments.get(key, ()), waivers=waivers.get(key, ()))
        for key, company in found.items()
    }


def term_of(row: Commitment) -> Term:
    return committed_term(
        since=row.since,
        every=Every(row.every) if row.every else None,
        times=row.times,
        within=Limit(row.within_amount, LimitUnit(row.within_unit))
        if row.within_amount is not None and row.within_unit
        else None,
    )


def committed_term(*, since: date, every: Every | None, times: int, within: Limit | None) -> Term:
    return Term(
        since=since,
        cite=(Citation("company", "commitment"),),
        layer=Layer.COMPANY,
        every=every,
        times=times,
        within=within,
        overlay="commitment",
    )


def days_touched(record_ids: Sequence[int]) -> dict[date, set[str]]:
    """Day -> kinds of record: the day it happened, and the missed period it makes up for."""
    touched: dict[date, set[str]] = {}
    for kind, happened, makes_up in Record.objects.filter(id__in=record_ids).values_list(
        "kind", "happened_at", "makes_up"
    ):
        for day in filter(None, (day_of(happened), makes_up)):
            touched.setdefault(day, set()).add(kind)
    return touched


def trade_and_area(company_id: int) -> tuple[str, str]:
    row = company(company_id)
    return row.trade, row.area


def judged_from(company_id: int) -> date:
    return company(company_id).judged_from
