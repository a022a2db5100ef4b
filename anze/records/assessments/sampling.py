"""Drawing samples that anybody can draw again, and replacing a member that cannot be checked."""

from __future__ import annotations

import secrets

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.assessments.access import (
    STATUS,
    acting_person,
    locked,
    note,
    require_lead,
    scheme,
    text,
)
from anze.records.assessments.models import Assessment, Replacement, Sample
from anze.records.fleet.queries import vehicles
from anze.records.people.queries import people
from anze.rules import samples as rules
from anze.rules.samples import SampleError


class NotDrawn(Refused):
    """The sample cannot be drawn, or its member not be replaced."""


def draw(*, assessment_id: int, rule: str, seed: str, wanted: int | None = None) -> int:
    """From the people or vehicles of today. `wanted`: more than the standard asks for, never fewer.

    seed: told beforehand by somebody who does not know the list; empty: by chance.
    """
    row = locked(assessment_id, STATUS.RUNNING)
    require_lead(row)
    asked = scheme(row).samples.get(rule)
    if asked is None:
        raise NotFound("标准中没有这种样本。")
    if Sample.objects.filter(assessment=row, rule=rule).exists():
        raise NotDrawn("样本已经抽取，不能重抽；个别无法检查的，可以写明原因后替换。")
    population = population_of(row, asked.of)
    if not population:
        raise NotDrawn("没有可以抽取的对象，请先登记人员或车辆。")
    least = rules.size(asked, len(population))
    count = least if wanted is None else wanted
    if count < least:
        raise NotDrawn(f"按标准至少抽 {least} 个。")
    chosen = _drawn(population, count, seed.replace("\x00", "").strip()[:64] or secrets.token_hex(8))
    sample = Sample.objects.create(
        company_id=row.company_id,
        assessment=row,
        rule=rule,
        population=sorted(population),
        digest=chosen.digest,
        seed=chosen.seed,
        members=list(chosen.members),
        person_id=acting_person(),
        at=current().at,
    )
    note("draw", row, [rule, chosen.digest, chosen.seed, list(chosen.members)])
    return sample.pk


def population_of(row: Assessment, of: str) -> tuple[int, ...]:
    """People or vehicles of today, by id."""
    if of == "vehicle":
        return tuple(sorted(one.id for one in vehicles(company_id=row.company_id)))
    drivers = True if of == "driver" else None
    found = people(on=current().today, company_id=row.company_id, drivers=drivers)
    return tuple(sorted(one.id for one in found))


def _drawn(population: tuple[int, ...], wanted: int, seed: str) -> rules.Sample:
    try:
        return rules.draw(population, wanted, seed)
    except SampleError as error:
        raise NotDrawn(str(error)) from error


def substitute(*, assessment_id: int, rule: str, member: int, reason: str) -> int:
    """The id that takes the member's place."""
    row = locked(assessment_id, STATUS.RUNNING)
    require_lead(row)
    found = Sample.objects.filter(assessment=row, rule=rule).first()
    if found is None:
        raise NotFound("样本还没有抽取。")
    why = text(reason, "替换的原因", 200)
    try:
        after = rules.substitute(sample_of(found), found.population, member, why)
    except SampleError as error:
        raise NotDrawn(str(error)) from error
    last = after.replaced[-1]
    Replacement.objects.create(
        company_id=row.company_id,
        sample=found,
        out=last.out,
        into=last.into,
        reason=last.reason,
        person_id=acting_person(),
        at=current().at,
    )
    note("substitute", row, [rule, last.out, last.into, last.reason])
    return last.into


def sample_of(found: Sample) -> rules.Sample:
    """As the rules know it, its replacements included."""
    sample = rules.Sample(found.digest, len(found.population), found.seed, tuple(found.members))
    for one in sorted(found.replaced.all(), key=lambda one: one.pk):
        sample = rules.substitute(sample, found.population, one.out, one.reason)
    return sample
