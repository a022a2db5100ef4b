"""What is in the way of handing an assessment in, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anze.records.acting.errors import Refused
from anze.records.assessments.access import scheme
from anze.records.assessments.models import Assessment
from anze.records.assessments.scoring import drawn, scored
from anze.records.assessments.words import clause_of, number_of
from anze.rules.assessment import Check, Doubt, checks
from anze.rules.catalogue.schemes import Scheme

SAYS = {
    Doubt.OPEN: "{name}还没有判定",
    Doubt.VETO_OPEN: "{name}还没有判定",
    Doubt.NOT_DRAWN: "须抽样的要点已人工判定，但“{name}”样本还没有抽取",
    Doubt.VETO_ALONE: "{name}不符合，但本要点没有扣分，请核对",
    Doubt.ITEM_ALONE: "本要点不得分，但{name}判为符合，请核对",
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    item: str
    number: str  # of the item
    text: str
    blocks: bool


class NotReady(Refused):
    """`rows`: everything that is in the way."""

    def __init__(self, rows: Sequence[CheckRow]) -> None:
        self.rows = tuple(rows)
        shown = "；".join(f"{row.number} {row.text}" for row in rows[:5])
        more = f"；等 {len(rows)} 处" if len(rows) > 5 else ""
        super().__init__(f"还不能提交：{shown}{more}。")


def check_rows(row: Assessment) -> list[CheckRow]:
    """In printed order; what blocks and what is only doubtful."""
    standard = scheme(row)
    return [_row(standard, check) for check in checks(scored(row), drawn(row))]


def obstacles(row: Assessment) -> list[CheckRow]:
    return [check for check in check_rows(row) if check.blocks]


def _row(standard: Scheme, check: Check) -> CheckRow:
    name = clause_of(check.condition)
    if check.doubt is Doubt.NOT_DRAWN:
        name = standard.samples[check.condition].name
    return CheckRow(check.item, number_of(check.item), SAYS[check.doubt].format(name=name), check.blocks)
