"""Obligations as pages show them: names resolved, rules and reasons in words."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.acting.models import TenantModel
from anze.records.demands import queries as demands
from anze.records.duties.cases import own_terms, rulebook
from anze.records.duties.footing import book_shown, tenures_seen
from anze.records.duties.layers import layer_name
from anze.records.duties.models import Obligation
from anze.records.duties.words import (
    EACH_LABELS,
    STATE_LABELS,
    number_in_words,
    reason_in_words,
    rule_in_words,
)
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.tenants.models import Company, Unit
from anze.records.tenants.queries import company
from anze.rules.catalogue.editions import file_of
from anze.rules.catalogue.model import Kind, Requirement, Term
from anze.rules.duties import Rulebook, State, Tenure
from anze.rules.duties.tenures import tenure_of


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """`proof_kinds`: evidence kinds that can prove it, the likeliest first."""

    id: int
    company_id: int
    requirement: str
    line_id: str
    position: str
    position_name: str
    text: str
    rule: str
    kind: str
    person_id: int | None
    person_name: str
    subject_type: str | None
    subject_id: int | None
    subject_name: str
    event_id: int | None
    starts: date
    due: datetime | None
    state: str
    state_label: str
    since: datetime
    until: datetime | None
    reason: str
    reason_text: str
    done: int
    needed: int
    layer: str
    layer_name: str  # 清单原文, 地方规定（宁波市）, 企业规定
    provisional: bool
    attested: bool
    edition: str
    proof_kinds: tuple[str, ...]


def rows_of(obligations: Sequence[Obligation]) -> list[ObligationRow]:
    """At most three queries for the names and two for the terms."""
    if not obligations:
        return []
    names = _names(obligations)
    terms = TermFinder(sorted({o.company_id for o in obligations}))
    return [_row(obligation, names, terms) for obligation in obligations]


Names = dict[tuple[str, int], str]


def _names(obligations: Sequence[Obligation]) -> Names:
    people = {o.person for o in obligations if o.person is not None}
    return names_of(people, {(o.subject_type, o.subject) for o in obligations if o.subject is not None})


def names_of(people: Set[int], subjects: Set[tuple[str | None, int]]) -> Names:
    """("person", id) of the people and of subjects that are people; ("vehicle", id), ("department", id).

    What the scope has read before is not read again.
    """
    wanted = {("person", i) for i in people}
    wanted |= {(_space(kind), subject) for kind, subject in subjects}
    scope = current()
    known: Names = scope.memo.setdefault(("names",), {("person", scope.actor.person or 0): scope.actor.name})
    unread = wanted - set(known)
    for space, (model, label) in NAMED.items():
        if ids := [i for kind, i in unread if kind == space]:
            found = model._default_manager.filter(pk__in=ids).values_list("pk", label)
            known |= {(space, i): name for i, name in found}
    return {key: known[key] for key in wanted if key in known}


NAMED: dict[str, tuple[type[TenantModel], str]] = {
    "person": (Person, "name"),
    "vehicle": (Vehicle, "plate"),
    "department": (Unit, "name"),
}


def _space(subject_type: str | None) -> str:
    return "person" if subject_type in ("driver", "employee") else subject_type or ""


def _row(o: Obligation, names: Names, terms: TermFinder) -> ObligationRow:
    requirement, term = terms.reading(o.company_id, o.requirement, o.edition, o.starts, o.due)
    return ObligationRow(
        id=o.pk,
        company_id=o.company_id,
        requirement=o.requirement,
        line_id=requirement.line,
        position=o.position,
        position_name=lawbook().positions[o.position].name,
        text=requirement.text,
        rule=rule_in_words(requirement, term),
        kind=requirement.kind.value,
        person_id=o.person,
        person_name=names.get(("person", o.person or 0), ""),
        subject_type=o.subject_type,
        subject_id=o.subject,
        subject_name=names.get(
            (_space(o.subject_type), o.subject or 0), EACH_LABELS.get(o.subject_type or "", "")
        ),
        event_id=o.event,
        starts=o.starts,
        due=o.due,
        state=o.state,
        state_label=STATE_LABELS[State(o.state)],
        since=o.since,
        until=o.until,
        reason=o.reason,
        reason_text=reason_in_words(o.reason, done=o.done, needed=o.needed),
        done=o.done,
        needed=o.needed,
        layer=o.layer,
        layer_name=layer_name(term),
        provisional=o.provisional,
        attested=requirement.kind is Kind.ATTESTED,
        edition=o.edition,
        proof_kinds=tuple(dict.fromkeys(p.kind for p in requirement.proofs)),
    )


class TermFinder:
    """Which term governed an obligation; two queries for all companies of a page, once in a scope."""

    def __init__(self, company_ids: Sequence[int]) -> None:
        memo, key = current().memo, ("terms", *company_ids)
        if key not in memo:
            memo[key] = _places(company_ids), own_terms(company_ids)
        self._places: dict[int, tuple[str, str]]
        self._commitments: dict[tuple[int, str], list[Term]]
        self._places, self._commitments = memo[key]
        self._books = {i: rulebook(*place) for i, place in self._places.items()}
        self._earlier = memo, ("earlier", *company_ids)

    def term(self, company_id: int, requirement: Requirement, day: date) -> Term | None:
        """Of what has not begun: its first."""
        book = book_shown(company_id, requirement.id)
        asked = book.requirements.get(requirement.id, requirement)
        return self._in_force(book, company_id, asked, day) or next(
            (term for term in asked.terms if term.since > day), None
        )

    def reading(
        self, company_id: int, requirement_id: str, edition: str, day: date, due: datetime | None
    ) -> tuple[Requirement, Term | None]:
        """The requirement as the edition of a verdict has it, and its term of that day.

        Of an edition that vanished: as the shelf has it.
        """
        book = self.ruling(company_id, requirement_id, edition, due)
        requirement = book.requirements.get(requirement_id) or demands.requirement(requirement_id)
        return requirement, self._in_force(book, company_id, requirement, day)

    def newest(self, company_id: int, requirement_id: str, day: date) -> tuple[Requirement, Term | None]:
        """As the texts applied last have it."""
        book = book_shown(company_id, requirement_id)
        requirement = book.requirements[requirement_id]
        return requirement, self._in_force(book, company_id, requirement, day)

    def ruling_of(self, row: ObligationRow) -> Rulebook:
        return self.ruling(row.company_id, row.requirement, row.edition, row.due)

    def ruling(self, company_id: int, requirement_id: str, edition: str, due: datetime | None) -> Rulebook:
        """Of the texts applied while the list had this edition: those in whose time it falls due.

        Where there are none, the last of them; else the shelf's.

        One query in a scope, only where a verdict may rest on other editions than the shelf's.
        """
        shelf = self._books[company_id]
        known = shelf.requirements.get(requirement_id) or demands.requirement(requirement_id)
        file = file_of(known.position)
        if shelf.edition_of(file) == edition and not shelf.place_speaks(requirement_id):
            return shelf
        memo, key = self._earlier
        if key not in memo:
            memo[key] = tenures_seen(self._places)
        tenures: list[Tenure] = memo[key].get(company_id, [])
        fitting = [t.book for t in tenures if t.book.edition_of(file) == edition]
        ruling = tenures[tenure_of(tenures, due)].book if fitting else shelf
        return ruling if ruling in fitting else (fitting or [shelf])[-1]

    def _in_force(self, book: Rulebook, company_id: int, requirement: Requirement, day: date) -> Term | None:
        committed = self._commitments.get((company_id, requirement.id), ())
        for window in book.windows(requirement, committed):
            if window.since <= day and (window.until is None or day < window.until):
                return window.term
        return None

    def beneath(self, company_id: int, requirement: Requirement, term: Term | None, day: date) -> str:
        """清单原文每季度至少1次；地方规定（宁波市）每月至少1次: what speaks only where nobody is stricter."""
        book = book_shown(company_id, requirement.id)
        requirement = book.requirements.get(requirement.id, requirement)
        asked = book.asked_of(requirement, day) if term else ()
        return "；".join(
            f"{layer_name(one)}{number_in_words(requirement, one)}"
            for one in reversed(asked)
            if term and (one.layer, one.overlay) != (term.layer, term.overlay)
        )


def _places(company_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Trade and area of each."""
    if len(company_ids) == 1:
        own = company(company_ids[0])
        return {own.id: (own.trade, own.area)}
    found = Company.objects.filter(id__in=company_ids).values_list("id", "trade", "area")
    return {i: (trade, area) for i, trade, area in found}
