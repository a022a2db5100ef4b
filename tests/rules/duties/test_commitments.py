import pytest

from anze.rules.duties.commitments import weaker_than
from anze.rules.duties.terms import Rulebook
from tests.rules.build import book, requirement, term


@pytest.mark.parametrize(
    ("given", "floor", "weaker"),
    [
        (term(every="month"), term(every="quarter"), False),
        (term(every="year", times=3), term(every="quarter"), True),
        (term(every="year", times=4), term(every="quarter"), False),
        (term(within="1 month"), term(every="year"), True),
        (term(within="3 day"), term(within="72 hour"), False),
        (term(within="4 day"), term(within="72 hour"), True),
        (term(every="month"), term(within="72 hour"), True),
    ],
)
def test_a_commitment_is_held_against_the_least_the_law_asks(given, floor, weaker):
    assert weaker_than(given, floor) is weaker


def test_a_rulebook_knows_what_a_kind_of_record_can_prove_or_open():
    rulebook: Rulebook = book(requirement("on_event", term(within="1 hour"), triggers=("accident",)))
    assert (
        rulebook.proving_with(["meeting"]) == rulebook.proving_with(["accident"]) == {"coach.principal.d1.a"}
    )
    assert rulebook.proving_with(["drill"]) == frozenset()
