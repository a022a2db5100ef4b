"""Companies and their records as the rules want them, and the rulebooks they are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from anze.records.acting.context import current
from anze.records.demands.queries import own_requirements
from anze.records.duties.models import Commitment, Waiver
from anze.records.evidence.facts import facts_of
from anze.records.evidence.models import Record
from anze.records.fleet.queries import roster, rosters
from anze.records.key_periods import queries as declarations
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import company
from anze.rules import posts
from anze.rules.catalogue.model import Citation, Every, Kind, Layer, Limit, LimitUnit, Requirement, Term
from anze.rules.duties import Rulebook
from anze.rules.duties.terms import commitments_by_requirement
from anze.rules.evidence import Fact
from anze.rules.key_periods import DECLARED, WARNED, facts_of_declared, facts_of_yearly, yearly
from anze.rules.periods import ONE_DAY, day_of, period_of

OPENING = frozenset({DECLARED, WARNED})  # kinds of event that a key period is


@cache
def rulebook(trade: str, area: str) -> Rulebook:
    return Rulebook(lawbook(), trade, area)


def companies(company_ids: Sequence[int]) -> dict[int, posts.Company]:
    """What verdicts depend on besides records; three queries and that of the rosters."""
    found = rosters(company_ids)
    commitments: dict[int, list[posts.Commitment]] = {}
    for (owner, requirement), terms in own_terms(company_ids).items():
        commitments.setdefault(owner, []).extend(posts.Commitment(requirement, term) for term in terms)
    waivers: dict[int, list[posts.Waiver]] = {}
    for waived in Waiver.objects.filter(company_id__in=company_ids):
        span = posts.Span(waived.since, waived.until)
        waivers.setdefault(waived.company_id, []).append(
            posts.Waiver(waived.pk, waived.requirement, span, waived.person_id)
        )
    asked = own_requirements(company_ids)
    return {
        key: replace(
            company,
            commitments=commitments.get(key, ()),
            waivers=waivers.get(key, ()),
            own=asked.get(key, ()),
        )
        for key, company in found.items()
    }


def staffed(company_id: int) -> posts.Company:
    """Who holds what and what the company asks on its own; its numbers and waivers are left out."""
    return replace(roster(company_id), own=own_requirements([company_id]).get(company_id, ()))


def facts_for(
    company: posts.Company, book: Rulebook, only: frozenset[str] | None, touching: posts.Span | None
) -> list[Fact]:
    """The sealed records on which these requirements rest over these days, and the key periods."""
    if only is None:
        return all_facts(company, [book])
    chosen = [book.requirements[key] for key in only if key in book.requirements]
    chosen += [requirement for requirement in company.own if requirement.id in only]
    always = _kinds(r for r in chosen if touching is None or decided_whole(r))
    found = facts_of(company.id, kinds=always) if always else []
    if any(OPENING.intersection(r.triggers) for r in chosen):  # by this edition, not the shelf's
        found += period_facts([company])[company.id]
    periodic = [r for r in chosen if not decided_whole(r)]
    if touching is not None and (kinds := _kinds(periodic) - always):
        reach = _reach(company, book, periodic, touching)
        found += facts_of(company.id, kinds=kinds, since=reach.since, until=reach.until, making_up=True)
    return found


def all_facts(company: posts.Company, books: Iterable[Rulebook]) -> list[Fact]:
    """Of the kinds that any requirement looks at: most records of a large company prove nothing."""
    return facts_of(company.id, kinds=kinds_asked(company, books)) + period_facts([company])[company.id]


def kinds_asked(company: posts.Company, books: Iterable[Rulebook]) -> set[str]:
    return _kinds(company.own).union(*(book.kinds for book in books))


def decided_whole(requirement: Requirement) -> bool:
    """Events and states: deciding some days of them decides all."""
    whole = {Kind.ON_EVENT, Kind.INVITATION, Kind.STANDING}
    return requirement.kind in whole or requirement.asks == "limit"


def _kinds(requirements: Iterable[Requirement]) -> set[str]:
    return {kind for r in requirements for kind in (*r.triggers, *(p.kind for p in r.proofs))}


def _reach(
    company: posts.Company, book: Rulebook, requirements: Sequence[Requirement], touching: posts.Span
) -> posts.Span:
    """The whole periods that share a day with the span."""
    committed = commitments_by_requirement(company)
    rhythms = {window.term.every for r in requirements for window in book.windows(r, committed.get(r.id, ()))}
    first = [period_of(every, touching.since).since for every in rhythms if every]
    until = touching.until
    if until is not None:
        until = max([until, *(period_of(every, until - ONE_DAY).until for every in rhythms if every)])
    return posts.Span(min([touching.since, *first]), until)


def own_terms(company_ids: Sequence[int]) -> dict[tuple[int, str], list[Term]]:
    """(company, requirement) -> the company's own numbers, by day. One query."""
    rows: dict[tuple[int, str], list[Commitment]] = {}
    for row in Commitment.objects.filter(company_id__in=company_ids).order_by("since"):
        rows.setdefault((row.company_id, row.requirement), []).append(row)
    return {key: terms_of(found) for key, found in rows.items()}


def terms_of(rows: Sequence[Commitment]) -> list[Term]:
    """Of one requirement, by day: a row that ends a number closes the one before it."""
    terms: list[Term] = []
    for row in rows:
        if not row.ended:
            terms.append(term_of(row))
        elif terms:
            terms[-1] = replace(terms[-1], ends=row.since)
    return terms


def term_of(row: Commitment) -> Term:
    return committed_term(
        since=row.since,
        every=Every(row.every) if row.every else None,
        times=row.times,
        within=_limit(row.within_amount, row.within_unit),
        before=_limit(row.before_amount, row.before_unit),
    )


def _limit(amount: int | None, unit: str | None) -> Limit | None:
    return Limit(amount, LimitUnit(unit)) if amount is not None and unit else None


def committed_term(
    *, since: date, every: Every | None, times: int, within: Limit | None, before: Limit | None = None
) -> Term:
    return Term(
        since=since,
        cite=(Citation("company", "commitment"),),
        layer=Layer.COMPANY,
        every=every,
        times=times,
        within=within,
        before=before,
        overlay="commitment",
    )


def period_facts(companies: Iterable[posts.Company]) -> dict[int, list[Fact]]:
    """Company id -> the key periods that no record of its own declares. Two queries, once in a scope."""
    asked = list(companies)
    memo, key = current().memo, ("key periods", *(company.id for company in asked))
    if key not in memo:
        declared = declarations.binding([company.id for company in asked])
        memo[key] = {
            company.id: [
                *facts_of_yearly(yearly(lawbook(), company.trade, company.area)),
                *facts_of_declared(declared.get(company.id, ())),
            ]
            for company in asked
        }
    found: dict[int, list[Fact]] = memo[key]
    return found


@cache
def opened_by_key_periods() -> frozenset[str]:
    """Requirements that a key period opens."""
    positions = lawbook().positions.values()
    return frozenset(r.id for p in positions for r in p.requirements if OPENING.intersection(r.triggers))


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
