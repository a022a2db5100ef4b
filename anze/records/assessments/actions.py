"""Carrying out an assessment: the automatic pass, answers, what does not apply, submission.

An answer that is given again replaces the earlier one, which stays beside it. The second assessor's part and
the conclusion are in `reviewing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.assessments.access import (
    STATUS,
    known_item,
    locked,
    note,
    require_answering,
    require_lead,
    require_reviewer,
    scheme,
    text,
)
from anze.records.assessments.books import books_of, questions_by_condition, unkept
from anze.records.assessments.checking import NotReady, obstacles
from anze.records.assessments.models import Answer, Assessment, Finding, Omission
from anze.records.assessments.quiz_results import quiz_says
from anze.records.assessments.scoring import automatic, standing
from anze.records.assessments.words import condition_named
from anze.rules import assessment as rules
from anze.rules.assessment import AnswerError, How
from anze.rules.assessment.model import settle
from anze.rules.catalogue.schemes import Item
from anze.rules.periods import ONE_DAY


class WrongAnswer(Refused):
    """The answer cannot be taken as typed."""


@dataclass(frozen=True, slots=True)
class Given:
    """To one deduction or veto. `asked`: who was asked on the spot."""

    condition: str
    count: int
    matters: tuple[str, ...] = ()
    reason: str = ""
    asked: str = ""


def start(*, assessment_id: int) -> None:
    """Takes the books as they stand, and answers from them what facts can answer."""
    row = locked(assessment_id, STATUS.PLANNED)
    require_lead(row)
    standard, today = scheme(row), current().today
    row.books_on = min(row.until - ONE_DAY, today)
    row.started_at, row.status = current().at, STATUS.RUNNING
    books = books_of(row.company_id, standard, row.since, row.books_on)
    found = rules.findings(standard, books, row.books_on)
    asked = questions_by_condition(standard)
    Finding.objects.bulk_create(
        _finding(row, one, unkept(asked[one.condition], books)) for one in found.values()
    )
    row.save(update_fields=["books_on", "started_at", "status"])
    told = [
        [one.condition, one.lost, one.sure, list(one.facts), list(one.subjects)] for one in found.values()
    ]
    note("start", row, [row.books_on.isoformat(), told])


def _finding(row: Assessment, one: rules.Finding, silent: list[str]) -> Finding:
    return Finding(
        company_id=row.company_id,
        assessment=row,
        condition=one.condition,
        count=None if one.answer is None else one.answer.count,
        lost=one.lost,
        sure=one.sure,
        facts=list(one.facts),
        subjects=list(one.subjects),
        until=one.until,
        unkept=silent,
    )


def answer(*, assessment_id: int, item: str, given: Sequence[Given]) -> None:
    """Of one item, by a member of the team. Raises WrongAnswer; then none of them is taken."""
    row = locked(assessment_id, STATUS.RUNNING)
    person = require_answering(row, item)
    _take(row, known_item(scheme(row), item), given, person, review=False)


def review(*, assessment_id: int, item: str, given: Sequence[Given]) -> None:
    """Of one item, by the second assessor; where there is none of theirs, the team's answer stands."""
    row = locked(assessment_id, STATUS.SUBMITTED)
    person = require_reviewer(row)
    _take(row, known_item(scheme(row), item), given, person, review=True)


def _take(row: Assessment, item: Item, given: Sequence[Given], person: int, *, review: bool) -> None:
    known = {rule.id for rule in item.rules} | ({item.veto.id} if item.veto is not None else set())
    if not {one.condition for one in given} <= known:
        raise NotFound("标准中没有这项扣分或否决。")
    beneath = _beneath(row, review=review)
    if not review:
        given = [_heard(row, one) for one in given]
    given = _changed(row, given, review=review)
    rows = [_answer(row, one, beneath, person, review=review) for one in given]
    if not rows:
        return
    try:
        settle(scheme(row), [*_as_rules(rows), *_shadowed(row, rows, review=review)])
    except AnswerError as error:
        raise WrongAnswer(_numbered(str(error), item)) from error
    old = Answer.objects.filter(assessment=row, review=review, replaced_at=None)
    old.filter(condition__in=[one.condition for one in given]).update(replaced_at=current().at)
    Answer.objects.bulk_create(rows)
    told = [[a.condition, a.count, a.matters, a.how, a.reason, a.asked] for a in rows]
    note("review" if review else "answer", row, [person, told])


def _heard(row: Assessment, one: Given) -> Given:
    """Where the sample was asked: what the replies say, in their words, or something else with a reason."""
    says = quiz_says(row).get(one.condition)
    if says is None or says.count is None:
        return one
    if one.count == says.count:
        return replace(one, reason=one.reason.strip() or says.reason, asked=one.asked.strip() or says.who)
    if not one.reason.strip():
        name = condition_named(one.condition)
        raise WrongAnswer(f"“{name}”{says.reason}；判定与询问结果不同的，须写明原因。")
    return one


