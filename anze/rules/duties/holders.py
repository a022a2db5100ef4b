"""Who holds a post on which days, and who may act for it.

Rule 1: a duty owed by the post starts with the post's first holder and does not rest while it is vacant.
Rule 2: a duty owed in person runs with each holder's own span.
Rule 3: a deputy's act counts only where the requirement allows it, only inside the cover, and never on a day
on which the deputy is on leave.
Rule 4: what is asked within the remit (分管范围) is asked of the units in it. A post whose holders have no
remit on file answers for all: silence excuses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from anze.rules.catalogue.model import Kind, OwedBy, Requirement
from anze.rules.evidence import Fact
from anze.rules.posts import Company, Holding, Remit, Span


class Owed(NamedTuple):
    """Days over which a requirement is owed, by a person or (None) by the post."""

    person: int | None
    since: date
    until: date | None


class PostHolders:
    """The holders of one position of one company."""

    def __init__(self, company: Company, position: str) -> None:
        self._from = company.judged_from
        self._holdings = [h for h in company.holdings if h.position == position]
        self._covers: dict[int, list[tuple[int, Span]]] = {}
        for cover in company.covers:
            self._covers.setdefault(cover.holding, []).append((cover.deputy, cover.span))
        self._away: dict[int, list[Span]] = {}
        for leave in company.leaves:
            self._away.setdefault(leave.person, []).append(leave.span)
        holders = {h.id: h.person for h in self._holdings}
        self._remits: dict[int, list[Remit]] = {}
        for remit in company.remits:
            if remit.holding in holders:
                self._remits.setdefault(holders[remit.holding], []).append(remit)
        self._subjects = company.subjects

    def owed(self, requirement: Requirement) -> tuple[Owed, ...]:
        if not self._holdings:
            return ()
        if requirement.owed_by is OwedBy.POST:
            return (Owed(None, max(self._from, min(h.span.since for h in self._holdings)), None),)
        return tuple(
            Owed(h.person, max(self._from, h.span.since), h.span.until)
            for h in self._holdings
            if h.span.until is None or h.span.until > self._from
        )

    def actors(self, requirement: Requirement, day: date) -> Mapping[int, int]:
        """Person who may act on the day -> holder for whom the act counts.

        A state may rest on a proof older than the holding: the certificate earned before the appointment.
        """
        if requirement.kind is Kind.STANDING:
            return {h.person: h.person for h in self._holdings}
        acting: dict[int, int] = {}
        for holding in self._holdings:
            if not holding.span.holds(day):
                continue
            acting[holding.person] = holding.person
            if requirement.deputy:
                for deputy in self._deputies(holding, day):
                    acting.setdefault(deputy, holding.person)
        return acting

    def subjects(self, requirement: Requirement) -> Mapping[int, Span]:
        """Subject -> the days over which the requirement is asked for it."""
        assert requirement.subject is not None
        known = self._subjects.get(requirement.subject, {})
        if not requirement.remit or not self._remits:
            return known
        charged: dict[int, Span] = {}
        for remit in (remit for remits in self._remits.values() for remit in remits):
            span = _common(remit.span, known.get(remit.unit))
            if span is not None:
                charged[remit.unit] = _hull(span, charged.get(remit.unit))
        return charged

    def outside(self, requirement: Requirement, fact: Fact, actors: Mapping[int, int]) -> frozenset[int]:
        """Those of `actors` for whom the record is about units beyond the holder's remit alone."""
        units = {subject for kind, subject in fact.subjects if kind == "department"}
        if not requirement.remit or requirement.subject is not None or not units:
            return frozenset()
        return frozenset(
            person
            for person, holder in actors.items()
            if (remits := self._remits.get(holder))
            and not any(r.unit in units and r.span.holds(fact.day) for r in remits)
        )

    def _deputies(self, holding: Holding, day: date) -> list[int]:
        return [
            deputy
            for deputy, span in self._covers.get(holding.id, ())
            if span.holds(day) and not any(away.holds(day) for away in self._away.get(deputy, ()))
        ]


def _common(one: Span, other: Span | None) -> Span | None:
    if other is None:
        return None
    since = max(one.since, other.since)
    until = min((end for end in (one.until, other.until) if end is not None), default=None)
    return Span(since, until) if until is None or since < until else None


def _hull(one: Span, other: Span | None) -> Span:
    """From the first day to the last: an obligation is laid out once for a subject and period."""
    if other is None:
        return one
    until = None if one.until is None or other.until is None else max(one.until, other.until)
    return Span(min(one.since, other.since), until)
