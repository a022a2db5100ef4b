"""What changes a standing: sealing and voiding records, posts, commitments, waivers; and deciding again.

Each act locks the company's deciding first and appends to the journal last.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from anze.records.acting.bulk import in_bulk
from anze.records.acting.context import acting, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.confirmations import actions as confirmations
from anze.records.demands import queries as demands
from anze.records.demands.queries import own_requirements
from anze.records.dossiers import hiring
from anze.records.duties import cases, corrections, numbers, verdicts
from anze.records.duties.footing import EditionVanished, footing_of, footings_of, proving_with, reach
from anze.records.duties.leaving import open_by_holding
from anze.records.duties.models import Obligation, Waiver
from anze.records.duties.words import asked_in_words
from anze.records.evidence import sealing
from anze.records.evidence.facts import facts_of_many
from anze.records.fleet import actions as fleet
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook
from anze.records.people import actions as staff
from anze.records.people import queries as people
from anze.records.people.phones import tidy_phone
from anze.records.tenants import actions as tenants
from anze.rules.catalogue.model import Every, Kind, Limit, Requirement
from anze.rules.catalogue.strength import weaker
from anze.rules.duties import State
from anze.rules.periods import ONE_DAY
from anze.rules.posts import Span

log = logging.getLogger(__name__)
_LATER: ContextVar[bool] = ContextVar("deciding_later", default=False)


@contextmanager
def deciding_later() -> Iterator[None]:
    """Acts in here change facts and decide nothing: for a history entered as a whole.

    A verdict rests on facts and the instant alone, so one `redecide` afterwards gives the same verdicts.
    """
    token = _LATER.set(True)
    try:
        with in_bulk():
            yield
    finally:
        _LATER.reset(token)


class WeakerThanLaw(Refused):
    """A commitment below what the law asks at least."""


class NotForCompany(Refused):
    """The requirement leaves nothing to the company's choice."""


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
    _decide_for_records(company_id, [record.id for record in sealed] + replaced)
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
    _decide_for_records(company_id, [record.id for record in voided])
    append(
        action="record.void",
        rows=[("evidence.record", record.id, record.digest) for record in voided],
        reason=reason,
        company_id=company_id,
    )


def commit_to(
    *,
    requirement: str,
    since: date,
    every: Every | None = None,
    times: int = 1,
    within: Limit | None = None,
    reason: str = "",
) -> int:
    """The company fixes the number or the limit that the text leaves open."""
    require("commit")
    company_id = own_company()
    asked = known_requirement(requirement)
    _check_commitment(asked, since, every, times, within)
    verdicts.lock([company_id])
    term = cases.committed_term(since=since, every=every, times=times, within=within)
    row = numbers.store(company_id, requirement, term, since=since, reason=reason)
    redecide(company_id=company_id, requirements=frozenset({requirement}))
    append(action="duty.commit", rows=[row], reason=reason or None, company_id=company_id)
    return row[1]


def waive(
    *, requirement: str, since: date, until: date | None, reason: str, person_id: int | None = None
) -> int:
    """A requirement is not asked over a span; the reason is on file."""
    require("waive")
    company_id, scope = own_company(), current()
    known_requirement(requirement)
    if not reason.strip():
        raise Refused("请写明豁免理由。")
    if until is not None and until <= since:
        raise Refused("豁免的结束日期应晚于开始日期。")
    verdicts.lock([company_id])
    row = Waiver.objects.create(
        company_id=company_id,
        requirement=requirement,
        person_id=person_id,
        since=since,
        until=until,
        reason=reason.strip(),
        decided_by=scope.actor.name,
        decided_at=scope.at,
    )
    redecide(company_id=company_id, requirements=frozenset({requirement}))
    content = {
        "requirement": requirement,
        "since": since.isoformat(),
        "until": str(until),
        "person": person_id,
    }
    append(
        action="duty.waive",
        rows=[("duties.waiver", row.pk, digest_of(content))],
        reason=reason,
        company_id=company_id,
    )
    return row.pk


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


def redecide(
    *, company_id: int, requirements: frozenset[str] | None = None, touching: Span | None = None
) -> verdicts.Stored:
    """Decide a company again from its facts; all of it, or some requirements, or some days."""
    if _LATER.get():
        return verdicts.Stored(0, 0, 0)
    verdicts.lock([company_id])
    footing = footing_of(company_id, current().at)
    at = footing.instant(current().at)
    ruled = footing.rule(footing.facts(requirements, touching), at, requirements, touching)
    stored = verdicts.store({company_id: ruled}, at=at, only=requirements, touching=touching)
    if corrections.keep(company_id, ruled, at) or any(stored):
        reach([footing], at)
    return stored


