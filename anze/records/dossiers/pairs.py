"""人车结对: the standing pairs of a company, each judged today by the papers of driver and vehicle.

Nothing is stored: what is shown is of today, whether a job has run or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from anze.records.acting.context import current
from anze.records.dossiers.concerning import Concerning, of_people
from anze.records.dossiers.expiries import DueRow, expiries
from anze.records.dossiers.hiring import VETTING, bars_of
from anze.records.fleet.pairs import PairRow, pairs
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.dossier_model import in_force
from anze.rules.dossiers.hiring import BarState
from anze.rules.dossiers.pairing import Fitness, Objection, fitness_of, of_paper

# Kind of record -> its choice that keeps somebody from driving, in the newest of them.
FINDINGS = {
    "driver.screening": ("conclusion", "unfit"),
    "driver.care": ("conclusion", "rest"),
    "health.result": ("conclusion", "unfit"),
}


@dataclass(frozen=True, slots=True)
class JudgedPair:
    pair: PairRow
    fitness: Fitness
    objections: tuple[Objection, ...]


def judged_pairs(company: CompanyRow) -> list[JudgedPair]:
    """By plate. For those who see the whole company."""
    standing = pairs(company_id=company.id)
    if not standing:
        return []
    found: dict[tuple[str, int], list[Objection]] = defaultdict(list)
    for row, objection in _papers(company):
        found[row.subject.type, row.subject.id].append(objection)
    for driver, objection in _findings(company, {pair.driver_id for pair in standing}):
        found["person", driver].append(objection)
    return [_judged(pair, found) for pair in standing]


def _judged(pair: PairRow, found: dict[tuple[str, int], list[Objection]]) -> JudgedPair:
    against = [*found["person", pair.driver_id], *found["vehicle", pair.vehicle_id]]
    against.sort(key=lambda objection: objection.fitness is not Fitness.UNFIT)
    return JudgedPair(pair, fitness_of(against), tuple(against))


def unfit(company: CompanyRow) -> list[JudgedPair]:
    return [row for row in judged_pairs(company) if row.fitness is Fitness.UNFIT]


def _papers(company: CompanyRow) -> Iterator[tuple[DueRow, Objection]]:
    known, binding = expiries(company), _binding()
    for row in (*known.rows, *known.missing):
        if row.source.what in binding and (
            objection := of_paper(row.subject.type, row.source.name, row.standing)
        ):
            yield row, objection


def _binding() -> frozenset[str]:
    """What a vehicle must not run without: papers that bind, and its test."""
    today = current().today
    certificates = lawbook().dossiers.certificates.values()
    terms = {c.id: in_force(c.terms, today) for c in certificates}
    return frozenset(key for key, term in terms.items() if term is not None and term.binds) | {"test"}


def _findings(company: CompanyRow, drivers: set[int]) -> Iterator[tuple[int, Objection]]:
    on_file = of_people(company.id, drivers, kinds=(VETTING, *FINDINGS))
    for driver, rows in on_file.items():
        for bar in bars_of(company, rows):
            if bar.state is BarState.BARRED:
                yield driver, Objection("person", bar.bar.name, Fitness.UNFIT, until=bar.until, fact=bar.fact)
        yield from ((driver, objection) for objection in findings_in(rows))


def findings_in(rows: Sequence[Concerning]) -> Iterable[Objection]:
    """What the newest record of each sort concludes; a later one takes it back."""
    for kind, (field, value) in FINDINGS.items():
        newest = next((row for row in rows if row.kind == kind and row.about), None)
        if newest is not None and newest.values.get(field) == value:
            said = f"{newest.kind_name}：{newest.chosen(field)}"
            yield Objection("person", said, Fitness.UNFIT, since=newest.day, fact=newest.id)
