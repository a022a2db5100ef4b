"""What was lost becomes a list of corrections: a record whose rows are followed up until they are settled.

The list is drawn up as a draft; whoever seals it names who puts each thing right and by when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.assessments import words
from anze.records.assessments.access import STATUS, locked, note, require_conducting, seen
from anze.records.assessments.models import Correction
from anze.records.assessments.scoring import scored
from anze.records.evidence.actions import draft_record
from anze.records.evidence.drafts import Draft
from anze.records.evidence.item_queries import ItemRow, items_of
from anze.records.evidence.tables import ItemInput, items_value
from anze.rules.assessment.ledger import ItemScore

KIND = "assessment.corrections"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """`sealed` False: drawn up, not yet handed out."""

    record_id: int
    title: str
    number: str
    sealed: bool
    items: Sequence[ItemRow]


def correct(*, assessment_id: int, items: Sequence[str], due: date, who: int | None = None) -> int:
    """The new draft's id: a row for each of these items that lost points or whose veto fails.

    who: puts all of it right, until the draft says otherwise.
    """
    row = locked(assessment_id, STATUS.SUBMITTED, STATUS.REVIEWED, STATUS.CONCLUDED)
    require_conducting(row)
    if due < current().today:
        raise Refused("整改期限不能早于今天。")
    failing = {one.item.id: one for one in lost_items(assessment_id)}
    chosen = [failing[item] for item in dict.fromkeys(items) if item in failing]
    if not chosen:
        raise Refused("请选择要整改的失分要点。")
    rows = items_value(ItemInput(_what(one), who=who, due=due) for one in chosen)
    record = draft_record(
        draft=Draft(
            kind=KIND,
            title=f"{row.title}整改清单",
            happened_at=current().at,
            values={"assessment": row.title, "corrections": rows},
        ),
        company_id=row.company_id,
    )
    Correction.objects.create(company_id=row.company_id, assessment=row, record_id=record)
    note("correct", row, [record, sorted(one.item.id for one in chosen)])
    return record


def lost_items(assessment_id: int) -> list[ItemScore]:
    """Items with something to put right, in printed order."""
    final = scored(seen(assessment_id))
    failing = {key for key, one in final.standpoints.items() if one.answer.count}
    return [
        one for one in final.items if one.lost or (one.item.veto is not None and one.item.veto.id in failing)
    ]


def corrections(assessment_id: int) -> list[CorrectionRow]:
    """Lists drawn up after the assessment, the newest first."""
    row = seen(assessment_id)
    found = Correction.objects.filter(assessment=row).select_related("record").order_by("-pk")
    return [
        CorrectionRow(
            one.record_id,
            one.record.title,
            one.record.number or "",
            one.record.status == "sealed",
            items_of(one.record_id) if one.record.status == "sealed" else (),
        )
        for one in found
    ]


def _what(score: ItemScore) -> str:
    """1.1.b 失2分：措施缺少分解和绩效考核两个环节."""
    reasons = [one.answer.reason or one.rule.text for one in score.deductions if one.points]
    lost = f"失{score.lost}分" if score.lost else "否决项不符合"
    text = f"{words.number_of(score.item.id)} {lost}：{'；'.join(reasons) or score.item.text}"
    return text[:LONGEST]