def _changed(row: Assessment, given: Sequence[Given], *, review: bool) -> list[Given]:
    """A form sends all of an item; what says nothing new is not an answer given again."""
    known = {one.condition: one for one in standing(row) if one.review is review}

    def new(one: Given) -> bool:
        was = known.get(one.condition)
        said = (one.count, sorted(set(one.matters)), one.reason.strip(), one.asked.strip())
        return was is None or (was.count, was.matters, was.reason, was.asked) != said

    return [one for one in given if new(one)]


def _beneath(row: Assessment, *, review: bool) -> dict[str, int]:
    """Condition -> the count over which an answer would speak."""
    counts = {one.condition: one.count for one in automatic(row)}
    if review:
        counts |= {one.condition: one.count for one in standing(row) if not one.review}
    return counts


def _answer(row: Assessment, one: Given, beneath: dict[str, int], person: int, *, review: bool) -> Answer:
    over = one.condition in beneath
    if over and beneath[one.condition] == one.count:
        raise WrongAnswer(f"“{condition_named(one.condition)}”与原判定相同，不必改判。")
    return Answer(
        company_id=row.company_id,
        assessment=row,
        condition=one.condition,
        review=review,
        count=one.count,
        matters=sorted(set(one.matters)),
        how=(How.OVERRULED if over else How.ASKED).value,
        reason=_short(one.reason, "说明", 300),
        asked=_short(one.asked, "被询问人", 100),
        person_id=person,
        at=current().at,
    )


def _short(value: str, what: str, most: int) -> str:
    return text(value, what, most) if value.strip() else ""


def _as_rules(rows: Sequence[Answer]) -> list[rules.Answer]:
    return [
        rules.Answer(
            a.condition, a.count, How(a.how), matters=tuple(a.matters), person=a.person_id, reason=a.reason
        )
        for a in rows
    ]


def _shadowed(row: Assessment, rows: Sequence[Answer], *, review: bool) -> list[rules.Answer]:
    """What stands beneath answers that overrule: without it nothing could be overruled."""
    over = {a.condition for a in rows if a.how == How.OVERRULED}
    found = {one.condition: one for one in automatic(row) if one.condition in over}
    if review:
        for one in standing(row):
            if not one.review and one.condition in over - set(found):
                found[one.condition] = rules.Answer(
                    one.condition, one.count, How.ASKED, matters=tuple(one.matters), person=one.person_id
                )
    return list(found.values())


def _numbered(message: str, item: Item) -> str:
    """With the words that the page shows in place of ids; the longest first, for one may begin another."""
    known = [rule.id for rule in item.rules] + ([item.veto.id] if item.veto is not None else [])
    for condition in sorted(known, key=len, reverse=True):
        message = message.replace(condition, condition_named(condition))
    return message


def withdraw(*, assessment_id: int, condition: str) -> None:
    """A person's answer is taken back: what facts say stands again, or nothing."""
    row = locked(assessment_id, STATUS.RUNNING)
    found = Answer.objects.filter(assessment=row, condition=condition, review=False, replaced_at=None).first()
    if found is None:
        raise NotFound("没有可以撤回的判定。")
    item = next((i for i in scheme(row).items if condition.startswith(f"{i.id}.")), None)
    require_answering(row, item.id if item is not None else "")
    Answer.objects.filter(pk=found.pk).update(replaced_at=current().at)
    note("withdraw", row, condition)


def omit(*, assessment_id: int, item: str, reason: str) -> None:
    """The item does not apply to this company (缺项, or 视为符合 where the print says so)."""
    row = locked(assessment_id, STATUS.RUNNING)
    person = require_answering(row, item)
    known_item(scheme(row), item)
    if Omission.objects.filter(assessment=row, item=item, ended_at=None).exists():
        raise Refused("这个要点已经标为不适用。")
    why = text(reason, "不适用的原因", 300)
    Omission.objects.create(
        company_id=row.company_id, assessment=row, item=item, reason=why, person_id=person, at=current().at
    )
    note("omit", row, [item, why])


def apply_again(*, assessment_id: int, item: str) -> None:
    """The item applies after all."""
    row = locked(assessment_id, STATUS.RUNNING)
    require_answering(row, item)
    standing_rows = Omission.objects.filter(assessment=row, item=item, ended_at=None)
    if not standing_rows.update(ended_at=current().at):
        raise NotFound("这个要点没有标为不适用。")
    note("apply_again", row, item)


def hand_in(*, assessment_id: int) -> None:
    """To the second assessor. Raises NotReady with everything that is in the way."""
    row = locked(assessment_id, STATUS.RUNNING)
    require_lead(row)
    found = obstacles(row)
    if found:
        raise NotReady(found)
    row.status, row.submitted_at, row.submitted_by = STATUS.SUBMITTED, current().at, current().actor.name
    row.sent_back_reason = ""
    row.save(update_fields=["status", "submitted_at", "submitted_by", "sent_back_reason"])
    note("hand_in", row, row.status)
