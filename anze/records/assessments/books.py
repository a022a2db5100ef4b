"""What a company has on record, as the rules of an assessment ask for it.

Only kinds that the scheme asks about are read, and of each only the days that a question looks at: a company
with years of records is answered within the time of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from anze.records.acting.bulk import in_bulk
from anze.records.assessments.entries import entries_of, wanted_of
from anze.records.assessments.models import Keeping
from anze.records.fleet.queries import roster
from anze.records.people.leading import post_named
from anze.rules.assessment import Books
from anze.rules.assessment.windows import window_of
from anze.rules.catalogue.question_entries import HOLDERS
from anze.rules.catalogue.schemes import Question, Scheme
from anze.rules.periods import ONE_DAY
from anze.rules.posts import Company


def books_of(company_id: int, scheme: Scheme, since: date | None, on: date) -> Books:
    """At the end of a day. `since`: first day of the assessed period."""
    looked = ((question, window_of(question, on, since).since) for question in questions_of(scheme))
    with in_bulk():
        return Books(
            facts=entries_of(company_id, wanted_of(looked), on + ONE_DAY),
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
    return [
        kind for kind in dict.fromkeys(k for q in questions for k in kinds_of(q)) if kind not in books.kept
    ]


def kinds_asked(scheme: Scheme) -> list[str]:
    """Kinds of record that can answer a deduction or veto."""
    return sorted({kind for question in questions_of(scheme) for kind in kinds_of(question)})


def kinds_of(question: Question) -> list[str]:
    """Kinds of record that can answer it."""
    return [*question.triggers, *(proof.kind for proof in question.proofs)]


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
