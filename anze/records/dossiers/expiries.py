"""到期预警: all that ran out or will, of everybody employed and every vehicle in the fleet today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.dossiers.fleet_standing import FleetVehicle, fleet_of, standings_of
from anze.records.dossiers.newest import Newest, newest_papers
from anze.records.dossiers.vehicles import LEVELS, TEST, UPKEEP
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.leading import post_named
from anze.records.people.models import Holding, Person
from anze.records.tenants.models import Unit
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.dossier_model import Certificate, StatutoryPost
from anze.rules.dossiers.validity import Holder, Standing, Validity, is_asked, standing_of, warned

DUE = (Validity.OVER, Validity.SOON)
TESTED, SCRAPPED = "检验检测", "报废"
NAMES = {"test": TESTED, "scrapping": SCRAPPED}


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or vehicle in service."""

    type: str
    id: int
    name: str
    unit_id: int | None
    holder: Holder


@dataclass(frozen=True, slots=True)
class DueRow:
    """`kind` and `choice`: the record that renews it. `what`: a certificate, test, upkeep, scrapping."""

    subject: Subject
    unit_name: str
    what: str
    name: str
    standing: Standing
    kind: str
    choice: tuple[str, str] | None = None

    @property
    def expires(self) -> date:
        return self.standing.expires or date.max


@dataclass(frozen=True, slots=True)
class Expiries:
    """`rows`: run out and running out, the most urgent first; `missing`: asked and not on record."""

    rows: tuple[DueRow, ...]
    missing: tuple[DueRow, ...]

    @property
    def counts(self) -> Mapping[Validity, int]:
        found = Counter(row.standing.state for row in self.rows)
        return {**found, Validity.MISSING: len(self.missing)}


def expiries(company: CompanyRow, *, warns: int | None = None) -> Expiries:
    """`warns`: days in place of those that each certificate has of its own."""
    require("see_company")
    memo, key = current().memo, ("expiries", company.id, warns)
    if key not in memo:
        memo[key] = _expiries(company, warns)
    found: Expiries = memo[key]
    return found


def _expiries(company: CompanyRow, warns: int | None) -> Expiries:
    units = dict(Unit.objects.filter(company=company.id).values_list("pk", "name"))
    fleet = fleet_of(company.id)
    subjects = {"person": _people(company), "vehicle": _vehicles(company, fleet)}
    rows = [
        row
        for of in ("person", "vehicle")
        for row in _papers(company, subjects[of], units, of=of, warns=warns)
    ]
    rows += _cycles(subjects["vehicle"], fleet, units, warns)
    due = sorted((row for row in rows if row.standing.state in DUE), key=_urgency)
    missing = sorted((row for row in rows if row.standing.state is Validity.MISSING), key=_urgency)
    return Expiries(tuple(due), tuple(missing))


def _urgency(row: DueRow) -> tuple[date, str, str, int]:
    return row.expires, row.what, row.subject.name, row.subject.id


def _people(company: CompanyRow) -> dict[int, Subject]:
    today = current().today
    posts: dict[int, set[str]] = {}
    held = Holding.objects.filter(Q(until=None) | Q(until__gt=today), company=company.id, since__lte=today)
    for person, position in held.values_list("person_id", "position"):
        posts.setdefault(person, set()).add(position.rpartition(".")[2])
    rows = Person.objects.filter(
        Q(left_on=None) | Q(left_on__gt=today), company=company.id, joined_on__lte=today
    )
    return {
        key: Subject("person", key, name, unit, Holder(company.trade, driver, frozenset(posts.get(key, ()))))
        for key, name, unit, driver in rows.values_list("pk", "name", "unit_id", "driver")
    }


def _vehicles(company: CompanyRow, fleet: Mapping[int, FleetVehicle]) -> dict[int, Subject]:
    today = current().today
    rows = Vehicle.objects.filter(Q(until=None) | Q(until__gt=today), company=company.id, since__lte=today)
    found = {}
    for key, plate, unit in rows.values_list("pk", "plate", "unit_id"):
        known = fleet[key].known if key in fleet else None
        holder = Holder(company.trade, vehicle_class=known.id if known else "")
        found[key] = Subject("vehicle", key, plate, unit, holder)
    return found


def _papers(
    company: CompanyRow,
    subjects: Mapping[int, Subject],
    units: Mapping[int, str],
    *,
    of: str,
    warns: int | None,
) -> Iterator[DueRow]:
    certificates = [c for c in lawbook().dossiers.certificates.values() if c.of == of]
    on_record = newest_papers(company.id, certificates, of=of, on=current().today, warns=warns)
    nothing = Newest(frozenset(), {})
    for certificate in certificates:
        found = on_record.get(certificate.id, nothing)
        for key, paper in found.near.items():
            if key in subjects:
                standing = standing_of(certificate, paper, subjects[key].holder, current().today, warns=warns)
                yield _row(certificate, subjects[key], units, standing)
        for subject in _lacking(certificate, subjects.values(), found.held):
            standing = standing_of(certificate, None, subject.holder, current().today)
            yield _row(certificate, subject, units, standing)


