"""What there is to show for each item, and what is missing."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.assessments import actions
from anze.records.assessments.actions import Given
from anze.records.assessments.binder import Binder, Leaf, binder
from anze.records.lawbook import lawbook
from tests.records.assessments.stage import FIRST, RULE, Scene, keep_targets, sealed

TARGETS = {"year": "2026", "targets": "零死亡"}


def leaf_of(found: Binder, item: str = FIRST) -> Leaf:
    return next(leaf for chapter in found.chapters for leaf in chapter.leaves if leaf.item == item)


def shown(scene: Scene) -> Binder:
    with scene.cast.acts("safety_manager"):
        return binder(scene.running)


def test_an_item_shows_the_records_that_answer_it(scene: Scene) -> None:
    before = leaf_of(shown(scene))
    assert "target.plan" in {shelf.kind for shelf in before.missing}
    assert not next(shelf for shelf in before.missing if shelf.kind == "target.plan").kept
    record = sealed(scene.cast, "target.plan", **TARGETS)
    keep_targets(scene.cast)
    found = shown(scene)
    shelf = next(shelf for shelf in leaf_of(found).shelves if shelf.kind == "target.plan")
    assert ([proof.id for proof in shelf.proofs], shelf.kept) == ([record], True)
    assert shelf.proofs[0].lag_days == 1
    assert record in found.records
    assert len(found.records) == len(set(found.records))
    assert not found.cut


def test_what_was_lost_stands_with_its_item(scene: Scene) -> None:
    with scene.cast.acts("safety_manager"):
        actions.answer(assessment_id=scene.running, item=FIRST, given=[Given(RULE, 1, reason="未细化")])
    lost = leaf_of(shown(scene))
    assert lost.lost > 0
    assert "未细化" in lost.deductions[0]
    assert lost.lacks


def test_chapters_stand_in_the_order_of_the_standard(scene: Scene) -> None:
    found = shown(scene)
    numbers = [leaf.number for chapter in found.chapters for leaf in chapter.leaves]
    assert numbers[0] == "1.1.a"
    printed = [category.text for category in lawbook().schemes["taxi-2012"].categories]
    assert [chapter.title for chapter in found.chapters] == printed[: len(found.chapters)]
    assert all(chapter.lacking <= len(chapter.leaves) for chapter in found.chapters)


def test_who_may_not_take_a_pack_and_other_companies(scene: Scene) -> None:
    with scene.cast.acts("monitor"), pytest.raises(NotPermitted):
        binder(scene.running)
    with scene.cast.acts("other_principal"), pytest.raises(NotFound):
        binder(scene.running)
