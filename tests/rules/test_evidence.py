"""Does a record count?"""

import pytest

from anze.rules.evidence import Mismatch, covered_subjects, mismatch
from tests.rules.build import BOSS, DEPUTY, fact, part, requirement, term

ASKED = requirement("quota", term(every="month"), hours=2, where={"scope": frozenset({"whole"})})
WHOLE = {"scope": "whole"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (fact("2026-02-10T09:00", hours=2, choices=WHOLE), None),
        (fact("2026-02-10T09:00", hours=2, choices=WHOLE, kind="drill"), Mismatch.KIND),
        (fact("2026-02-10T09:00", hours=2), Mismatch.CHOICE),
        (fact("2026-02-10T09:00", part(DEPUTY), hours=2, choices=WHOLE), Mismatch.ROLE),
        (fact("2026-02-10T09:00", hours="1.5", choices=WHOLE), Mismatch.SHORT),
        (fact("2026-02-10T09:00", part(hours=1), hours=2, choices=WHOLE), Mismatch.SHORT),
    ],
)
def test_the_first_thing_that_does_not_fit_is_named(given, expected):
    assert mismatch(ASKED, ASKED.proofs[0], given, {BOSS}) is expected


@pytest.mark.parametrize(
    ("role", "covered"), [("subject", (BOSS,)), ("participant", (BOSS,)), ("organiser", ()), ("recorder", ())]
)
def test_who_only_organised_or_recorded_is_not_covered(role, covered):
    assert (
        covered_subjects("employee", ASKED.proofs[0], fact("2026-02-10T09:00", part(role=role), hours=2))
        == covered
    )


def test_numbers_have_minima_and_declarations_have_their_duty():
    from dataclasses import replace
    from fractions import Fraction

    money = replace(ASKED.proofs[0], minima={"ratio": Fraction(3, 2)}, where={}, role=None)
    paid = fact("2026-02-10T09:00")
    assert mismatch(ASKED, money, paid, {BOSS}) is Mismatch.SHORT
    assert mismatch(ASKED, money, replace(paid, numbers={"ratio": Fraction(3, 2)}), {BOSS}) is None
    attested = requirement("attested", term(every="year"), reason="x")
    assert mismatch(attested, attested.proofs[0], paid, {BOSS}) is Mismatch.OTHER_DUTY
