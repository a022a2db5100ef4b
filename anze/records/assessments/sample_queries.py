"""The samples of an assessment as their page shows them: whom, how drawn, who was replaced and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anze.records.assessments.access import scheme, seen
from anze.records.assessments.models import Assessment, Replacement, Sample
from anze.records.assessments.sampling import population_of, sample_of
from anze.records.assessments.scoring import drawn
from anze.records.duties.rows import names_of
from anze.rules import samples as rules
from anze.rules.assessment import samples_of
from anze.rules.catalogue.schemes import SampleRule


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: int
    name: str
    instead: str  # whom it stands in for
    why: str


@dataclass(frozen=True, slots=True)
class SampleRow:
    """`drawn_at` None: not drawn; `population` is then of today. `again`: a new draw gives the same."""

    rule: str
    name: str
    population: int
    least: int
    doubt: str  # what is doubtful in the printed ladder
    items: Sequence[str]  # that are checked on it
    drawn_at: datetime | None = None
    person: str = ""
    seed: str = ""
    digest: str = ""
    members: Sequence[MemberRow] = ()
    again: bool = False


def samples(assessment_id: int, *, waiting: bool = True) -> list[SampleRow]:
    """`waiting`: also those that are not drawn, with whom there is today."""
    row = seen(assessment_id)
    known = drawn(row)
    return [
        _drawn(row, asked, known[key]) if key in known else _waiting(row, asked)
        for key, asked in scheme(row).samples.items()
        if waiting or key in known
    ]


def _waiting(row: Assessment, asked: SampleRule) -> SampleRow:
    return _row(row, asked, len(population_of(row, asked.of)))


def _row(row: Assessment, asked: SampleRule, population: int) -> SampleRow:
    items = [item.id for item in scheme(row).items if asked.id in samples_of(item)]
    least = rules.size(asked, population) if population else 0
    doubt = rules.band_of(asked, population).repair or ""
    return SampleRow(asked.id, asked.name, population, least, doubt, items)


def _drawn(row: Assessment, asked: SampleRule, found: Sample) -> SampleRow:
    plain = _row(row, asked, len(found.population))
    sample = sample_of(found)
    replaced = {one.into: one for one in Replacement.objects.filter(sample=found)}
    wanted = {*sample.members, *(one.out for one in replaced.values())}
    names = _names(asked.of, wanted)
    members = [
        MemberRow(
            member,
            names.get(member, ""),
            names.get(replaced[member].out, "") if member in replaced else "",
            replaced[member].reason if member in replaced else "",
        )
        for member in sample.members
    ]
    return SampleRow(
        plain.rule,
        plain.name,
        plain.population,
        plain.least,
        plain.doubt,
        plain.items,
        drawn_at=found.at,
        person=found.person.name,
        seed=found.seed,
        digest=found.digest,
        members=members,
        again=rules.drawn_again(sample, found.population),
    )


def _names(of: str, ids: set[int]) -> dict[int, str]:
    if of == "vehicle":
        return {i: name for (_, i), name in names_of(set(), {("vehicle", i) for i in ids}).items()}
    return {i: name for (_, i), name in names_of(ids, set()).items()}
