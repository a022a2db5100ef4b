"""Which numbers apply to a company on which days.

Rule 1: the company's own commitment speaks before the place, the place before the nation.
Rule 2: where the rhythm stays the same, a change inside a period takes effect from the next period, and the
period is judged whole by the term in force on its first day; where the rhythm itself changes (quarterly to
monthly), the periods are cut on the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from anze.rules.catalogue.model import Catalogue, Kind, Layer, Requirement, Term
from anze.rules.periods import WorkCalendar, period_of
from anze.rules.posts import Company

RANK = {Layer.NATIONAL: 0, Layer.PLACE: 1, Layer.COMPANY: 2}


class TermWindow(NamedTuple):
    """A term and the half-open days it governs."""

    term: Term
    since: date
    until: date | None


class Rulebook:
    """The requirements of one trade in one place, resolved once and shared by its companies."""

    def __init__(self, catalogue: Catalogue, trade: str, area: str) -> None:
        self.catalogue = catalogue
        self.calendar = WorkCalendar(catalogue.calendar)
        overlays = [
            o for o in catalogue.overlays.values() if trade in o.trades and area.startswith(tuple(o.areas))
        ]
        self.positions = catalogue.positions_of(trade)
        self.requirements: dict[str, Requirement] = {r.id: r for p in self.positions for r in p.requirements}
        self._place_terms = {
            requirement_id: tuple(t for o in overlays for t in o.terms.get(requirement_id, ()))
            for requirement_id in self.requirements
        }
        self._windows: dict[str, tuple[TermWindow, ...]] = {}

    def windows(self, requirement: Requirement, commitments: Sequence[Term] = ()) -> tuple[TermWindow, ...]:
        """The terms that govern the requirement, in order of days, without overlap."""
        if commitments:
            return term_windows(self._layered(requirement, commitments), requirement.ends)
        known = self._windows.get(requirement.id)
        if known is None:
            known = self._windows[requirement.id] = term_windows(
                self._layered(requirement, ()), requirement.ends
            )
        return known

    def proving_with(self, kinds: Iterable[str]) -> frozenset[str]:
        """Ids of the requirements that a record of one of these kinds can prove, open or invite to."""
        wanted = frozenset(kinds)
        return frozenset(
            r.id
            for r in self.requirements.values()
            if wanted.intersection(r.triggers) or any(p.kind in wanted for p in r.proofs)
        )

    def terms(self, requirement_id: str) -> tuple[Term, ...]:
        """Of nation and place, those that speak, in order of days; none where the company must commit."""
        return self._layered(self.requirements[requirement_id], ())

    def reads_like(self, other: Rulebook, requirement_id: str) -> bool:
        """Whether both ask the same under this id. Whoever corrects an error reads otherwise."""
        mine, theirs = self.requirements.get(requirement_id), other.requirements.get(requirement_id)
        if mine is theirs is None:
            return True
        return (
            (mine is theirs or mine == theirs)
            and self._place_terms[requirement_id] == other._place_terms[requirement_id]
            and self.catalogue.recording == other.catalogue.recording
        )

    def _layered(self, requirement: Requirement, commitments: Sequence[Term]) -> tuple[Term, ...]:
        terms = (*requirement.terms, *self._place_terms[requirement.id], *commitments)
        if requirement.kind is Kind.COMMITTED:
            terms = tuple(commitments)
        return speaking(terms)


def speaking(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Those of layered terms that speak, ascending: from each day the newest of the highest layer."""
    result: list[Term] = []
    for day in sorted({t.since for t in terms}):
        begun = [t for t in terms if t.since <= day]
        top = max(begun, key=lambda t: (RANK[t.layer], t.since))
        if not result or result[-1] is not top:
            result.append(top)
    return tuple(result)


def term_windows(terms: Sequence[Term], ends: date | None) -> tuple[TermWindow, ...]:
    windows: list[TermWindow] = []
    since = terms[0].since if terms else date.max
    for index, term in enumerate(terms):
        until = _boundary(term, terms[index + 1]) if index + 1 < len(terms) else ends
        if until is None or since < until:
            windows.append(TermWindow(term, since, until))
        since = until or date.max
    return tuple(windows)


def _boundary(term: Term, following: Term) -> date:
    if term.every is None or term.every is not following.every:
        return following.since
    period = period_of(term.every, following.since)
    return following.since if period.since == following.since else period.until


def commitments_by_requirement(company: Company) -> Mapping[str, list[Term]]:
    grouped: dict[str, list[Term]] = {}
    for commitment in company.commitments:
        grouped.setdefault(commitment.requirement, []).append(commitment.term)
    return grouped
