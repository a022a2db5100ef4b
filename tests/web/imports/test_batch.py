"""批量登记 in the browser: choose, fill in, see each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from anze.records.evidence import queries as evidence
from tests.cast import NOW, Cast, cast

__all__ = ["cast"]

PAGE = "/imports/batch/?kind=vehicle.insurance&of=vehicle"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.account("safety_manager"))
    return client


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    first, second = cast.a.vehicles
    return {
        "who": [str(first), str(second)],
        "differ": ["values.policy", "values.expires"],
        "title": "承运人责任险",
        "happened_at": "2026-11-19 10:00",
        "values.type": "承运人责任险",
        "values.insurer": "某公司",
        "parts.recorder": "李甬",
        f"own-{first}-values.policy": "P-1",
        f"own-{second}-values.policy": "P-2",
        f"own-{first}-values.expires": "2027-11-20",
        f"own-{second}-values.expires": "2027-11-21",
        "step": "make",
        **changes,
    }


def policies(cast: Cast) -> dict[str, str]:
    with cast.acts("safety_manager"):
        rows = [evidence.record(row.id) for row in evidence.records(kind="vehicle.insurance").rows]
    return {row.title: row.values["policy"] for row in rows if row.status == "sealed"}


def test_kinds_then_whom_then_the_table(cast: Cast, manager: Client) -> None:
    kinds = manager.get("/imports/batch/").content.decode()
    assert "?kind=vehicle.insurance" in kinds
    assert "?kind=meeting.safety" not in kinds  # a session has one record for all who came
    assert "浙A10002" in manager.get(PAGE).content.decode()
    nobody = manager.post(PAGE, {"step": "fill"})
    assert nobody.status_code == 422
    assert "请至少选择一辆车" in nobody.content.decode()
    table = manager.post(PAGE, {"step": "fill", "who": str(cast.a.vehicles[1]), "differ": "values.policy"})
    page = table.content.decode()
    assert f'name="own-{cast.a.vehicles[1]}-values.policy"' in page
    assert 'name="values.insurer"' in page
    assert 'name="values.policy"' not in page
    assert "浙A10001" not in page


def test_each_row_says_what_was_made_of_it(cast: Cast, manager: Client) -> None:
    answer = manager.post(PAGE, typed(cast), follow=True)
    page = answer.content.decode()
    assert "已登记并封存 2 条" in page
    assert "BA-2026-0001 浙A10001承运人责任险" in page
    assert policies(cast) == {"浙A10001承运人责任险": "P-1", "浙A10002承运人责任险": "P-2"}


def test_what_is_wrong_stands_at_its_row_and_nothing_typed_is_lost(cast: Cast, manager: Client) -> None:
    second = cast.a.vehicles[1]
    answer = manager.post(PAGE, typed(cast, **{f"own-{second}-values.expires": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有登记：2 条中有 1 条有问题" in page
    assert 'value="P-2"' in page
    assert "先登记没有问题的 1 条" in page
    assert policies(cast) == {}


def test_what_is_in_order_is_recorded_and_the_rest_waits(cast: Cast, manager: Client) -> None:
    wrong = {f"own-{cast.a.vehicles[1]}-values.expires": "明年", "step": "good"}
    answer = manager.post(PAGE, typed(cast, **wrong), follow=True)
    page = answer.content.decode()
    assert "已登记并封存 1 条" in page
    assert "另有 1 条有问题，没有登记" in page
    assert policies(cast) == {"浙A10001承运人责任险": "P-1"}
    index = manager.get("/imports/").content.decode()
    assert "批量登记：车辆保险" in index


def test_what_all_rows_lack_is_said_once(cast: Cast, manager: Client) -> None:
    answer = manager.post(PAGE, typed(cast, **{"values.insurer": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("invalid-feedback") == 1
    assert "先登记没有问题的" not in page


def test_another_companys_vehicle_is_not_chosen(cast: Cast, manager: Client) -> None:
    answer = manager.post(PAGE, typed(cast, who=str(cast.b.vehicles[0])))
    assert answer.status_code == 422
    assert policies(cast) == {}


def test_a_driver_may_not(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.account("driver"))
    assert client.get(PAGE).status_code == 403
