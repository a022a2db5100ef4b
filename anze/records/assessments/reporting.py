"""Drawing up a yearly self-report (年度自评报告) from the assessment that was concluded for the year.

Once a year a draft: whoever completes it changes its words, the principal seals it. What was sealed is
corrected by a revision, like any record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.assessments import words
from anze.records.assessments.access import scheme
from anze.records.assessments.correcting import CorrectionRow, corrections, lost_items
from anze.records.assessments.models import Assessment
from anze.records.assessments.queries import vetoes
from anze.records.assessments.scoring import scored
from anze.records.assessments.self_reports import KIND, concluded_by_year, draft_of, handed_in, reports_of
from anze.records.assessments.table_queries import deduction_in_words
from anze.records.evidence.actions import draft_record
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.evidence.item_queries import ItemRow
from anze.records.evidence.tables import ItemInput, items_value
from anze.records.people.models import Holding, Person
from anze.rules.assessment import Standing
from anze.rules.assessment.ledger import ItemScore
from anze.rules.items import ItemState

STATEMENT = "本企业对本报告及所依据的考评结果的真实性、完整性负责，并将按本报告完成整改和改进。"
NOT_CORRECTED = "未列入整改清单"
LONGEST = 200  # of a cell


class NoAssessment(Refused):
    """Nothing was concluded for the year."""


def draft_report(*, company_id: int, year: int) -> int:
    """The draft's id: the one that is there, or a new one. Raises NoAssessment, Refused."""
    require("conduct_assessment")
    known = reports_of([company_id])[company_id]
    if (report := handed_in(known, year)) is not None:
        raise Refused(f"{year}年度自评报告已提交（{report.number}）。需要更正时，请修订原记录。")
    if (waiting := draft_of(known, year)) is not None:
        return waiting.record_id
    row = concluded_by_year(company_id).get(year)
    if row is None:
        raise NoAssessment(f"{year}年度没有已作出结论的考评。请先完成自评并作出结论，再生成年度自评报告。")
    draft = Draft(
        kind=KIND,
        title=f"{year}年度达标自评报告",
        happened_at=current().at,
        values=_values(row, year),
        parts=_parts(row),
    )
    return draft_record(draft=draft, company_id=company_id)


def _values(row: Assessment, year: int) -> dict[str, str]:
    standard, pinned = scheme(row), row.conclusion or {}
    lists = [found for found in corrections(row.pk) if found.sealed]
    missing = f"，另有{pinned['missing']}分未见原文" if pinned["missing"] else ""
    found = {
        "year": str(year),
        "assessment": row.title,
        "scheme": f"《{standard.name}》，版本 {row.edition}",
        "level": _level(pinned),
        "score": f"{pinned['score']}分（所评{pinned['points']}分中{missing}）",
        "vetoes": _vetoes(row),
        "losses": items_value(_loss(one, lists) for one in lost_items(row.pk)),
        "corrections": _summary(lists),
        "statement": STATEMENT,
    }
    return {name: value for name, value in found.items() if value and value != "[]"}


def _level(pinned: Mapping[str, object]) -> str:
    """The grade reached; undecided where any could still be."""
    if pinned["reached"]:
        return str(pinned["reached"])
    grades = pinned["grades"]
    assert isinstance(grades, list), "as it was concluded"
    undecided = any(grade["standing"] == Standing.UNDECIDED for grade in grades)
    return "undecided" if undecided else "none"


def _vetoes(row: Assessment) -> str:
    failed = [veto for veto in vetoes(scored(row)) if veto.met is False]
    if not failed:
        return "见到原文的否决项全部符合。"
    return "\n".join(f"{veto.number} 不符合，约束{veto.binds}：{veto.text}" for veto in failed)


def _loss(score: ItemScore, lists: Sequence[CorrectionRow]) -> ItemInput:
    number = words.number_of(score.item.id)
    ground = "；".join(deduction_in_words(one) for one in score.deductions if one.points) or "否决项不符合"
    more = {"points": str(score.lost), "ground": _cut(ground), "standing": _corrected(number, lists)}
    return ItemInput(_cut(f"{number} {score.item.text.rstrip('；;。')}"), more=more)


def _corrected(number: str, lists: Sequence[CorrectionRow]) -> str:
    """What became of it in the newest list that names it."""
    rows = (row for found in lists for row in found.items)
    row = next((row for row in rows if row.what.startswith(f"{number} ")), None)
    return NOT_CORRECTED if row is None else _cut(_standing(row))


def _standing(row: ItemRow) -> str:
    """已完成（ZG-2026-0003）; 未完成，张三，期限2026年3月31日."""
    if row.state in (ItemState.DONE, ItemState.CANCELLED):
        return row.label + (f"（{row.settled_number}）" if row.settled_number else "")
    due = f"，期限{row.due.year}年{row.due.month}月{row.due.day}日" if row.due else ""
    return f"{row.label}，{row.who_name or '责任人未定'}{due}"


def _summary(lists: Sequence[CorrectionRow]) -> str:
    lines = []
    for found in reversed(lists):
        counted = Counter(row.label for row in found.items)
        stood = "，".join(f"{label}{count}项" for label, count in counted.items())
        lines.append(f"{found.title}（{found.number}）共{len(found.items)}项：{stood}。")
    return "\n".join(lines)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _parts(row: Assessment) -> list[PartInput]:
    """Who signs: the principal of the day, the lead, the reviewer; who has left signs no more."""
    scope = current()
    today = scope.today
    holding = Holding.objects.filter(
        Q(until=None) | Q(until__gt=today),
        company=row.company_id,
        position__endswith=".principal",
        since__lte=today,
    )
    wanted = [(person, "signer") for person in holding.values_list("person", flat=True)[:1]]
    wanted += [(row.lead_id, "organiser"), (row.reviewer_id, "inspector")]
    wanted += [(scope.actor.person, "recorder")] if scope.actor.person else []
    there = Person.objects.filter(Q(left_on=None) | Q(left_on__gt=today), company=row.company_id)
    employed = set(there.filter(pk__in=[person for person, _ in wanted]).values_list("pk", flat=True))
    return [PartInput(person, role) for person, role in wanted if person in employed]
