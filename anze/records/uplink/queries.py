"""Questions of authorities' platforms as people see them, and how the links are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.acting.permissions import may, require
from anze.records.fleet.positions import raw_connection
from anze.telemetry import questions, uplinks
from anze.telemetry.questions import ROLL_CALL, Question
from anze.telemetry.uplinks import Entered


class Standing(StrEnum):
    """How a question stands at an instant."""

    OPEN = "open"
    SILENT = "silent"  # nobody answered before the deadline
    ANSWERED = "answered"  # on its way
    DELIVERED = "delivered"  # the platform has read it
    FAILED = "failed"  # the answer cannot be sent


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """`facts`: as the platform wrote them. `responder`: the name as it was sent."""

    id: int
    company_id: int
    platform: str
    kind: str  # roll_call supervision
    asked_at: datetime
    due_at: datetime | None
    facts: dict[str, Any]
    standing: Standing
    answered_at: datetime | None
    answered_by: int | None
    responder: str
    answer: str | None
    result: int | None
    delivered_at: datetime | None
    problem: str

    @property
    def is_roll_call(self) -> bool:
        return self.kind == ROLL_CALL

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN


def links(company_id: int) -> list[Entered]:
    """Those that are or were in use."""
    require("see_positions")
    return uplinks.entered(raw_connection(), [company_id])


def all_links() -> list[Entered]:
    """Of every company in scope, for whoever keeps the installation."""
    require("connect_platform")
    return uplinks.entered(raw_connection(), current().reads)


def open_questions(company_id: int) -> list[QuestionRow]:
    """The most urgent first."""
    require("see_positions")
    return _rows(questions.open_ones(raw_connection(), [company_id], current().at))


def waiting_for_me() -> list[QuestionRow]:
    """What the acting person may answer; empty for everybody else."""
    actor = current().actor
    if actor.company is None or not may(actor, "answer_platform"):
        return []
    return open_questions(actor.company)


def past_questions(company_id: int, page: int) -> tuple[Page[QuestionRow], int]:
    """Answered or silent, the newest first; and how many stayed without an answer."""
    require("see_positions")
    raw, at = raw_connection(), current().at
    waiting, silent, total = questions.counts(raw, [company_id], at)
    past = total - waiting
    pages = max(1, -(-past // PAGE_SIZE))
    number = min(max(1, page), pages)
    found = questions.closed(raw, [company_id], at, most=PAGE_SIZE, skip=(number - 1) * PAGE_SIZE)
    return Page(_rows(found), number, pages, past), silent


def silent_companies() -> list[int]:
    """In scope, those with a question that nobody answered and no journal knows of."""
    require("note_silence")
    scope = current()
    return questions.silent_companies(raw_connection(), scope.reads, scope.at)


def question(question_id: int) -> QuestionRow:
    """Raises NotFound out of scope."""
    require("see_positions")
    scope = current()
    asked = question_id if 0 < question_id < 2**63 else 0
    found = questions.one(raw_connection(), scope.reads, asked)
    if found is None:
        raise NotFound("没有这条查岗或督办。")
    return _row(found, scope.at)


def _rows(found: Sequence[Question]) -> list[QuestionRow]:
    at = current().at
    return [_row(each, at) for each in found]


def _row(found: Question, at: datetime) -> QuestionRow:
    return QuestionRow(
        id=found.id,
        company_id=found.company_id,
        platform=found.uplink,
        kind=found.kind,
        asked_at=found.asked_at,
        due_at=found.due_at,
        facts=found.facts,
        standing=_standing(found, at),
        answered_at=found.answered_at,
        answered_by=found.answered_by,
        responder=found.responder,
        answer=found.answer,
        result=found.result,
        delivered_at=found.delivered_at,
        problem=found.problem,
    )


def _standing(found: Question, at: datetime) -> Standing:
    if found.answered_at is None:
        over = found.due_at is not None and found.due_at <= at
        return Standing.SILENT if over else Standing.OPEN
    if found.problem:
        return Standing.FAILED
    return Standing.ANSWERED if found.delivered_at is None else Standing.DELIVERED
