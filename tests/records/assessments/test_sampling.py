"""Samples that are drawn once and can be drawn again by anybody."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound
from anze.records.assessments import sampling
from anze.records.assessments.sample_queries import samples
from anze.records.assessments.sampling import NotDrawn
from tests.records.assessments.stage import (
    Scene,
)


def test_samples_are_drawn_once_and_can_be_drawn_again(scene: Scene) -> None:
    cast, assessment = scene.cast, scene.running
    with cast.acts("safety_manager"):
        [waiting, _] = samples(assessment)
        assert (waiting.population, waiting.least, waiting.drawn_at) == (6, 1, None)
        with pytest.raises(NotFound):
            sampling.substitute(assessment_id=assessment, rule="people", member=1, reason="病休")
        with pytest.raises(NotDrawn, match="至少抽 1 个"):
            sampling.draw(assessment_id=assessment, rule="people", seed="7", wanted=0)
        sampling.draw(assessment_id=assessment, rule="people", seed="", wanted=2)
        with pytest.raises(NotDrawn, match="不能重抽"):
            sampling.draw(assessment_id=assessment, rule="people", seed="8")
        [drawn, _] = samples(assessment)
        assert len(drawn.seed) == 16
        out = drawn.members[0].id
        into = sampling.substitute(assessment_id=assessment, rule="people", member=out, reason="病休")
        with pytest.raises(NotDrawn, match="不在样本中"):
            sampling.substitute(assessment_id=assessment, rule="people", member=out, reason="病休")
        [after, _] = samples(assessment)
    assert (after.members[0].id, after.members[0].why, after.again) == (into, "病休", True)
