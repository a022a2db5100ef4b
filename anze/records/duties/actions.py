"""What changes a standing: sealing and voiding records, posts, people, vehicles, units.

Each act locks the company's deciding first and appends to the journal last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import acting, current
from anze.records.confirmations import actions as confirmations
from anze.records.dossiers import hiring
from anze.records.duties import verdicts
from anze.records.duties.deciding import (
    decided_later,
    own_company,
    per_subject,
    redecide,
    redecide_for_periods,
    redecide_for_records,
    redecide_position,
)
from anze.records.duties.footing import proving_with
from anze.records.duties.leaving import open_by_holding
from anze.records.duties.models import Obligation
from anze.records.evidence import sealing
from anze.records.fleet import actions as fleet
from anze.records.journal.actions import append
from anze.records.people import actions as staff
from anze.records.people import queries as people
from anze.records.people.phones import tidy_phone
from anze.records.tenants import actions as tenants
from anze.rules.duties import State


@dataclass(frozen=True, slots=True)
class Sealed:
    record_id: int
    number: str
    proved: tuple[int, ...]  # obligations that the record now proves


def seal_records(*, record_ids: Sequence[int]) -> list[Sealed]:
    """Seal drafts and decide again what they touch. Raises what `sealing.mark_sealed` raises."""
    company_id = own_company()
    verdicts.lock([company_id])
    sealed = sealing.mark_sealed(record_ids)
    confirmations.ask(record.id for record in sealed)
    replaced = [record.superseded for record in sealed if record.superseded is not None]
    redecide_for_records(company_id, [record.id for record in sealed] + replaced)
    append(
        action="record.seal",
        rows=[("evidence.record", record.id, record.digest) for record in sealed],
        company_id=company_id,
    )
    return [Sealed(r.id, r.number, _proved_by(company_id, r)) for r in sealed]


def void_records(*, record_ids: Sequence[int], reason: str) -> None:
    """Void sealed records; what they proved is decided again without them."""
    company_id = own_company()
    verdicts.lock([company_id])
    voided = sealing.mark_void(record_ids, reason=reason)
    redecide_for_records(company_id, [record.id for record in voided])
    append(
        action="record.void",
        rows=[("evidence.record", record.id, record.digest) for record in voided],
        reason=reason,
        company_id=company_id,
    )


def assign_post(*, person_id: int, position: str, since: date, until: date | None = None) -> int:
    """Raises people.actions.PostTaken when the post allows one holder and has one."""
    verdicts.lock([own_company()])
    holding = staff.assign_post(person_id=person_id, position=position, since=since, until=until)
    redecide_position(position)
    return holding


def end_holding(*, holding_id: int, until: date) -> None:
    """With open duties it goes on file as not handed over (未交接) until a sheet is signed."""
    verdicts.lock([own_company()])
    left = open_by_holding([holding_id]).get(holding_id, 0)
    redecide_position(staff.end_holding(holding_id=holding_id, until=until, left_open=left))


def appoint_deputy(*, holding_id: int, deputy_id: int, since: date, until: date | None, reason: str) -> None:
    verdicts.lock([own_company()])
    redecide_position(
        staff.appoint_deputy(
            holding_id=holding_id, deputy_id=deputy_id, since=since, until=until, reason=reason
        )
    )


def employ(*, company_id: int, people: Sequence[staff.NewPerson], despite_bars: bool = False) -> list[int]:
    """New drivers and employees are subjects of duties from their first day.

    Raises hiring.Barred for a driver who comes back and may not, unless that was decided.
    """
    verdicts.lock([company_id])
    drivers = [(new.name.strip(), tidy_phone(new.phone) or "") for new in people if new.driver]
    if known := hiring.served_before(company_id=company_id, people=drivers):
        hiring.require_unbarred(company_id=company_id, person_ids=known, despite=despite_bars)
    ids = staff.employ(company_id=company_id, people=list(people))
    redecide(company_id=company_id, requirements=per_subject())
    return ids


def enrol_vehicles(*, company_id: int, vehicles: Sequence[fleet.NewVehicle]) -> list[int]:
    """New vehicles are subjects of duties from their first day."""
    verdicts.lock([company_id])
    ids = fleet.enrol_vehicles(company_id=company_id, vehicles=vehicles)
    redecide(company_id=company_id, requirements=per_subject())
    return ids


def retire_vehicles(*, vehicle_ids: Sequence[int], until: date) -> None:
    verdicts.lock([own_company()])
    fleet.retire_vehicles(vehicle_ids=vehicle_ids, until=until)
    redecide(company_id=own_company(), requirements=per_subject())


def open_unit(*, company_id: int, kind: str, name: str, since: date, parent: int | None = None) -> int:
    """A department is a subject of duties from its first day."""
    verdicts.lock([company_id])
    unit = tenants.open_unit(company_id=company_id, kind=kind, name=name, since=since, parent=parent)
    redecide(company_id=company_id, requirements=per_subject())
    return unit


def dismiss(*, person_ids: Sequence[int], left_on: date) -> None:
    verdicts.lock([own_company()])
    held = [h.id for key in person_ids for h in people.holdings(current().today, person_id=key)]
    staff.dismiss(person_ids=list(person_ids), left_on=left_on, left_open=open_by_holding(held))
    redecide(company_id=own_company())


def place_under(*, authority_id: int, company_ids: Sequence[int], since: date) -> None:
    """What the authority declared for its companies holds for these too, by the days."""
    tenants.place_under(authority_id=authority_id, company_ids=company_ids, since=since)
    scope = current()
    ids = tuple(sorted(set(company_ids)))
    with acting(scope.actor, reads=ids, writes=ids, at=scope.at):
        for company_id in ids:
            redecide_for_periods(company_id)


def _proved_by(company_id: int, record: sealing.Marked) -> tuple[int, ...]:
    """The requirements come first: `@>` uses no index under row-level security."""
    if decided_later():
        return ()
    proved = Obligation.objects.filter(
        company_id=company_id,
        requirement__in=sorted(proving_with(company_id, [record.kind])),
        state__in=[State.MET, State.LATE],
        facts__contains=[record.id],
    )
    return tuple(proved.order_by("requirement", "starts").values_list("id", flat=True))
