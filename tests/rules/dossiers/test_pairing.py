"""May this driver take this vehicle out?"""

from __future__ import annotations

import pytest

from anze.rules.dossiers.pairing import Fitness, Objection, fitness_of, of_paper
from anze.rules.dossiers.validity import Standing, Validity, Why
from tests.rules.build import day

OVER = Standing(Validity.OVER, Why.PRINTED, day("2026-11-01"), None, day("2026-11-01"), 7)
BAR = Objection("person", "不得聘用", Fitness.UNFIT)
LACKING = Objection("vehicle", "交强险", Fitness.DOUBTFUL)


def test_what_has_run_out_forbids_it() -> None:
    found = of_paper("person", "从业资格证", OVER)
    assert found == Objection("person", "从业资格证", Fitness.UNFIT, since=day("2026-11-01"), fact=7)


def test_what_nobody_recorded_is_a_doubt() -> None:
    found = of_paper("vehicle", "交强险", Standing(Validity.MISSING, Why.NOTHING))
    assert found == LACKING


@pytest.mark.parametrize("state", [Validity.VALID, Validity.SOON, Validity.UNASKED])
def test_what_holds_is_no_objection(state: Validity) -> None:
    assert of_paper("person", "驾驶证", Standing(state, Why.PRINTED)) is None


@pytest.mark.parametrize(
    ("objections", "fitness"),
    [
        ([], Fitness.FIT),
        ([LACKING], Fitness.DOUBTFUL),
        ([LACKING, BAR], Fitness.UNFIT),
    ],
)
def test_the_worst_decides(objections: list[Objection], fitness: Fitness) -> None:
    assert fitness_of(objections) is fitness
