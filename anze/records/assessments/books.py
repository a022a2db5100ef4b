"""What a company has on record, as the rules of an assessment ask for it.

Only kinds that the scheme asks about are read, and of each only the days that a question looks at: a company
with years of records is answered within the time of a page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from anze.records.assessments.models import Keeping
from anze.records.evidence.facts import facts_of
from anze.records.fleet.queries import roster
from anze.records.people.leading import post_named
from anze.rules.assessment import Books
from anze.rules.assessment.windows import window_of
from anze.rules.catalogue.question_entries import HOLDERS
from anze.rules.catalogue.schemes import Question, Scheme
from anze.rules.evidence import Fact
from anze.rules.periods import ONE_DAY
from anze.rules.posts import Company


def books_of(company_id: int, scheme: Scheme, since: date | None, on: date) -> Books:
    """At the end of a day. `since`: first day of the assessed period."""
    return Books(
        facts=tuple(_facts(company_id, _reach(scheme, since, on), on, bare_kinds(scheme))),
        kept=kept(company_id),
        populations=_populations(roster(company_id), on),
        since=since,
    )


def kept(company_id: int) -> dict[str, date]:
    """Kind -> since when every record of it is kept here."""
    return dict(Keeping.objects.filter(company=company_id).values_list("kind", "since"))


def questions_of(scheme: Scheme) -> Iterator[Question]:
    for rule in scheme.rules:
        yield from rule.questions
    for veto in scheme.vetoes:
        yield from veto.questions


def questions_by_condition(scheme: Scheme) -> dict[str, tuple[Question, ...]]:
    asked = {rule.id: rule.questions for rule in scheme.rules}
    return asked | {veto.id: veto.questions for veto in scheme.vetoes}


def unkept(questions: Iterable[Question], books: Books) -> list[str]:
    """Kinds that these ask for and of which nobody said that they are all here."""
    return [kind for kind in dict.fromkeys(k for q in questions for k in _kinds(q)) if kind not in books.kept]


def bare_kinds(scheme: Scheme) -> frozenset[str]:
    """Kinds of which it only matters that a record is there, when, of whom and until when."""
    proofs = [proof for question in questions_of(scheme) for proof in question.proofs]
    told = {proof.kind for proof in proofs if proof.where or proof.minima}
    return frozenset(kinds_asked(scheme)) - told


def kinds_asked(scheme: Scheme) -> list[str]:
    """Kinds of record that can answer a deduction or veto."""
    return sorted({kind for question in questions_of(scheme) for kind in _kinds(question)})


def _kinds(question: Question) -> list[str]:
    return [*question.triggers, *(proof.kind for proof in question.proofs)]


def _reach(scheme: Scheme, since: date | None, on: date) -> dict[str, date]:
    """Kind -> the first day that some question looks at."""
    reach: dict[str, date] = {}
    for question in questions_of(scheme):
        first = window_of(question, on, since).since
        for kind in _kinds(question):
            reach[kind] = min(reach.get(kind, first), first)
    return reach


def _facts(company_id: int, reach: dict[str, date], on: date, bare: Collection[str]) -> Iterable[Fact]:
    by_day: dict[date, list[str]] = {}
    for kind, first in reach.items():
        by_day.setdefault(first, []).append(kind)
    for first, kinds in sorted(by_day.items()):
        since = None if first == date.min else first
        yield from facts_of(company_id, kinds=kinds, since=since, until=on + ONE_DAY, bare=bare)


def _populations(company: Company, on: date) -> dict[str, frozenset[int]]:
    """Of the day; holders by the last word of their post, whatever the trade.

    A post that nobody holds is vacant only where this trade's companies can name its holder here.
    """
    found = {
        kind: frozenset(i for i, span in spans.items() if span.holds(on))
        for kind, spans in company.subjects.items()
    }
    holders: dict[str, set[int]] = {
        post: set() for post in HOLDERS if post_named(f"{company.trade}.{post}") is not None
    }
    for holding in company.holdings:
        if holding.span.holds(on):
            holders.setdefault(holding.position.rpartition(".")[2], set()).add(holding.person)
    return found | {post: frozenset(people) for post, people in holders.items()}
