"""Standing pairs of drivers and vehicles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import actions as duties
from anze.records.fleet import pairs
from anze.records.fleet.pairs import InvalidPairs, NewPair
from tests.cast import STARTED, TODAY, Cast

DAY = timedelta(days=1)


def paired(cast: Cast) -> list[int]:
    first = cast.a.vehicles[0]
    wanted = [NewPair(first, cast.a.drivers[0], STARTED), NewPair(first, cast.a.drivers[1], TODAY)]
    with cast.acts("safety_manager"):
        return pairs.make_pairs(company_id=cast.a.id, pairs=wanted)


def test_a_vehicle_may_have_several_drivers(cast: Cast) -> None:
    paired(cast)
    with cast.acts("safety_manager"):
        found = pairs.pairs(company_id=cast.a.id)
        assert [(p.plate, p.driver_id) for p in found] == [
            ("浙A10001", cast.a.drivers[0]),
            ("浙A10001", cast.a.drivers[1]),
        ]
        assert [p.since for p in pairs.pairs(company_id=cast.a.id, driver_id=cast.a.drivers[1])] == [TODAY]
        assert pairs.pairs(company_id=cast.a.id, vehicle_id=cast.a.vehicles[1]) == []
        assert pairs.first_paired(cast.a.drivers[1], since=STARTED) == TODAY
        assert pairs.first_paired(cast.a.drivers[0], since=STARTED + DAY) is None


def test_all_that_is_wrong_is_said_at_once(cast: Cast) -> None:
    paired(cast)
    first, driver = cast.a.vehicles[0], cast.a.drivers[0]
    wrong = [
        NewPair(first, driver, TODAY),
        NewPair(first, cast.a.clerk, TODAY),
        NewPair(cast.b.vehicles[0], driver, TODAY),
        NewPair(cast.a.vehicles[1], driver, STARTED - DAY),
        NewPair(cast.a.vehicles[1], driver, TODAY),
        NewPair(cast.a.vehicles[1], driver, TODAY),
    ]
    with cast.acts("safety_manager"):
        with pytest.raises(InvalidPairs) as refusal:
            pairs.make_pairs(company_id=cast.a.id, pairs=wrong)
        assert set(refusal.value.errors) == {0, 1, 2, 3, 5}
        assert "没有登记为驾驶员" in refusal.value.errors[1]
        assert "不在职" in refusal.value.errors[3]
        assert len(pairs.pairs(company_id=cast.a.id)) == 2


def test_a_pair_ends_and_may_begin_again(cast: Cast) -> None:
    first, _ = paired(cast)
    with cast.acts("safety_manager"):
        with pytest.raises(Refused, match="晚于"):
            pairs.end_pairs(pair_ids=[first], until=STARTED)
        pairs.end_pairs(pair_ids=[first], until=TODAY)
        assert [p.driver_id for p in pairs.pairs(company_id=cast.a.id)] == [cast.a.drivers[1]]
        with pytest.raises(Refused, match="解除"):
            pairs.end_pairs(pair_ids=[first], until=TODAY)
        again = NewPair(cast.a.vehicles[0], cast.a.drivers[0], TODAY)
        pairs.make_pairs(company_id=cast.a.id, pairs=[again])
        assert len(pairs.pairs(company_id=cast.a.id)) == 2


def test_what_left_the_fleet_is_paired_no_more(cast: Cast) -> None:
    paired(cast)
    with cast.acts("safety_manager"):
        duties.retire_vehicles(vehicle_ids=[cast.a.vehicles[0]], until=TODAY)
        assert pairs.pairs(company_id=cast.a.id) == []
        retired = [NewPair(cast.a.vehicles[0], cast.a.drivers[0], TODAY + DAY)]
        with pytest.raises(InvalidPairs, match="不在册"):
            pairs.make_pairs(company_id=cast.a.id, pairs=retired)


def test_who_may_not_and_another_companys(cast: Cast) -> None:
    first, _ = paired(cast)
    new = [NewPair(cast.a.vehicles[0], cast.a.drivers[0], TODAY)]
    with cast.acts("driver"), pytest.raises(NotPermitted):
        pairs.make_pairs(company_id=cast.a.id, pairs=new)
    with cast.acts("other_safety_manager"):
        assert pairs.pairs(company_id=cast.a.id) == []
        for act in (lambda: pairs.pair(first), lambda: pairs.end_pairs(pair_ids=[first], until=TODAY)):
            with pytest.raises(NotFound):
                act()
