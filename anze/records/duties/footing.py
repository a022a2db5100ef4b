"""What each company stands on: the editions applied to it, one set after another, and the instant reached.

New files on the shelf change no verdict: a company is judged by what was last applied to it until
`amending.apply_editions`. A company that was never judged begins with the shelf of that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import connection
from django.db.models import F

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.demands.queries import own_requirements
from anze.records.duties import cases
from anze.records.duties.models import Application
from anze.records.lawbook import EditionSet, editions_today, lawbook_of
from anze.records.tenants.queries import companies_in_scope
from anze.rules.catalogue.editions import EditionMissingError, file_of
from anze.rules.catalogue.model import Misreading
from anze.rules.duties import Rulebook, Ruled, Tenure, rule
from anze.rules.duties.tenures import errors_about, tenure_of
from anze.rules.evidence import Fact
from anze.rules.posts import Company, Span


class EditionVanished(Refused):
    """A verdict rests on an edition that is not on the shelf: nothing can be decided by it."""


@dataclass(frozen=True, slots=True)
class Footing:
    """`number`, `application`: of the set applied last.

    `reached`: nothing is decided as of an earlier instant.
    """

    company: Company
    application: int | None
    number: int
    editions: EditionSet
    tenures: tuple[Tenure, ...]
    reached: datetime | None

    @property
    def due(self) -> bool:
        """Whether the shelf holds other editions than those applied."""
        return self.editions != editions_today(self.company.trade, self.company.area)

    def instant(self, at: datetime) -> datetime:
        """A clock that was set back reopens nothing."""
        return at if self.reached is None else max(at, self.reached)

    def with_shelf(self, at: datetime) -> Footing:
        """As if the shelf's editions were applied at this instant."""
        company = self.company
        editions = editions_today(company.trade, company.area)
        tenure = Tenure(_book(editions, company.trade, company.area), at)
        return Footing(company, None, self.number + 1, editions, (*self.tenures, tenure), at)

    def facts(self, only: frozenset[str] | None, touching: Span | None) -> list[Fact]:
        """On which these requirements rest, in whichever edition."""
        if only is None:
            return cases.all_facts(self.company, [tenure.book for tenure in self.tenures])
        found: dict[tuple[int, str], Fact] = {}  # a declared weather warning is two facts of one number
        for tenure in self.tenures:
            found |= {(f.id, f.kind): f for f in cases.facts_for(self.company, tenure.book, only, touching)}
        return list(found.values())

    @property
    def kinds(self) -> set[str]:
        """Of record, on which anything rests."""
        return cases.kinds_asked(self.company, [tenure.book for tenure in self.tenures])

    def rule(
        self, facts: Sequence[Fact], at: datetime, only: frozenset[str] | None, touching: Span | None
    ) -> Ruled:
        return rule(self.tenures, self.company, facts, at, only=only, touching=touching)


def footing_of(company_id: int, at: datetime) -> Footing:
    """For deciding: the company's lock is held. Raises EditionVanished."""
    return footings_of([company_id], at)[company_id]


def footing_seen(company_id: int, at: datetime) -> Footing:
    """For readings: nothing is written where the company has no footing yet."""
    company = cases.companies([company_id])[company_id]
    return _footing(company, applied_sets(company_id) or _first([company], at))


def footings_of(company_ids: Sequence[int], at: datetime) -> dict[int, Footing]:
    """For deciding in bulk: who has no footing yet gets one."""
    companies = cases.companies(company_ids)
    applied = _applied(company_ids)
    new = [company for key, company in companies.items() if key not in applied]
    if new:
        Application.objects.bulk_create(_first(new, at))
        current().memo.clear()
        applied = _applied(company_ids)
    return {key: _footing(company, applied[key]) for key, company in companies.items()}


def proving_with(company_id: int, kinds: Iterable[str]) -> frozenset[str]:
    """Ids of the requirements that such a record can prove, open or invite to, in whichever edition."""
    wanted, (trade, area) = list(kinds), cases.trade_and_area(company_id)
    sets: list[EditionSet | None] = [set_of(row) for row in applied_sets(company_id)]
    books = [_book(editions, trade, area) for editions in sets or [None]]
    own = own_requirements([company_id]).get(company_id, ())
    mine = (r.id for r in own if any(proof.kind in wanted for proof in r.proofs))
    return frozenset().union(mine, *(book.proving_with(wanted) for book in books))


def companies_due() -> list[int]:
    """In scope: those that stand on other editions than the shelf's. What was never judged stands on it."""
    found = []
    places = {row.id: (row.trade, row.area) for row in companies_in_scope()}
    applied, named = _applied(list(places)), _named(list(places))
    for company_id, place in places.items():
        today = editions_today(*place)
        if company_id in applied:
            due = set_of(applied[company_id][-1]) != today
        else:
            editions = dict(today)
            due = any(editions.get(file_of(p)) != e for p, e in named.get(company_id, {}).items())
        if due:
            found.append(company_id)
    return found


