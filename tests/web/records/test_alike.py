"""照此新建: the form that begins with an earlier record."""

from __future__ import annotations

import json

from django.test import Client

from anze.records.duties import actions as duties
from anze.records.evidence import queries
from tests.cast import Cast
from tests.web.records.conftest import study

NEW = "/records/new/?kind=training.driver-study"


def a_study(cast: Cast, manager: Client) -> int:
    manager.post(NEW, study(cast.a))
    with cast.acts("safety_manager"):
        (row,) = queries.records(status="draft").rows
        duties.seal_records(record_ids=[row.id])
    return row.id


def test_a_sealed_record_offers_itself(cast: Cast, manager: Client) -> None:
    record = a_study(cast, manager)
    link = f"/records/new/?kind=training.driver-study&amp;like={record}"
    assert link in manager.get(f"/records/{record}/").content.decode()
    empty = manager.get(NEW).content.decode()
    assert "上一条：十一月驾驶员安全学习" in empty
    page = manager.get(f"{NEW}&like={record}").content.decode()
    assert "冬季行车安全" in page
    assert "上次的参加人员（2）" in page
    assert 'value="2026-11-20T10:00"' in page  # now, not then
    assert "上一条：" not in page


def test_the_attendance_of_then_is_no_part_of_the_new_form(cast: Cast, manager: Client) -> None:
    record = a_study(cast, manager)
    page = manager.get(f"{NEW}&like={record}")
    parts = page.context["form"]["parts"].value()
    listed = json.loads(parts) if isinstance(parts, str) else parts
    assert {row["person"] for row in listed} == {cast.a.safety_manager}
    assert "v_hours" not in page.context["form"].initial


def test_what_is_typed_over_it_is_kept_and_saved(cast: Cast, manager: Client) -> None:
    record = a_study(cast, manager)
    address = f"{NEW}&like={record}"
    refused = manager.post(address, study(cast.a, title=""))
    assert refused.status_code == 422
    assert f"like={record}" in refused.content.decode()
    assert manager.post(address, study(cast.a, title="十二月学习")).status_code == 302
    with cast.acts("safety_manager"):
        assert [row.title for row in queries.records(status="draft").rows] == ["十二月学习"]


def test_what_is_not_there_is_not_found(cast: Cast, manager: Client) -> None:
    record = a_study(cast, manager)
    for wrong in ("x", "999999999", "9" * 30):
        assert manager.get(f"{NEW}&like={wrong}").status_code == 404
    assert manager.get(f"/records/new/?kind=meeting.safety&like={record}").status_code == 404
