"""Deciding again: a company, some requirements, some days, or what time has changed.

Whoever calls has locked the company's deciding, or lets `redecide` lock it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from anze.records.acting.bulk import in_bulk
from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.demands.queries import own_requirements
from anze.records.duties import cases, corrections, verdicts
from anze.records.duties.footing import EditionVanished, footing_of, footings_of, proving_with, reach
from anze.records.duties.models import Obligation
from anze.records.evidence.facts import facts_of_many
from anze.records.lawbook import lawbook
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


def decided_later() -> bool:
    """Whether one deciding of the whole follows what is done here."""
    return _LATER.get()


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
        footings = footings_of(company_ids, at)
        kinds = set[str]().union(*(footing.kinds for footing in footings.values()))
        facts = facts_of_many(company_ids, kinds=kinds)
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


def redecide_for_records(company_id: int, record_ids: Sequence[int]) -> None:
    """Only the requirements such records can prove, only the days they speak of."""
    if _LATER.get():
        return
    for day, kinds in cases.days_touched(record_ids).items():
        redecide(
            company_id=company_id,
            requirements=proving_with(company_id, kinds),
            touching=Span(day, day + ONE_DAY),
        )


def redecide_for_periods(company_id: int) -> None:
    """What a key period opens, by the shelf or in an applied edition.

    A company whose edition vanished keeps what is stored: it must not stop the others.
    """
    try:
        opened = cases.opened_by_key_periods() | proving_with(company_id, cases.OPENING)
        redecide(company_id=company_id, requirements=opened)
    except EditionVanished:
        log.exception("company %s was not decided again", company_id)


def redecide_position(position: str) -> None:
    listed = lawbook().positions.get(position)  # a leading post of a trade without a list owes nothing
    requirements = frozenset(r.id for r in listed.requirements) if listed else frozenset[str]()
    asked = own_requirements([own_company()]).get(own_company(), ())
    mine = frozenset(r.id for r in asked if r.position == position)
    redecide(company_id=own_company(), requirements=requirements | mine)


def sweep(*, company_id: int) -> verdicts.Stored:
    """Decide what may have changed because time passed: the rows whose `until` has come."""
    at = current().at
    due = Obligation.objects.filter(company_id=company_id, until__lte=at).values_list("requirement", "starts")
    rows = list(due)
    if not rows:
        return verdicts.Stored(0, 0, 0)
    touching = Span(min(starts for _, starts in rows))
    return redecide(company_id=company_id, requirements=frozenset(r for r, _ in rows), touching=touching)


def per_subject() -> frozenset[str]:
    asked = [r for p in lawbook().positions.values() for r in p.requirements]
    asked += [r for own in own_requirements(current().reads).values() for r in own]
    return frozenset(r.id for r in asked if r.subject is not None)


def own_company() -> int:
    """Duties are written by the company they bind."""
    writes = current().writes
    if len(writes) != 1:
        raise NotFound("请先选定一家企业。")
    return writes[0]
