"""一人一档: everything on record about one person, with what is valid, due and still open today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.dossiers.certificates import SHOWN, CertificateLine, certificate_lines, shown_of
from anze.records.dossiers.concerning import Concerning, fitting, newest_of, of_person
from anze.records.dossiers.hiring import VETTING, bars_of
from anze.records.dossiers.pairs import FINDINGS, findings_in
from anze.records.dossiers.trips import CHECK
from anze.records.evidence.values import several
from anze.records.fleet.pairs import first_paired
from anze.records.lawbook import lawbook
from anze.records.people.leaves import LeaveRow, leaves
from anze.records.people.models import Person, Placement
from anze.records.people.queries import HoldingRow, PersonRow, holdings, row_of
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.dossier_model import Points, Wanted, in_force
from anze.rules.dossiers.changes import Done, Occasion, OpenItem, Settled, items_of
from anze.rules.dossiers.hiring import BarStanding
from anze.rules.dossiers.pairing import Objection
from anze.rules.dossiers.points import Balance, Penalty, balance
from anze.rules.dossiers.topics import Taught, Topics, topics_of
from anze.rules.dossiers.training_hours import Attended, Hours, hours_of
from anze.rules.dossiers.validity import Holder, is_asked

LEVELS = {"company": "公司级", "fleet": "车队或部门级", "team": "班组或岗位级"}
OPEN = frozenset({Settled.OPEN, Settled.OVERDUE})
_CONTRACT, _NOTICE, _INDUCTION = "employee.contract", "violation.notice", "training.induction"
_VIOLATIONS = (
    _NOTICE,
    "violation.handling",
    "misconduct.found",
    "misconduct.corrected",
    "monitoring.serious",
)
_REWARDS = ("personnel.reward", "target.appraisal")
_ACCIDENTS = ("accident.notice", "accident.investigation", "vehicle.fault")
_CARE = ("driver.screening", "driver.appraisal", "driver.care")
_CREDIT = ("credit.driver",)


@dataclass(frozen=True, slots=True)
class PersonDossier:
    person: PersonRow
    unit_name: str
    employed: bool
    posts: tuple[HoldingRow, ...]
    contract: Concerning | None
    certificates: tuple[CertificateLine, ...]
    levels: tuple[tuple[str, str, Concerning | None], ...]  # of induction: id, name, record
    hours: tuple[Hours, ...]
    topics: tuple[Topics, ...]
    points_term: Points | None
    points: Balance | None
    items: tuple[OpenItem, ...]
    settled: tuple[OpenItem, ...]
    trainings: tuple[Concerning, ...]
    violations: tuple[Concerning, ...]
    rewards: tuple[Concerning, ...]
    accidents: tuple[Concerning, ...]
    care: tuple[Concerning, ...]  # screening, appraisal of behaviour, talks
    concern: tuple[Objection, ...]  # what of it says that the driver must not drive
    credit: tuple[Concerning, ...]  # the driver's yearly grade of service
    bars: tuple[BarStanding, ...]  # to being hired as a driver
    records: tuple[Concerning, ...]


def person_dossier(person_id: int, company: CompanyRow) -> PersonDossier:
    """Raises NotFound for another company's person, and for a colleague of who sees only their own file."""
    actor = current().actor
    known = may(actor, "see_company") or (actor.person is not None and actor.person == person_id)
    rows = Person.objects.select_related("unit").filter(pk=person_id, company=company.id)
    found = rows.first() if known and 0 < person_id < 2**63 else None
    if found is None:
        raise NotFound("没有这个人员。")
    person, today = row_of(found), current().today
    held = tuple(holdings(person_id=person_id))
    on_file = of_person(company.id, person_id, kinds=_kinds())
    holder = holder_of(company, person, held)
    items = _items(company, person, held, on_file)
    trainings = [row for row in on_file if row.kind.startswith("training.")]
    term = in_force(lawbook().dossiers.points, today)
    return PersonDossier(
        person=person,
        unit_name=found.unit.name if found.unit else "",
        employed=person.joined_on <= today and (person.left_on is None or person.left_on > today),
        posts=held,
        contract=newest_of(on_file, Wanted(_CONTRACT)),
        certificates=certificate_lines("person", on_file, holder),
        levels=tuple(_levels(trainings)),
        hours=tuple(_hours(company, person, holder, trainings)),
        topics=tuple(_topics(company, person, holder, trainings)),
        points_term=term,
        points=_points(term, on_file) if term and person.driver else None,
        items=tuple(item for item in items if item.settled in OPEN),
        settled=tuple(item for item in items if item.settled not in OPEN),
        trainings=tuple(trainings[:SHOWN]),
        violations=shown_of(on_file, _VIOLATIONS),
        rewards=shown_of(on_file, _REWARDS),
        accidents=shown_of(on_file, _ACCIDENTS),
        care=shown_of(on_file, _CARE) if person.driver else (),
        concern=tuple(findings_in(on_file)) if person.driver else (),
        credit=shown_of(on_file, _CREDIT),
        bars=tuple(bars_of(company, on_file)) if person.driver else (),
        records=tuple(of_person(company.id, person_id, but=(CHECK,), limit=SHOWN)),
    )


