"""Which item comes next for somebody who goes from item to item."""

from __future__ import annotations

from anze.records.assessments.access import may_answer, seen
from anze.records.assessments.scoring import scored
from anze.rules.assessment.ledger import Assessment, ItemScore


def unfinished_after(assessment_id: int, item_id: str) -> str:
    """The next in printed order, from the top again after the last, that waits for the actor; empty: none."""
    row = seen(assessment_id)
    final = scored(row)
    ids = [score.item.id for score in final.items]
    place = ids.index(item_id) + 1
    for score in [*final.items[place:], *final.items[:place]]:
        if _waits(final, score) and may_answer(row, score.item.id):
            return score.item.id
    return ""


def _waits(final: Assessment, score: ItemScore) -> bool:
    if score.omission is not None:
        return False
    veto = score.item.veto
    return bool(score.open) or (veto is not None and veto.id not in final.standpoints)
