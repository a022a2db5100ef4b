"""The ledger, its export, the record page, its print and its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anze.records.duties import actions as duties
from anze.records.duties import deciding
from anze.records.evidence import actions as evidence
from anze.records.evidence.drafts import PartInput
from tests.cast import NOW, Cast, Company, meeting
from tests.web.records.conftest import JPEG

MOST_QUERIES = 20
MOST_ON_A_RECORD = 40
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def record(
    cast: Cast, company: Company, member: str = "principal", *, seal: bool = True, **changes: object
) -> int:
    with cast.acts(member):
        record_id = evidence.draft_record(draft=meeting(company, **changes))
        if seal:
            duties.seal_records(record_ids=[record_id])
    return record_id


def titles(client: Client, query: str = "") -> list[str]:
    return [row.title for row, *_ in client.get(f"/records/{query}").context["rows"]]


def test_the_empty_ledger_says_what_to_do(manager: Client) -> None:
    page = manager.get("/records/").content.decode()
    assert "登记第一条记录" in page
    assert "/records/kinds/" in page


def test_filters_narrow_and_search_finds_number_and_title(cast: Cast, manager: Client) -> None:
    record(cast, cast.a, title="一月的会", happened_at=NOW - timedelta(days=300))
    record(cast, cast.a, title="昨天的会")
    record(cast, cast.a, title="草稿的会", seal=False)
    assert titles(manager) == ["草稿的会", "昨天的会", "一月的会"]
    assert titles(manager, "?status=draft") == ["草稿的会"]
    assert titles(manager, "?q=一月") == ["一月的会"]
    assert titles(manager, "?q=LD-2026-0002") == ["昨天的会"]
    assert titles(manager, "?since=2026-11-19&until=2026-11-19&status=sealed") == ["昨天的会"]
    assert titles(manager, "?kind=meeting.leading-group&status=sealed") == ["昨天的会", "一月的会"]
    assert titles(manager, "?kind=group:教育培训") == []
    assert "没有符合条件的记录" in manager.get("/records/?q=没有这个").content.decode()
    assert "补录" in manager.get("/records/?q=一月").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?since=昨天",
        "?since=2026-11-20&until=2026-11-01",
        "?until=9999-12-31",
        "?since=0001-01-01",
        "?kind=no.such",
        "?status=x",
        "?q=%00",
    ],
)
def test_a_filter_that_cannot_be_read_is_named(manager: Client, query: str) -> None:
    answer = manager.get(f"/records/{query}")
    assert answer.status_code == 400
    assert "callout-error" in answer.content.decode()
    assert manager.get(f"/records/export.csv{query}").status_code == 400


def test_the_export_is_what_is_shown(cast: Cast, manager: Client) -> None:
    record(cast, cast.a, title='=HYPERLINK("x")')
    record(cast, cast.a, title="别的会", seal=False)
    answer = manager.get("/records/export.csv?status=sealed")
    content = b"".join(answer.streaming_content).decode()
    assert content.startswith("\ufeff")
    head, row = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    assert head[:4] == ["编号", "种类", "标题", "状态"]
    assert row[:4] == ["LD-2026-0001", "安全生产领导机构会议", '\'=HYPERLINK("x")', "已封存"]
    assert row[4] == "2026-11-19 10:00"


def test_lists_ask_the_database_little(cast: Cast, manager: Client) -> None:
    for number in range(60):
        record(cast, cast.a, title=f"会{number}", seal=False)
    with CaptureQueriesContext(connection) as asked:
        answer = manager.get("/records/")
    assert len(answer.context["rows"]) == 50
    assert len(asked) <= MOST_QUERIES
    assert len(titles(manager, "?page=2")) == 10
    assert len(titles(manager, "?page=99")) == 10


def test_the_record_page_shows_all_and_keeps_three_times_apart(cast: Cast, manager: Client) -> None:
    number = record(cast, cast.a, happened_at=NOW - timedelta(days=30))
    with CaptureQueriesContext(connection) as asked:
        page = manager.get(f"/records/{number}/").content.decode()
    assert len(asked) <= MOST_ON_A_RECORD
    for shown in (
        "LD-2026-0001",
        "研究冬季行车安全",
        "三楼会议室",
        "请假",
        "发生",
        "录入",
        "封存",
        "补录",
        "SHA-256",
    ):
        assert shown in page
    assert "2026年10月21日 10:00" in page
    assert "2026年11月20日 10:00" in page


def test_the_print_has_head_signatures_and_seal(cast: Cast, manager: Client) -> None:
    page = manager.get(f"/records/{record(cast, cast.a)}/print/").content.decode()
    for shown in ("甬城安达客运有限公司", "编号：", "签到表", "签字", "（盖章）"):
        assert shown in page


def test_files_are_served_so_that_nothing_in_them_runs(cast: Cast, manager: Client) -> None:
    number = record(cast, cast.a, seal=False)
    with cast.acts("principal"):
        picture = evidence.attach_file(record_id=number, name="会场.jpg", chunks=[JPEG])
        paper = evidence.attach_file(record_id=number, name="纪要.pdf", chunks=[PDF])
    shown = manager.get(f"/records/{number}/attachments/{picture}/")
    assert b"".join(shown.streaming_content) == JPEG
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline")
    handed = manager.get(f"/records/{number}/attachments/{paper}/")
    assert b"".join(handed.streaming_content) == PDF
    assert handed["Content-Disposition"].startswith("attachment")
    for answer in (shown, handed):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    page = manager.get(f"/records/{number}/").content.decode()
    assert "会场.jpg" in page
    other = record(cast, cast.a, seal=False, title="另一份")
    assert manager.get(f"/records/{other}/attachments/{picture}/").status_code == 404
    assert manager.get(f"/records/{number}/attachments/999999/").status_code == 404


def test_who_sees_which_record(cast: Cast, browse: Callable[[str], Client]) -> None:
    shared = record(cast, cast.a)
    with cast.acts("safety_manager"):
        apart = evidence.draft_record(draft=meeting(cast.a, title="驾驶员的会", parts=[]))
        attachment = evidence.attach_file(record_id=apart, name="x.pdf", chunks=[PDF])
        duties.seal_records(record_ids=[apart])
    expected = {
        "principal": (200, 200),
        "safety_manager": (200, 200),
        "clerk": (200, 404),
        "driver": (404, 404),
        "other_principal": (404, 404),
        "officer": (200, 200),
        "stranger_officer": (404, 404),
    }
    for member, codes in expected.items():
        client = browse(member)
        found = tuple(client.get(f"/records/{key}/").status_code for key in (shared, apart))
        assert found == codes, member
        assert client.get(f"/records/{apart}/print/").status_code == codes[1], member
        file = client.get(f"/records/{apart}/attachments/{attachment}/")
        assert b"".join(file) == (PDF if codes[1] == 200 else file.content)
        assert file.status_code == codes[1], member


def test_an_officer_reads_and_does_not_write(cast: Cast, browse: Callable[[str], Client]) -> None:
    number = record(cast, cast.a)
    record(cast, cast.b, "other_principal", title="通途的会")
    record(cast, cast.a, title="还是草稿", seal=False)
    officer = browse("officer")
    assert set(titles(officer)) == {"安全生产领导小组四季度会议", "通途的会"}
    assert titles(officer, f"?company={cast.b.id}") == ["通途的会"]
    assert officer.get("/records/?company=999").status_code == 404
    page = officer.get(f"/records/{number}/").content.decode()
    for button in ("/revise/", "/void/", "/edit/", "/seal/"):
        assert button not in page
    assert officer.get("/records/new/?kind=meeting.safety").status_code == 403
    assert officer.get("/records/kinds/").status_code == 403


def test_a_driver_sees_only_their_own(cast: Cast, browse: Callable[[str], Client]) -> None:
    record(cast, cast.a)
    driver = browse("driver")
    assert titles(driver) == []
    record(cast, cast.a, "driver", title="司机填的", parts=[], seal=False)
    assert titles(driver) == ["司机填的"]
    export = b"".join(driver.get("/records/export.csv").streaming_content).decode()
    assert export.count("\n") == 2


def test_who_takes_part_reads_a_draft_but_gets_no_form(cast: Cast, browse: Callable[[str], Client]) -> None:
    parts = [PartInput(cast.a.principal, "chair"), PartInput(cast.a.drivers[0], "participant")]
    number = record(cast, cast.a, parts=parts, seal=False)
    driver = browse("driver")
    assert driver.get(f"/records/{number}/").status_code == 200
    answer = driver.get(f"/records/{number}/edit/")
    assert answer.status_code == 403
    assert "只能处理本人填写的记录" in answer.content.decode()


def test_the_administrator_and_strangers_see_no_records(cast: Cast, browse: Callable[[str], Client]) -> None:
    assert browse("administrator").get("/records/").status_code == 403
    for url in ("/records/", "/records/export.csv", "/records/kinds/", "/records/new/", "/records/1/"):
        answer = Client().get(url)
        assert answer.status_code == 302, url
        assert answer["Location"].startswith("/signin/"), url


def test_only_the_right_methods(cast: Cast, manager: Client) -> None:
    number = record(cast, cast.a)
    for name in ("discard", "revise"):
        assert manager.get(f"/records/{number}/{name}/").status_code == 405
    assert manager.post("/records/").status_code == 405
    assert manager.put(f"/records/{number}/edit/").status_code == 405


def test_a_request_without_the_forms_key_changes_nothing(cast: Cast) -> None:
    number = record(cast, cast.a, seal=False)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.account("principal"))
    upload = SimpleUploadedFile("x.jpg", JPEG)
    assert client.post(f"/records/{number}/edit/", {"title": "x", "files": upload}).status_code == 403
    assert client.post(f"/records/{number}/discard/").status_code == 403


def test_ids_that_cannot_be_are_not_found(manager: Client) -> None:
    for key in ("0", "999999999", "9" * 30):
        for name in ("", "edit/", "seal/", "void/", "print/", f"attachments/{key}/"):
            assert manager.get(f"/records/{key}/{name}").status_code == 404, (key, name)
        for name in ("discard/", "revise/", "seal/", "void/"):
            assert manager.post(f"/records/{key}/{name}", {"reason": "x"}).status_code == 404, (key, name)


def test_the_officers_list_and_links_work(cast: Cast, browse: Callable[[str], Client]) -> None:
    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
    number = record(cast, cast.a)
    for count in range(55):
        record(cast, cast.a, title=f"会{count}", parts=[])
    officer = browse("officer")
    with CaptureQueriesContext(connection) as asked:
        assert len(titles(officer)) == 50
    assert len(asked) <= MOST_QUERIES
    proved = officer.get(f"/records/{number}/").context["proved"]
    assert proved
    for item in proved:
        assert item.url.startswith(f"/bureau/companies/{cast.a.id}/")
        assert officer.get(item.url).status_code == 200
