"""The official table of an assessment (考评表): every printed item with its points, deductions and veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anze.records.assessments import words
from anze.records.assessments.access import seen
from anze.records.assessments.scoring import scored
from anze.rules.assessment import Assessment, How
from anze.rules.assessment.ledger import Deduction, ItemScore, State
from anze.rules.catalogue.schemes import Item


@dataclass(frozen=True, slots=True)
class TableRow:
    """`second`: points as reviewed, where they differ from the team's."""

    item: str
    number: str
    heading: str
    text: str
    points: str
    methods: str
    standard: Sequence[str]
    score: str
    second: str
    lost: int
    deductions: Sequence[str]
    veto: str
    veto_failed: bool


@dataclass(frozen=True, slots=True)
class TablePart:
    title: str
    points: int
    score: int
    missing: int
    rows: Sequence[TableRow]


def table(assessment_id: int) -> list[TablePart]:
    """The printed categories in order."""
    row = seen(assessment_id)
    final, first = scored(row), {one.item.id: one for one in scored(row, review=False).items}
    return [
        TablePart(
            category.category.text,
            category.points,
            category.score,
            category.missing,
            [
                _row(final, score, first[score.item.id], names)
                for names, score in _with_headings(category.items, final)
            ],
        )
        for category in final.categories
        if category.items
    ]


def _with_headings(items: Sequence[ItemScore], final: Assessment) -> list[tuple[str, ItemScore]]:
    headings = {
        item.id: heading.text
        for category in final.scheme.categories
        for heading in category.headings
        for item in heading.items
    }
    return [(headings[one.item.id], one) for one in items]


def _row(final: Assessment, score: ItemScore, first: ItemScore, heading: str) -> TableRow:
    item = score.item
    veto, failed = _veto(final, score)
    differs = first.score != score.score
    return TableRow(
        item=item.id,
        number=words.number_of(item.id),
        heading=heading,
        text=item.text,
        points="未见原文" if item.points is None else str(item.points),
        methods="、".join(dict.fromkeys(words.METHODS[check.method] for check in item.checks)),
        standard=_standard(item),
        score=_score(first),
        second=_score(score) if differs else "",
        lost=score.lost,
        deductions=_deductions(score),
        veto=veto,
        veto_failed=failed,
    )


def _standard(item: Item) -> list[str]:
    return [line.text for line in item.lines] or ([item.judged.text] if item.judged is not None else [])


def _score(score: ItemScore) -> str:
    if score.state in (State.CUT, State.OMITTED):
        return words.ITEM_STATES[score.state]
    suffix = "（未判完）" if score.state is State.OPEN else ""
    return f"{score.score}{suffix}"


def _deductions(score: ItemScore) -> list[str]:
    if score.omission is not None:
        return [f"{words.ITEM_STATES[score.state]}：{score.omission.reason}"]
    return [deduction_in_words(one) for one in score.deductions if one.points]


def deduction_in_words(one: Deduction) -> str:
    """第1条扣2分：措施缺少两个环节（人工判定）."""
    clause = words.clause_of(one.rule.id)
    reason = f"：{one.answer.reason}" if one.answer.reason else ""
    facts = f"，记录 {len(one.answer.facts)} 份" if one.answer.facts else ""
    subjects = f"，涉及 {len(one.answer.subjects)} 个" if one.answer.subjects else ""
    how = words.HOWS[one.answer.how]
    found = facts + subjects if one.answer.how is How.AUTOMATIC else ""
    return f"{clause}扣{one.points}分{reason}（{how}{found}）"


def _veto(final: Assessment, score: ItemScore) -> tuple[str, bool]:
    veto = score.item.veto
    if veto is None:
        return "", False
    standpoint = final.standpoints.get(veto.id)
    binds = words.grades_named(veto)
    if standpoint is None:
        return f"约束{binds}：未判定", False
    failed = bool(standpoint.answer.count)
    return f"约束{binds}：{'不符合' if failed else '符合'}", failed
