"""Papers about pay: whom the kind names and who had a part in them see them, through every door alike."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from anze.records.dossiers.concerning import of_person
from anze.records.duties import actions as duties
from anze.records.evidence import queries
from anze.records.evidence.actions import Draft, PartInput, attach_file, draft_record
from anze.records.people import actions as people
from tests.api.conftest import key
from tests.cast import NOW, TODAY, Cast
from tests.records.imports.books import xlsx
from tests.web.imports.test_pages import upload
from tests.web.records.conftest import JPEG

KIND, TITLE, NUMBER = "pay.document", "安全管理岗位津贴办法", "TQ-2026-0001"
NAMED = ("principal", "officer")
OTHERS = ("safety_manager", "monitor", "driver", "other_principal", "stranger_officer")


@pytest.fixture
def browse(cast: Cast) -> Any:
    def signed_in(member: str) -> Client:
        client = Client()
        client.force_login(cast.account(member), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def paper(cast: Cast) -> int:
    """Written and sealed by the principal, with a scan."""
    draft = Draft(
        kind=KIND,
        title=TITLE,
        happened_at=NOW - timedelta(days=1),
        values={"number": "安〔2026〕9号", "content": "津贴每月按岗位系数发放"},
        parts=[PartInput(cast.a.principal, "signer")],
    )
    with cast.acts("principal"):
        record = draft_record(draft=draft)
        attach_file(record_id=record, name="津贴.jpg", chunks=[JPEG])
        duties.seal_records(record_ids=[record])
    return record


def text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(body.decode("utf-8-sig"))


def test_the_record_its_print_and_its_file(browse: Any, cast: Cast, paper: int) -> None:
    with cast.acts("principal"):
        [scan] = queries.record(paper).attachments
    doors = ("", "print/", "record.docx", "record.pdf", f"attachments/{scan.id}/")
    for member, code in [*((m, 200) for m in NAMED), *((m, 404) for m in OTHERS)]:
        for door in doors:
            answer = browse(member).get(f"/records/{paper}/{door}")
            assert answer.status_code == code, (member, door)
            if answer.streaming:
                b"".join(answer.streaming_content)


def test_lists_search_and_exports(browse: Any, cast: Cast, paper: int) -> None:
    own = (
        "/records/",
        "/records/export.csv",
        f"/records/list/?kind={KIND}",
        "/search/records/?q=津贴办法",
        "/search/?q=津贴办法",
    )
    for address in own:
        assert NUMBER in text(browse("principal").get(address)), address
        assert NUMBER not in text(browse("safety_manager").get(address)), address
    at = f"/bureau/companies/{cast.a.id}"
    theirs = (
        f"/records/?company={cast.a.id}",
        f"/records/export.csv?company={cast.a.id}",
        f"{at}/search/records/?q=津贴办法",
    )
    for address in theirs:
        assert NUMBER in text(browse("officer").get(address)), address
    assert "限定查看" in text(browse("safety_manager").get(f"/records/?kind={KIND}"))
    assert "限定查看" not in text(browse("principal").get(f"/records/?kind={KIND}"))
    with cast.acts("safety_manager"):
        assert KIND not in queries.counts_by_kind()
        assert queries.record_rows([paper]) == []
    with cast.acts("principal"):
        assert queries.counts_by_kind()[KIND] == 1
        assert [row.id for row in queries.record_rows([paper])] == [paper]


def test_workbooks_that_come_in_again(browse: Any, paper: int) -> None:
    address = f"/imports/records.xlsx?kind={KIND}"
    sizes = {member: _rows(browse(member).get(address)) for member in ("principal", "safety_manager")}
    assert sizes == {"principal": 1, "safety_manager": 0}


def _rows(answer: Any) -> int:
    page = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    return page.max_row - 1


def test_packs(browse: Any, cast: Cast, paper: int) -> None:
    asked = {"since": "2026-01-01", "until": "2026-11-20"}
    packs = {
        "principal": "/pack/",
        "safety_manager": "/pack/",
        "officer": f"/bureau/companies/{cast.a.id}/pack/",
    }
    holding = set()
    for member, address in packs.items():
        answer = browse(member).post(address, asked)
        assert answer.status_code == 200
        with zipfile.ZipFile(BytesIO(answer.getvalue())) as pack:
            said = b"".join(pack.read(name) for name in pack.namelist()).decode("utf-8", "replace")
        if TITLE in said:
            holding.add(member)
    assert holding == set(NAMED)


def test_the_api(browse: Any, cast: Cast, paper: int) -> None:
    for member, shown in (("principal", True), ("officer", True), ("safety_manager", False)):
        client, head = Client(), {"Authorization": f"Bearer {key(cast, member)}"}
        found = client.get("/api/v1/records", headers=head)
        assert [row["title"] for row in found.json()["items"]] == [TITLE] * shown, member
        one = client.get(f"/api/v1/records/{paper}", headers=head)
        assert (one.status_code == 200) is shown, member


def test_who_has_a_part_in_it_and_who_takes_the_post_sees_it(browse: Any, cast: Cast, paper: int) -> None:
    assert browse("clerk").get(f"/records/{paper}/").status_code == 404
    with cast.acts("principal"):
        people.assign_post(person_id=cast.a.clerk, position="coach.admin_head", since=TODAY)
    assert browse("clerk").get(f"/records/{paper}/").status_code == 200
    assert TITLE in text(browse("clerk").get("/records/"))
    with cast.acts("safety_manager"):
        mine = Draft(
            kind=KIND,
            title="津贴办法修订",
            happened_at=NOW - timedelta(days=1),
            values={"number": "安〔2026〕10号", "content": "系数调整"},
            parts=[PartInput(cast.a.principal, "signer")],
        )
        own = draft_record(draft=mine)
        duties.seal_records(record_ids=[own])
        assert queries.record(own).title == "津贴办法修订"
        assert [row.title for row in queries.records(kind=KIND).rows] == ["津贴办法修订"]
    with cast.acts("safety_manager"):
        assert paper not in {row.id for row in of_person(cast.a.id, cast.a.principal)}
    with cast.acts("principal"):
        assert paper in {row.id for row in of_person(cast.a.id, cast.a.principal)}


def test_an_open_import_of_them(browse: Any) -> None:
    head = ["标题", "发生时间", "文号", "待遇规定", "签发人"]
    principal, manager = browse("principal"), browse("safety_manager")
    preview = upload(principal, xlsx(head, ["津贴", "2026-11-03", "1号", "按系数", "赵甬"]), KIND)
    assert principal.get(preview).status_code == 200
    for door in ("", "rows/2/", "marked.xlsx"):
        assert manager.get(preview + door).status_code == 404
    assert manager.post(f"{preview}commit/").status_code == 404
    assert preview not in text(manager.get("/imports/"))
