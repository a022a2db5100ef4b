"""Asking drawn people (询问): a paper for each, each answer kept with its time, and never changed.

Rule 1: whoever was drawn is asked once in an assessment, while it is running.
Rule 2: the person answers, signed in or on the device of whoever judges an item that the answers serve.
Rule 3: a paper is no list of texts: it follows from the pinned edition of the bank, the words for the person,
the company's own questions of that moment and the seed.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments.access import (
    LARGEST_ID,
    STATUS,
    acting_person,
    locked,
    may_answer,
    note,
    scheme,
    visible,
)
from anze.records.assessments.models import Assessment, OwnQuestion, Quiz, Reply
from anze.records.assessments.sampling import sample_of
from anze.records.assessments.scoring import drawn
from anze.records.fleet.queries import roster
from anze.records.lawbook import bank_of, lawbook
from anze.records.people.queries import people
from anze.rules import quizzes as rules
from anze.rules.catalogue.quiz_model import DRIVER, EVERYBODY, Bank, QuizQuestion

NO_QUIZ = "没有这份询问题。"


class NotAsked(Refused):
    """This person cannot be asked now, or has answered already."""


def open_quizzes(*, assessment_id: int, persons: Sequence[int] = ()) -> list[int]:
    """A paper for each of these who has none yet; for everybody in the sample when none are named."""
    row = locked(assessment_id, STATUS.RUNNING)
    bank = lawbook().banks.get(row.scheme)
    if bank is None:
        raise NotAsked("这项标准还没有询问题库。")
    if not may_ask(row, bank):
        raise NotPermitted("按样本询问的要点没有分给您，请由承担人或组长办理。")
    members = asked_members(row, bank)
    if not members:
        raise NotAsked("从业人员样本还没有抽取，请先抽样。")
    if not set(persons) <= set(members):
        raise NotFound("所选人员不在样本中。")
    known = set(Quiz.objects.filter(assessment=row).values_list("person", flat=True))
    wanted = [person for person in (persons or members) if person not in known]
    if not wanted:
        return []
    made = Quiz.objects.bulk_create(_papers(row, bank, wanted))
    note("ask", row, [[quiz.person_id, quiz.seed, quiz.words, quiz.own] for quiz in made])
    return [quiz.pk for quiz in made]


def _papers(row: Assessment, bank: Bank, persons: Collection[int]) -> Iterable[Quiz]:
    words, by = words_of(row.company_id, persons), acting_person()
    own = [question.pk for question in own_questions(row.company_id, row.scheme)]
    for person in persons:
        yield Quiz(
            company_id=row.company_id,
            assessment=row,
            person_id=person,
            edition=bank.edition,
            words=list(words[person]),
            own=own,
            seed=secrets.token_hex(8),
            day=current().today,
            opened_by_id=by,
            at=current().at,
        )


def answer_quiz(*, quiz_id: int, question: str, option: int) -> None:
    """Raises NotAsked where it was answered before; the first answer stays."""
    quiz = quiz_seen(quiz_id)
    row = Assessment.objects.select_for_update().get(pk=quiz.assessment_id)
    if row.status != STATUS.RUNNING:
        raise NotAsked("考评已提交，不能再答题。")
    if not may_type(quiz):
        raise NotPermitted("这份题由本人作答，或由承担询问要点的考评人代为打开。")
    posed = {one.id: one for one in paper_of(quiz)}
    if question not in posed or not 0 <= option < len(posed[question].options):
        raise NotAsked("请选择一个答案。")
    if Reply.objects.filter(quiz=quiz, question=question).exists():
        raise NotAsked("这一题已经答过，不能再改。")
    Reply.objects.create(
        company_id=row.company_id,
        assessment=row,
        quiz=quiz,
        question=question,
        option=option,
        person_id=acting_person(),
        at=current().at,
    )
    note("quiz", row, [quiz.person_id, question, option])


def quiz_seen(quiz_id: int) -> Quiz:
    """By the person asked, and by whoever sees the assessment. Raises NotFound."""
    rows = Quiz.objects.select_related("person", "assessment")
    found = rows.filter(pk=quiz_id).first() if 0 < quiz_id <= LARGEST_ID else None
    if found is None or not (_own(found) or visible().filter(pk=found.assessment_id).exists()):
        raise NotFound(NO_QUIZ)
    return found


def may_type(quiz: Quiz) -> bool:
    """Whether the actor may give its answers: the person asked, or who hands over their own device."""
    return _own(quiz) or may_ask(quiz.assessment, bank_of(quiz.assessment.scheme, quiz.edition))


def may_ask(row: Assessment, bank: Bank) -> bool:
    served = {rule.rpartition(".")[0] for topic in bank.topics.values() for rule in topic.serves}
    return any(may_answer(row, item) for item in sorted(served))


def _own(quiz: Quiz) -> bool:
    return quiz.person_id == current().actor.person


def paper_of(quiz: Quiz, known: Mapping[int, OwnQuestion] | None = None) -> tuple[rules.Posed, ...]:
    """`known`: the company's questions, where several papers are laid out at once."""
    bank = bank_of(quiz.assessment.scheme, quiz.edition)
    if known is None:
        known = OwnQuestion.objects.in_bulk(quiz.own) if quiz.own else {}
    own = [_as_question(known[key], quiz.day) for key in quiz.own]
    return rules.paper(bank, own, quiz.words, quiz.seed, quiz.day)


def _as_question(one: OwnQuestion, day: date) -> QuizQuestion:
    return QuizQuestion(f"own.{one.pk}", one.topic, one.text, tuple(one.options), 0, since=day)


def own_questions(company_id: int, scheme_id: str) -> list[OwnQuestion]:
    """The company's own that are asked today."""
    rows = OwnQuestion.objects.filter(company=company_id, scheme=scheme_id, ended_at=None)
    return list(rows.select_related("person").order_by("pk"))


def words_of(company_id: int, persons: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Person -> the posts held today by their last word, then what everybody is."""
    today, held = current().today, dict[int, list[str]]()
    for holding in roster(company_id).holdings:
        if holding.span.holds(today):
            held.setdefault(holding.person, []).append(holding.position.rpartition(".")[2])
    drivers = {one.id for one in people(on=today, company_id=company_id, drivers=True)}
    return {
        person: (*sorted(held.get(person, ())), *((DRIVER,) if person in drivers else ()), EVERYBODY)
        for person in persons
    }


def asked_members(row: Assessment, bank: Bank) -> list[int]:
    """Everybody in the samples that the bank's rules name, as they are after replacements."""
    serves = {rule for topic in bank.topics.values() for rule in topic.serves}
    names = {rule.sample for rule in scheme(row).rules if rule.id in serves}
    found = [one for rule, one in drawn(row).items() if rule in names]
    return list(dict.fromkeys(member for one in found for member in sample_of(one).members))
