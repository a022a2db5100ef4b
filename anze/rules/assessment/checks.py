"""Whether the answers of an assessment hang together, before it is handed in.

Rule 1: what is open, and a sample that was never drawn, stand in the way. A rule that names a sample is
answered by a person from that sample; facts look at everybody and need none.
Rule 2: what contradicts itself is named, and may still be right: a veto not met beside an item with all its
points or beside the grade it binds as the target, an item without any points beside a veto that is met, an
answer without a reason against what records hint at.
Rule 3: likewise what was judged without a trace of how: on the spot without a photo, by asking without
anybody asked, on a sample smaller than the people or vehicles of today ask for.
An item that does not apply always has its reason: without one it is never taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from anze.rules.assessment.grading import bound
from anze.rules.assessment.ledger import Assessment, Deduction, ItemScore, State
from anze.rules.assessment.model import How
from anze.rules.catalogue.schemes import Grade, Item, Method


class Doubt(StrEnum):
    OPEN = "open"  # nobody answered the rule
    VETO_OPEN = "veto_open"
    NOT_DRAWN = "not_drawn"  # the sample that the rule names
    VETO_ALONE = "veto_alone"  # not met, and the item lost nothing
    ITEM_ALONE = "item_alone"  # nothing is left of the item, and its veto is met
    TARGET = "target"  # a veto that is not met binds the target
    AGAINST = "against"  # records hint at another answer, and no reason is given
    TOO_FEW = "too_few"  # the sample is smaller than what is asked for today
    NOBODY_ASKED = "nobody_asked"  # judged by asking, and nobody is named
    NO_PHOTO = "no_photo"  # judged on the spot, and nothing shows it


BLOCKING = frozenset({Doubt.OPEN, Doubt.VETO_OPEN, Doubt.NOT_DRAWN})


@dataclass(frozen=True, slots=True)
class Check:
    doubt: Doubt
    item: str
    condition: str  # the rule or veto; of samples the sample; of photos the item

    @property
    def blocks(self) -> bool:
        return self.doubt in BLOCKING


@dataclass(frozen=True, slots=True)
class Traces:
    """What shows how persons judged."""

    drawn: Collection[str] = ()  # samples of the scheme
    too_few: Collection[str] = ()  # of these
    asked: Collection[str] = ()  # rules for which somebody was asked
    photos: Collection[str] = ()  # items
    against: Collection[str] = ()  # rules answered without a reason against what records hint at
    target: Grade | None = None


def checks(assessment: Assessment, traces: Traces) -> tuple[Check, ...]:
    """In printed order."""
    return tuple(check for score in assessment.items for check in _of_item(assessment, score, traces))


def samples_of(item: Item) -> frozenset[str]:
    """Samples that its rules, lines and notes name."""
    named = {rule.sample for rule in item.rules}
    named |= {line.sample for line in item.lines} | {note.sample for note in item.notes}
    return frozenset(sample for sample in named if sample is not None)


def _of_item(assessment: Assessment, score: ItemScore, traces: Traces) -> Iterator[Check]:
    item = score.item
    if score.omission is not None:
        return
    yield from (Check(Doubt.OPEN, item.id, rule) for rule in score.open)
    by_hand = [d for d in score.deductions if d.answer.how is not How.AUTOMATIC]
    if any(d.rule.sample for d in by_hand):
        wanted = sorted(samples_of(item))
        yield from (Check(Doubt.NOT_DRAWN, item.id, s) for s in wanted if s not in traces.drawn)
        yield from (Check(Doubt.TOO_FEW, item.id, s) for s in wanted if s in traces.too_few)
    yield from _of_veto(assessment, score, traces)
    yield from _untraced(item, by_hand, traces)


def _of_veto(assessment: Assessment, score: ItemScore, traces: Traces) -> Iterator[Check]:
    veto = score.item.veto
    if veto is None:
        return
    standpoint = assessment.standpoints.get(veto.id)
    if standpoint is None:
        yield Check(Doubt.VETO_OPEN, score.item.id, veto.id)
        return
    failed = bool(standpoint.answer.count)
    if failed and traces.target is not None and bound(veto.binds, traces.target, assessment.regime):
        yield Check(Doubt.TARGET, score.item.id, veto.id)
    if score.state is not State.SCORED:
        return
    if failed and not score.lost:
        yield Check(Doubt.VETO_ALONE, score.item.id, veto.id)
    elif not failed and not score.score:
        yield Check(Doubt.ITEM_ALONE, score.item.id, veto.id)


def _untraced(item: Item, by_hand: Collection[Deduction], traces: Traces) -> Iterator[Check]:
    for one in by_hand:
        if one.rule.id in traces.against:
            yield Check(Doubt.AGAINST, item.id, one.rule.id)
        if one.rule.method is Method.ASKING and one.rule.id not in traces.asked:
            yield Check(Doubt.NOBODY_ASKED, item.id, one.rule.id)
    if item.id not in traces.photos and any(one.rule.method is Method.ONSITE for one in by_hand):
        yield Check(Doubt.NO_PHOTO, item.id, item.id)
