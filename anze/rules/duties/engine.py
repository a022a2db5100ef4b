"""The obligations engine: a company's facts and an instant in, its obligations and their verdicts out.

Rule 1: the answer is a function of its arguments alone; deciding again at the same instant changes nothing.
Rule 2: every requirement yields its periods up to one that lies ahead, so that the verdict of that one
expires when it begins and whoever works off `until` never needs another clock.
Rule 3: `only` and `touching` narrow what is decided, never how.

Implements the responsibility lists of the catalogue; the numbers are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from anze.rules.catalogue.model import Kind, Requirement, Term
from anze.rules.duties.events import call_verdict, calls, invitation_verdict
from anze.rules.duties.holders import Owed, PostHolders
from anze.rules.duties.model import Decision, Obligation, Reason, State, Verdict
from anze.rules.duties.quotas import NOBODY, Rhythm, Slot, Tested, quota_verdict
from anze.rules.duties.standing import Validity, standing_verdict
from anze.rules.duties.terms import Rulebook, TermWindow, commitments_by_requirement
from anze.rules.evidence import Fact, Hit, covered_subjects, mismatch
from anze.rules.periods import ONE_DAY, day_of, midnight
from anze.rules.posts import Company, Span, Waiver


def decide(
    book: Rulebook,
    company: Company,
    facts: Sequence[Fact],
    now: datetime,
    *,
    only: frozenset[str] | None = None,
    touching: Span | None = None,
) -> list[Decision]:
    """All obligations of the company as of `now`.

    only: requirement ids to decide; None for all.
    touching: decide only periods that share a day with this span (events and states are whole).
    facts: sealed records; when narrowed, those of the periods in question suffice.
    """
    case = _Case(book, company, facts, now, touching)
    decisions: list[Decision] = []
    for requirement in (*book.requirements.values(), *company.own):
        if only is None or requirement.id in only:
            decisions.extend(case.decide(requirement))
    return decisions


Windows = Sequence[TermWindow]


class _Case:
    """One company at one instant, with what several requirements share."""

    def __init__(
        self, book: Rulebook, company: Company, facts: Sequence[Fact], now: datetime, touching: Span | None
    ) -> None:
        self._book, self._company, self._now, self._touching = book, company, now, touching
        self._rhythm = Rhythm(book.calendar, book.catalogue.recording, now)
        self._holders: dict[str, PostHolders] = {}
        self._commitments = commitments_by_requirement(company)
        self._facts: dict[str, list[Fact]] = {}
        for fact in sorted(facts, key=lambda f: (f.happened, f.id)):
            self._facts.setdefault(fact.kind, []).append(fact)
        self._waivers: dict[str, list[Waiver]] = {}
        for waiver in company.waivers:
            self._waivers.setdefault(waiver.requirement, []).append(waiver)

    def decide(self, requirement: Requirement) -> Iterator[Decision]:
        holders = self._holders.get(requirement.position)
        if holders is None:
            holders = self._holders[requirement.position] = PostHolders(self._company, requirement.position)
        owed = holders.owed(requirement)
        if not owed:
            return iter(())
        windows = self._book.windows(requirement, self._commitments.get(requirement.id, ()))
        if requirement.kind is Kind.COMMITTED and not windows:
            return self._unset(requirement, owed)
        way = {
            Kind.INVITATION: self._invitations,
            Kind.ON_EVENT: self._events,
            Kind.STANDING: self._standing,
        }.get(requirement.kind, self._quotas if requirement.subject is None else self._per_subject)
        if requirement.asks == "limit":
            way = self._events
        return way(requirement, owed, holders, windows)

    def _quotas(
        self,
        requirement: Requirement,
        owed: Sequence[Owed],
        holders: PostHolders,
        windows: Windows,
    ) -> Iterator[Decision]:
        tested = self._tested(requirement, holders)
        for one in owed:
            mine = tested.get(one.person, NOBODY)
            for slot in self._slots(windows, one.since, one.until):
                yield self._slot_decision(requirement, slot, one.person, None, mine)

    def _per_subject(
        self,
        requirement: Requirement,
        owed: Sequence[Owed],
        holders: PostHolders,
        windows: Windows,
    ) -> Iterator[Decision]:
        """Periods are laid out once for all subjects that were there throughout, and anew for the others."""
        tested = self._tested(requirement, holders)
        since = owed[0].since
        shared = list(self._slots(windows, since, None))
        blank: dict[Slot, Verdict] = {}
        for subject, span in holders.subjects(requirement).items():
            mine = tested.get(subject, NOBODY)
            slots: Sequence[Slot] = shared
            if span.until is not None or span.since > since:
                slots = list(self._slots(windows, max(since, span.since), span.until))
            if mine is not NOBODY or slots is not shared or requirement.id in self._waivers:
                for slot in slots:
                    yield self._slot_decision(requirement, slot, None, subject, mine)
                continue
            for slot in slots:
                verdict = blank.get(slot)
                if verdict is None:
                    verdict = blank[slot] = self._slot_decision(
                        requirement, slot, None, subject, mine
                    ).verdict
                yield Decision(_slot_obligation(requirement, slot, None, subject), verdict)

    def _slots(self, windows: Windows, since: date, until: date | None) -> Iterator[Slot]:
        for window in windows:
            for slot in self._rhythm.slots(window, since, until):
                if self._touching is None or _overlaps(slot, self._touching):
                    yield slot

    def _slot_decision(
        self, requirement: Requirement, slot: Slot, person: int | None, subject: int | None, tested: Tested
    ) -> Decision:
        cites = _cites(requirement, slot.term)
        verdict = quota_verdict(slot, tested, self._now, cites)
        verdict = self._waive(requirement, verdict, slot.until - ONE_DAY, person, subject, slot.begins)
        return Decision(_slot_obligation(requirement, slot, person, subject), verdict)

    def _events(
        self,
        requirement: Requirement,
        owed: Sequence[Owed],
        holders: PostHolders,
        windows: Windows,
    ) -> Iterator[Decision]:
        tested = self._tested(requirement, holders)
        events = self._of_kinds(requirement.triggers)
        for call in calls(windows, events, self._book.calendar):
            cites = _cites(requirement, call.term)
            for one in owed:
                if not Span(one.since, one.until).holds(call.event.day):
                    continue
                verdict = call_verdict(call, tested, one.person, self._rhythm, self._now, cites)
                verdict = self._waive(
                    requirement, verdict, call.event.day, one.person, None, call.event.happened
                )
                yield Decision(
                    _obligation(requirement, one.person, call.event.id, call.event.day, call.due.at), verdict
                )

    def _invitations(
        self,
        requirement: Requirement,
        owed: Sequence[Owed],
        holders: PostHolders,
        windows: Windows,
    ) -> Iterator[Decision]:
        for event in self._of_kinds(requirement.triggers):
            term = next((w.term for w in windows if Span(w.since, w.until).holds(event.day)), None)
            if term is None:
                continue
            cites = _cites(requirement, term)
            for one in owed:
                if one.person is None or not Span(one.since, one.until).holds(event.day):
                    continue
                acting = holders.actors(requirement, event.day)
                deputies = frozenset(p for p, holder in acting.items() if holder == one.person != p)
                verdict = invitation_verdict(event, one.person, deputies, term.layer.value, cites)
                if verdict is not None:
                    obligation = _obligation(requirement, one.person, event.id, event.day, event.happened)
                    verdict = self._waive(requirement, verdict, event.day, one.person, None, event.happened)
                    yield Decision(obligation, verdict)

    def _standing(
        self,
        requirement: Requirement,
        owed: Sequence[Owed],
        holders: PostHolders,
        windows: Windows,
    ) -> Iterator[Decision]:
        today = day_of(self._now)
        window = next((w for w in windows if w.until is None or today < w.until), None)
        if window is None:
            return
        tested = self._tested(requirement, holders)
        expiry = {f.id: f.valid_until for p in requirement.proofs for f in self._facts.get(p.kind, ())}
        cites = _cites(requirement, window.term)
        for one in owed:
            since = max(one.since, window.since)
            proofs = [Validity(h.day, expiry[h.fact], h.fact) for h in tested.get(one.person, NOBODY).hits]
            verdict = standing_verdict(
                proofs, window.term, since, one.until, self._now, self._book.calendar, cites
            )
            if window.until is not None:  # another number, or an end, comes with its day
                turn = midnight(window.until)
                verdict = verdict._replace(until=min(verdict.until or turn, turn))
            verdict = self._waive_today(requirement, verdict, one.person, midnight(since))
            yield Decision(_obligation(requirement, one.person, None, since, None), verdict)

    def _unset(self, requirement: Requirement, owed: Sequence[Owed]) -> Iterator[Decision]:
        """One row for the post, whoever holds it: fixing the number is the company's act."""
        ends = requirement.ends
        if ends is not None and ends <= day_of(self._now):
            return
        since = min(one.since for one in owed)
        begins = midnight(since)
        layer = requirement.floor.layer.value if requirement.floor is not None else "national"
        cites = tuple(str(c) for c in requirement.cite)
        until = midnight(ends) if ends is not None else None
        verdict = Verdict(State.UNSET, begins, until, Reason.NOT_FIXED, cites, (), layer, 0, 1)
        verdict = self._waive_today(requirement, verdict, None, begins)
        yield Decision(_obligation(requirement, None, None, since, None), verdict)

    def _waive(
        self, requirement: Requirement, verdict: Verdict, day: date, person: int | None, subject: int | None,
        since: datetime,
    ) -> Verdict:  # fmt: skip
        """It speaks if it holds on the deciding day: a period's last, an event's own, a state's today."""
        for waiver in self._waivers.get(requirement.id, ()):
            if waiver.person in (None, person if person is not None else subject) and waiver.span.holds(day):
                return verdict._replace(state=State.WAIVED, since=since, until=None, reason=Reason.WAIVED)
        return verdict

    def _waive_today(
        self, requirement: Requirement, verdict: Verdict, person: int | None, since: datetime
    ) -> Verdict:
        """What runs on is waived by the day: the verdict expires when a waiver begins or ends."""
        today = day_of(self._now)
        verdict = self._waive(requirement, verdict, today, person, None, since)
        turns = [
            midnight(turn)
            for waiver in self._waivers.get(requirement.id, ())
            if waiver.person in (None, person)
            for turn in (waiver.span.since, waiver.span.until)
            if turn is not None and turn > today
        ]
        expiry = min(turns if verdict.until is None else [*turns, verdict.until], default=None)
        return verdict._replace(until=expiry)

    def _of_kinds(self, kinds: Sequence[str]) -> list[Fact]:
        return [fact for kind in kinds for fact in self._facts.get(kind, ())]

    def _tested(self, requirement: Requirement, holders: PostHolders) -> Mapping[int | None, Tested]:
        """Records that count, by holder, by subject, or (None) for the post."""
        found: dict[int | None, list[Hit]] = {}
        seen: set[tuple[int | None, int]] = set()
        for proof in requirement.proofs:
            for fact in self._facts.get(proof.kind, ()):
                actors = holders.actors(requirement, fact.day)
                if beyond := holders.outside(requirement, fact, actors):
                    actors = {person: of for person, of in actors.items() if person not in beyond}
                if mismatch(requirement, proof, fact, actors.keys()) is not None:
                    continue
                hit = Hit(fact.day, fact.happened, fact.received, fact.id, fact.makes_up, fact.about)
                if requirement.subject is not None:
                    keys: Sequence[int | None] = covered_subjects(requirement.subject, proof, fact)
                else:
                    keys = _credited(requirement, proof.role is None, fact, actors)
                for key in keys:
                    if (key, fact.id) not in seen:
                        seen.add((key, fact.id))
                        found.setdefault(key, []).append(hit)
        return {key: Tested.of(hits) for key, hits in found.items()}


def _credited(
    requirement: Requirement, anybody: bool, fact: Fact, actors: Mapping[int, int]
) -> Sequence[int | None]:
    """For whom the record counts."""
    if requirement.owed_by == "post":
        return (None,)
    if anybody:
        return tuple(sorted(set(actors.values())))
    return tuple(sorted({actors[p.person] for p in fact.parts if p.person in actors}))


def _cites(requirement: Requirement, term: Term) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(c) for c in (*term.cite, *requirement.cite)))


def _overlaps(slot: Slot, span: Span) -> bool:
    return span.since < slot.until and (span.until is None or slot.since < span.until)


def _slot_obligation(
    requirement: Requirement, slot: Slot, person: int | None, subject: int | None
) -> Obligation:
    return Obligation(
        requirement.id, requirement.position, person, requirement.subject, subject, None, slot.since, slot.due
    )


def _obligation(
    requirement: Requirement, person: int | None, event: int | None, starts: date, due: datetime | None
) -> Obligation:
    return Obligation(requirement.id, requirement.position, person, None, None, event, starts, due)
