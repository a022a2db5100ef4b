"""到期预警: all that ran out or will, of everybody employed and every vehicle in the fleet today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q

from anze.records.acting.bulk import in_bulk
from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.dossiers.fleet_standing import FleetVehicle, fleet_of, standings_of
from anze.records.dossiers.newest import Newest, newest_papers
from anze.records.dossiers.vehicles import LEVELS, TEST, UPKEEP
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.models import Holding, Person
from anze.records.tenants.models import Unit
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.dossier_model import Certificate, Paperwork, in_force
from anze.rules.dossiers.quiet import quiet_days
from anze.rules.dossiers.scrappage import scrapping
from anze.rules.dossiers.validity import (
    Holder,
    Standing,
    Validity,
    Why,
    ahead,
    cited,
    ending,
    is_asked,
    warned,
)

DUE = (Validity.OVER, Validity.SOON)
TESTED, SCRAPPED = "检验检测", "报废"
LACKING = Standing(Validity.MISSING, Why.NOTHING)
NOTHING = Newest(frozenset(), ())
NAMES = {"test": TESTED, "scrapping": SCRAPPED}


class Subject(NamedTuple):
    """A person or vehicle in service."""

    type: str
    id: int
    name: str
    unit_id: int | None
    unit_name: str
    holder: Holder


@dataclass(frozen=True, slots=True)
class Source:
    """What can run out. `what`: a certificate, test, upkeep, scrapping; `kind`, `choice`: what renews it.

    `on`: the day as of which it stands; `warns`: days of warning somebody chose; `term`: of a certificate.
    """

    what: str
    name: str
    kind: str
    choice: tuple[str, str] | None
    on: date
    warns: int | None = None
    missing: Standing = LACKING  # of whoever has none
    term: Paperwork | None = None


class DueRow(NamedTuple):
    """The first four say what is the more urgent. `known`: how it stands by the law's own days of warning,
    where that was worked out already.
    """

    expires: date
    what: str
    name: str
    id: int
    subject: Subject
    source: Source
    state: Validity
    known: Standing | None = None
    fact: int = 0
    printed: bool = False

    @property
    def standing(self) -> Standing:
        """Worked out for what is shown: of a large company that is one in hundreds."""
        source = self.source
        if self.known is not None:
            return self.known if source.warns is None else warned(self.known, source.warns, source.on)
        reason = Why.PRINTED if self.printed else Why.LASTS
        return ending(source.term, self.expires, source.on, reason=reason, fact=self.fact, warns=source.warns)


@dataclass(frozen=True, slots=True)
class Expiries:
    """`rows`: run out and running out, the most urgent first; `missing`: asked and not on record."""

    rows: tuple[DueRow, ...]
    missing: tuple[DueRow, ...]

    @property
    def counts(self) -> Mapping[Validity, int]:
        found = Counter(row.state for row in self.rows)
        return {**found, Validity.MISSING: len(self.missing)}


def expiries(company: CompanyRow, *, warns: int | None = None) -> Expiries:
    """`warns`: days in place of those that each certificate has of its own."""
    require("see_company")
    memo, key = current().memo, ("expiries", company.id, warns)
    if key not in memo:
        with in_bulk():
            memo[key] = _expiries(company, warns)
    found: Expiries = memo[key]
    return found


def _expiries(company: CompanyRow, warns: int | None) -> Expiries:
    units = _units(company)
    fleet = fleet_of(company.id)
    people, vehicles = _people(company, units), _vehicles(company, fleet, units)
    due: list[DueRow] = []
    missing: list[DueRow] = []
    for of, subjects in (("person", people), ("vehicle", vehicles)):
        for source, found, lacking in _papers(company, subjects, of=of, warns=warns):
            due += _ending(source, found, subjects)
            missing += _missing(source, lacking, subjects)
    for row in _cycles(vehicles, fleet, warns):
        (missing if row.state is Validity.MISSING else due).append(row)
    due.sort()
    return Expiries(tuple(due), tuple(missing))


def _units(company: CompanyRow) -> dict[int | None, str]:
    return dict(Unit.objects.filter(company=company.id).values_list("pk", "name"))


def _people(company: CompanyRow, units: Mapping[int | None, str]) -> dict[int, Subject]:
    """Those employed today, by pinyin."""
    today = current().today
    posts: dict[int, frozenset[str]] = {}
    held = Holding.objects.filter(Q(until=None) | Q(until__gt=today), company=company.id, since__lte=today)
    for person, position in held.values_list("person_id", "position"):
        posts[person] = posts.get(person, frozenset()) | {position.rpartition(".")[2]}
    rows = Person.objects.filter(
        Q(left_on=None) | Q(left_on__gt=today), company=company.id, joined_on__lte=today
    ).order_by("pinyin", "pk")
    holders = {driver: Holder(company.trade, driver) for driver in (True, False)}
    found = {}
    for key, name, unit, driver in rows.values_list("pk", "name", "unit_id", "driver"):
        holder = Holder(company.trade, driver, posts[key]) if key in posts else holders[driver]
        found[key] = Subject("person", key, name, unit, units.get(unit, ""), holder)
    return found


def _vehicles(
    company: CompanyRow, fleet: Mapping[int, FleetVehicle], units: Mapping[int | None, str]
) -> dict[int, Subject]:
    """Those in the fleet today, by plate."""
    today = current().today
    rows = Vehicle.objects.filter(
        Q(until=None) | Q(until__gt=today), company=company.id, since__lte=today
    ).order_by("plate", "pk")
    holders = {key: Holder(company.trade, vehicle_class=key) for key in ("", *lawbook().dossiers.classes)}
    found = {}
    for key, plate, unit in rows.values_list("pk", "plate", "unit_id"):
        known = fleet[key].known if key in fleet else None
        holder = holders[known.id if known else ""]
        found[key] = Subject("vehicle", key, plate, unit, units.get(unit, ""), holder)
    return found


def _papers(
    company: CompanyRow, subjects: Mapping[int, Subject], *, of: str, warns: int | None
) -> Iterator[tuple[Source, Newest, set[int]]]:
    """Each certificate, what is on record of it, and who lacks it."""
    certificates = [c for c in lawbook().dossiers.certificates.values() if c.of == of]
    on_record = newest_papers(company.id, certificates, of=of, on=current().today, warns=warns)
    alike = _alike(subjects.values())
    for certificate in certificates:
        found = on_record.get(certificate.id, NOTHING)
        yield _source(certificate, warns), found, _lacking(certificate, alike, found.held)


def _ending(source: Source, found: Newest, subjects: Mapping[int, Subject]) -> Iterator[DueRow]:
    for key, fact, expires, printed in found.near:
        if (subject := subjects.get(key)) is not None:
            state = Validity.OVER if source.on >= expires else Validity.SOON
            yield DueRow(expires, source.what, subject.name, key, subject, source, state, None, fact, printed)


def _missing(source: Source, lacking: set[int], subjects: Mapping[int, Subject]) -> Iterator[DueRow]:
    """In the order of the subjects."""
    for key in filter(lacking.__contains__, subjects if lacking else ()):
        yield _row(subjects[key], source, source.missing, Validity.MISSING)


def _row(subject: Subject, source: Source, known: Standing, state: Validity) -> DueRow:
    expires = known.expires or date.max
    return DueRow(expires, source.what, subject.name, subject.id, subject, source, state, known)


def _lacking(certificate: Certificate, alike: Mapping[Holder, set[int]], held: frozenset[int]) -> set[int]:
    """`alike`: those of whom the same is asked; thousands of drivers are one comparison of sets."""
    asked = [ids for holder, ids in alike.items() if is_asked(certificate.asked, holder)]
    return set().union(*asked) - held


def _alike(subjects: Iterable[Subject]) -> dict[Holder, set[int]]:
    found: dict[Holder, set[int]] = {}
    for subject in subjects:
        found.setdefault(subject.holder, set()).add(subject.id)
    return found


def _source(certificate: Certificate, warns: int | None) -> Source:
    wanted, today = certificate.wanted, current().today
    term = in_force(certificate.terms, today)
    choice = (wanted.choice, min(wanted.values)) if len(wanted.values) == 1 else None
    missing = cited(LACKING, term.cite, term.verified) if term else LACKING
    return Source(certificate.id, certificate.name, wanted.kind, choice, today, warns, missing, term)


def _cycles(
    vehicles: Mapping[int, Subject], fleet: Mapping[int, FleetVehicle], warns: int | None
) -> Iterator[DueRow]:
    """Tests, maintenance and scrapping; a vehicle whose driving permit is not on record lacks that first."""
    today = current().today
    bounds = {key: quiet_days(c, today, warns=warns) for key, c in lawbook().dossiers.classes.items()}
    for key, subject in vehicles.items():
        known = fleet[key].known if key in fleet else None
        if known is None:
            continue
        for what, level, found in standings_of(fleet[key], today, bounds[known.id]):
            if (state := _state(found, warns, today)) in (*DUE, Validity.MISSING):
                yield _row(subject, _cycle(what, level, today, warns), found, state)


def _state(found: Standing, warns: int | None, on: date) -> Validity:
    """As `warned` will find it once the row is shown."""
    if warns is None or found.state not in (Validity.VALID, Validity.SOON) or found.reason is Why.GUIDANCE:
        return found.state
    if found.expires is None:
        return found.state
    return Validity.SOON if on >= ahead(found.expires, warns) else Validity.VALID


@lru_cache(maxsize=64)
def _cycle(what: str, level: str, on: date, warns: int | None) -> Source:
    if what == "upkeep":
        return Source(f"upkeep-{level}", LEVELS.get(level, level), UPKEEP, ("level", level), on, warns)
    if what == "test":
        return Source(what, TESTED, TEST, None, on, warns)
    return Source(what, SCRAPPED, "vehicle.retired", ("type", "scrapped"), on, warns)


def kinds_of_due() -> dict[str, str]:
    """What can run out -> its name, in the order of the catalogue."""
    found = {c.id: c.name for c in lawbook().dossiers.certificates.values()}
    levels = {level for known in lawbook().dossiers.classes.values() for level in known.upkeep}
    found |= {f"upkeep-{level}": LEVELS.get(level, level) for level in sorted(levels)}
    return found | NAMES


@dataclass(frozen=True, slots=True)
class NearScrapping:
    subject: Subject
    known: FleetVehicle
    standing: Standing


def near_scrapping(company: CompanyRow) -> list[NearScrapping]:
    """The watch list: within a year of the compulsory end, beyond it, or beyond the kilometres advised."""
    require("see_company")
    with in_bulk():
        return _near_scrapping(company)


def _near_scrapping(company: CompanyRow) -> list[NearScrapping]:
    fleet, today = fleet_of(company.id), current().today
    found = []
    for key, subject in _vehicles(company, fleet, _units(company)).items():
        if key in fleet:
            known = fleet[key]
            standing = scrapping(known.known, known.registered, known.reading, today)
            if standing.state in DUE:
                found.append(NearScrapping(subject, known, standing))
    return sorted(found, key=lambda row: (row.standing.expires or date.max, row.subject.name))
