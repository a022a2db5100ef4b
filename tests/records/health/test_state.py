"""Jobs, calendar, disk, schema and editions: when each is red, and who may see it."""

from __future__ import annotations

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta

import pytest

from anze.records.acting.errors import NotPermitted
from anze.records.health import actions, queries
from tests.cast import NOW, Cast

Space = namedtuple("Space", "total used free")


def state(cast: Cast, at: datetime) -> str:
    with cast.acts("principal", at):
        (row,) = queries.jobs()
    return row.state


def test_a_job_is_waiting_fresh_stale_or_failed(cast: Cast) -> None:
    actions.expect_jobs(periods={"sweep": 60}, at=NOW)
    assert state(cast, NOW) == "waiting"
    assert state(cast, NOW + timedelta(minutes=8)) == "stale", "known, but never run"
    later = NOW + timedelta(hours=1)
    actions.note_run(name="sweep", at=later, seconds=0.5)
    assert state(cast, later) == "fresh"
    assert state(cast, later + timedelta(minutes=8)) == "stale"
    actions.note_run(name="sweep", at=later, seconds=0.5, problem="SweepError")
    assert state(cast, later) == "failed"
    actions.note_run(name="sweep", at=later, seconds=0.5)
    assert state(cast, later) == "fresh"


def test_a_task_that_is_gone_is_no_longer_expected(cast: Cast) -> None:
    actions.expect_jobs(periods={"sweep": 60, "gone": 60}, at=NOW)
    actions.note_run(name="sweep", at=NOW, seconds=1)
    actions.expect_jobs(periods={"sweep": 90}, at=NOW + timedelta(days=1))
    with cast.acts("officer"):
        (row,) = queries.jobs()
    assert (row.name, row.period, row.succeeded_at) == ("sweep", timedelta(seconds=90), NOW)


@pytest.mark.parametrize(
    ("day", "expected", "missing"),
    [
        (date(2026, 11, 30), "fresh", None),
        (date(2026, 12, 1), "soon", 2027),
        (date(2027, 1, 1), "missing", 2027),
        (date(2025, 12, 31), "fresh", None),
    ],
)
def test_the_calendar_is_asked_for_from_december(
    cast: Cast, day: date, expected: str, missing: int | None
) -> None:
    with cast.acts("principal", datetime(day.year, day.month, day.day, 4, tzinfo=UTC)):
        found = queries.calendar_state()
    assert (found.state, found.missing) == (expected, missing)


@pytest.mark.parametrize(("free", "expected"), [(50, "fresh"), (8, "little"), (3, "full")])
def test_the_disk_fills_up(cast: Cast, monkeypatch: pytest.MonkeyPatch, free: int, expected: str) -> None:
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _: Space(100, 100 - free, free))
    with cast.acts("administrator"):
        found = queries.disk()
    assert (found.state, found.free, found.total) == (expected, free, 100)


def test_the_machine_is_the_administrators(cast: Cast) -> None:
    with cast.acts("administrator"):
        assert {"people", "health", "evidence"} <= {row.app for row in queries.migrations()}
    for member in ("principal", "officer"):
        with cast.acts(member):
            with pytest.raises(NotPermitted):
                queries.disk()
            with pytest.raises(NotPermitted):
                queries.migrations()


def test_editions_of_a_trade_and_of_all(cast: Cast) -> None:
    with cast.acts("principal"):
        own, every = queries.editions("coach"), queries.editions()
    assert own[0][0] == "主要负责人"
    assert set(own) <= set(every)
    assert all(len(edition) == 12 for _, edition in every)
