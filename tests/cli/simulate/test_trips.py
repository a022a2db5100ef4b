"""Trips: what is reported is consistent with the way that was driven."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from anze.cli.simulate.places import ROUTES, TOWNS
from anze.cli.simulate.trips import SHANGHAI, Trip, distance, heading, trip

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 11, 28, tzinfo=SHANGHAI)
BORDERS = (118.0, 123.0, 27.0, 31.2)  # of Zhejiang, roughly


@pytest.mark.parametrize("number", [0, 3, 4, 7, 8])
def test_speed_is_how_fast_the_place_changes(number: int) -> None:
    way = trip(number)
    fixes = [way.at(NOON + timedelta(seconds=second)) for second in range(3600)]
    for before, after in pairwise(fixes):
        metres = distance(before[:2], after[:2])
        assert metres == pytest.approx((before.speed + after.speed) / 7.2, abs=0.6)


@pytest.mark.parametrize("number", [0, 4, 8])
def test_a_coach_heads_where_it_goes(number: int) -> None:
    way = trip(number)
    fixes = [way.at(NOON + timedelta(seconds=second)) for second in range(0, 3600, 5)]
    moving = [(one, two) for one, two in pairwise(fixes) if one.speed > 20 < two.speed]
    straight = [(one, two) for one, two in moving if one.heading == two.heading]
    assert len(straight) > len(moving) * 0.8
    for one, two in straight:
        assert abs((heading(one[:2], two[:2]) - one.heading + 180) % 360 - 180) < 1.0


def test_mileage_grows_by_the_way_and_never_falls() -> None:
    way = trip(1)
    fixes = [way.at(MIDNIGHT + timedelta(minutes=minute)) for minute in range(3 * 24 * 60)]
    mileages = [round(fix.mileage, 6) for fix in fixes]
    assert mileages == sorted(mileages)
    assert mileages[-1] - mileages[0] == pytest.approx(3 * way.driven_a_day / 1000, rel=0.001)


def test_a_coach_departs_cruises_stops_and_sleeps_at_home() -> None:
    way = trip(0)
    fixes = [way.at(MIDNIGHT + timedelta(seconds=10 * step)) for step in range(8640)]
    night = [fix for fix in fixes[: 5 * 360] if fix.running]
    assert not night
    assert fixes[0][:2] == pytest.approx(TOWNS["宁波"])
    assert max(fix.speed for fix in fixes) > way.cruise
    stops = sum(one.running and not two.running for one, two in pairwise(fixes))
    assert stops == len(way.day)
    assert fixes[-1][:2] == pytest.approx(TOWNS["宁波"])


def test_every_coach_is_in_zhejiang_and_home_by_midnight() -> None:
    west, east, south, north = BORDERS
    for number in range(200):
        way = trip(number)
        assert way.day[-1].start + way.day[-1].seconds < 86_400
        for hour in range(24):
            fix = way.at(MIDNIGHT + timedelta(hours=hour))
            assert west < fix.longitude < east
            assert south < fix.latitude < north


def test_at_any_waking_hour_some_drive() -> None:
    for hour in range(7, 22):
        now = MIDNIGHT + timedelta(hours=hour, minutes=20)
        assert sum(trip(number).at(now).running for number in range(40)) >= 3


def test_the_same_question_has_the_same_answer() -> None:
    assert trip(5).at(NOON) == trip(5).at(NOON.astimezone(UTC))
    assert trip(5) == trip(5)


def test_a_short_way_never_reaches_cruising_speed() -> None:
    short = Trip(("金塘", "定海"), cruise=500, leaves=8, home=9, rest=60, halt=60)
    speeds = [short.at(MIDNIGHT + timedelta(hours=8, seconds=s)).speed for s in range(3600)]
    assert 100 < max(speeds) < 500


def test_every_town_of_a_route_is_known() -> None:
    assert {town for route in ROUTES for town in route} == set(TOWNS)
