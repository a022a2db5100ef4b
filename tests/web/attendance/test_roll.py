"""The leader's pages: the roll, the screen, what is printed, and who has to catch up."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from docx import Document
from pypdf import PdfReader

from anze.records.duties import actions as duties
from anze.records.evidence import queries
from anze.records.evidence.actions import PartInput, draft_record
from tests.cast import NOW, Cast
from tests.records.evidence.rooms import OTHER_PHONE, arrives, called, study
from tests.web.conftest import Browse


@pytest.fixture(autouse=True)
def attachments(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return str(answer.content.decode())


def act(client: Client, record_id: int, name: str, person: int | str = "") -> str:
    answer = client.post(f"/attendance/{record_id}/", {"act": name, "person": person}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_draft_leads_to_its_roll_and_the_roll_to_the_screen(decided: Cast, manager: Client):
    with decided.acts("safety_manager"):
        record_id = draft_record(draft=study(decided.a))
    assert f'href="/attendance/{record_id}/"' in page(manager, f"/records/{record_id}/")
    assert "还没有开始签到" in page(manager, f"/attendance/{record_id}/")
    assert "签到没有开始" in page(manager, f"/attendance/{record_id}/screen/")
    opened = act(manager, record_id, "open")
    assert "签到已开始" in opened
    assert f"/attendance/{record_id}/screen/" in opened


def test_the_code_on_the_screen_changes(decided: Cast, manager: Client):
    record_id = called(decided)
    seen = set()
    for seconds in (0, 29, 30, 60):
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            found = re.search(r'src="(data:image/svg[^"]+)"', page(manager, f"/attendance/{record_id}/code/"))
            assert found is not None
            seen.add(found[1])
    assert len(seen) == 3


def test_arrivals_are_seen_live(decided: Cast, manager: Client):
    record_id = called(decided)
    assert "到场 1 / 3 人，手写签名 0 人" in page(manager, f"/attendance/{record_id}/rows/")
    arrives(decided, record_id, decided.a.drivers[0])
    rows = page(manager, f"/attendance/{record_id}/rows/")
    assert "到场 2 / 3 人，手写签名 1 人" in rows
    assert "钱甬的签名" in rows
    assert "<b>钱甬</b>" in page(manager, f"/attendance/{record_id}/code/")
    picture = re.search(rf"/records/{record_id}/attachments/\d+/", rows)
    assert picture is not None
    answer = manager.get(picture[0])
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]  # a file


def test_the_leader_marks_adds_and_withdraws(decided: Cast, manager: Client):
    record_id, (first, second) = called(decided), decided.a.drivers
    arrives(decided, record_id, first)
    assert "请先撤销签名" in act(manager, record_id, "absent", first)
    assert "签名已撤销" in act(manager, record_id, "withdraw", first)
    act(manager, record_id, "excused", second)
    assert "已加入名单" in act(manager, record_id, "add", decided.a.clerk)
    with decided.acts("safety_manager"):
        standing = {p.person_name: p.attendance for p in queries.record(record_id).parts}
    assert standing == {"李甬": "attended", "钱甬": "absent", "孙甬": "excused", "冯甬": "attended"}
    assert "签到已结束" in act(manager, record_id, "close")


@pytest.mark.parametrize(
    ("name", "person", "code"), [("dance", "", 400), ("add", "x", 404), ("absent", "9" * 30, 404)]
)
def test_what_nobody_offers_is_refused(decided: Cast, manager: Client, name: str, person: str, code: int):
    record_id = called(decided)
    answer = manager.post(f"/attendance/{record_id}/", {"act": name, "person": person})
    assert answer.status_code == code


def test_only_the_holder_and_the_managers_see_it(decided: Cast, browse: Browse):
    record_id = called(decided)
    for member, code in (("driver", 403), ("clerk", 403), ("other_safety_manager", 404), ("officer", 403)):
        for part in ("", "rows/", "screen/", "code/"):
            assert browse(member).get(f"/attendance/{record_id}/{part}").status_code == code, (member, part)


def test_signatures_are_printed(decided: Cast, manager: Client):
    record_id, (first, second) = called(decided), decided.a.drivers
    arrives(decided, record_id, first)
    arrives(decided, record_id, second, device=OTHER_PHONE)
    with decided.acts("safety_manager"):
        duties.seal_records(record_ids=[record_id])
    printed = page(manager, f"/records/{record_id}/print/")
    assert printed.count('src="data:image/png;base64,') == 2
    assert "签名 钱甬.png" not in printed  # a signature is no paper among the attachments
    pdf = PdfReader(BytesIO(manager.get(f"/records/{record_id}/record.pdf").content))
    assert sum(len(each.images) for each in pdf.pages) == 2
    word = Document(BytesIO(manager.get(f"/records/{record_id}/record.docx").content))
    roll = word.tables[-1]
    assert [bool(row.cells[-1]._tc.xpath(".//pic:pic")) for row in roll.rows] == [False, False, True, True]
    shown = page(manager, f"/records/{record_id}/")
    assert shown.count('class="az-ink-small"') == 2


def test_a_signature_is_no_attachment_that_the_form_can_remove(decided: Cast, manager: Client):
    record_id = called(decided)
    arrives(decided, record_id, decided.a.drivers[0])
    form = page(manager, f"/records/{record_id}/edit/")
    assert "签名 钱甬" not in form
    with decided.acts("safety_manager"):
        (file,) = queries.record(record_id).signatures
    typed = {
        "title": "x",
        "happened_at": "2026-11-20T09:00",
        "detach": file.id,
        "parts": "[]",
        "subjects": "[]",
    }
    assert (
        manager.post(f"/records/{record_id}/edit/", typed | {"v_hours": "2", "v_topic": "雨天"}).status_code
        == 302
    )
    with decided.acts("safety_manager"):
        detail = queries.record(record_id)
    assert detail.title == "x"
    assert [p.person_name for p in detail.parts if p.signed_at] == ["钱甬"]
    assert len(detail.signatures) == 1


def test_who_was_missing_is_listed_and_caught_up(decided: Cast, manager: Client):
    parts = [
        PartInput(decided.a.safety_manager, "organiser"),
        PartInput(decided.a.drivers[0], "participant"),
        PartInput(decided.a.drivers[1], "participant", "absent"),
    ]
    with decided.acts("safety_manager"):
        record_id = draft_record(draft=study(decided.a, parts=parts))
        duties.seal_records(record_ids=[record_id])
    shown = page(manager, f"/records/{record_id}/")
    assert "补课名单" in shown
    assert "为这 1 人开一次补课" in shown
    assert "孙甬" in page(manager, "/attendance/")
    answer = manager.post(f"/attendance/{record_id}/catch-up/")
    assert answer.status_code == 302
    form = page(manager, answer["Location"])
    assert "补课：十一月驾驶员安全学习" in form
    assert "在补课草稿中" in page(manager, "/attendance/")
    again = manager.post(f"/attendance/{record_id}/catch-up/", follow=True)
    assert "没有待补课的人员" in again.content.decode()


def test_an_empty_list_says_what_will_stand_there(manager: Client):
    assert "没有待补课的人" in page(manager, "/attendance/")
