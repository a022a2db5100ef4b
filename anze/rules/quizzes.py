"""Quizzes (询问): what a drawn person is asked, and what the answers say of an oral rule.

Rule 1: questions and the order of their options follow from the bank, the words for the person, the seed and
the day: whoever has the four gets the same paper.
Rule 2: "which of these is your duty" is made from the lines of the person's post; the wrong options are lines
of posts that the person does not hold.
Rule 3: somebody is unclear on a topic when fewer answers are right than its pass mark asks for; where there
are fewer questions than it asks, the same share of them, rounded up.
Rule 4: a rule gets a proposal once everybody in the sample has answered: one count for each who is unclear
(有1人不清扣1分), one in all where it deducts once. Nobody is counted for a topic that asked them nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from anze.rules.catalogue.model import Citation
from anze.rules.catalogue.quiz_model import Bank, DutyLine, QuizQuestion, Topic
from anze.rules.catalogue.schemes import Deduct, Rule, Scheme

WRONG_DUTIES = 3  # offered beside the right one
WHICH = "下列哪一项是您的岗位应当履行的安全职责？"


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as one person gets it. `right`: place among these options."""

    id: str
    topic: str
    text: str
    options: tuple[str, ...]
    right: int
    cite: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class TopicResult:
    """`needed`: right answers that pass."""

    topic: str
    asked: int
    answered: int
    right: int
    needed: int

    @property
    def clear(self) -> bool | None:
        """None: not everything is answered yet."""
        return self.right >= self.needed if self.answered == self.asked else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the answers say of a rule. `count` None: somebody has yet to answer."""

    rule: str
    topic: str
    asked: tuple[int, ...]  # people whose answers are all there
    unclear: tuple[int, ...]
    waiting: tuple[int, ...]
    count: int | None


def paper(
    bank: Bank, own: Iterable[QuizQuestion], words: Sequence[str], seed: str, day: date
) -> tuple[Posed, ...]:
    """`own`: the company's questions. `words`: posts held, then `driver` and `employee`, weightiest first."""
    questions = [q for q in (*bank.questions, *own) if _asks(q, words, day)]
    return tuple(
        posed for topic in bank.topics.values() for posed in _of_topic(topic, questions, words, seed, day)
    )


def results(
    bank: Bank, posed: Iterable[Posed], chosen: Mapping[str, int], day: date
) -> dict[str, TopicResult]:
    """`chosen`: question -> place among the options as posed. Topics that asked nothing are left out."""
    by_topic: dict[str, list[Posed]] = {}
    for one in posed:
        by_topic.setdefault(one.topic, []).append(one)
    return {key: _result(bank.topics[key], several, chosen, day) for key, several in by_topic.items()}


def proposals(
    bank: Bank, scheme: Scheme, members: Mapping[int, Mapping[str, TopicResult] | None]
) -> dict[str, Proposal]:
    """By rule. `members`: everybody in the sample; None: no paper was opened for them."""
    rules = {rule.id: rule for rule in scheme.rules}
    found = (
        _proposal(topic, rules[rule], members)
        for topic in bank.topics.values()
        for rule in topic.serves
        if rule in rules
    )
    return {one.rule: one for one in found if one is not None}


def _asks(question: QuizQuestion, words: Sequence[str], day: date) -> bool:
    if day < question.since or (question.until is not None and day >= question.until):
        return False
    return not question.posts or not question.posts.isdisjoint(words)


def _of_topic(
    topic: Topic, questions: Sequence[QuizQuestion], words: Sequence[str], seed: str, day: date
) -> list[Posed]:
    mark = topic.mark_on(day)
    if mark is None:
        return []
    asked = [_posed(q, seed) for q in questions if q.topic == topic.id]
    asked += [_duty(topic, line, wrong, seed) for line, wrong in _duties(topic, words, seed)]
    return sorted(asked, key=lambda one: _rank(seed, one.id))[: mark.asks]


def _duties(topic: Topic, words: Sequence[str], seed: str) -> list[tuple[DutyLine, list[DutyLine]]]:
    """Lines of the first of the person's posts that has any, each with lines that are not theirs."""
    own = next((topic.duties[word] for word in words if word in topic.duties), ())
    others = [line for post, lines in topic.duties.items() if post not in words for line in lines]
    if not others:
        return []
    return [
        (line, sorted(others, key=lambda one: _rank(seed, line.id, one.id))[:WRONG_DUTIES]) for line in own
    ]


def _duty(topic: Topic, line: DutyLine, wrong: Sequence[DutyLine], seed: str) -> Posed:
    options = (line.text, *(one.text for one in wrong))
    return _shuffled(line.id, topic.id, WHICH, options, 0, line.cite, seed)


def _posed(question: QuizQuestion, seed: str) -> Posed:
    return _shuffled(
        question.id, question.topic, question.text, question.options, question.right, question.cite, seed
    )


def _shuffled(
    key: str,
    topic: str,
    text: str,
    options: tuple[str, ...],
    right: int,
    cite: tuple[Citation, ...],
    seed: str,
) -> Posed:
    order = sorted(range(len(options)), key=lambda place: _rank(seed, key, str(place)))
    return Posed(key, topic, text, tuple(options[place] for place in order), order.index(right), cite)


def _result(topic: Topic, posed: Sequence[Posed], chosen: Mapping[str, int], day: date) -> TopicResult:
    mark = topic.mark_on(day)
    assert mark is not None, "the topic asked on this day"
    right = sum(chosen.get(one.id) == one.right for one in posed)
    answered = sum(one.id in chosen for one in posed)
    return TopicResult(
        topic.id, len(posed), answered, right, ceil(min(len(posed), mark.asks) * mark.passes / mark.asks)
    )


def _proposal(
    topic: Topic, rule: Rule, members: Mapping[int, Mapping[str, TopicResult] | None]
) -> Proposal | None:
    asked: dict[int, bool] = {}
    waiting = []
    for person, found in members.items():
        result = None if found is None else found.get(topic.id)
        if found is None or (result is not None and result.clear is None):
            waiting.append(person)
        elif result is not None:
            asked[person] = bool(result.clear)
    unclear = tuple(person for person, clear in asked.items() if not clear)
    if not asked and not waiting:
        return None
    once = rule.deduct is not Deduct.PER
    count = None if waiting else min(1, len(unclear)) if once else len(unclear)
    return Proposal(rule.id, topic.id, tuple(asked), unclear, tuple(waiting), count)


def _rank(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode()).digest()
