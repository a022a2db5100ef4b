from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.acting.context import SYSTEM, NoScope, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.fleet import actions, queries
from anze.records.fleet.actions import InvalidVehicles, NewVehicle
from anze.records.people import actions as people
from anze.rules.posts import Cover, Span
from tests.cast import NOW, STARTED, TODAY, Cast


@pytest.mark.parametrize("typed", ["浙B12345", "浙b·12345", " 浙B 12345", "浙B-12345", "浙Ｂ12345"])
def test_one_plate_has_one_spelling(typed: str) -> None:
    assert actions.tidy_plate(typed) == "浙B12345"


@pytest.mark.parametrize("plate", ["浙B12345", "浙BD12345", "粤Z1234港", "京A1234挂", "浙BF1234学"])
def test_real_plates_are_taken(cast: Cast, plate: str) -> None:
    with cast.acts("principal"):
        (vehicle,) = actions.enrol_vehicles(company_id=cast.a.id, vehicles=[NewVehicle(plate, TODAY)])
        assert queries.vehicle(vehicle).plate == plate


def test_all_wrong_vehicles_are_named_at_once(cast: Cast) -> None:
    wrong = [
        NewVehicle("B12345", TODAY),
        NewVehicle("浙A10001", TODAY),
        NewVehicle("浙B55555", TODAY, unit_id=cast.b.department),
        NewVehicle("浙B66666", TODAY),
        NewVehicle("浙B66666", TODAY),
    ]
    with cast.acts("principal"):
        with pytest.raises(InvalidVehicles) as refusal:
            actions.enrol_vehicles(company_id=cast.a.id, vehicles=wrong)
        assert set(refusal.value.errors) == {0, 1, 2, 4}
        assert "第 2 辆：浙A10001 已经登记" in str(refusal.value)
        assert len(queries.vehicles()) == 2


def test_a_retired_vehicle_leaves_and_its_plate_may_return(cast: Cast) -> None:
    first = cast.a.vehicles[0]
    with cast.acts("principal"):
        actions.retire_vehicles(vehicle_ids=[first], until=TODAY)
        assert [v.id for v in queries.vehicles()] == [cast.a.vehicles[1]]
        assert len(queries.vehicles(on=TODAY - timedelta(days=1))) == 2
        with pytest.raises(Refused, match="退出"):
            actions.retire_vehicles(vehicle_ids=[first], until=TODAY)
        with pytest.raises(Refused, match="晚于"):
            actions.retire_vehicles(vehicle_ids=[cast.a.vehicles[1]], until=STARTED)
        actions.enrol_vehicles(company_id=cast.a.id, vehicles=[NewVehicle("浙A10001", TODAY)])


def test_another_companys_vehicles_are_not_found(cast: Cast) -> None:
    with cast.acts("principal"):
        with pytest.raises(NotFound):
            queries.vehicle(cast.b.vehicles[0])
        with pytest.raises(NotFound):
            actions.retire_vehicles(vehicle_ids=[*cast.a.vehicles, cast.b.vehicles[0]], until=TODAY)
        assert len(queries.vehicles()) == 2
    with cast.acts("driver"), pytest.raises(NotPermitted):
        actions.retire_vehicles(vehicle_ids=[cast.a.vehicles[0]], until=TODAY)


def test_the_roster_is_what_the_rules_need(cast: Cast) -> None:
    with cast.acts("principal"):
        holding = next(h for h in queries.roster(cast.a.id).holdings if h.position == "coach.principal")
        people.appoint_deputy(
            holding_id=holding.id, deputy_id=cast.a.clerk, since=TODAY, until=None, reason="出差"
        )
        people.dismiss(person_ids=[cast.a.drivers[1]], left_on=TODAY)
        company = queries.roster(cast.a.id)
    assert (company.trade, company.area, company.judged_from) == ("coach", "330200", STARTED)
    assert {(h.person, h.position) for h in company.holdings} == {
        (cast.a.principal, "coach.principal"),
        (cast.a.safety_manager, "coach.safety_manager"),
        (cast.a.monitor, "coach.dispatcher"),
    }
    assert company.covers == (Cover(holding.id, cast.a.clerk, Span(TODAY)),)
    assert company.subjects["driver"] == {
        cast.a.drivers[0]: Span(STARTED),
        cast.a.drivers[1]: Span(STARTED, TODAY),
    }
    assert set(company.subjects["vehicle"]) == set(cast.a.vehicles)
    assert company.subjects["department"] == {cast.a.department: Span(STARTED)}
    assert len(company.subjects["employee"]) == 6


def test_rosters_of_many_hold_only_what_is_in_scope(cast: Cast) -> None:
    with acting(SYSTEM, reads=(cast.a.id, cast.b.id), at=NOW):
        assert set(queries.rosters([cast.a.id, cast.b.id])) == {cast.a.id, cast.b.id}
    with cast.acts("principal"):
        assert set(queries.rosters([cast.a.id, cast.b.id])) == {cast.a.id}
        with pytest.raises(NotFound):
            queries.roster(cast.b.id)
    with pytest.raises(NoScope):
        queries.rosters([cast.a.id])


def test_a_company_with_nobody_has_an_empty_roster(cast: Cast) -> None:
    from anze.records.tenants.actions import register_company

    with cast.acts("administrator"):
        company = register_company(
            name="空公司", short_name="空", trade="coach", area="330200", employees=0, vehicles=0,
            started_on=TODAY, judged_from=TODAY,
        )  # fmt: skip
    with acting(SYSTEM, reads=(company,), at=NOW):
        found = queries.roster(company)
    assert (found.holdings, found.covers) == ((), ())
    assert all(not spans for spans in found.subjects.values())


def test_two_who_enrol_one_plate_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the check, the constraint answers; the sentence says what to do."""
    monkeypatch.setattr(actions, "_wrong", lambda *_: {})
    with cast.acts("principal"), pytest.raises(Refused, match="刷新后重试"):
        actions.enrol_vehicles(company_id=cast.a.id, vehicles=[NewVehicle("浙A10001", TODAY)])
