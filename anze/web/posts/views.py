"""The list of posts, and one post with its three lists."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.duties import overview
from anze.records.duties import queries as duties
from anze.records.duties.rows import TermFinder
from anze.records.evidence import queries as evidence
from anze.records.people import queries as people
from anze.records.signatures import queries as signatures
from anze.web.posts.holders import holders_today
from anze.web.posts.lists import clause_of, line_views, post_of, record_views
from anze.web.posts.printed import PDF_LAYOUT, WORD_LAYOUT, list_sheet
from anze.web.reports.pdf import pdf_of
from anze.web.reports.word import word_of
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.export import PDF, WORD, file_response
from anze.web.ui.words import WORST_FIRST

WHOLE_HISTORY = 12 * 10  # months: the longest time a record is kept


@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    """Every post of the trade, its holders and how it stands; else the own posts only."""
    scope = current()
    company_id = scope.reads[0]
    own = None if may(scope.actor, "see_company") else set(people.my_positions())
    rows = overview.matrix(company_id=company_id, months=WHOLE_HISTORY).rows
    holders = holders_today()
    signing: dict[str, list[signatures.HolderStanding]] = {}
    for standing in signatures.standings(company_id) if own is None else signatures.mine():
        signing.setdefault(standing.position.id, []).append(standing)
    posts = [
        {
            "position": row.position,
            "holders": holders.get(row.position.id, []),
            "state": overview.worst([row.standing, *row.cells]),
            "missed": sum(cell.missed for cell in (row.standing, *row.cells)),
            "now": row.cells[-2],
            "signing": signing.get(row.position.id, []),
        }
        for row in rows
        if own is None or row.position.id in own
    ]
    return render(
        request,
        "posts/index.html",
        {
            "posts": posts,
            "own": own is not None,
            "company": company_at_hand(request),
            "coverage": signatures.coverage(company_id) if own is None else None,
        },
    )


@of_company("see_own")
def post(request: HttpRequest, position: str) -> HttpResponse:
    scope = current()
    company = company_at_hand(request)
    found = post_of(position, company)
    standings = duties.post_standing(position, company_id=company.id)
    terms = TermFinder([company.id])
    duty_lines = line_views(found.duties, standings, terms, company.id)
    states = [view.state for view in duty_lines]
    words = {
        "position": found,
        "source": clause_of(found.source),
        "company": company,
        "duties": duty_lines,
        "responsibilities": line_views(found.responsibilities, standings, terms, company.id),
        "records": record_views(found.records),
        "record_counts": evidence.counts_by_kind(),
        "numbers": {line.id: line.number for line in found.duties},
        "holders": holders_today().get(position, []),
        "tally": [(state, states.count(state)) for state in (*WORST_FIRST, None) if states.count(state)],
        "signing": _signing(position),
        "may_commit": may(scope.actor, "commit"),
        "may_record": may(scope.actor, "draft_record"),
    }
    return render(request, "posts/post.html", words)


@of_company("see_own")
def printed(request: HttpRequest, position: str) -> HttpResponse:
    """The three lists with their standings, as they are signed and filed."""
    company = company_at_hand(request)
    found = post_of(position, company)
    words = {"position": found, "company": company, "sheet": list_sheet(found, company)}
    return render(request, "posts/print.html", words)


@of_company("see_own")
def word(request: HttpRequest, position: str) -> HttpResponse:
    company = company_at_hand(request)
    sheet = list_sheet(post_of(position, company), company)
    return file_response(word_of(sheet, WORD_LAYOUT), WORD, f"{sheet.title}.docx")


@of_company("see_own")
def pdf(request: HttpRequest, position: str) -> HttpResponse:
    company = company_at_hand(request)
    sheet = list_sheet(post_of(position, company), company)
    return file_response(pdf_of(sheet, PDF_LAYOUT), PDF, f"{sheet.title}.pdf")


def _signing(position: str) -> dict[str, Any]:
    """Whether one must sign this list oneself, and for those who see the company how all holders stand."""
    actor = current().actor
    rows = signatures.signatures_of(position)
    mine = next((row for row in rows if row.person_id == actor.person), None)
    shown = rows if may(actor, "see_company") else [row for row in rows if row is mine]
    return {"mine": mine, "rows": shown}
