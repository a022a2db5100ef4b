"""What somebody was taught in a year or month, against what must be spoken of.

Rule 1: a topic is taught by a session of a kind that counts, which the person attended and which names it.
Rule 2: who was not employed for the whole of a period owes nothing in it, and what was taught is shown.
道路旅客运输企业安全管理规范，驾驶员日常安全培训。
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anze.rules.catalogue.dossier_model import TopicsRule, TopicsTerm, in_force
from anze.rules.dossiers.training_hours import Progress, progress_of
from anze.rules.periods import Period, period_of


@dataclass(frozen=True, slots=True)
class Taught:
    """A session that a person attended, and what it was about."""

    fact: int
    day: date
    kind: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Topics:
    rule: TopicsRule
    term: TopicsTerm
    period: Period
    progress: Progress
    missing: tuple[str, ...]  # in the order of the rule
    until: date | None  # the next day on which the progress can change without a record
    facts: tuple[int, ...]


def topics_of(
    rule: TopicsRule,
    taught: Iterable[Taught],
    on: date,
    *,
    day: date,
    joined: date,
    left: date | None = None,
) -> Topics | None:
    """Of the period that contains `day`, as of `on`. None: nothing is asked yet."""
    term = in_force(rule.terms, day)
    if term is None:
        return None
    period = period_of(term.every, day)
    counted = [
        s
        for s in taught
        if s.kind in rule.kinds and period.since <= s.day < period.until and s.topics & set(term.asks)
    ]
    missing = tuple(topic for topic in term.asks if not any(topic in s.topics for s in counted))
    whole = joined <= period.since and (left is None or left >= period.until)
    progress = progress_of(not missing, whole=whole, over=on >= period.until)
    until = period.until if progress is Progress.RUNNING else None
    return Topics(rule, term, period, progress, missing, until, tuple(s.fact for s in counted))
