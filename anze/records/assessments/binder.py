"""What an assessor will ask to see (迎检), in the order of the standard: records, and what is missing.

Rule 1: an item is shown with every kind of record that its deductions and its veto ask for, over the days
that they look at.
Rule 2: a kind without a record is missing; where it is not declared kept here, the paper is to be laid ready.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.permissions import require
from anze.records.assessments import words
from anze.records.assessments.access import scheme, seen
from anze.records.assessments.books import kept, kinds_of
from anze.records.assessments.models import Assessment as Row
from anze.records.assessments.scoring import scored
from anze.records.assessments.table_queries import deduction_in_words
from anze.records.evidence import access
from anze.records.evidence.facts import lag_days
from anze.records.evidence.models import Record
from anze.records.lawbook import lawbook
from anze.rules.assessment.ledger import ItemScore
from anze.rules.assessment.windows import window_of
from anze.rules.catalogue.schemes import Item, Question
from anze.rules.periods import ONE_DAY, midnight

MOST_RECORDS = 20_000
ANY_DAY = date(1950, 1, 1)


@dataclass(frozen=True, slots=True)
class Proof:
    """A sealed record. `lag_days`: from what happened to its sealing."""

    id: int
    number: str
    title: str
    happened_at: datetime
    lag_days: int | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of record of an item; `kept`: declared kept here. `proofs`: the newest first."""

    kind: str
    kind_name: str
    kept: bool
    proofs: Sequence[Proof]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item: what it lost so far, and what there is to show for it."""

    item: str
    number: str
    text: str
    points: int | None
    lost: int
    deductions: Sequence[str]
    veto_failed: bool
    shelves: Sequence[Shelf]

    @property
    def missing(self) -> list[Shelf]:
        return [shelf for shelf in self.shelves if not shelf.proofs]

    @property
    def lacks(self) -> bool:
        return bool(self.missing or self.deductions or self.veto_failed)


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    leaves: Sequence[Leaf]

    @property
    def lacking(self) -> int:
        return sum(leaf.lacks for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class Binder:
    """`on`: the last day looked at. `cut`: there are more records than are shown."""

    chapters: Sequence[Chapter]
    since: date
    on: date
    cut: bool

    @property
    def records(self) -> tuple[int, ...]:
        shelves = (shelf for chapter in self.chapters for leaf in chapter.leaves for shelf in leaf.shelves)
        return tuple(dict.fromkeys(proof.id for shelf in shelves for proof in shelf.proofs))


def binder(assessment_id: int) -> Binder:
    """Raises NotFound, NotPermitted."""
    require("take_pack")
    row = seen(assessment_id)
    on = row.books_on or min(current().today, row.until - ONE_DAY)
    asked = {item.id: _asked(item, on, row.since) for item in scheme(row).items}
    proofs, cut = _proofs(row, asked.values(), on)
    known, final = kept(row.company_id), scored(row)
    failed = {key for key, one in final.standpoints.items() if one.answer.count}
    chapters = [
        Chapter(
            category.category.text,
            [_leaf(score, asked[score.item.id], proofs, known, failed) for score in category.items],
        )
        for category in final.categories
        if category.items
    ]
    return Binder(chapters, row.since, on, cut)


def _asked(item: Item, on: date, since: date) -> dict[str, date]:
    """Kind of record -> the first day that is looked at."""
    found: dict[str, date] = {}
    for question in _questions(item):
        first = max(ANY_DAY, window_of(question, on, since).since)
        for kind in kinds_of(question):
            found[kind] = min(found.get(kind, first), first)
    return found


def _questions(item: Item) -> Iterator[Question]:
    for rule in item.rules:
        yield from rule.questions
    if item.veto is not None:
        yield from item.veto.questions


def _proofs(
    row: Row, asked: Iterable[Mapping[str, date]], on: date
) -> tuple[dict[str, list[tuple[date, Proof]]], bool]:
    """Kind -> its sealed records with their days, the newest first; and whether some are left out."""
    first: dict[str, date] = {}
    for kinds in asked:
        for kind, since in kinds.items():
            first[kind] = min(first.get(kind, since), since)
    rows = access.visible().filter(
        company=row.company_id,
        status=Record.Status.SEALED,
        kind__in=first,
        happened_at__gte=midnight(min(first.values(), default=on)),
        happened_at__lt=midnight(on + ONE_DAY),
    )
    values = rows.order_by("-happened_at", "-pk").values_list(
        "pk", "kind", "number", "title", "happened_at", "received_at"
    )
    found: dict[str, list[tuple[date, Proof]]] = defaultdict(list)
    listed = list(values[: MOST_RECORDS + 1])
    for key, kind, number, title, happened, received in listed[:MOST_RECORDS]:
        lag = lag_days(happened, received) if received else None
        day = happened.astimezone(SHANGHAI).date()
        found[kind].append((day, Proof(key, number or "", title, happened, lag)))
    return found, len(listed) > MOST_RECORDS


def _leaf(
    score: ItemScore,
    asked: Mapping[str, date],
    proofs: Mapping[str, Sequence[tuple[date, Proof]]],
    known: Mapping[str, date],
    failed: set[str],
) -> Leaf:
    item, names = score.item, lawbook().kinds
    return Leaf(
        item=item.id,
        number=words.number_of(item.id),
        text=item.text,
        points=item.points,
        lost=score.lost,
        deductions=[deduction_in_words(one) for one in score.deductions if one.points],
        veto_failed=item.veto is not None and item.veto.id in failed,
        shelves=[
            Shelf(
                kind,
                names[kind].name if kind in names else kind,
                kind in known,
                [proof for day, proof in proofs.get(kind, ()) if day >= since],
            )
            for kind, since in asked.items()
        ],
    )
