"""迎检 in the browser: what is missing, what was back-filled, and the pack in the order of the standard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from anze.records.duties.actions import seal_records
from anze.records.evidence.actions import Draft, PartInput, draft_record
from anze.records.packs import verify
from tests.cast import NOW, Cast
from tests.records.assessments.stage import as_taxi, started
from tests.web.conftest import Browse
from tests.web.packs.test_pack import unpacked


@pytest.fixture
def assessed(decided: Cast) -> tuple[Cast, int]:
    """With a plan of targets that was sealed a month late."""
    as_taxi(decided)
    draft = Draft(
        kind="target.plan",
        title="2026年度安全目标",
        happened_at=NOW - timedelta(days=30),
        values={"year": "2026", "targets": "零死亡"},
        parts=[PartInput(decided.a.principal, "signer")],
    )
    with decided.acts("safety_manager"):
        seal_records(record_ids=[draft_record(draft=draft)])
    return decided, started(decided)


def test_it_says_what_is_missing_and_what_was_back_filled(
    assessed: tuple[Cast, int], manager: Client
) -> None:
    _, assessment = assessed
    assert f"/assessments/{assessment}/binder/" in manager.get(f"/assessments/{assessment}/").content.decode()
    page = manager.get(f"/assessments/{assessment}/binder/").content.decode()
    assert "2026年度安全目标" in page
    assert "补录 1 条" in page
    assert "请备好纸质资料" in page
    assert "个要点缺资料或有扣分" in page
    assert "525分未见原文" in page


def test_the_pack_begins_in_the_order_of_the_standard(
    assessed: tuple[Cast, int], manager: Client, tmp_path: Path
) -> None:
    _, assessment = assessed
    answer = manager.post(f"/assessments/{assessment}/binder/")
    assert answer["Content-Type"] == "application/zip"
    folder = unpacked(answer.getvalue(), tmp_path)
    assert list(verify.problems_in(folder)) == []
    index = (folder / "目录.html").read_text("utf-8")
    assert "1.1.a" in index
    assert "补录" in index
    assert "2026年度自评" in index
    assert index.index("1.1.a") < index.index("全部记录")


def test_who_holds_no_such_right_and_the_bureau(assessed: tuple[Cast, int], browse: Browse) -> None:
    cast, assessment = assessed
    assert browse("monitor").get(f"/assessments/{assessment}/binder/").status_code == 403
    officer = browse("officer")
    address = f"/bureau/companies/{cast.a.id}/assessments/{assessment}/binder/"
    assert officer.get(address).status_code == 404  # not submitted yet
