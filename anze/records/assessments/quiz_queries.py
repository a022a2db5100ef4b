"""Quizzes as pages show them: who of the sample has answered, what it says of each rule, and one paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.context import current
from anze.records.assessments import words
from anze.records.assessments.access import STATUS, scheme, seen, visible
from anze.records.assessments.models import Assessment, Quiz, Reply
from anze.records.assessments.quiz_results import Paper, QuizSays, papers, quiz_says
from anze.records.assessments.quizzing import (
    asked_members,
    may_ask,
    may_type,
    own_questions,
    paper_of,
    quiz_seen,
)
from anze.records.assessments.scoring import standing
from anze.records.duties.rows import names_of
from anze.records.lawbook import bank_of, lawbook
from anze.rules import quizzes as rules
from anze.rules.catalogue.quiz_model import Bank


@dataclass(frozen=True, slots=True)
class TopicRow:
    """`clear` None: not wholly answered."""

    name: str
    asked: int
    answered: int
    right: int
    clear: bool | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One member of the sample. `quiz_id` None: no paper yet."""

    person_id: int
    name: str
    quiz_id: int | None
    total: int
    answered: int
    topics: Sequence[TopicRow]

    @property
    def done(self) -> bool:
        return self.quiz_id is not None and self.answered == self.total


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """`words`: what the replies come to; `said`: what was judged; empty: nothing yet."""

    item: str
    number: str
    says: QuizSays
    words: str
    said: str


@dataclass(frozen=True, slots=True)
class Asking:
    """`bank` None: the standard has no questions."""

    bank: Bank | None
    rows: Sequence[AskedRow] = ()
    proposals: Sequence[ProposalRow] = ()
    blank: Sequence[str] = ()  # topics about which nothing can be asked yet
    may_ask: bool = False

    @property
    def unopened(self) -> int:
        return sum(row.quiz_id is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """`by`: whose account it was typed under, where it was not the person's own."""

    text: str
    chosen: str
    right: str
    correct: bool
    cite: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class QuizPage:
    """`next` None: nothing is left to answer, or not by the actor. `team`: who sees the assessment."""

    quiz_id: int
    assessment_id: int
    title: str
    name: str
    total: int
    answered: int
    next: rules.Posed | None
    topics: Sequence[TopicRow]
    lines: Sequence[ReplyLine]
    team: bool

    @property
    def number(self) -> int:
        return self.answered + 1


@dataclass(frozen=True, slots=True)
class OwnQuestionRow:
    id: int
    topic: str
    text: str
    options: Sequence[str]  # the right one first
    by: str
    at: datetime


def asking(assessment_id: int) -> Asking:
    """Raises NotFound."""
    row = seen(assessment_id)
    bank = lawbook().banks.get(row.scheme)
    if bank is None:
        return Asking(None)
    members = asked_members(row, bank)
    names, known = names_of(set(members), set()), papers(row)
    rows = [_asked(member, names.get(("person", member), ""), known.get(member)) for member in members]
    counts = {one.condition: one.count for one in standing(row) if not one.review}
    found = [_proposal(row, rule, says, counts) for rule, says in quiz_says(row).items()]
    open_now = row.status == STATUS.RUNNING
    blank = _blank(row, bank) if open_now else ()
    return Asking(bank, rows, found, blank, open_now and may_ask(row, bank))


def _blank(row: Assessment, bank: Bank) -> list[str]:
    written = {one.topic for one in bank.questions}
    written |= {one.topic for one in own_questions(row.company_id, row.scheme)}
    return [one.name for one in bank.topics.values() if not one.duties and one.id not in written]


def _asked(member: int, name: str, paper: Paper | None) -> AskedRow:
    if paper is None:
        return AskedRow(member, name, None, 0, 0, ())
    answered = sum(one.answered for one in paper.results.values())
    return AskedRow(member, name, paper.quiz_id, paper.total, answered, _topics(paper.bank, paper.results))


def _topics(bank: Bank, results: Mapping[str, rules.TopicResult]) -> list[TopicRow]:
    return [
        TopicRow(bank.topics[key].name, one.asked, one.answered, one.right, one.clear)
        for key, one in results.items()
    ]


def _proposal(row: Assessment, rule_id: str, says: QuizSays, counts: Mapping[str, int]) -> ProposalRow:
    rule = next(rule for rule in scheme(row).rules if rule.id == rule_id)
    return ProposalRow(
        rule.item,
        words.condition_named(rule_id),
        says,
        "" if says.count is None else words.count_named(rule, says.count),
        words.count_named(rule, counts[rule_id]) if rule_id in counts else "",
    )


def quiz_page(quiz_id: int) -> QuizPage:
    """Raises NotFound."""
    quiz = quiz_seen(quiz_id)
    row, bank, posed = quiz.assessment, bank_of(quiz.assessment.scheme, quiz.edition), paper_of(quiz)
    replies = {one.question: one for one in Reply.objects.filter(quiz=quiz).select_related("person")}
    chosen = {key: one.option for key, one in replies.items()}
    waiting = [one for one in posed if one.id not in replies]
    open_now = row.status == STATUS.RUNNING and may_type(quiz)
    return QuizPage(
        quiz_id=quiz.pk,
        assessment_id=row.pk,
        title=row.title,
        name=quiz.person.name,
        total=len(posed),
        answered=len(replies),
        next=waiting[0] if waiting and open_now else None,
        topics=() if waiting else _topics(bank, rules.results(bank, posed, chosen, quiz.day)),
        lines=() if waiting else [_line(quiz, one, replies[one.id]) for one in posed],
        team=visible().filter(pk=row.pk).exists(),
    )


def _line(quiz: Quiz, posed: rules.Posed, reply: Reply) -> ReplyLine:
    known = lawbook().instruments
    cite = "、".join(f"《{known[one.instrument].name}》{one.clause}" for one in posed.cite)
    return ReplyLine(
        posed.text,
        posed.options[reply.option],
        posed.options[posed.right],
        reply.option == posed.right,
        cite,
        reply.at,
        "" if reply.person_id == quiz.person_id else reply.person.name,
    )


@dataclass(frozen=True, slots=True)
class WaitingQuiz:
    quiz_id: int
    title: str
    at: datetime


def waiting_for_me() -> list[WaitingQuiz]:
    """Papers of the actor that are not wholly answered, in assessments that are running."""
    rows = Quiz.objects.filter(person=current().actor.person or 0, assessment__status=STATUS.RUNNING)
    return [
        WaitingQuiz(one.pk, one.assessment.title, one.at)
        for one in rows.select_related("assessment").order_by("pk")
        if Reply.objects.filter(quiz=one).count() < len(paper_of(one))
    ]


def own(company_id: int, scheme_id: str) -> list[OwnQuestionRow]:
    """The company's own questions that are asked today."""
    topics = lawbook().banks[scheme_id].topics
    return [
        OwnQuestionRow(one.pk, topics[one.topic].name, one.text, one.options, one.person.name, one.at)
        for one in own_questions(company_id, scheme_id)
        if one.topic in topics
    ]
