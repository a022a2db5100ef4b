"""Whether the answers of an assessment hang together, before it is handed in.

Rule 1: what is open, and a sample that was never drawn, stand in the way. A rule that names a sample is
answered by a person from that sample; facts look at everybody and need none.
Rule 2: what contradicts itself is named, and may still be right: a veto not met beside an item with all its
points, or an item without any points beside a veto that is met.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from anze.rules.assessment.ledger import Assessment, ItemScore, State
from anze.rules.assessment.model import How
from anze.rules.catalogue.schemes import Item


class Doubt(StrEnum):
    OPEN = "open"  # nobody answered the rule
    VETO_OPEN = "veto_open"
    NOT_DRAWN = "not_drawn"  # the sample that the rule names
    VETO_ALONE = "veto_alone"  # not met, and the item lost nothing
    ITEM_ALONE = "item_alone"  # nothing is left of the item, and its veto is met


BLOCKING = frozenset({Doubt.OPEN, Doubt.VETO_OPEN, Doubt.NOT_DRAWN})


@dataclass(frozen=True, slots=True)
class Check:
    doubt: Doubt
    item: str
    condition: str  # the rule or veto; of NOT_DRAWN the sample

    @property
    def blocks(self) -> bool:
        return self.doubt in BLOCKING


def checks(assessment: Assessment, drawn: Collection[str]) -> tuple[Check, ...]:
    """In printed order. `drawn`: samples of the scheme that were drawn."""
    return tuple(check for score in assessment.items for check in _of_item(assessment, score, drawn))


def samples_of(item: Item) -> frozenset[str]:
    """Samples that its rules, lines and notes name."""
    named = {rule.sample for rule in item.rules}
    named |= {line.sample for line in item.lines} | {note.sample for note in item.notes}
    return frozenset(sample for sample in named if sample is not None)


def _of_item(assessment: Assessment, score: ItemScore, drawn: Collection[str]) -> Iterator[Check]:
    item = score.item
    if score.omission is not None:
        return
    yield from (Check(Doubt.OPEN, item.id, rule) for rule in score.open)
    by_hand = any(d.rule.sample and d.answer.how is not How.AUTOMATIC for d in score.deductions)
    if by_hand:
        yield from (Check(Doubt.NOT_DRAWN, item.id, s) for s in sorted(samples_of(item) - set(drawn)))
    yield from _of_veto(assessment, score)


def _of_veto(assessment: Assessment, score: ItemScore) -> Iterator[Check]:
    veto = score.item.veto
    if veto is None:
        return
    standpoint = assessment.standpoints.get(veto.id)
    if standpoint is None:
        yield Check(Doubt.VETO_OPEN, score.item.id, veto.id)
    elif score.state is not State.SCORED:
        return
    elif standpoint.answer.count and not score.lost:
        yield Check(Doubt.VETO_ALONE, score.item.id, veto.id)
    elif not standpoint.answer.count and not score.score:
        yield Check(Doubt.ITEM_ALONE, score.item.id, veto.id)
