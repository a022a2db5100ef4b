"""The second assessor, and the conclusion: scores and grades pinned with their reasons."""

from __future__ import annotations

from typing import Any

from anze.records.acting.context import current
from anze.records.assessments.access import (
    STATUS,
    locked,
    note,
    require_lead,
    require_reviewer,
    text,
)
from anze.records.assessments.models import Answer, Assessment
from anze.records.assessments.scoring import scored
from anze.rules import assessment as rules
from anze.rules.assessment.grading import Blocker


def send_back(*, assessment_id: int, reason: str) -> None:
    """To the team; the second assessor's own answers are put aside, for they spoke of other ones."""
    row = locked(assessment_id, STATUS.SUBMITTED, STATUS.REVIEWED)
    require_reviewer(row)
    row.sent_back_reason = text(reason, "退回的原因", 200)
    row.status, row.reviewed_at, row.review_remark = STATUS.RUNNING, None, ""
    own = Answer.objects.filter(assessment=row, review=True, replaced_at=None)
    own.update(replaced_at=current().at)
    row.save(update_fields=["status", "sent_back_reason", "reviewed_at", "review_remark"])
    note("send_back", row, row.status, row.sent_back_reason)


def finish_review(*, assessment_id: int, remark: str) -> None:
    row = locked(assessment_id, STATUS.SUBMITTED)
    require_reviewer(row)
    row.review_remark = text(remark, "复核意见", 500)
    row.status, row.reviewed_at = STATUS.REVIEWED, current().at
    row.save(update_fields=["status", "review_remark", "reviewed_at"])
    note("finish_review", row, row.review_remark)


def conclude(*, assessment_id: int) -> None:
    """By whoever conducts assessments, not by the reviewer. From here on nothing changes."""
    row = locked(assessment_id, STATUS.REVIEWED, verb="conduct_assessment")
    require_lead(row)
    row.conclusion = conclusion(row)
    row.status, row.concluded_at, row.concluded_by = STATUS.CONCLUDED, current().at, current().actor.name
    row.save(update_fields=["conclusion", "status", "concluded_at", "concluded_by"])
    note("conclude", row, row.conclusion)


def conclusion(row: Assessment) -> dict[str, Any]:
    """What is pinned; deciding again by the pinned editions gives exactly this."""
    first, final = scored(row, review=False), scored(row)
    reached = rules.reached(final)
    return {
        "first": first.whole,
        "score": final.whole,
        "points": final.points,
        "omitted": final.omitted,
        "missing": final.missing,
        "reached": None if reached is None else reached.value,
        "grades": [
            {
                "grade": verdict.grade.value,
                "least": verdict.least,
                "standing": verdict.standing.value,
                "blockers": [_blocker(one) for one in verdict.blockers],
            }
            for verdict in rules.grades(final)
        ],
        "categories": [[one.category.number, one.points, one.score, one.missing] for one in final.categories],
    }


def _blocker(one: Blocker) -> dict[str, Any]:
    return {
        "reason": one.reason.value,
        "final": one.final,
        "condition": one.condition,
        "points": one.points,
    }
