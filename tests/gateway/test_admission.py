"""What one address may bring: refused beyond it, and never locked out by what was refused."""

from __future__ import annotations

from anze.gateway.admission import ROOM, Admission
from anze.gateway.settings import Settings

ADDRESS = "192.0.2.1"


def admission(**settings: float) -> Admission:
    return Admission(Settings(**settings))  # type: ignore[arg-type]  # numbers all of them


def entered(door: Admission, count: int, now: float) -> int:
    return sum(door.enter(ADDRESS, now) is not None for _ in range(count))


def test_a_fleet_that_knocks_again_and_again_gets_in_at_the_rate() -> None:
    """Behind one address of a carrier: 460 knocks a second are more than 200, for ever."""
    door = admission(arrivals_a_second=200)
    assert entered(door, 5000, 0.0) == 200 * ROOM
    for second in range(1, 20):
        assert entered(door, 460, float(second)) == 200


def test_others_are_not_asked_for_what_one_address_brings() -> None:
    door = admission(arrivals_a_second=10)
    assert entered(door, 1000, 0.0) == 10 * ROOM
    assert door.enter("192.0.2.2", 0.0) is not None


def test_room_is_given_back_and_the_address_forgotten() -> None:
    door = admission(links_an_address=2, most_links=3)
    first, second = door.enter(ADDRESS, 0.0), door.enter(ADDRESS, 0.0)
    assert first is second
    assert first is not None
    assert door.enter(ADDRESS, 0.0) is None
    assert door.enter("192.0.2.2", 0.0) is not None
    assert door.enter("192.0.2.3", 0.0) is None  # full
    door.leave(first, 1.0)
    assert door.enter(ADDRESS, 1.0) is not None
    door.forget(1000.0)
    assert ADDRESS in door._addresses
    door.leave(first, 1.0)
    door.leave(first, 1.0)
    door.forget(1000.0)
    assert ADDRESS not in door._addresses


def test_frames_beyond_the_rate_are_waited_for_and_not_lost() -> None:
    address = admission(frames_a_second=100).enter(ADDRESS, 0.0)
    assert address is not None
    assert address.frames.take(100 * ROOM, 0.0) == 0
    assert address.frames.take(50, 0.0) == 0.5
    assert address.frames.take(0, 0.5) == 0
