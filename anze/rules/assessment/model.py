"""What goes into an assessment: answers of facts and of persons, and what does not apply.

Rule 1: an answer is a count: how often the deduction applies, 0 for not at all. Of a veto 1 means not met; of
an item without printed deductions it is the points that a person takes off.
Rule 2: an answer of facts names them; an answer of a person names the person; one that overrules another
answer also has a reason. The overruled answer stays beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from anze.rules.catalogue.schemes import Deduct, Rule, Scheme, Veto
from anze.rules.evidence import Fact, Part


class How(StrEnum):
    """Who answered; a later one speaks over an earlier one."""

    AUTOMATIC = "automatic"  # decided from facts
    ASKED = "asked"  # judged by a person
    OVERRULED = "overruled"  # a person says otherwise than the answer that stood


_RANK = {how: place for place, how in enumerate(How)}


class AnswerError(Exception):
    """An answer that cannot be taken; the text can be shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """To one deduction or veto (`condition`)."""

    condition: str
    count: int
    how: How
    facts: tuple[int, ...] = ()
    subjects: tuple[int, ...] = ()  # whom it is about: the vehicles without a file
    matters: tuple[str, ...] = ()  # which of the rule's matters are counted
    person: int | None = None
    reason: str = ""
    until: date | None = None  # of facts: the first day on which it can change without new ones


@dataclass(frozen=True, slots=True)
class Omission:
    """An item that does not apply: a person says so, with a reason."""

    item: str
    person: int
    reason: str


class Entry(NamedTuple):
    """A record with as much of it as answers a deduction; a `Fact` that is quick to make."""

    id: int
    kind: str
    day: date
    valid_until: date | None = None  # exclusive
    about: int | None = None
    numbers: Mapping[str, Fraction] = MappingProxyType({})
    choices: Mapping[str, str] = MappingProxyType({})
    parts: tuple[Part, ...] = ()
    subjects: Collection[tuple[str, int]] = ()


@dataclass(frozen=True)
class Books:
    """What a company has on record here.

    kept: kind -> since when every record of this kind is kept here; without it, no record means nothing.
    populations: who is there on the day asked about: vehicle, driver, employee, department, and the holders
    of posts as employees. since: first day of the assessed period; None: the last twelve months.
    """

    facts: tuple[Fact | Entry, ...] = ()
    kept: Mapping[str, date] = field(default_factory=dict)
    populations: Mapping[str, frozenset[int]] = field(default_factory=dict)
    since: date | None = None

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Fact | Entry, ...]]:
        """Facts of each kind by day."""
        kinds: dict[str, list[Fact | Entry]] = {}
        for fact in self.facts:
            kinds.setdefault(fact.kind, []).append(fact)
        return {kind: tuple(sorted(found, key=attrgetter("day", "id"))) for kind, found in kinds.items()}


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The answer that counts for a condition, and those it spoke over."""

    answer: Answer
    over: tuple[Answer, ...] = ()


def settle(scheme: Scheme, answers: Iterable[Answer]) -> dict[str, Standpoint]:
    """The answer that counts for each condition. Raises AnswerError."""
    conditions: dict[str, Rule | Veto] = {rule.id: rule for rule in scheme.rules}
    conditions |= {veto.id: veto for veto in scheme.vetoes}
    given: dict[str, dict[How, Answer]] = {}
    for answer in answers:
        if answer.condition not in conditions:
            raise AnswerError(f"标准“{scheme.name}”中没有“{answer.condition}”。")
        if answer.how in given.setdefault(answer.condition, {}):
            raise AnswerError(f"“{answer.condition}”有两个同类的判定，只能保留一个。")
        _check(answer, conditions[answer.condition])
        given[answer.condition][answer.how] = answer
    return {condition: _speaking(condition, by_how) for condition, by_how in given.items()}


def _speaking(condition: str, by_how: Mapping[How, Answer]) -> Standpoint:
    ranked = [by_how[how] for how in sorted(by_how, key=_RANK.__getitem__, reverse=True)]
    if ranked[0].how is How.OVERRULED and len(ranked) == 1:
        raise AnswerError(f"“{condition}”没有可以改判的判定。")
    return Standpoint(ranked[0], tuple(ranked[1:]))


def _check(answer: Answer, condition: Rule | Veto) -> None:
    if answer.how is not How.AUTOMATIC and answer.person is None:
        raise AnswerError(f"“{answer.condition}”没有写明由谁判定。")
    if answer.how is How.OVERRULED and not answer.reason.strip():
        raise AnswerError(f"改判“{answer.condition}”须写明原因。")
    if answer.count < 0 or answer.count > _most(condition):
        raise AnswerError(
            f"“{answer.condition}”的数目 {answer.count} 不对，应在 0 到 {_most(condition)} 之间。"
        )
    if isinstance(condition, Rule) and condition.matters:
        _check_matters(answer, condition)


def _check_matters(answer: Answer, rule: Rule) -> None:
    known = {matter.id for matter in rule.matters}
    if len(set(answer.matters)) != answer.count or not known.issuperset(answer.matters):
        raise AnswerError(f"“{answer.condition}”须逐一写明所扣的是哪几项。")


MOST = 100_000  # counted things of one rule: a number beyond it is a slip of the keyboard


def _most(condition: Rule | Veto) -> int:
    if isinstance(condition, Veto):
        return 1
    return {Deduct.ALL: 1, Deduct.FIXED: 1, Deduct.PER: MOST, Deduct.JUDGED: condition.points}[
        condition.deduct
    ]
