"""Which item comes next for somebody who goes from item to item."""

from __future__ import annotations

from collections.abc import Collection

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.assessments.access import STATUS, seen
from anze.records.assessments.models import Assessment as Row
from anze.records.assessments.models import Share
from anze.records.assessments.scoring import scored
from anze.rules.assessment.ledger import Assessment, ItemScore


def unfinished_after(assessment_id: int, item_id: str = "") -> str:
    """The next in printed order, from the top again after the last, that waits for the actor; empty: none."""
    row = seen(assessment_id)
    if row.status != STATUS.RUNNING:
        return ""
    final, mine = scored(row), _mine(row)
    ids = [score.item.id for score in final.items]
    place = ids.index(item_id) + 1 if item_id else 0
    for score in [*final.items[place:], *final.items[:place]]:
        if _waits(final, score) and (mine is None or score.item.id in mine):
            return score.item.id
    return ""


def _mine(row: Row) -> Collection[str] | None:
    """Items that the actor may answer; None: all."""
    actor = current().actor
    if not may(actor, "assess") or actor.person is None or actor.person == row.reviewer_id:
        return ()
    if may(actor, "conduct_assessment") or actor.person == row.lead_id:
        return None
    return set(Share.objects.filter(assessment=row, person=actor.person).values_list("item", flat=True))


def _waits(final: Assessment, score: ItemScore) -> bool:
    if score.omission is not None:
        return False
    veto = score.item.veto
    return bool(score.open) or (veto is not None and veto.id not in final.standpoints)
