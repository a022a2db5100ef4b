"""Changes of the organisation that change a standing: leave, remits, units, drivers; and the first company.

Each act locks the company's deciding first and appends to the journal last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from anze.records.acting.context import acting, current
from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.dossiers import hiring
from anze.records.duties import verdicts
from anze.records.duties.deciding import own_company, per_subject, redecide, redecide_position
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people import actions as staff
from anze.records.people import edits, leaves, queries, remits
from anze.records.people.models import Cover, Person
from anze.records.tenants import actions as tenants
from anze.records.tenants.models import Unit


class UnitInUse(Refused):
    """People, vehicles or units still belong to it."""


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A company with its principal, who goes on from there."""

    name: str
    short_name: str
    trade: str
    area: str
    employees: int
    vehicles: int
    started_on: date
    judged_from: date
    principal: str
    since: date  # the principal's first day in the post
    authority_id: int | None = None


def take_leave(*, person_id: int, kind: str, since: date, until: date | None, reason: str) -> int:
    """What the person does as a deputy on these days counts for nobody. Raises leaves.AlreadyAway."""
    verdicts.lock([own_company()])
    leave = leaves.take_leave(person_id=person_id, kind=kind, since=since, until=until, reason=reason)
    _redecide_covered(person_id)
    return leave


def end_leave(*, leave_id: int, until: date) -> int:
    """The person's id."""
    verdicts.lock([own_company()])
    person = leaves.end_leave(leave_id=leave_id, until=until)
    _redecide_covered(person)
    return person


def put_in_charge(*, holding_id: int, unit_id: int, since: date, until: date | None = None) -> None:
    """What is asked within the remit (分管范围) is decided again. Raises remits.UnitTaken."""
    verdicts.lock([own_company()])
    remits.put_in_charge(holding_id=holding_id, unit_id=unit_id, since=since, until=until)
    _redecide_remits()


def end_remit(*, remit_id: int, until: date) -> None:
    verdicts.lock([own_company()])
    remits.end_remit(remit_id=remit_id, until=until)
    _redecide_remits()


def close_unit(*, unit_id: int, until: date) -> None:
    """A department is asked about up to its last day. Raises UnitInUse."""
    verdicts.lock([own_company()])
    require("manage_people")
    _check_empty(unit_id, until)
    remits.end_remits_of(unit_id=unit_id, until=until)
    tenants.close_unit(unit_id=unit_id, until=until)
    redecide(company_id=own_company(), requirements=per_subject() | _within_remits())


def edit_person(
    *, person_id: int, version: int, name: str, phone: str | None, driver: bool, despite_bars: bool = False
) -> None:
    """Who becomes or ceases to be a driver changes what is asked.

    Raises edits.ChangedMeanwhile, and hiring.Barred where a check speaks against it and nobody decided.
    """
    verdicts.lock([own_company()])
    before = queries.person(person_id).driver
    if driver and not before:
        hiring.require_unbarred(company_id=own_company(), person_ids=[person_id], despite=despite_bars)
    edits.edit_person(person_id=person_id, version=version, name=name, phone=phone, driver=driver)
    if before != driver:
        redecide(company_id=own_company(), requirements=per_subject())


def found_company(*, new: NewCompany, username: str, password: str) -> int:
    """The company's id; its principal can sign in.

    Raises tenants.NameTaken, people.InvalidPeople, people.InvalidAccount, Refused.
    """
    require("register")
    scope = current()
    position = f"{new.trade}.principal"
    if position not in lawbook().positions:
        raise Refused("这个行业的岗位清单尚未收录，暂不能登记。")
    if new.judged_from < new.started_on:
        raise Refused("开始判定履职的日期不能早于企业成立日期。")
    company = tenants.register_company(
        name=new.name,
        short_name=new.short_name,
        trade=new.trade,
        area=new.area,
        employees=new.employees,
        vehicles=new.vehicles,
        started_on=new.started_on,
        judged_from=new.judged_from,
    )
    if new.authority_id is not None:
        tenants.place_under(authority_id=new.authority_id, company_ids=[company], since=scope.today)
    with acting(scope.actor, reads=(company,), writes=(company,), at=scope.at, reason=scope.reason):
        (person,) = staff.employ(company_id=company, people=[staff.NewPerson(new.principal, new.since)])
        staff.assign_post(person_id=person, position=position, since=new.since)
        staff.open_account(username=username, password=password, person_id=person)
        redecide(company_id=company)
    return company


def _check_empty(unit_id: int, until: date) -> None:
    """Whoever belongs to it goes elsewhere first."""
    still = Q(until=None) | Q(until__gt=until)
    if Unit.objects.filter(still, parent=unit_id).exists():
        raise UnitInUse("下面还有下级机构，请先撤销下级机构。")
    if Person.objects.filter(Q(left_on=None) | Q(left_on__gt=until), unit=unit_id).exists():
        raise UnitInUse("还有人员属于这个机构，请先把他们调到别处。")
    if Vehicle.objects.filter(still, unit=unit_id).exists():
        raise UnitInUse("还有车辆属于这个机构，请先把它们归到别处。")


def _redecide_covered(person_id: int) -> None:
    """The posts in which the person stands in for somebody, at any time."""
    rows = Cover.objects.filter(deputy=person_id).values_list("holding__position", flat=True)
    for position in sorted(set(rows)):
        redecide_position(position)


def _redecide_remits() -> None:
    redecide(company_id=own_company(), requirements=_within_remits())


def _within_remits() -> frozenset[str]:
    return frozenset(r.id for p in lawbook().positions.values() for r in p.requirements if r.remit)
