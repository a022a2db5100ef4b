from anze.rules.duties.terms import Rulebook
from tests.rules.build import book, requirement, term


def test_a_rulebook_knows_what_a_kind_of_record_can_prove_or_open():
    rulebook: Rulebook = book(requirement("on_event", term(within="1 hour"), triggers=("accident",)))
    assert (
        rulebook.proving_with(["meeting"]) == rulebook.proving_with(["accident"]) == {"coach.principal.d1.a"}
    )
    assert rulebook.proving_with(["drill"]) == frozenset()
