"""A company's own demands, and the posts of its trade with them below the printed duties. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.demands.models import OwnDemand
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import company
from anze.rules.catalogue.model import Every, Line, Position, Requirement, Role
from anze.rules.duties import own


@dataclass(frozen=True, slots=True)
class OwnDemandRow:
    """`state`: coming, running or over. `number`: as the list of the post prints it, while it is there."""

    demand: own.OwnDemand
    requirement: Requirement
    position_name: str
    kind_name: str
    state: str
    reason: str
    decided_by: str
    decided_at: datetime
    end_reason: str
    ended_by: str
    ended_at: datetime | None


def own_demands(company_ids: Sequence[int]) -> dict[int, list[own.OwnDemand]]:
    """Also those that have ended; companies without any are absent. One query, once in a scope."""
    found: dict[int, list[own.OwnDemand]] = {}
    for row in _rows(company_ids):
        found.setdefault(row.company_id, []).append(demand_of(row))
    return found


def own_requirements(company_ids: Sequence[int]) -> dict[int, tuple[Requirement, ...]]:
    asked = own_demands(company_ids)
    return {key: tuple(own.requirement_of(one) for one in demands) for key, demands in asked.items()}


def requirement(requirement_id: str) -> Requirement:
    """Of a printed line, or a company's own in scope. Raises KeyError."""
    return _own(requirement_id) or lawbook().requirement(requirement_id)


def line(position: Position, line_id: str) -> Line:
    """A line under which something is asked, printed or the company's own. Raises KeyError."""
    for known in (*position.responsibilities, *position.duties):
        if known.id == line_id:
            return known
    key = own.own_key(line_id)
    row = OwnDemand.objects.filter(pk=key).first() if key is not None else None
    if row is None:
        raise KeyError(line_id)
    listed = _running(row.company_id, current().today).get(row.position, [])
    number = next((n for n, one in enumerate(listed, start=1) if one.id == key), 0)
    return own.line_of(demand_of(row), number)


def position(company_id: int, position_id: str) -> Position | None:
    """The post with what the company asks of it today or later; None: no file declares it."""
    known = lawbook().positions.get(position_id)
    return known and completed(company_id, known)


def completed(company_id: int, position: Position) -> Position:
    """A printed post with what the company asks of it today or later."""
    return own.with_own(position, _running(company_id, current().today).get(position.id, ()))


def positions(company_id: int) -> tuple[Position, ...]:
    """Those of the company's trade, in printed order."""
    asked = _running(company_id, current().today)
    listed = lawbook().positions_of(company(company_id).trade)
    return tuple(own.with_own(known, asked.get(known.id, ())) for known in listed)


def rows(company_id: int) -> list[OwnDemandRow]:
    """Those that are asked first, by post."""
    names = {p.id: (p.number, p.name) for p in lawbook().positions.values()}
    found = [_row(row) for row in _rows([company_id])]
    return sorted(found, key=lambda row: (row.state == "over", names[row.demand.position], row.demand.id))


def row(demand_id: int) -> OwnDemandRow | None:
    """In scope; None: there is none."""
    found = OwnDemand.objects.filter(pk=demand_id).first()
    return _row(found) if found is not None else None


def demand_of(row: OwnDemand) -> own.OwnDemand:
    return own.OwnDemand(
        id=row.pk,
        position=row.position,
        text=row.text,
        every=Every(row.every),
        times=row.times,
        record_kind=row.record_kind,
        since=row.since,
        role=Role(row.role) if row.role else None,
        subject=row.subject,
        ends=row.ends,
    )


def _rows(company_ids: Sequence[int]) -> list[OwnDemand]:
    memo, key = current().memo, ("own demands", *company_ids)
    if key not in memo:
        memo[key] = list(OwnDemand.objects.filter(company_id__in=company_ids).order_by("company_id", "pk"))
    found: list[OwnDemand] = memo[key]
    return found


def _running(company_id: int, today: date) -> dict[str, list[own.OwnDemand]]:
    """Position -> what is asked today or later, the oldest first."""
    found: dict[str, list[own.OwnDemand]] = {}
    for demand in own_demands([company_id]).get(company_id, ()):
        if demand.ends is None or demand.ends > today:
            found.setdefault(demand.position, []).append(demand)
    return found


def _own(requirement_id: str) -> Requirement | None:
    key = own.own_key(requirement_id)
    if key is None:
        return None
    memo, place = current().memo, ("own demand", key)
    if place not in memo:
        row = OwnDemand.objects.filter(pk=key).first()
        memo[place] = own.requirement_of(demand_of(row)) if row is not None else None
    known: Requirement | None = memo[place]
    return known if known is not None and known.id == requirement_id else None


def _row(row: OwnDemand) -> OwnDemandRow:
    demand, today = demand_of(row), current().today
    kind = lawbook().kinds.get(row.record_kind)
    over = row.ends is not None and row.ends <= today
    return OwnDemandRow(
        demand=demand,
        requirement=own.requirement_of(demand),
        position_name=lawbook().positions[row.position].name,
        kind_name=kind.name if kind else row.record_kind,
        state="over" if over else "coming" if row.since > today else "running",
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        end_reason=row.end_reason,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )
