"""Which edition rules an obligation, when the company has been judged by several.

A tenure is the time over which a company was judged by one set of editions: from the instant at which the set
was applied to it until the next one is.

Rule 1: an obligation is ruled by the edition in whose tenure it falls due. What was closed when a text was
applied stays with the text that closed it, whatever records come or go afterwards; what was open follows the
new text, and so does everything without a due day.
Rule 2: a text applied today asks nothing for periods and events that were over before it was applied.
Rule 3: where a later text (list, overlay or recording limit) corrects an error of the edition that rules a
closed obligation, what the corrected reading would have said stands beside the verdict, never in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from anze.rules.catalogue.model import Misreading, Requirement
from anze.rules.duties.engine import decide
from anze.rules.duties.model import Decision, Obligation, Reason, State, Verdict
from anze.rules.duties.terms import Rulebook
from anze.rules.evidence import Fact
from anze.rules.posts import Company, Span

Key = tuple[object, ...]


class Tenure(NamedTuple):
    """The first tenure has no beginning: everything that fell due before the second is its."""

    book: Rulebook
    since: datetime | None = None


class Corrected(NamedTuple):
    """Beside the verdict of a closed obligation: what the corrected edition of a file says of it."""

    obligation: Obligation
    edition: str
    verdict: Verdict


@dataclass(slots=True)
class Ruled:
    """Decisions; the edition of each where it is not the one of its position today; and corrections.

    `moved`: requirements that read otherwise in an earlier tenure: only these can have corrections.
    """

    decisions: list[Decision]
    editions: Mapping[str, str]  # position -> edition today
    earlier: dict[Key, str] = field(default_factory=dict)
    corrections: list[Corrected] = field(default_factory=list)
    moved: frozenset[str] = frozenset()

    def edition_of(self, obligation: Obligation) -> str:
        earlier = self.earlier.get(key_of(obligation)) if self.earlier else None
        return earlier or self.editions[obligation.position]


def key_of(obligation: Obligation) -> Key:
    """What is asked of whom, without when it falls due: that may differ by edition."""
    return obligation[:7]


def rule(
    tenures: Sequence[Tenure],
    company: Company,
    facts: Sequence[Fact],
    now: datetime,
    *,
    only: frozenset[str] | None = None,
    touching: Span | None = None,
) -> Ruled:
    """`decide` over all tenures of a company, in order. `now` is not before the last one began."""
    book = tenures[-1].book
    decided = decide(book, company, facts, now, only=only, touching=touching)
    ruled = Ruled(decided, editions_of(book))
    if len(tenures) == 1:
        return ruled
    ruled.moved = moved(tenures, only)
    mine = [d for d in decided if d.obligation.requirement in ruled.moved]
    ruled.decisions = [d for d in decided if d.obligation.requirement not in ruled.moved]
    for decision in ruled.decisions:
        _name(ruled, decision.obligation, tenures, tenure_of(tenures, decision.obligation.due))
    by_tenure = [
        decide(tenure.book, company, facts, now, only=ruled.moved, touching=touching)
        for tenure in tenures[:-1]
    ] if ruled.moved else [[] for _ in tenures[:-1]]  # fmt: skip
    settled = _settled(tenures, [*by_tenure, mine])
    for decision, index in settled:
        ruled.decisions.append(decision)
        _name(ruled, decision.obligation, tenures, index)
    ruled.corrections = list(_corrections(settled, tenures, mine))
    return ruled


def editions_of(book: Rulebook) -> Mapping[str, str]:
    """Position -> edition."""
    return {p.id: p.edition for p in book.positions}


def moved(tenures: Sequence[Tenure], only: frozenset[str] | None) -> frozenset[str]:
    """Ids of requirements that do not read alike in every tenure."""
    last = tenures[-1].book
    earlier = [tenure.book for tenure in tenures[:-1]]
    every = set(last.requirements).union(*(book.requirements for book in earlier))
    asked = every if only is None else every & only
    return frozenset(key for key in asked if any(not last.reads_like(book, key) for book in earlier))


def tenure_of(tenures: Sequence[Tenure], due: datetime | None) -> int:
    """Number of the tenure in which something falls due; what never falls due belongs to the last."""
    if due is None:
        return len(tenures) - 1
    begun = [i for i, t in enumerate(tenures) if t.since is not None and t.since < due]
    return begun[-1] if begun else 0


def _name(ruled: Ruled, obligation: Obligation, tenures: Sequence[Tenure], index: int) -> None:
    edition = editions_of(tenures[index].book).get(obligation.position)
    if edition is not None and edition != ruled.editions.get(obligation.position):
        ruled.earlier[key_of(obligation)] = edition


def _settled(
    tenures: Sequence[Tenure], by_tenure: Sequence[Sequence[Decision]]
) -> list[tuple[Decision, int]]:
    """Each obligation once, with the tenure that rules it.

    A period that was over before the text came is left out; an event that was still to be answered is not,
    even where the new text gave it less time.
    """
    closed: dict[Key, tuple[Decision, int]] = {}
    going: set[Key] = set()  # open when this tenure began
    for index, decided in enumerate(by_tenure):
        since = tenures[index].since
        until = tenures[index + 1].since if index + 1 < len(tenures) else None
        still: set[Key] = set()
        for decision in decided:
            key, due = key_of(decision.obligation), decision.obligation.due
            over = since is not None and due is not None and due <= since
            over_before = over and (key not in going or decision.obligation.event is None)
            if key in closed or over_before:
                continue
            if until is None or (due is not None and due <= until):
                closed[key] = decision, index
            else:
                still.add(key)
        going = still
    return list(closed.values())


def _corrections(
    settled: Iterable[tuple[Decision, int]], tenures: Sequence[Tenure], mine: Sequence[Decision]
) -> Iterable[Corrected]:
    book = tenures[-1].book
    corrected = {key_of(decision.obligation): decision.verdict for decision in mine}
    for (obligation, verdict), index in settled:
        requirement = book.requirements.get(obligation.requirement)
        if index == len(tenures) - 1 or requirement is None:
            continue
        errors = errors_about(book, tenures[index].book, obligation.requirement, obligation.starts)
        if not errors:
            continue
        new = corrected.get(key_of(obligation)) or _not_asked(verdict, requirement)
        if (new.state, new.needed, new.done) != (verdict.state, verdict.needed, verdict.done):
            yield Corrected(obligation, book.edition_of(errors[0][0]) or "", new)


def errors_about(
    book: Rulebook, earlier: Rulebook, requirement_id: str, starts: date
) -> list[tuple[str, Misreading]]:
    """File and entry of each error by which the earlier book judged what begins on this day."""
    return [(file, m) for file, m in book.errors_of(earlier, requirement_id) if m.since <= starts]


def _not_asked(verdict: Verdict, requirement: Requirement) -> Verdict:
    """The corrected reading has no such period at all."""
    return Verdict(
        State.EXEMPT, verdict.since, None, Reason.NOT_ASKED, tuple(str(c) for c in requirement.cite), (),
        verdict.layer, 0, 0,
    )  # fmt: skip
