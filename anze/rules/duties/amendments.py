"""What changes between two rulebooks, demand by demand, and what that does to a company's obligations.

Rule 1: a further dated number, an end or a demand that was not there is law that changed; what `corrects`
names is our own error; a text that reads otherwise and asks the same is a wording. The recording limit
concerns all demands and is told once.
Rule 2: each obligation is opened, withdrawn, changed or left; a correction beside it is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from anze.rules.catalogue.editions import RECORDING, numbers_of
from anze.rules.catalogue.model import Citation, Misreading, Requirement, Term
from anze.rules.duties.model import Decision
from anze.rules.duties.tenures import Ruled, key_of
from anze.rules.duties.terms import Rulebook


class Sort(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    ABOLISHED = "abolished"
    CORRECTED = "corrected"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of one demand. `since`: from which day on; None: from the application on.

    `requirement` None: of the recording limit, which holds for all of them.
    `old`, `new`: the demand and the term that speaks on that day, before and after; None: nothing was asked.
    `file`: that corrects; of a correction only.
    """

    sort: Sort
    requirement: Requirement | None
    since: date | None
    old: tuple[Requirement | None, Term | None] | None
    new: tuple[Requirement | None, Term | None] | None
    cite: tuple[Citation, ...]
    misreading: Misreading | None = None
    file: str | None = None


class Effect(NamedTuple):
    """How many obligations of one demand."""

    opened: int = 0
    withdrawn: int = 0
    changed: int = 0
    corrected: int = 0


def amendments(old: Rulebook, new: Rulebook) -> list[Amendment]:
    """The recording limit, then in printed order."""
    found = list(_limit(old, new))
    for requirement in new.requirements.values():
        before = old.requirements.get(requirement.id)
        if before is None:
            found.append(_new(requirement, new))
        elif not new.reads_like(old, requirement.id):
            found += _amended(before, requirement, old, new)
    return found


def effects(before: Ruled, after: Ruled) -> dict[str, Effect]:
    """Requirement -> what becomes of its obligations; those that stay as they are are absent."""
    old = {key_of(d.obligation): d for d in before.decisions}
    counts: dict[str, list[int]] = {}

    def count(requirement: str, which: int) -> None:
        counts.setdefault(requirement, [0, 0, 0, 0])[which] += 1

    for decision in after.decisions:
        was = old.pop(key_of(decision.obligation), None)
        if was is None:
            count(decision.obligation.requirement, 0)
        elif _differ(was, decision):
            count(decision.obligation.requirement, 2)
    for gone in old.values():
        count(gone.obligation.requirement, 1)
    for corrected in set(after.corrections) - set(before.corrections):
        count(corrected.obligation.requirement, 3)
    return {requirement: Effect(*numbers) for requirement, numbers in counts.items()}


def _differ(was: Decision, now: Decision) -> bool:
    """Whether it stands, asks or falls due otherwise."""
    before = was.verdict.state, was.verdict.needed, was.obligation.due
    return before != (now.verdict.state, now.verdict.needed, now.obligation.due)


def _new(requirement: Requirement, book: Rulebook) -> Amendment:
    terms = book.terms(requirement.id)
    first = terms[0] if terms else None
    cite = first.cite if first is not None else requirement.cite
    since = first.since if first is not None else None
    return Amendment(Sort.NEW, requirement, since, None, (requirement, first), cite)


def _limit(old: Rulebook, new: Rulebook) -> Iterator[Amendment]:
    had, has = old.catalogue.recording, new.catalogue.recording
    errors = [m for m in new.catalogue.corrects.get(RECORDING, ()) if m.edition == old.edition_of(RECORDING)]
    for error in errors:
        now = _on(has, error.since)
        pair = (None, _on(had, error.since)), (None, now)
        yield Amendment(Sort.CORRECTED, None, error.since, *pair, _cite(now), error, RECORDING)
    for term in _further(had, has, errors):
        pair = (None, _on(had, term.since)), (None, term)
        yield Amendment(Sort.CHANGED, None, term.since, *pair, term.cite)


def _cite(term: Term | None) -> tuple[Citation, ...]:
    return term.cite if term is not None else ()


def _amended(before: Requirement, now: Requirement, old: Rulebook, new: Rulebook) -> Iterator[Amendment]:
    had, has = old.terms(now.id), new.terms(now.id)
    errors = [(file, m) for file, m in new.errors_of(old, now.id) if file != RECORDING]
    for file, error in errors:
        pair = (before, _on(had, error.since)), (now, _on(has, error.since))
        cite = _cite(_on(has, error.since)) or now.cite
        yield Amendment(Sort.CORRECTED, now, error.since, *pair, cite, error, file)
    said = bool(errors)
    for term in _further(had, has, [error for _, error in errors]):
        said = True
        pair = (before, _on(had, term.since)), (now, term)
        yield Amendment(Sort.CHANGED, now, term.since, *pair, term.cite)
    if now.ends is not None and now.ends != before.ends:
        said = True
        last = (before, _on(had, now.ends))
        yield Amendment(Sort.ABOLISHED, now, now.ends, last, None, now.cite)
    if not said and (before.text, before.reason) != (now.text, now.reason):
        yield Amendment(Sort.REWORDED, now, None, (before, _last(had)), (now, _last(has)), now.cite)


def _further(had: Sequence[Term], has: Sequence[Term], errors: Sequence[Misreading]) -> Iterator[Term]:
    """Numbers that were not there; what a correction tells already is left out."""
    told = max((error.since for error in errors), default=None)
    days, known = {t.since for t in had}, {(t.since, numbers_of(t)) for t in had}
    for term in has:
        if told is None:
            new = (term.since, numbers_of(term)) not in known
        else:
            new = term.since > told and term.since not in days
        if new:
            yield term


def _on(terms: Sequence[Term], day: date) -> Term | None:
    return next((t for t in reversed(terms) if t.since <= day), None)


def _last(terms: Sequence[Term]) -> Term | None:
    return terms[-1] if terms else None
