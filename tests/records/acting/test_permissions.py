from __future__ import annotations

import pytest

from anze.records.acting.context import SYSTEM, Actor, acting
from anze.records.acting.errors import NotPermitted
from anze.records.acting.permissions import PERMISSIONS, VERBS, may, require
from tests.cast import NOW, Cast

EVERYTHING = (
    "see_company see_own draft_record seal_record void_record commit waive manage_people verify_journal "
    "use_api see_health see_positions set_reminders take_pack assess conduct_assessment"
)
MATRIX = {
    "principal": EVERYTHING,
    "safety_manager": f"{EVERYTHING} answer_platform",
    "monitor": "see_own draft_record seal_record use_api see_positions assess",
    "driver": "see_own draft_record use_api assess",
    "clerk": "see_own assess",
    "officer": "declare_period supervise see_company verify_journal use_api see_health see_positions "
    "take_pack",
    "administrator": "register manage_people verify_journal see_health",
}


@pytest.mark.parametrize("member", MATRIX)
def test_what_each_member_of_the_cast_may_do(cast: Cast, member: str) -> None:
    with cast.acts(member) as scope:
        assert {verb for verb in VERBS if may(scope.actor, verb)} == set(MATRIX[member].split())


def test_every_verb_in_the_table_is_a_known_one() -> None:
    assert set().union(*PERMISSIONS.values()) == set(VERBS)


def test_the_refusal_says_what_was_not_allowed(cast: Cast) -> None:
    with cast.acts("driver"), pytest.raises(NotPermitted, match="无权提交记录"):
        require("seal_record")


def test_a_misspelt_verb_is_an_error_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        may(SYSTEM, "seal_records")


def test_an_actor_without_roles_may_do_nothing(db: None) -> None:
    with acting(Actor(1, "无"), reads=(), at=NOW), pytest.raises(NotPermitted):
        require("see_own")
