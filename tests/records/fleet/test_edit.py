"""A vehicle is edited; of two at once, the second is told."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.fleet import queries
from anze.records.fleet.actions import VehicleChanged, edit_vehicle
from tests.cast import Cast


def test_a_vehicle_is_edited_once_for_each_version(cast: Cast) -> None:
    first, second = cast.a.vehicles
    with cast.acts("principal"):
        edit_vehicle(vehicle_id=first, version=1, plate="浙b·88888", unit_id=cast.a.department)
        found = queries.vehicle(first)
        assert (found.plate, found.unit_id, found.version) == ("浙B88888", cast.a.department, 2)
        with pytest.raises(VehicleChanged, match="别人修改过 浙B88888"):
            edit_vehicle(vehicle_id=first, version=1, plate="浙B88888", unit_id=None)
        for plate, unit, says in (
            ("坏", None, "不是车牌号"),
            ("浙A10002", None, "已经登记"),
            ("浙B88888", cast.b.department, "所属机构不存在"),
        ):
            with pytest.raises(Refused, match=says):
                edit_vehicle(vehicle_id=first, version=2, plate=plate, unit_id=unit)
        with pytest.raises(NotFound):
            edit_vehicle(vehicle_id=cast.b.vehicles[0], version=1, plate="浙B1", unit_id=None)
        page = queries.vehicles_page(company_id=cast.a.id, text="0 002")
        assert [row.id for row in page.rows] == [second]
        assert queries.vehicles_page(company_id=cast.a.id, unit_id=cast.a.department).total == 1
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        edit_vehicle(vehicle_id=first, version=2, plate="浙B77777", unit_id=None)
