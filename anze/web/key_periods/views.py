"""The key periods of the company at hand: coming, running, over; what each opened and how that stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.duties import key_periods as periods
from anze.rules.key_periods import DECLARED, TYPES
from anze.web.ui.company import company_at_hand, of_company

STAGES = (("running", "正在进行"), ("coming", "即将到来"), ("withdrawn", "已撤回"), ("over", "已经结束"))


@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    company, today = company_at_hand(request), current().today
    rows = periods.key_periods(company.id)
    by_stage = {stage: [row for row in rows if row.state == stage] for stage, _ in STAGES}
    by_stage["coming"].reverse()
    words = {
        "company": company,
        "sections": [(label, by_stage[stage]) for stage, label in STAGES if by_stage[stage]],
        "types": TYPES,
        "origins": periods.ORIGINS,
        "next_year": today.year + 1 if _year_missing(rows, today.year + 1) else None,
        "stopping": [row for row in rows if row.stops and row.state in ("running", "coming")],
        "kind": DECLARED,
        "may_record": may(current().actor, "seal_record"),
    }
    return render(request, "key_periods/index.html", words)


def _year_missing(rows: list[periods.PeriodRow], year: int) -> bool:
    return not any(row.origin == "yearly" and row.begins.year == year for row in rows)