def applied_sets(company_id: int) -> list[Application]:
    """In order; empty before the first decision. Read once in a scope."""
    memo, key = current().memo, ("applied", company_id)
    if key not in memo:
        memo[key] = _applied([company_id]).get(company_id, [])
    rows: list[Application] = memo[key]
    return rows


def tenures_seen(places: Mapping[int, tuple[str, str]]) -> dict[int, list[Tenure]]:
    """For readings: company -> its tenures in order; what vanished is absent.

    `places`: company -> trade and area. One query; of one company what the scope has read already.
    """
    rows_of = {key: applied_sets(key) for key in places} if len(places) == 1 else _applied(list(places))
    return {
        company_id: [tenure for row in rows if (tenure := _tenure_seen(row, *places[company_id])) is not None]
        for company_id, rows in rows_of.items()
    }


def _tenure_seen(row: Application, trade: str, area: str) -> Tenure | None:
    try:
        return Tenure(_book(set_of(row), trade, area), _since(row))
    except EditionVanished:
        return None


def misread(
    company_id: int, requirement_id: str, starts: date, due: datetime | None
) -> list[tuple[str, Misreading]]:
    """File and entry of each error of ours that the verdict of an obligation rests on."""
    place = cases.trade_and_area(company_id)
    tenures = [t for row in applied_sets(company_id) if (t := _tenure_seen(row, *place)) is not None]
    if not tenures or requirement_id not in tenures[-1].book.requirements:
        return []
    ruling = tenures[tenure_of(tenures, due)].book
    return errors_about(tenures[-1].book, ruling, requirement_id, starts)


def book_on_hand(company_id: int) -> Rulebook:
    """By which the company is judged now. For readings that ask what would be."""
    rows = applied_sets(company_id)
    return _book(set_of(rows[-1]) if rows else None, *cases.trade_and_area(company_id))


def book_shown(company_id: int, requirement_id: str) -> Rulebook:
    """As `book_on_hand`; the shelf's where that vanished or does not know the demand, so that pages go on."""
    shelf = cases.rulebook(*cases.trade_and_area(company_id))
    try:
        book = book_on_hand(company_id)
    except EditionVanished:
        return shelf
    return book if requirement_id in book.requirements else shelf


def reach(footings: Iterable[Footing], at: datetime) -> None:
    """Verdicts were written as of this instant."""
    behind = [
        f.application for f in footings if f.application is not None and (f.reached is None or f.reached < at)
    ]
    if behind:
        Application.objects.filter(id__in=behind).update(decided_at=at)


def book_of(editions: EditionSet, trade: str, area: str) -> Rulebook:
    """Raises EditionVanished."""
    return _book(editions, trade, area)


def forget() -> None:
    """The catalogue's files were replaced."""
    _read_book.cache_clear()
    cases.rulebook.cache_clear()
    cases.opened_by_key_periods.cache_clear()


def _book(editions: EditionSet | None, trade: str, area: str) -> Rulebook:
    """The shelf's own book where it is the same, so that most companies share one."""
    if editions is None or editions == editions_today(trade, area):
        return cases.rulebook(trade, area)
    try:
        return _read_book(editions, trade, area)
    except EditionMissingError as missing:
        raise EditionVanished(str(missing)) from missing


@cache
def _read_book(editions: EditionSet, trade: str, area: str) -> Rulebook:
    return Rulebook(lawbook_of(editions), trade, area)


def _footing(company: Company, rows: Sequence[Application]) -> Footing:
    tenures = tuple(Tenure(_book(set_of(row), company.trade, company.area), _since(row)) for row in rows)
    last = rows[-1]
    return Footing(company, last.pk, last.number, set_of(last), tenures, last.decided_at)


def _since(row: Application) -> datetime | None:
    return None if row.number == 1 else row.applied_at


def set_of(row: Application) -> EditionSet:
    return tuple(sorted(row.editions.items()))


def _applied(company_ids: Sequence[int]) -> dict[int, list[Application]]:
    found: dict[int, list[Application]] = {}
    rows = Application.objects.filter(company_id__in=company_ids).defer("effects")
    for row in rows.order_by(F("company_id"), "number"):
        found.setdefault(row.company_id, []).append(row)
    return found


def _first(companies: Sequence[Company], at: datetime) -> list[Application]:
    """The shelf of today; where verdicts are stored already, the editions that they name."""
    named = _named([company.id for company in companies])
    rows = []
    for company in companies:
        editions = dict(editions_today(company.trade, company.area))
        editions |= {file_of(p): e for p, e in named.get(company.id, {}).items() if file_of(p) in editions}
        rows.append(
            Application(company_id=company.id, number=1, applied_at=at, editions=editions, decided_at=at)
        )
    return rows


def _named(company_ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """Company -> position -> the edition of the verdict written last."""
    found: dict[int, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (company_id, position) company_id, position, edition FROM duties_obligation "
            "WHERE company_id = ANY(%s) ORDER BY company_id, position, decided_at DESC",
            [list(company_ids)],
        )
        for company, position, edition in cursor.fetchall():
            found.setdefault(company, {})[position] = edition
    return found
