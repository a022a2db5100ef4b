"""What the replies of a sample say of the rules that they serve: worked out each time, never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anze.records.acting.context import current
from anze.records.assessments.access import scheme
from anze.records.assessments.models import Assessment, OwnQuestion, Quiz, Reply
from anze.records.assessments.quizzing import asked_members, paper_of
from anze.records.duties.rows import names_of
from anze.records.lawbook import bank_of, lawbook
from anze.rules import quizzes as rules
from anze.rules.catalogue.quiz_model import Bank

MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Paper:
    """Of one person, with what was replied so far."""

    quiz_id: int
    bank: Bank
    total: int
    results: Mapping[str, rules.TopicResult]


@dataclass(frozen=True, slots=True)
class QuizSays:
    """A proposal with names. `count` None: somebody has yet to answer."""

    topic: str
    asked: Sequence[str]
    unclear: Sequence[str]
    waiting: Sequence[str]
    count: int | None

    @property
    def reason(self) -> str:
        """询问 3 人，1 人不清：张三."""
        whole = f"询问 {len(self.asked)} 人"
        if not self.unclear:
            return f"{whole}，都清楚"
        return f"{whole}，{len(self.unclear)} 人不清：{_named(self.unclear)}"

    @property
    def who(self) -> str:
        return _named(self.asked)


def quiz_says(row: Assessment) -> dict[str, QuizSays]:
    """Rule -> what the sample's replies say; empty before anybody was asked."""
    scope, key = current(), ("assessments.quiz", row.pk)
    if key not in scope.memo:
        scope.memo[key] = _says(row)
    known: dict[str, QuizSays] = scope.memo[key]
    return known


def papers(row: Assessment) -> dict[int, Paper]:
    """Person -> their paper, of all at once."""
    scope, key = current(), ("assessments.papers", row.pk)
    if key not in scope.memo:
        scope.memo[key] = _papers(row)
    known: dict[int, Paper] = scope.memo[key]
    return known


def _says(row: Assessment) -> dict[str, QuizSays]:
    bank, known = lawbook().banks.get(row.scheme), papers(row)
    if bank is None or not known:
        return {}
    members = asked_members(row, bank)
    names = names_of(set(members), set())
    results = {member: known[member].results if member in known else None for member in members}

    def named(people: Sequence[int]) -> list[str]:
        return [names.get(("person", person), "") for person in people]

    return {
        rule: QuizSays(
            bank.topics[one.topic].name, named(one.asked), named(one.unclear), named(one.waiting), one.count
        )
        for rule, one in rules.proposals(bank, scheme(row), results).items()
    }


def _papers(row: Assessment) -> dict[int, Paper]:
    quizzes = list(Quiz.objects.filter(assessment=row))
    if not quizzes:
        return {}
    replies: dict[int, dict[str, int]] = {}
    rows = Reply.objects.filter(assessment=row).values_list("quiz", "question", "option")
    for quiz_id, question, option in rows:
        replies.setdefault(quiz_id, {})[question] = option
    wanted = {key for quiz in quizzes for key in quiz.own}
    own = OwnQuestion.objects.in_bulk(wanted) if wanted else {}
    found = {}
    for quiz in quizzes:
        quiz.assessment = row
        bank, posed = bank_of(row.scheme, quiz.edition), paper_of(quiz, own)
        results = rules.results(bank, posed, replies.get(quiz.pk, {}), quiz.day)
        found[quiz.person_id] = Paper(quiz.pk, bank, len(posed), results)
    return found


def _named(people: Sequence[str]) -> str:
    more = f"等 {len(people)} 人" if len(people) > MOST_NAMES else ""
    return "、".join(people[:MOST_NAMES]) + more