def _lacking(
    certificate: Certificate, subjects: Iterable[Subject], held: frozenset[int]
) -> Iterator[Subject]:
    asked: dict[Holder, bool] = {}
    for subject in subjects:
        if subject.id in held:
            continue
        holder = subject.holder
        if holder not in asked:
            asked[holder] = is_asked(certificate.asked, holder)
        if asked[holder]:
            yield subject


def _row(certificate: Certificate, subject: Subject, units: Mapping[int, str], standing: Standing) -> DueRow:
    wanted = certificate.wanted
    choice = (wanted.choice, min(wanted.values)) if len(wanted.values) == 1 else None
    unit = units.get(subject.unit_id or 0, "")
    return DueRow(subject, unit, certificate.id, certificate.name, standing, wanted.kind, choice)


def _cycles(
    vehicles: Mapping[int, Subject],
    fleet: Mapping[int, FleetVehicle],
    units: Mapping[int, str],
    warns: int | None,
) -> Iterator[DueRow]:
    """Tests, maintenance and scrapping; a vehicle whose driving permit is not on record lacks that first."""
    today = current().today
    for key, subject in vehicles.items():
        if key not in fleet or fleet[key].known is None:
            continue
        unit = units.get(subject.unit_id or 0, "")
        for what, level, found in standings_of(fleet[key], today):
            standing = found if warns is None else warned(found, warns, today)
            if standing.state in (*DUE, Validity.MISSING):
                yield _cycle(subject, unit, what, level, standing)


def _cycle(subject: Subject, unit: str, what: str, level: str, standing: Standing) -> DueRow:
    if what == "upkeep":
        name = LEVELS.get(level, level)
        return DueRow(subject, unit, f"upkeep-{level}", name, standing, UPKEEP, ("level", level))
    if what == "test":
        return DueRow(subject, unit, what, TESTED, standing, TEST)
    return DueRow(subject, unit, what, SCRAPPED, standing, "vehicle.retired", ("type", "scrapped"))


def kinds_of_due() -> dict[str, str]:
    """What can run out -> its name, in the order of the catalogue."""
    found = {c.id: c.name for c in lawbook().dossiers.certificates.values()}
    levels = {level for known in lawbook().dossiers.classes.values() for level in known.upkeep}
    found |= {f"upkeep-{level}": LEVELS.get(level, level) for level in sorted(levels)}
    return found | NAMES


@dataclass(frozen=True, slots=True)
class NearScrapping:
    subject: Subject
    unit_name: str
    known: FleetVehicle
    standing: Standing


def near_scrapping(company: CompanyRow) -> list[NearScrapping]:
    """The watch list: within a year of the compulsory end, beyond it, or beyond the kilometres advised."""
    require("see_company")
    units = dict(Unit.objects.filter(company=company.id).values_list("pk", "name"))
    fleet = fleet_of(company.id)
    found = []
    for key, subject in _vehicles(company, fleet).items():
        if key in fleet:
            standings = {what: standing for what, _, standing in standings_of(fleet[key], current().today)}
            if standings["scrapping"].state in DUE:
                unit = units.get(subject.unit_id or 0, "")
                found.append(NearScrapping(subject, unit, fleet[key], standings["scrapping"]))
    return sorted(found, key=lambda row: (row.standing.expires or date.max, row.subject.name))


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that the law asks for and nobody holds today. `since`: the day the last holder left."""

    post: StatutoryPost
    position: str
    name: str
    since: date | None


def vacancies(company: CompanyRow) -> list[Vacancy]:
    today = current().today
    asked = [
        (post, f"{company.trade}.{post.post}")
        for post in lawbook().dossiers.statutory
        if not post.trades or company.trade in post.trades
    ]
    held: dict[str, date | None] = {}
    rows = Holding.objects.filter(
        company=company.id, position__in=[p for _, p in asked], since__lte=today
    ).values_list("position", "until")
    for position, until in rows:
        before = held.get(position, date.min)
        held[position] = None if until is None or before is None else max(before, until)
    found = []
    for post, position in asked:
        last = held.get(position, date.min)
        if last is not None and last <= today:
            named = post_named(position)
            found.append(
                Vacancy(post, position, named.name if named else position, last if last > date.min else None)
            )
    return found
