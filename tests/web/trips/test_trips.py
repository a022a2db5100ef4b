"""三检 on the phone, and what the manager sees of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anze.records.acting.errors import NotPermitted
from anze.records.dossiers import trips
from anze.records.duties import actions as duties
from anze.records.evidence import actions
from anze.records.evidence import item_queries as items
from anze.records.evidence import queries as evidence
from anze.records.evidence.actions import Draft, PartInput
from anze.records.fleet import pairs
from anze.records.fleet.pairs import NewPair
from anze.records.lawbook import lawbook
from tests.cast import NOW, STARTED, TODAY, Cast, cast
from tests.web.records.conftest import JPEG, at_now, browse, manager

__all__ = ["at_now", "browse", "cast", "manager"]

Browse = Callable[[str], Client]
FORM = "/trips/check/"


@pytest.fixture
def driver(cast: Cast, browse: Browse) -> Client:
    new = NewPair(cast.a.vehicles[1], cast.a.drivers[0], STARTED)
    with cast.acts("safety_manager"):
        pairs.make_pairs(company_id=cast.a.id, pairs=[new])
    return browse("driver")


def points() -> list[str]:
    kind = lawbook().kinds[trips.CHECK]
    return [spec.id for spec in kind.fields if set(spec.choices) == {"normal", "defect"}]


def answers(cast: Cast, **changes: Any) -> dict[str, Any]:
    said = dict.fromkeys(points(), "normal")
    return {"vehicle": cast.a.vehicles[1], "phase": "before", **said, **changes}


def test_the_vehicle_of_the_pair_and_the_next_check_stand_there_already(cast: Cast, driver: Client) -> None:
    page = driver.get(FORM).content.decode()
    assert f'<option value="{cast.a.vehicles[1]}" selected>浙A10002</option>' in page
    assert 'name="phase" value="before" checked' in page
    driver.post(FORM, answers(cast))
    assert 'name="phase" value="during" checked' in driver.get(FORM).content.decode()
    assert 'name="phase" value="after" checked' in driver.get(f"{FORM}?phase=after").content.decode()


def test_a_driver_seals_the_own_check(cast: Cast, driver: Client) -> None:
    answer = driver.post(FORM, answers(cast), follow=True)
    assert "浙A10002 出车前检查已提交" in answer.content.decode()
    with cast.acts("safety_manager"):
        (row,) = trips.day_of_checks(cast.a.id, TODAY)
        (check,) = row.checks["before"]
        record = evidence.record(check.id)
    assert (row.plate, check.defects, record.status) == ("浙A10002", 0, "sealed")
    assert check.number.startswith("CS-2026-")


def test_a_defect_goes_to_whoever_mends_with_its_picture(cast: Cast, driver: Client, manager: Client) -> None:
    picture = SimpleUploadedFile("轮胎.jpg", JPEG, "image/jpeg")
    said = answers(cast, tyres="defect", tyres_note="右后内侧缺气", pictures=picture)
    page = driver.post(FORM, said, follow=True).content.decode()
    assert "1 处异常已转给李甬处理，处理好之前不要出车" in page
    with cast.acts("safety_manager"):
        (item,) = items.mine()
        assert item.what == "轮胎、轮毂和螺栓：右后内侧缺气"
        assert item.due == TODAY
        assert len(evidence.record(item.record_id).attachments) == 1
        assert [d.what for d in trips.open_defects(cast.a.id, cast.a.vehicles[1])] == [item.what]
    file = manager.get(f"/dossiers/vehicles/{cast.a.vehicles[1]}/").content.decode()
    assert "右后内侧缺气" in file
    assert "未处理" in file
    repaired(cast, item)
    with cast.acts("safety_manager"):
        assert trips.open_defects(cast.a.id, cast.a.vehicles[1]) == []


def repaired(cast: Cast, item: items.ItemRow) -> None:
    said = {"record": item.origin, "field": item.field, "key": item.key, "what": item.what}
    said["result"] = "done"
    draft = Draft(
        kind="vehicle.repair",
        title="补胎",
        happened_at=NOW,
        values={
            "measures": "换胎",
            "result": "solved",
            "follow_up": json.dumps([said]),
        },
        parts=[PartInput(cast.a.safety_manager, "organiser")],
        subjects=[("vehicle", cast.a.vehicles[1])],
    )
    with cast.acts("safety_manager"):
        duties.seal_records(record_ids=[actions.draft_record(draft=draft)])


def test_what_is_left_open_is_said_and_nothing_typed_is_lost(cast: Cast, driver: Client) -> None:
    said = answers(cast, brakes="defect", lights="defect", lights_note="左转向灯不亮")
    del said["doors"]
    answer = driver.post(FORM, said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请写明是什么异常" in page
    assert "请选择正常或异常" in page
    assert 'value="左转向灯不亮"' in page
    with cast.acts("driver"):
        assert trips.day_of_checks(cast.a.id, TODAY)[0].checks == {}


def test_a_file_that_is_no_picture_keeps_nothing(cast: Cast, driver: Client) -> None:
    broken = SimpleUploadedFile("x.jpg", b"MZ\x00\x00", "image/jpeg")
    answer = driver.post(FORM, answers(cast, tyres="defect", tyres_note="缺气", pictures=broken))
    assert answer.status_code == 422
    assert "不能作为附件" in answer.content.decode()
    with cast.acts("safety_manager"):
        assert evidence.records(kind=trips.CHECK).total == 0


def test_another_companys_vehicle_is_no_choice(cast: Cast, driver: Client) -> None:
    assert driver.post(FORM, answers(cast, vehicle=cast.b.vehicles[0])).status_code == 422


def test_the_company_sees_who_has_not_checked(cast: Cast, driver: Client, manager: Client) -> None:
    page = manager.get("/trips/").content.decode()
    assert "浙A10002" in page
    assert page.count("未检") == 3
    driver.post(FORM, answers(cast))
    assert manager.get("/trips/").content.decode().count("未检") == 2
    assert manager.get("/trips/?day=2026-11-19").content.decode().count("未检") == 3
    assert manager.get("/trips/?day=昨天").status_code == 200


def test_a_driver_sees_the_own_vehicles_only(cast: Cast, driver: Client, browse: Browse) -> None:
    manager = browse("safety_manager")
    manager.post(FORM, answers(cast, vehicle=cast.a.vehicles[0]))
    assert "浙A10001" in manager.get("/trips/").content.decode()
    assert "浙A10001" not in driver.get("/trips/").content.decode()


def test_a_driver_seals_nothing_else(cast: Cast) -> None:
    with cast.acts("driver"):
        draft = Draft(kind="vehicle.repair", title="自己修", happened_at=NOW)
        record = actions.draft_record(draft=draft)
        with pytest.raises(NotPermitted):
            duties.seal_records(record_ids=[record])


def test_a_check_that_somebody_else_wrote_is_not_the_drivers_to_seal(cast: Cast) -> None:
    draft = Draft(
        kind=trips.CHECK,
        title="代填",
        happened_at=NOW,
        values={"phase": "before"},
        parts=[PartInput(cast.a.drivers[0], "inspector")],
    )
    with cast.acts("safety_manager"):
        record = actions.draft_record(draft=draft)
    with cast.acts("driver"), pytest.raises(NotPermitted):
        duties.seal_records(record_ids=[record])


def test_a_clerk_has_no_check(browse: Browse) -> None:
    assert browse("clerk").get(FORM).status_code == 403


def test_the_usual_form_is_sealed_by_the_driver_too(cast: Cast, driver: Client) -> None:
    form = driver.get(f"/records/new/?kind={trips.CHECK}").content.decode()
    assert "保存并去封存" in form
    with cast.acts("driver"):
        draft = Draft(kind=trips.CHECK, title="出车前", happened_at=NOW, values={"phase": "before"})
        record = actions.draft_record(draft=draft)
    page = driver.get(f"/records/{record}/seal/")
    assert page.status_code == 200
    driver.post(f"/records/{record}/seal/", {"mark": page.context["mark"]})
    with cast.acts("driver"):
        assert evidence.record(record).status == "sealed"
