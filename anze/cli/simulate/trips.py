"""Where a coach is at an instant: it departs, cruises, stops at each town, turns round, and stands at night.

Rule 1: everything follows from the trip and the instant; two who ask get the same answer.
Rule 2: speed is the derivative of the way along the road, and the heading that of the road: what a terminal
        reports is consistent with how far it came.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from anze.cli.simulate.places import ROUTES, TOWNS, Degrees

SHANGHAI = timezone(timedelta(hours=8))
EARTH = 6_371_000.0  # m
ACCELERATION = 0.4  # m/s²
SWAY = 0.06  # of the cruising speed
SWAY_SECONDS = 240.0
BEND = 0.06  # how far a road strays from the straight line, of its length
FIRST_DAY = date(2026, 1, 1)


class Fix(NamedTuple):
    """What a receiver knows; degrees, km/h, degrees from north, km since FIRST_DAY."""

    longitude: float
    latitude: float
    speed: float
    heading: float
    mileage: float
    running: bool


class Hop(NamedTuple):
    """A drive from one stop to the next; seconds since midnight, metres along the road."""

    start: float
    seconds: float
    begin: float  # m, where on the road
    length: float  # m, negative on the way back
    driven: float  # m of the day before this hop


class Road:
    """A polyline with its length."""

    def __init__(self, points: Sequence[Degrees]) -> None:
        self.points = list(points)
        self._at = [0.0, *accumulate(distance(one, two) for one, two in pairwise(self.points))]

    @property
    def length(self) -> float:
        return self._at[-1]

    def at(self, metres: float) -> tuple[Degrees, float]:
        """The place, and the heading of the road there."""
        index = min(max(bisect_right(self._at, metres) - 1, 0), len(self.points) - 2)
        one, two = self.points[index], self.points[index + 1]
        share = (metres - self._at[index]) / (self._at[index + 1] - self._at[index])
        place = (one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share)
        return place, heading(one, two)

    def along(self, point: Degrees) -> float:
        """Where on the road one of its own points lies."""
        return self._at[self.points.index(point)]


@dataclass(frozen=True)
class Trip:
    """A vehicle's every day. Hours are of Shanghai; by `home` it is back, if one round allows."""

    towns: tuple[str, ...]
    cruise: float  # km/h
    leaves: float
    home: float
    rest: float  # s at each end of the road
    halt: float  # s at each town between
    seed: int = 0

    @cached_property
    def road(self) -> Road:
        chance = random.Random(self.seed)  # noqa: S311 -- bends of a road, no secret
        points: list[Degrees] = []
        for one, two in pairwise(TOWNS[town] for town in self.towns):
            points += _bent(one, two, chance, 4)
        return Road([*points, TOWNS[self.towns[-1]]])

    @cached_property
    def day(self) -> list[Hop]:
        return list(self._hops())

    @cached_property
    def driven_a_day(self) -> float:
        return sum(abs(hop.length) for hop in self.day)

    def at(self, instant: datetime) -> Fix:
        local = instant.astimezone(SHANGHAI)
        now = (local - datetime.combine(local.date(), time(), SHANGHAI)).total_seconds()
        before = (local.date() - FIRST_DAY).days * self.driven_a_day
        index = bisect_right(self.day, now, key=lambda hop: hop.start) - 1
        if index < 0:  # before the first departure it stands where yesterday ended
            return self._standing(self.day[-1], before - abs(self.day[-1].length) - self.day[-1].driven)
        hop = self.day[index]
        if now >= hop.start + hop.seconds:
            return self._standing(hop, before)
        metres, speed = _motion(now - hop.start, abs(hop.length), self.cruise / 3.6, hop.seconds)
        place, bearing = self.road.at(hop.begin + math.copysign(metres, hop.length))
        if hop.length < 0:
            bearing = (bearing + 180) % 360
        return Fix(*place, speed * 3.6, bearing, (before + hop.driven + metres) / 1000, True)

    def _standing(self, hop: Hop, before: float) -> Fix:
        place, bearing = self.road.at(hop.begin + hop.length)
        turned = (bearing + 180) % 360 if hop.length < 0 else bearing
        return Fix(*place, 0.0, turned, (before + hop.driven + abs(hop.length)) / 1000, False)

    def _hops(self) -> Iterator[Hop]:
        """There and back as often as it comes home in time, once at least: it sleeps at home."""
        stops = [self.road.along(TOWNS[town]) for town in self.towns]
        now, driven = self.leaves * 3600, 0.0
        while True:
            left = now
            for way in (stops, stops[::-1]):
                for begin, end in pairwise(way):
                    seconds = _seconds(abs(end - begin), self.cruise / 3.6)
                    yield Hop(now, seconds, begin, end - begin, driven)
                    driven += abs(end - begin)
                    now += seconds + self.halt
                now += self.rest
            if now + (now - left) > self.home * 3600:
                return


