"""Plays the story through the same actions as everything else, each act at its own instant of the past."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from anze.cli.demo.cast import PASSWORD, Firm
from anze.cli.demo.days import Days, at
from anze.cli.demo.papers import attendance_sheet, certificate
from anze.cli.demo.story import Happening, Paper
from anze.records.acting.context import SYSTEM, Actor, acting
from anze.records.duties import actions as duties
from anze.records.duties import deciding
from anze.records.evidence import actions as evidence
from anze.records.evidence.actions import Draft, PartInput
from anze.records.evidence.item_queries import settleable
from anze.records.fleet import actions as fleet
from anze.records.fleet.pairs import NewPair, make_pairs
from anze.records.people import actions as people
from anze.records.people.leading import role_of
from anze.records.tenants import actions as tenants

PLATES = {"a": "T", "b": "U", "c": "X"}


@dataclass(slots=True)
class Stage:
    """Keys of the story -> ids of the database."""

    firm: Firm
    days: Days
    company: int
    people: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    holdings: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    vehicles: list[int] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)

    def tells(self, when: datetime) -> bool:
        """What lies before the first day is not told."""
        return when >= at(self.days.start, "00:00")

    def actor(self, key: str) -> Actor:
        role = next((role_of(h.position) for h in self.firm.holders if h.key == key), "driver")
        name = next(m.name for m in self.firm.members if m.key == key)
        return Actor(self.accounts[key], name, self.people[key], self.company, roles=frozenset({role}))

    def draft(self, told: Happening) -> Draft:
        return Draft(
            kind=told.kind,
            title=told.title,
            happened_at=told.happened,
            ended_at=told.ended,
            values=told.values | self._rows(told),
            parts=[
                PartInput(self.people[key], role, _attendance(told, key))
                for role, keys in told.parts.items()
                for key in keys
            ],
            subjects=[
                *(("vehicle", self.vehicles[index]) for index in told.vehicles),
                *(("department", self.units[name]) for name in told.units),
            ],
            about=self.records[told.about] if told.about else None,
            makes_up=told.makes_up,
            attests=told.attests,
        )

    def _rows(self, told: Happening) -> dict[str, str]:
        """What the meeting decides, and what it says of earlier things that are still known."""
        decided = [
            {"what": row.what, "who": self.people[row.who], "due": str(row.due), "measure": row.measure}
            for row in told.decides
        ]
        known = {(row.origin, row.what): row for row in settleable(told.kind)} if told.follows else {}
        followed = [
            {
                "record": item.origin, "field": item.field, "key": item.key,
                "result": row.result, "remark": row.remark, "due": str(row.due or ""),
            }
            for row in told.follows
            if (item := known.get((self.records.get(row.about, 0), row.what)))
        ]  # fmt: skip
        rows = {"actions": decided, "follow_up": followed}
        return {name: json.dumps(said) for name, said in rows.items() if said}


@dataclass(frozen=True, slots=True)
class Act:
    """Something done that is not a record: a post taken over, a number fixed, a record voided."""

    when: datetime
    by: str
    run: Callable[[Stage], object]


def _attendance(told: Happening, key: str) -> str:
    if key in told.absent:
        return "absent"
    return "excused" if key in told.excused else "attended"


def pair_up(stage: Stage) -> None:
    """Each vehicle with a driver, as far as there are drivers from the first day on."""
    start = stage.days.start
    drivers = [stage.people[key] for key in stage.firm.drivers(start)]
    new = [NewPair(vehicle, driver, start) for vehicle, driver in zip(stage.vehicles, drivers, strict=False)]
    make_pairs(company_id=stage.company, pairs=new)


def set_stage(
    firm: Firm, days: Days, company: int, opening: datetime, open_accounts: dict[str, str]
) -> Stage:
    """People, units, vehicles, first posts and accounts, as of the day the company begins its records."""
    stage = Stage(firm, days, company)
    with acting(SYSTEM, reads=(company,), at=opening):
        for kind, name in firm.units:
            stage.units[name] = tenants.open_unit(
                company_id=company, kind=kind, name=name, since=date(2012, 1, 1)
            )
        employ(stage, days.start)
        stage.vehicles = fleet.enrol_vehicles(
            company_id=company,
            vehicles=[
                fleet.NewVehicle(f"浙{firm.letter}{_plate(firm.key, i)}", date(2016 + i % 9, 1 + i % 12, 8))
                for i in range(firm.vehicles)
            ],
        )
        pair_up(stage)
        for key, username in open_accounts.items():
            if key in stage.people:
                open_account(stage, key, username)
        for holder in firm.holders:
            if holder.since < days.start:
                stage.holdings[holder.key] = people.assign_post(
                    person_id=stage.people[holder.key], position=holder.position, since=holder.since
                )
        deciding.redecide(company_id=company)
    return stage


def _plate(key: str, index: int) -> str:
    return f"{PLATES[key]}{(index * 37 + 1013) % 9000 + 1000:04d}"[:5]


def employ(stage: Stage, day: date) -> None:
    """Those who have come by the day and are not yet known."""
    new = [m for m in stage.firm.members if m.employed(day) and m.key not in stage.people]
    ids = duties.employ(
        company_id=stage.company,
        people=[
            people.NewPerson(
                name=m.name,
                joined_on=m.joined,
                phone=f"1380000{len(stage.people) + i:04d}",
                driver=m.driver,
                unit_id=stage.units.get(m.unit or ""),
            )
            for i, m in enumerate(new)
        ],
    )
    stage.people |= {m.key: i for m, i in zip(new, ids, strict=True)}


def open_account(stage: Stage, key: str, username: str) -> None:
    stage.accounts[key] = people.open_account(
        username=username, password=PASSWORD, person_id=stage.people[key]
    )


def play(stage: Stage, told: Iterable[Happening], acts: Iterable[Act]) -> None:
    """In the order in which it was received; records of one sealing are one act."""
    seen = [t for t in told if stage.tells(t.happened) and t.acted <= stage.days.now]
    moves: list[tuple[datetime, str, Happening | Act]] = [(t.acted, t.by, t) for t in seen]
    moves += [(a.when, a.by, a) for a in acts if a.when <= stage.days.now and stage.tells(a.when)]
    moves.sort(key=lambda move: move[:2])
    for (when, by), together in groupby(moves, key=lambda move: move[:2]):
        with acting(stage.actor(by), reads=(stage.company,), at=when):
            _act(stage, [move[2] for move in together])


def _act(stage: Stage, moves: list[Happening | Act]) -> None:
    sealing = []
    for move in moves:
        if isinstance(move, Act):
            move.run(stage)
            continue
        if move.about is not None and move.about not in stage.records:
            continue
        record = evidence.draft_record(draft=stage.draft(move))
        for paper in move.papers:
            evidence.attach_file(record_id=record, name=paper.name, chunks=[_bytes(paper, move)])
        if move.key:
            stage.records[move.key] = record
        if move.seal is not None:
            sealing.append(record)
    if sealing:
        duties.seal_records(record_ids=sealing)


def _bytes(paper: Paper, told: Happening) -> bytes:
    if paper.lines:
        return certificate(list(paper.lines))
    return attendance_sheet(told.title, sum(map(len, told.parts.values())))


def decide_now(stage: Stage) -> None:
    with acting(SYSTEM, reads=(stage.company,), at=stage.days.now):
        deciding.redecide(company_id=stage.company)
