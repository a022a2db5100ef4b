"""The schemes that the tests of assessment score: the shipped ones, and an invented whole of 1,000 points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from anze.rules.assessment import Answer, Assessment, Books, How, Omission, assess
from anze.rules.catalogue.loading import Loading
from anze.rules.catalogue.schemes import Regime, Scheme, regime_on
from anze.rules.catalogue.source import read
from anze.rules.evidence import Fact
from anze.rules.periods import add_months, midnight
from tests.rules.catalogue.cases import ROOT, catalogue

FOLDER = Path(__file__).parent
TODAY = date(2025, 12, 31)
LONG_AGO = date(2015, 1, 1)
JUDGE = 7


@cache
def taxi() -> Scheme:
    return catalogue().schemes["taxi-2012"]


@cache
def invented() -> Scheme:
    loading = Loading(ROOT)
    loading.shelve(catalogue())
    node = read(FOLDER, "invented.yaml", loading.problems)
    assert node is not None
    scheme = loading.scheme(node, "invented", "0" * 12)
    loading.problems.settle()
    return scheme


def regime() -> Regime:
    found = regime_on(catalogue().regimes, TODAY)
    assert found is not None
    return found


def asked(condition: str, count: int = 1, **more: object) -> Answer:
    return Answer(condition, count, How.ASKED, person=JUDGE, **more)  # type: ignore[arg-type]


def answers(scheme: Scheme, lost: Mapping[str, int], matters: tuple[str, ...] = ()) -> list[Answer]:
    """All deductions and vetoes answered by a person: those in `lost` so often, the others not at all."""
    unknown = {f"{scheme.id}.{key}" for key in lost} - {c.id for c in (*scheme.rules, *scheme.vetoes)}
    assert not unknown, unknown
    return [
        asked(one.id, count, matters=matters if count else ())
        for one in (*scheme.rules, *scheme.vetoes)
        for count in [lost.get(one.id.removeprefix(f"{scheme.id}."), 0)]
    ]


def scored(scheme: Scheme, lost: Mapping[str, int], absent: tuple[str, ...] = ()) -> Assessment:
    omissions = [Omission(f"{scheme.id}.{item}", JUDGE, "不适用") for item in absent]
    return assess(scheme, regime(), answers(scheme, lost), omissions)


def fact(number: int, kind: str, day: date, **more: object) -> Fact:
    at = midnight(day) + timedelta(hours=1)
    return Fact(id=number, kind=kind, day=day, happened=at, received=at, **more)  # type: ignore[arg-type]


def books(*facts: Fact, **more: object) -> Books:
    return Books(facts=facts, **more)  # type: ignore[arg-type]


def months_ago(months: int) -> date:
    return add_months(TODAY, -months)
