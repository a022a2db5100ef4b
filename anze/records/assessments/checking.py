"""What is in the way of handing an assessment in, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anze.records.acting.errors import Refused
from anze.records.assessments.access import scheme
from anze.records.assessments.models import Answer, Assessment, Finding, Photo, Sample
from anze.records.assessments.quiz_results import quiz_says
from anze.records.assessments.sampling import population_of
from anze.records.assessments.scoring import drawn, findings, scored, standing
from anze.records.assessments.words import clause_of, number_of
from anze.rules.assessment import Check, Doubt, Traces, checks
from anze.rules.catalogue.schemes import Grade, Scheme
from anze.rules.samples import size

SAYS = {
    Doubt.OPEN: "{name}还没有判定",
    Doubt.VETO_OPEN: "{name}还没有判定",
    Doubt.NOT_DRAWN: "须抽样的要点已人工判定，但“{name}”样本还没有抽取",
    Doubt.VETO_ALONE: "{name}不符合，但本要点没有扣分，请核对",
    Doubt.ITEM_ALONE: "本要点不得分，但{name}判为符合，请核对",
    Doubt.TARGET: "否决项不符合，约束目标等级；请整改，或调低目标等级",
    Doubt.AGAINST: "判定与记录显示的不一致，请写明原因",
    Doubt.TOO_FEW: "“{name}”样本少于按现有数量应抽的",
    Doubt.NOBODY_ASKED: "凭询问判定，但没有写明询问了谁",
    Doubt.NO_PHOTO: "现场检查的要点没有照片或附件",
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
    return [_row(standard, check) for check in checks(scored(row), _traces(row))]


def _traces(row: Assessment) -> Traces:
    """How persons came to their answers, as far as it is kept."""
    answers = [one for one in standing(row) if not one.review]
    asked = {one.condition for one in answers if one.asked}
    asked |= {rule for rule, says in quiz_says(row).items() if says.count is not None}
    hints = findings(row)
    against = {one.condition for one in answers if not one.reason and _hints_otherwise(hints, one)}
    return Traces(
        drawn=set(drawn(row)),
        too_few={rule for rule, sample in drawn(row).items() if _too_few(row, sample)},
        asked=asked,
        photos=set(Photo.objects.filter(assessment=row).values_list("item", flat=True)),
        against=against,
        target=Grade(row.target),
    )


def _hints_otherwise(hints: Mapping[str, Finding], answer: Answer) -> bool:
    """Facts did not decide, but show a loss that was not taken, or proof where one was."""
    hint = hints.get(answer.condition)
    if hint is None or hint.count is not None:
        return False
    return (bool(hint.lost) and not answer.count) or (hint.sure and bool(hint.facts) and answer.count > 0)


def _too_few(row: Assessment, sample: Sample) -> bool:
    asked = scheme(row).samples[sample.rule]
    population = population_of(row, asked.of)
    return bool(population) and len(sample.members) < size(asked, len(population))


def obstacles(row: Assessment) -> list[CheckRow]:
    return [check for check in check_rows(row) if check.blocks]


def _row(standard: Scheme, check: Check) -> CheckRow:
    name = clause_of(check.condition)
    if check.doubt in (Doubt.NOT_DRAWN, Doubt.TOO_FEW):
        name = standard.samples[check.condition].name
    return CheckRow(check.item, number_of(check.item), SAYS[check.doubt].format(name=name), check.blocks)