def redecide_companies(*, company_ids: Sequence[int]) -> verdicts.Stored:
    """Whole companies in bulk: facts, rosters and known verdicts are read once for all of them."""
    at = current().at
    verdicts.lock(company_ids)
    with in_bulk():
        facts = facts_of_many(company_ids)
        footings = footings_of(company_ids, at)
        periods = cases.period_facts(footing.company for footing in footings.values())
        ruled = {
            key: footing.rule([*facts.get(key, ()), *periods[key]], footing.instant(at), None, None)
            for key, footing in footings.items()
        }
        stored = verdicts.store(ruled, at=at)
        for key, company in ruled.items():
            corrections.keep(key, company, at)
        reach(footings.values(), at)
        return stored


def place_under(*, authority_id: int, company_ids: Sequence[int], since: date) -> None:
    """What the authority declared for its companies holds for these too, by the days."""
    tenants.place_under(authority_id=authority_id, company_ids=company_ids, since=since)
    scope = current()
    ids = tuple(sorted(set(company_ids)))
    with acting(scope.actor, reads=ids, writes=ids, at=scope.at):
        for company_id in ids:
            redecide_for_periods(company_id)


def redecide_for_periods(company_id: int) -> None:
    """What a key period opens, by the shelf or in an applied edition.

    A company whose edition vanished keeps what is stored: it must not stop the others.
    """
    try:
        opened = cases.opened_by_key_periods() | proving_with(company_id, cases.OPENING)
        redecide(company_id=company_id, requirements=opened)
    except EditionVanished:
        log.exception("company %s was not decided again", company_id)


def sweep(*, company_id: int) -> verdicts.Stored:
    """Decide what may have changed because time passed: the rows whose `until` has come."""
    at = current().at
    due = Obligation.objects.filter(company_id=company_id, until__lte=at).values_list("requirement", "starts")
    rows = list(due)
    if not rows:
        return verdicts.Stored(0, 0, 0)
    touching = Span(min(starts for _, starts in rows))
    return redecide(company_id=company_id, requirements=frozenset(r for r, _ in rows), touching=touching)


def _decide_for_records(company_id: int, record_ids: Sequence[int]) -> None:
    """Only the requirements such records can prove, only the days they speak of."""
    if _LATER.get():
        return
    for day, kinds in cases.days_touched(record_ids).items():
        redecide(
            company_id=company_id,
            requirements=proving_with(company_id, kinds),
            touching=Span(day, day + ONE_DAY),
        )


def _proved_by(company_id: int, record: sealing.Marked) -> tuple[int, ...]:
    """The requirements come first: `@>` uses no index under row-level security."""
    if _LATER.get():
        return ()
    proved = Obligation.objects.filter(
        company_id=company_id,
        requirement__in=sorted(proving_with(company_id, [record.kind])),
        state__in=[State.MET, State.LATE],
        facts__contains=[record.id],
    )
    return tuple(proved.order_by("requirement", "starts").values_list("id", flat=True))


def redecide_position(position: str) -> None:
    listed = lawbook().positions.get(position)  # a leading post of a trade without a list owes nothing
    requirements = frozenset(r.id for r in listed.requirements) if listed else frozenset[str]()
    asked = own_requirements([own_company()]).get(own_company(), ())
    mine = frozenset(r.id for r in asked if r.position == position)
    redecide(company_id=own_company(), requirements=requirements | mine)


def per_subject() -> frozenset[str]:
    asked = [r for p in lawbook().positions.values() for r in p.requirements]
    asked += [r for own in own_requirements(current().reads).values() for r in own]
    return frozenset(r.id for r in asked if r.subject is not None)


def _check_commitment(
    asked: Requirement, since: date, every: Every | None, times: int, within: Limit | None
) -> None:
    if asked.kind is not Kind.COMMITTED:
        raise NotForCompany("该项要求已有明确规定，不由企业自定。")
    if asked.asks == "frequency" and (every is None or not 1 <= times <= 366):
        raise Refused("请填写频次：每多久至少几次。")
    if asked.asks == "limit" and (within is None or within.amount < 1):
        raise Refused("请填写办理时限，至少为1。")
    if since < cases.judged_from(own_company()):
        raise Refused("生效日期不能早于企业开始建档的日期。")
    term = cases.committed_term(since=since, every=every, times=times, within=within)
    if asked.floor is not None and weaker(term, asked.floor):
        raise WeakerThanLaw(f"最低要求是{asked_in_words(asked, asked.floor)}，不能低于它。")


def known_requirement(requirement_id: str) -> Requirement:
    try:
        return demands.requirement(requirement_id)
    except KeyError as unknown:
        raise NotFound("没有这项要求。") from unknown


def own_company() -> int:
    """Duties are written by the company they bind."""
    writes = current().writes
    if len(writes) != 1:
        raise NotFound("请先选定一家企业。")
    return writes[0]
