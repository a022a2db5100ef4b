"""Which numbers apply to a company on which days.

Rule 1: of each source (the printed text, each overlay, the company) the newest number counts; of those the
strictest speaks. At equal strength the nearer one does: the company before the city, the city before the
province, the province before the nation.
Rule 2: where the rhythm stays the same, a change inside a period takes effect from the next period, and the
period is judged whole by the term in force on its first day; where the rhythm itself changes (quarterly to
monthly), the periods are cut on the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from anze.rules.catalogue.editions import RECORDING, file_of, overlay_file
from anze.rules.catalogue.model import Catalogue, Kind, Layer, Misreading, Overlay, Requirement, Term
from anze.rules.catalogue.strength import weaker
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
        here = [o for o in catalogue.overlays.values() if trade in o.trades and _reach(o, area)]
        overlays = self._overlays = sorted(here, key=lambda o: (_reach(o, area), o.id))
        self.positions = catalogue.positions_of(trade)
        self.requirements: dict[str, Requirement] = {r.id: r for p in self.positions for r in p.requirements}
        self._editions = {**catalogue.editions, **{file_of(p.id): p.edition for p in self.positions}}
        self._place_terms = {
            requirement_id: tuple(t for o in overlays for t in o.terms.get(requirement_id, ()))
            for requirement_id in self.requirements
        }
        self._windows: dict[str, tuple[TermWindow, ...]] = {}

    def windows(self, requirement: Requirement, commitments: Sequence[Term] = ()) -> tuple[TermWindow, ...]:
        """The terms that govern the requirement, in order of days, without overlap."""
        if commitments or requirement.id not in self.requirements:  # a company's own: not the book's to keep
            return term_windows(self._layered(requirement, commitments), requirement.ends)
        known = self._windows.get(requirement.id)
        if known is None:
            known = self._windows[requirement.id] = term_windows(
                self._layered(requirement, ()), requirement.ends
            )
        return known

    def asked_of(self, requirement: Requirement, day: date) -> tuple[Term, ...]:
        """What text and place ask on a day, the strictest first: the least that a company may set itself."""
        return ranked((*requirement.terms, *self._place_terms.get(requirement.id, ())), day)

    def days_of_change(self, requirement: Requirement) -> tuple[date, ...]:
        """The days on which text or place begins to ask something else."""
        terms = (*requirement.terms, *self._place_terms.get(requirement.id, ()))
        return tuple(sorted({term.since for term in terms}))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Of record, that prove, open or invite to any requirement."""
        asked = self.requirements.values()
        return frozenset(kind for r in asked for kind in (*r.triggers, *(p.kind for p in r.proofs)))

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
            and self.misreadings(requirement_id) == other.misreadings(requirement_id)
        )

    def place_speaks(self, requirement_id: str) -> bool:
        """Whether any overlay over the area says something of the demand, or corrects what it said."""
        return any(requirement_id in o.terms or requirement_id in o.corrects for o in self._overlays)

    def edition_of(self, file: str) -> str | None:
        """Of a duty file, an overlay or a limit; None: the book has no such file."""
        return self._editions.get(file)

    def misreadings(self, requirement_id: str) -> tuple[tuple[str, Misreading], ...]:
        """Our own errors about this demand, each with its file: list, place, recording limit."""
        requirement = self.requirements[requirement_id]
        named = [(file_of(requirement.position), requirement.corrects)]
        named += [(overlay_file(o.id), o.corrects.get(requirement_id, ())) for o in self._overlays]
        named.append((RECORDING, self.catalogue.corrects.get(RECORDING, ())))
        return tuple((file, misreading) for file, corrects in named for misreading in corrects)

    def errors_of(self, earlier: Rulebook, requirement_id: str) -> tuple[tuple[str, Misreading], ...]:
        """Of the errors named here, those that an earlier book judged the demand by."""
        named = self.misreadings(requirement_id)
        return tuple((file, m) for file, m in named if m.edition == earlier.edition_of(file))

    def _layered(self, requirement: Requirement, commitments: Sequence[Term]) -> tuple[Term, ...]:
        terms = (*requirement.terms, *self._place_terms.get(requirement.id, ()), *commitments)
        if requirement.kind is Kind.COMMITTED:
            terms = tuple(commitments)
        return speaking(terms)


def speaking(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Those of layered terms that speak, ascending; what was withdrawn leaves the word to the next."""
    result: list[Term] = []
    last: Term | None = None
    for day in sorted({t.since for t in terms} | {t.ends for t in terms if t.ends is not None}):
        strictest = next(iter(ranked(terms, day)), None)
        if strictest is not None and strictest is not last:
            result.append(strictest if strictest.since == day else replace(strictest, since=day))
            last = strictest
    return tuple(result)


def ranked(terms: Sequence[Term], day: date) -> tuple[Term, ...]:
    """The newest term of each source on a day, the one that speaks first."""
    newest: dict[tuple[Layer, str | None], Term] = {}
    for term in sorted(terms, key=lambda t: t.since):
        if term.since <= day and (term.ends is None or day < term.ends):
            newest[term.layer, term.overlay] = term
    order = [t for t in terms if newest.get((t.layer, t.overlay)) is t]
    found: list[Term] = []
    for term in sorted(order, key=lambda t: RANK[t.layer]):
        place = next((i for i, other in enumerate(found) if not weaker(term, other)), len(found))
        found.insert(place, term)
    return tuple(found)


def _reach(overlay: Overlay, area: str) -> int:
    """How near the overlay is to the area: the digits of its longest matching code; 0: not its place."""
    return max((len(code) for code in overlay.areas if area.startswith(code)), default=0)


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
