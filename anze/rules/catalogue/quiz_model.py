"""Question banks (询问题库) as frozen objects: what drawn people are asked for the oral rules of a standard.

Rule 1: a topic serves rules of one scheme; how many questions it asks and how many must be right is dated.
Rule 2: a question or a line of duties that was published never changes: a wrong question ends with a day,
`until`, and another begins under an id of its own. A further pass mark is a further day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from anze.rules.catalogue.model import Citation

EVERYBODY, DRIVER = "employee", "driver"  # words for people beside those for the posts they hold


@dataclass(frozen=True, slots=True)
class PassMark:
    """Of a topic: so many questions, and how many of the answers must be right."""

    since: date
    asks: int
    passes: int
    cite: tuple[Citation, ...]
    verified: str | None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty of a post in the words of its source: the question "which is yours" is made of such lines."""

    id: str  # duties.principal.3
    post: str
    text: str
    cite: tuple[Citation, ...]
    verified: str | None


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """One option is right. `posts`: only people with one of these words are asked; empty: everybody."""

    id: str
    topic: str
    text: str
    options: tuple[str, ...]
    right: int  # place among the options, from 0
    since: date
    until: date | None = None  # exclusive
    posts: frozenset[str] = frozenset()
    cite: tuple[Citation, ...] = ()
    verified: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    name: str
    serves: tuple[str, ...]  # rules of the scheme
    marks: tuple[PassMark, ...]  # ascending
    duties: Mapping[str, tuple[DutyLine, ...]]  # post -> its lines

    def mark_on(self, day: date) -> PassMark | None:
        come = [mark for mark in self.marks if mark.since <= day]
        return come[-1] if come else None


@dataclass(frozen=True, slots=True)
class Bank:
    """Of one scheme, whose id it has."""

    scheme: str
    name: str
    topics: Mapping[str, Topic]
    questions: tuple[QuizQuestion, ...]
    edition: str = ""


def bank_departures(old: Bank, new: Bank | None, edition: str) -> Iterator[tuple[str, str]]:
    """Problem and remedy for everything that the new file may not do to the one of an older edition."""
    if new is None:
        yield f"题库“{old.scheme}”在版本 {edition} 中有，现已不见", "恢复此文件；按它出过的题还要用它"
        return
    known = _substance(new)
    for key, was in _substance(old).items():
        if key not in known:
            yield f"“{key}”在版本 {edition} 中有，现已不见", "恢复这一项；不再问的题写 until"
        elif known[key] != was:
            yield f"“{key}”与版本 {edition} 不同", "恢复旧的；题目写错了，写 until 停用，另起一个编号"


def _substance(bank: Bank) -> dict[str, object]:
    """What a published id stands for; when a question ends and who verified it may be said later."""
    found: dict[str, object] = {q.id: replace(q, until=None, cite=(), verified=None) for q in bank.questions}
    for topic in bank.topics.values():
        found |= {line.id: (line.post, line.text) for lines in topic.duties.values() for line in lines}
        found |= {f"{topic.id} {mark.since}": (mark.asks, mark.passes) for mark in topic.marks}
        found[topic.id] = topic.serves
    return found
