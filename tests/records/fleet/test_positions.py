"""Positions of the companies in scope, terminals going in and out, and the journal of what expired."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from anze.records.acting.context import SYSTEM, OutOfScope, acting
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.fleet import positions, queries
from anze.records.fleet.positions import TrackUnavailable
from anze.records.fleet.terminals import InvalidTerminals, NewTerminal, install_terminals, remove_terminal
from anze.telemetry.rows import day_of
from tests.cast import NOW, Cast
from tests.fleet import as_owner, installed, report

TODAY = day_of(NOW)
PHONES = ("013800010001", "13800010002")


@pytest.fixture
def driving(committed_cast: Cast) -> Cast:
    """The first vehicle of each company drove yesterday and until now."""
    for company, phone in ((committed_cast.a, PHONES[0]), (committed_cast.b, PHONES[1])):
        terminal = installed(company.vehicles[0], company.id, phone, since=NOW - timedelta(days=10))
        report(terminal, NOW - timedelta(days=1), 10)
        report(terminal, NOW - timedelta(minutes=5), 10)
    return committed_cast


def test_the_fleet_and_where_it_is(driving: Cast) -> None:
    with driving.acts("safety_manager"):
        first, second = positions.fleet_positions(driving.a.id)
        assert (first.vehicle.id, first.online) == (driving.a.vehicles[0], True)
        assert first.latest is not None
        assert first.latest.device_time == NOW - timedelta(seconds=30)
        assert first.terminal is not None
        assert first.terminal.phone == "13800010001"
        assert (second.vehicle.id, second.latest, second.terminal, second.online) == (
            driving.a.vehicles[1], None, None, False,
        )  # fmt: skip


def test_the_track_and_its_silence(driving: Cast) -> None:
    with driving.acts("safety_manager"):
        vehicle = queries.vehicle(driving.a.vehicles[0])
        days = [TODAY - timedelta(days=1), TODAY]
        assert len(positions.track_of(vehicle, days)) == 20
        assert len(positions.track_of(vehicle, [TODAY])) == 10
        (gap,) = positions.gaps_of(vehicle, days)
        assert gap.until == NOW - timedelta(minutes=5)
        assert positions.position_of(vehicle).online


def test_another_company_sees_none_of_it(driving: Cast) -> None:
    with driving.acts("other_safety_manager"):
        assert {row.vehicle.company_id for row in positions.fleet_positions(driving.b.id)} == {driving.b.id}
        assert positions.fleet_positions(driving.a.id) == []
        with pytest.raises(NotFound):
            queries.vehicle(driving.a.vehicles[0])


@pytest.mark.parametrize("member", ["driver", "clerk"])
def test_who_may_not_see_positions(driving: Cast, member: str) -> None:
    with driving.acts(member), pytest.raises(NotPermitted, match="无权查看车辆位置"):
        positions.fleet_positions(driving.a.id)


def test_an_answer_too_long_and_a_file_that_is_lost(driving: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from anze.telemetry.files import FileLost
    from anze.telemetry.track import TrackTooLong

    for trouble, said in ((TrackTooLong("太长"), "太长"), (FileLost("x"), "缺失或已损坏")):

        def fail(*_: object, error: Exception = trouble, **__: object) -> None:
            raise error

        monkeypatch.setattr(positions, "track", fail)
        with driving.acts("safety_manager"), pytest.raises(TrackUnavailable, match=said):
            positions.track_of(queries.vehicle(driving.a.vehicles[0]), [TODAY])


def test_terminals_are_installed_and_noted(cast: Cast) -> None:
    new = [NewTerminal(phone, vehicle, NOW) for phone, vehicle in zip(PHONES, cast.a.vehicles, strict=True)]
    with cast.acts("safety_manager"):
        first, _ = install_terminals(company_id=cast.a.id, terminals=new)
        assert install_terminals(company_id=cast.a.id, terminals=[]) == []
        remove_terminal(company_id=cast.a.id, installation_id=first, until=NOW + timedelta(hours=1))
        with pytest.raises(NotFound):
            remove_terminal(company_id=cast.a.id, installation_id=first, until=NOW + timedelta(hours=2))
    with cast.acts("safety_manager", NOW + timedelta(hours=2)):
        terminals = [row.terminal for row in positions.fleet_positions(cast.a.id)]
        assert [found and found.phone for found in terminals] == [None, "13800010002"]
    with connection.cursor() as cursor, acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        cursor.execute("SELECT action FROM journal_entry WHERE action LIKE 'fleet.%terminal' ORDER BY number")
        assert cursor.fetchall() == [("fleet.install_terminal",), ("fleet.remove_terminal",)]


def test_all_terminals_or_none(cast: Cast) -> None:
    first, second = cast.a.vehicles
    with cast.acts("safety_manager"):
        install_terminals(company_id=cast.a.id, terminals=[NewTerminal(PHONES[0], first, NOW)])
        wrong = [
            NewTerminal(PHONES[1], second, NOW),
            NewTerminal("1380001O001", second, NOW),
            NewTerminal(PHONES[0], second, NOW),
        ]
        with pytest.raises(InvalidTerminals) as refusal:
            install_terminals(company_id=cast.a.id, terminals=wrong)
        assert sorted(refusal.value.errors) == [1, 2]
        assert "已装在另一辆车上" in str(refusal.value)
        assert [row.terminal is None for row in positions.fleet_positions(cast.a.id)] == [False, True]


def test_a_terminal_that_another_company_has(cast: Cast) -> None:
    """It is refused without saying whose it is."""
    with cast.acts("other_safety_manager"):
        new = NewTerminal(PHONES[0], cast.b.vehicles[0], NOW)
        install_terminals(company_id=cast.b.id, terminals=[new])
    with cast.acts("safety_manager"):
        with pytest.raises(InvalidTerminals, match="另一辆车") as refusal:
            install_terminals(
                company_id=cast.a.id, terminals=[NewTerminal(PHONES[0], cast.a.vehicles[0], NOW)]
            )
        assert "通途" not in str(refusal.value)
        with pytest.raises(NotFound):
            install_terminals(company_id=cast.a.id, terminals=[NewTerminal("5", cast.b.vehicles[0], NOW)])
        with pytest.raises(OutOfScope):
            install_terminals(company_id=cast.b.id, terminals=[new])
    with cast.acts("driver"), pytest.raises(NotPermitted):
        install_terminals(company_id=cast.a.id, terminals=[])


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_days_move_and_expire_by_themselves(driving: Cast, settings: object, tmp_path: Path) -> None:
    """Moved three days later, gone after six months, each company told once."""
    from anze.jobs.positions import expire_due, move_due

    settings.POSITIONS_DIR = tmp_path  # type: ignore[attr-defined]
    later = NOW + timedelta(days=4)
    assert move_due(later) == 2
    assert move_due(later) == 0
    with driving.acts("safety_manager"):
        vehicle = queries.vehicle(driving.a.vehicles[0])
        assert len(positions.track_of(vehicle, [TODAY - timedelta(days=1), TODAY])) == 20
    assert len(list(tmp_path.iterdir())) == 2
    assert expire_due(later) == 0
    long_after = NOW + timedelta(days=190)
    assert expire_due(long_after) == 2
    assert expire_due(long_after) == 0
    assert list(tmp_path.iterdir()) == []
    for company in (driving.a, driving.b):
        with acting(SYSTEM, reads=(company.id,), at=long_after), connection.cursor() as cursor:
            cursor.execute("SELECT jsonb_array_length(rows) FROM journal_entry WHERE action LIKE '%expire'")
            assert cursor.fetchall() == [(2,)]


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_day_that_is_being_read_waits(
    driving: Cast, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anze.jobs.positions import move_due
    from anze.telemetry import cold

    settings.POSITIONS_DIR = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(cold, "PATIENCE", "SET LOCAL lock_timeout = '50ms'")
    with as_owner() as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM telemetry.position")
        assert move_due(NOW + timedelta(days=4)) == 0
    assert move_due(NOW + timedelta(days=4)) == 2
