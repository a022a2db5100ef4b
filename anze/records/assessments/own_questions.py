"""Questions that a company adds to the bank (企业自拟): its policy and targets, its own systems.

A question is never changed: it ends, and another is written. Papers that were opened with it keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.assessments.access import LARGEST_ID, acting_person, text
from anze.records.assessments.models import OwnQuestion
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook

MOST = 100  # that are asked at one time
MOST_OPTIONS = 6


class BadQuestion(Refused):
    """It cannot be asked as written."""


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """`options`: the right one first; they are shown in another order to each person."""

    scheme: str
    topic: str
    text: str
    options: Sequence[str]


def add_question(*, company_id: int, new: NewQuestion) -> int:
    require("conduct_assessment")
    bank = lawbook().banks.get(new.scheme)
    if bank is None or new.topic not in bank.topics:
        raise NotFound("题库中没有这一类题目。")
    options = [text(option, "选项", 100) for option in new.options if option.strip()]
    if not 2 <= len(options) <= MOST_OPTIONS or len(set(options)) != len(options):
        raise BadQuestion(f"请写 2 到 {MOST_OPTIONS} 个不同的选项。")
    if OwnQuestion.objects.filter(company=company_id, ended_at=None).count() >= MOST:
        raise BadQuestion(f"自拟题目最多 {MOST} 道，请先停用不再问的。")
    row = OwnQuestion.objects.create(
        company_id=company_id,
        scheme=new.scheme,
        topic=new.topic,
        text=text(new.text, "题目", 200),
        options=options,
        person_id=acting_person(),
        at=current().at,
    )
    _note("add_question", row)
    return row.pk


def end_question(*, question_id: int) -> None:
    require("conduct_assessment")
    rows = OwnQuestion.objects.filter(pk=question_id, ended_at=None)
    row = rows.first() if 0 < question_id <= LARGEST_ID else None
    if row is None:
        raise NotFound("没有这道题目。")
    row.ended_at = current().at
    row.save(update_fields=["ended_at"])
    _note("end_question", row)


def _note(action: str, row: OwnQuestion) -> None:
    content = digest_of([row.scheme, row.topic, row.text, row.options])
    noted = [("assessments.ownquestion", row.pk, content)]
    append(action=f"assessments.{action}", rows=noted, company_id=row.company_id)
