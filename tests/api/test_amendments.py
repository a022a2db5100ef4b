"""Changed law and corrections through the API: what the pages say, and whether it was read."""

from __future__ import annotations

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.duties import amending, deciding
from anze.records.duties.models import Obligation
from tests.api.conftest import Ask
from tests.cast import NOW, Cast
from tests.isolation.doors import World
from tests.shelf import MANAGER, STUDY, Shelf, shelf

__all__ = ["shelf"]


@pytest.fixture
def corrected(shelf: Shelf, cast: Cast, world: World) -> str:
    """The edition that held the error. Decided under it, then corrected."""
    old = shelf.edition(MANAGER)
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    shelf.correct()
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        assert amending.apply_editions(company_id=cast.a.id) is not None
    return old


def test_a_correction_stands_beside_a_closed_verdict(
    corrected: str, world: World, ask: Ask, shelf: Shelf
) -> None:
    with world.cast.acts("safety_manager"):
        closed = Obligation.objects.filter(requirement=STUDY, edition=corrected).latest("starts").pk
        fresh = Obligation.objects.get(requirement=STUDY, starts="2026-11-01").pk
    found = ask("safety_manager", "get", f"/obligations/{closed}").json()
    beside = found["correction"]
    assert (found["needed"], beside["needed"], beside["state"]) == (1, 2, "missed")
    assert (beside["old_edition"], beside["edition"]) == (corrected, shelf.edition(MANAGER))
    assert beside["since"] == "2025-01-01"
    assert beside["why"] == "原件为两次，转载时脱字"
    assert "至少2次" in beside["rule"]
    assert ask("safety_manager", "get", f"/obligations/{fresh}").json()["correction"] is None
    assert ask("officer", "get", f"/obligations/{closed}").json()["correction"] == beside


def test_what_was_applied_is_listed_until_read_and_after(corrected: str, world: World, ask: Ask) -> None:
    newest = ask("safety_manager", "get", "/amendments").json()[0]
    (row,) = [row for row in newest["rows"] if row["requirement"] == STUDY]
    assert (row["sort"], row["label"], row["was"]) == ("corrected", "更正", "读作一次")
    assert newest["read_at"] is None
    with world.cast.acts("safety_manager"):
        amending.acknowledge(application_id=newest["id"])
    assert ask("safety_manager", "get", "/amendments").json()[0]["read_at"] is not None
    assert ask("principal", "get", "/amendments").json()[0]["read_at"] is None
    assert ask("officer", "get", "/amendments").status_code == 403
