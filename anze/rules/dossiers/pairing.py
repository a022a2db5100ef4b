"""May this driver take this vehicle out today? A standing pair, judged by the papers of both.

Rule 1: what has run out, what bars from being hired, and a finding that somebody must not drive forbid it.
Rule 2: what nobody recorded is a doubt, not a prohibition: the paper may lie in a drawer.
Rule 3: which papers bind stands in the catalogue, beside each (`binds`).
道路运输车辆动态监督管理办法; 道路旅客运输企业安全管理规范.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anze.rules.dossiers.validity import Standing, Validity


class Fitness(StrEnum):
    FIT = "fit"
    DOUBTFUL = "doubtful"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a pair: of whom, what, since or until when, by which record."""

    of: str  # person or vehicle
    name: str
    fitness: Fitness
    since: date | None = None
    until: date | None = None
    fact: int | None = None


def of_paper(of: str, name: str, standing: Standing) -> Objection | None:
    """None: it holds, or nobody asks for it."""
    if standing.state is Validity.OVER:
        return Objection(of, name, Fitness.UNFIT, since=standing.expires, fact=standing.fact)
    if standing.state is Validity.MISSING:
        return Objection(of, name, Fitness.DOUBTFUL)
    return None


def fitness_of(objections: Iterable[Objection]) -> Fitness:
    """The worst of them."""
    found = {objection.fitness for objection in objections}
    return next((fitness for fitness in (Fitness.UNFIT, Fitness.DOUBTFUL) if fitness in found), Fitness.FIT)
