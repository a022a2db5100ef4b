"""The tree of a year's letters, flattened into lines that a page indents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.confirmations.letters import Appraisal, LetterRow, Letters, letters_of, years_of
from anze.rules.letters import LetterState, Node
from anze.web.ui.company import company_at_hand, of_company

LABELS = {
    LetterState.MISSING: ("未签订", "missed"),
    LetterState.WAITING: ("待本人签字", "open"),
    LetterState.FILED: ("已登记", "upcoming"),
    LetterState.SIGNED: ("已签", "met"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the tree. `depth`: 0 for a root; deeper than five is indented like five."""

    depth: int
    name: str
    post: str
    label: str
    look: str
    letters: tuple[LetterRow, ...]
    below: int
    appraisals: tuple[Appraisal, ...]


@require_safe
@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    years = years_of(company.id)
    found = letters_of(company.id, _year(request.GET.get("year"), years))
    counts = [(LABELS[state], found.tree.counts[state]) for state in LetterState]
    words = {
        "company": company,
        "found": found,
        "years": years,
        "lines": [line for root in found.tree.roots for line in _lines(found, root, 0)],
        "counts": counts,
        "without": [(found.names[p], found.posts.get(p, "")) for p in found.tree.without],
        "signed": found.tree.counts[LetterState.SIGNED] + found.tree.counts[LetterState.FILED],
        "may_record": may(current().actor, "draft_record"),
    }
    return render(request, "letters/index.html", words)


def _lines(found: Letters, node: Node, depth: int) -> Iterator[Line]:
    label, look = LABELS[node.state] if node.state else ("", "")
    yield Line(
        min(depth, 5),
        found.names.get(node.person, str(node.person)),
        found.posts.get(node.person, ""),
        label,
        look,
        tuple(found.letters[key] for key in node.letters),
        node.below,
        found.appraisals.get(node.person, ()),
    )
    for below in node.under:
        yield from _lines(found, below, depth + 1)


def _year(text: str | None, years: list[int]) -> int:
    """The asked one where there is any, else this year."""
    asked = int(text) if text and text.isdecimal() and len(text) == 4 else 0
    return asked if asked in years else current().today.year
