"""Who holds a post on which days, and who may act for it.

Rule 1: a duty owed by the post starts with the post's first holder and does not rest while it is vacant.
Rule 2: a duty owed in person runs with each holder's own span.
Rule 3: a deputy's act counts only where the requirement allows it, and only inside the cover.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from anze.rules.catalogue.model import Kind, OwedBy, Requirement
from anze.rules.posts import Company, Holding, Span


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

    def _deputies(self, holding: Holding, day: date) -> list[int]:
        return [deputy for deputy, span in self._covers.get(holding.id, ()) if span.holds(day)]