def trip(number: int) -> Trip:
    """Of the vehicle with this number: several drive each line, at hours and with habits of their own."""
    chance = random.Random(number)  # noqa: S311 -- a timetable, no secret
    towns = ROUTES[number % len(ROUTES)]
    hasty = number % 9 == 4  # drives faster than it may
    late = number % 5 in (2, 3)  # drives the evening lines
    return Trip(
        towns,
        cruise=103.0 if hasty else chance.uniform(68, 90),
        leaves=chance.uniform(11.5, 12.5) if late else chance.uniform(5.2, 7.5),
        home=23.8 if late else chance.uniform(18.0, 21.0),
        rest=chance.uniform(1500, 3000),
        halt=chance.uniform(120, 420),
        seed=number % len(ROUTES),  # who drives one line drives one road
    )


def distance(one: Degrees, two: Degrees) -> float:
    """Metres; flat between points so near."""
    north = math.radians(two[1] - one[1])
    east = math.radians(two[0] - one[0]) * math.cos(math.radians((one[1] + two[1]) / 2))
    return EARTH * math.hypot(north, east)


def heading(one: Degrees, two: Degrees) -> float:
    """Degrees from north, clockwise."""
    north = two[1] - one[1]
    east = (two[0] - one[0]) * math.cos(math.radians((one[1] + two[1]) / 2))
    return math.degrees(math.atan2(east, north)) % 360


def _bent(one: Degrees, two: Degrees, chance: random.Random, times: int) -> list[Degrees]:
    """The way from one to two without its end, its middle moved aside again and again."""
    if not times:
        return [one]
    aside = chance.uniform(-BEND, BEND)
    middle = (
        (one[0] + two[0]) / 2 - aside * (two[1] - one[1]),
        (one[1] + two[1]) / 2 + aside * (two[0] - one[0]),
    )
    return _bent(one, middle, chance, times - 1) + _bent(middle, two, chance, times - 1)


def _seconds(length: float, cruise: float) -> float:
    top = min(cruise, math.sqrt(ACCELERATION * length))
    return length / top + top / ACCELERATION


def _motion(after: float, length: float, cruise: float, seconds: float) -> tuple[float, float]:
    """Metres and m/s: faster evenly, the cruise with its sway, slower evenly."""
    top = min(cruise, math.sqrt(ACCELERATION * length))
    rising = top / ACCELERATION
    if after < rising:
        return ACCELERATION * after**2 / 2, ACCELERATION * after
    left = seconds - after
    if left < rising:
        return length - ACCELERATION * left**2 / 2, ACCELERATION * left
    cruising, along = seconds - 2 * rising, after - rising
    turns = 2 * math.pi * max(1, round(cruising / SWAY_SECONDS)) / cruising if cruising else 0.0
    swayed = (1 - math.cos(turns * along)) / turns if turns else 0.0
    metres = top * rising / 2 + top * along + top * SWAY * swayed
    return metres, top * (1 + SWAY * math.sin(turns * along))
