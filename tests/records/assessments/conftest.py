"""Assessments that tests begin with, built once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kept import Kept, keep
from tests.records.assessments.stage import Scene, build_scene


@pytest.fixture(scope="session")
def kept_scene(django_db_setup: None, django_db_blocker: Any) -> Kept[Scene]:
    with django_db_blocker.unblock():
        return keep("assessed", build_scene)


@pytest.fixture
def scene(kept_scene: Kept[Scene], db: None) -> Scene:
    return kept_scene.again()