def holder_of(company: CompanyRow, person: PersonRow, held: Sequence[HoldingRow]) -> Holder:
    today = current().today
    return Holder(
        company.trade,
        person.driver,
        frozenset(
            row.position.rpartition(".")[2]
            for row in held
            if row.since <= today and (row.until is None or row.until > today)
        ),
    )


def _kinds() -> set[str]:
    rules = lawbook().dossiers
    named = {c.wanted.kind for c in rules.certificates.values() if c.of == "person"}
    named |= {c.wanted.kind for c in rules.changes.values()}
    named |= {kind for kind in lawbook().kinds if kind.startswith("training.")}
    return named | {VETTING, _CONTRACT, *_VIOLATIONS, *_REWARDS, *_ACCIDENTS, *_CARE, *_CREDIT, *FINDINGS}


def _levels(trainings: Sequence[Concerning]) -> list[tuple[str, str, Concerning | None]]:
    """The first record of each level: that is when it was taught."""
    found = []
    for key, name in LEVELS.items():
        taught = fitting(trainings, Wanted(_INDUCTION, "level", frozenset({key, "all"})))
        found.append((key, name, taught[-1] if taught else None))
    return found


def _hours(
    company: CompanyRow, person: PersonRow, holder: Holder, trainings: Sequence[Concerning]
) -> list[Hours]:
    """Of this period and the one before it. Before the first day judged nobody recorded anything."""
    today = current().today
    attended = [Attended(r.id, r.day, r.kind, r.hours, r.number_of("class_hours")) for r in trainings]
    found = []
    for rule in lawbook().dossiers.hours.values():
        if not is_asked(rule.asked, holder):
            continue
        since = max(person.joined_on, company.judged_from)
        this = hours_of(rule, attended, today, day=today, joined=since, left=person.left_on)
        day = this.period.since - timedelta(days=1) if this else today
        before = hours_of(rule, attended, today, day=day, joined=since, left=person.left_on) if this else None
        found += [row for row in (this, before) if row is not None and row.period.until > since]
    return found


def _topics(
    company: CompanyRow, person: PersonRow, holder: Holder, trainings: Sequence[Concerning]
) -> list[Topics]:
    """Of the period that runs: what was not spoken of in it yet."""
    today, since = current().today, max(person.joined_on, company.judged_from)
    found = []
    for rule in lawbook().dossiers.topics.values():
        taught = [
            Taught(row.id, row.day, row.kind, frozenset(several(row.values.get(rule.field, ""))))
            for row in trainings
        ]
        row = topics_of(rule, taught, today, day=today, joined=since, left=person.left_on)
        found += [row] if row is not None and is_asked(rule.asked, holder) else []
    return found


def _points(term: Points, rows: Sequence[Concerning]) -> Balance:
    licences = [row.day_of("first") for row in fitting(rows, Wanted("certificate.driving"))]
    notices = [
        Penalty(row.id, row.day, row.number_of("points") or Fraction(0))
        for row in fitting(rows, Wanted(_NOTICE))
    ]
    return balance(term, next((day for day in licences if day), None), notices, current().today)


def _items(
    company: CompanyRow, person: PersonRow, held: Sequence[HoldingRow], rows: Sequence[Concerning]
) -> list[OpenItem]:
    return items_of(
        lawbook().dossiers.changes.values(),
        _occasions(person, held),
        [
            Done(row.id, row.day, row.kind, row.values, row.number_of("class_hours") or Fraction(0))
            for row in rows
            if row.about
        ],
        trade=company.trade,
        area=company.area,
        driver=person.driver,
        judged_from=company.judged_from,
        on=current().today,
    )


def _occasions(person: PersonRow, held: Sequence[HoldingRow]) -> list[Occasion]:
    found = [Occasion("joined", person.joined_on, work=_work_began(person, held))]
    found += [Occasion("posted", row.since, row.position.rpartition(".")[2]) for row in held]
    moves = Placement.objects.filter(person=person.id, since__gt=person.joined_on)
    found += [Occasion("moved", since) for since in moves.values_list("since", flat=True)]
    found += [
        Occasion("returned", row.until, away=(row.until - row.since).days) for row in _absences(person.id)
    ]
    if person.left_on is not None:
        found.append(Occasion("left", person.left_on))
    return found


def _work_began(person: PersonRow, held: Sequence[HoldingRow]) -> date | None:
    """With the first post of this service, or a driver's first vehicle."""
    days = [row.since for row in held if row.since >= person.joined_on]
    if person.driver and (paired := first_paired(person.id, since=person.joined_on)):
        days.append(paired)
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class _Absence:
    since: date
    until: date


def _absences(person_id: int) -> list[_Absence]:
    rows: list[LeaveRow] = leaves(person_id=person_id)
    return [_Absence(row.since, row.until) for row in rows if row.until is not None]
