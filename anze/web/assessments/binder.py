"""迎检: what there is to show for each item, in the order of the standard, and the pack in that order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.assessments import queries
from anze.records.assessments.binder import Binder, Leaf, Proof, Shelf
from anze.records.assessments.binder import binder as binder_of
from anze.records.packs.actions import take_pack
from anze.records.packs.choice import Choice
from anze.rules.periods import ONE_DAY
from anze.web.packs.archive import answer
from anze.web.packs.chapters import Chapter, Section
from anze.web.records.ledger import LATE_AFTER
from anze.web.ui.company import company_at_hand, of_company

SHOWN = 5


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """`proofs`: the newest, each with whether it was back-filled."""

    shelf: Shelf
    proofs: Sequence[tuple[Proof, bool]]
    late: int

    @property
    def more(self) -> int:
        return len(self.shelf.proofs) - len(self.proofs)


@require_http_methods(["GET", "HEAD", "POST"])
@of_company("take_pack")
def binder(request: HttpRequest, assessment_id: int) -> HttpResponseBase:
    found = binder_of(assessment_id)
    row = queries.assessment(assessment_id)
    if request.method != "POST":
        return _page(request, row, found)
    company, scope = company_at_hand(request), current()
    choice = Choice(found.since, found.on + ONE_DAY, records=found.records, occasion=row.title)
    try:
        taken = take_pack(choice=choice, company=company)
    except Refused as refusal:
        return _page(request, row, found, str(refusal))
    chapters = [
        Chapter(chapter.title, [_section(leaf) for leaf in chapter.leaves]) for chapter in found.chapters
    ]
    return answer(taken, scope, chapters)


def gap_in_words(shelf: Shelf) -> str:
    if shelf.kept:
        return f"缺“{shelf.kind_name}”：没有记录"
    return f"缺“{shelf.kind_name}”：没有记录，也未声明在本系统存放，请备好纸质资料"


def _section(leaf: Leaf) -> Section:
    proofs = [proof for shelf in leaf.shelves for proof in shelf.proofs]
    gaps = [*leaf.deductions, *(gap_in_words(shelf) for shelf in leaf.missing)]
    late = frozenset(proof.id for proof in proofs if _late(proof))
    return Section(leaf.number, leaf.text, gaps, [proof.id for proof in proofs], late)


def _late(proof: Proof) -> bool:
    return proof.lag_days is not None and proof.lag_days > LATE_AFTER


def _page(request: HttpRequest, row: queries.AssessmentRow, found: Binder, problem: str = "") -> HttpResponse:
    words = {
        "row": row,
        "found": found,
        "chapters": [
            (
                chapter,
                [
                    (leaf, [_shelf(shelf) for shelf in leaf.shelves if shelf.proofs])
                    for leaf in chapter.leaves
                ],
            )
            for chapter in found.chapters
        ],
        "lacking": sum(chapter.lacking for chapter in found.chapters),
        "records": len(found.records),
        "problem": problem,
        "late_after": LATE_AFTER,
    }
    return render(request, "assessments/binder.html", words, status=422 if problem else 200)


def _shelf(shelf: Shelf) -> ShelfRow:
    marked = [(proof, _late(proof)) for proof in shelf.proofs]
    return ShelfRow(shelf, marked[:SHOWN], sum(late for _, late in marked))
