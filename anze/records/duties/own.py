"""A company asks something of a post on its own, or ends it; what follows is decided at once."""

from __future__ import annotations

from datetime import date

from anze.records.demands import actions as demands
from anze.records.duties import verdicts
from anze.records.duties.deciding import own_company, redecide
from anze.rules.duties.own import Asking, requirement_of


def add_demand(*, demand: Asking, reason: str) -> int:
    """Its number. Raises what `demands.add` raises."""
    company_id = own_company()
    verdicts.lock([company_id])
    added = demands.add(company_id=company_id, demand=demand, reason=reason)
    redecide(company_id=company_id, requirements=frozenset({requirement_of(added).id}))
    return added.id


def end_demand(*, demand_id: int, ends: date, reason: str) -> None:
    """What was asked up to that day stays. Raises what `demands.end` raises."""
    company_id = own_company()
    verdicts.lock([company_id])
    ended = demands.end(demand_id=demand_id, ends=ends, reason=reason)
    redecide(company_id=company_id, requirements=frozenset({requirement_of(ended).id}))
