"""Assessments as the company and the bureau see them, from the plan to the first answers."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from anze.records.assessments import queries
from tests.cast import Cast
from tests.isolation.doors import PNG
from tests.records.assessments.stage import answer_all, as_taxi, started
from tests.web.conftest import Browse

LIST = "/assessments/"


@pytest.fixture
def taxi(decided: Cast) -> Cast:
    as_taxi(decided)
    return decided


def given(cast: Cast, **changes: object) -> dict[str, object]:
    words: dict[str, object] = {
        "title": "2026年度达标自评",
        "scheme": "taxi-2012",
        "kind": "self",
        "body": "",
        "target": "second",
        "since": "2026-01-01",
        "last": "2026-12-31",
        "lead": str(cast.a.safety_manager),
        "members": [str(cast.a.monitor)],
        "reviewer": str(cast.a.principal),
    }
    return words | changes


def test_planned_shared_out_and_started_in_the_browser(taxi: Cast, manager: Client) -> None:
    assert "还没有考评" in manager.get(LIST).content.decode()
    assert "525分未见原文" in manager.get("/assessments/new/").content.decode()
    shares = manager.post("/assessments/new/", given(taxi))
    assert shares.status_code == 302
    page = manager.get(shares["Location"]).content.decode()
    assert "1.1.a" in page
    answered = manager.post(shares["Location"], {"taxi-2012.1.1.a": str(taxi.a.monitor)})
    overview = answered["Location"]
    assert "考评还没有开始" in manager.get(overview).content.decode()
    manager.post(f"{overview}acts/start/")
    page = manager.get(overview).content.decode()
    assert "考评中" in page
    assert "525分未见原文" in page
    assert "各类目得分" in page
    assert "2026年度达标自评" in manager.get(LIST).content.decode()


def test_an_item_is_answered_and_overruled(taxi: Cast, manager: Client) -> None:
    assessment = started(taxi)
    item = f"/assessments/{assessment}/items/taxi-2012.1.1.a/"
    page = manager.get(item).content.decode()
    assert "制定企业安全生产方针" in page
    answer = {"count-taxi-2012.1.1.a.r1": "1", "reason-taxi-2012.1.1.a.r1": "没有签订", "save": "1"}
    assert manager.post(item, answer).status_code == 302
    page = manager.get(item).content.decode()
    assert "0 / 5 分" in page
    assert "人工判定：不得分" in page
    assert "没有签订" in page
    wrong = manager.post(item, {"count-taxi-2012.1.1.b.r1": "x"})
    assert wrong.status_code == 302  # of another item: nothing of it is asked here
    typed = manager.post(
        f"/assessments/{assessment}/items/taxi-2012.1.1.b/", {"count-taxi-2012.1.1.b.r1": "x"}
    )
    assert typed.status_code == 422
    assert 'value="x"' in typed.content.decode()
    with taxi.acts("safety_manager"):
        assert queries.overview(assessment).losses[0].cause == "人工判定（查资料）"
    forecast = manager.get(f"/assessments/{assessment}/?on=2026-12-31").content.decode()
    assert "2026年12月31日：" in forecast


def test_the_bureau_sees_what_was_submitted(taxi: Cast, officer: Client, browse: Browse) -> None:
    assessment = started(taxi)
    below = f"/bureau/companies/{taxi.a.id}/assessments/"
    assert "没有可查看的考评" in officer.get(below).content.decode()
    assert officer.get(f"{below}{assessment}/").status_code == 404
    assert browse("other_principal").get(f"/assessments/{assessment}/").status_code == 404


def concluded(cast: Cast, client: Client, browse: Browse) -> int:
    """Everything but what is asked of the browser itself is answered beforehand."""
    assessment = started(cast)
    answer_all(cast, assessment)
    lost = {"count-taxi-2012.1.1.b.r1": "2", "reason-taxi-2012.1.1.b.r1": "缺分解和绩效考核", "save": "1"}
    client.post(f"/assessments/{assessment}/items/taxi-2012.1.1.b/", lost)
    acts = f"/assessments/{assessment}/acts/"
    for rule, wanted in (("people", "2"), ("vehicles", "2")):
        client.post(f"{acts}draw/", {"rule": rule, "seed": "甬20261120", "wanted": wanted})
    client.post(f"{acts}hand-in/")
    reviewer = browse("principal")
    stricter = {"review": "1", "count-taxi-2012.1.1.b.r1": "3", "reason-taxi-2012.1.1.b.r1": "还缺实施"}
    assert reviewer.post(f"/assessments/{assessment}/items/taxi-2012.1.1.b/", stricter).status_code == 302
    reviewer.post(f"{acts}finish/", {"remark": "同意，规划从严"})
    client.post(f"{acts}conclude/")
    return assessment


def test_from_review_to_report_and_corrections(
    taxi: Cast, manager: Client, browse: Browse, officer: Client
) -> None:
    assessment = concluded(taxi, manager, browse)
    home = f"/assessments/{assessment}/"
    page = manager.get(home).content.decode()
    assert "已结论" in page
    review = manager.get(f"{home}review/").content.decode()
    assert "同意，规划从严" in review
    assert "考评组判 3 分，复核 2 分" in manager.get(f"{home}items/taxi-2012.1.1.b/").content.decode()
    samples = manager.get(f"{home}samples/").content.decode()
    assert "重抽结果一致" in samples
    assert "甬20261120" in samples
    for part in ("", "table/", "report/", "review/", "samples/", "corrections/"):
        assert "525分未见原文" in manager.get(home + part).content.decode(), part
    below = f"/bureau/companies/{taxi.a.id}{home}"
    for part in ("", "table/", "report/", "review/", "samples/", "corrections/", "items/taxi-2012.1.1.b/"):
        assert officer.get(below + part).status_code == 200, part
    assert (
        officer.post(f"{below}items/taxi-2012.1.1.b/", {"count-taxi-2012.1.1.b.r1": "0"}).status_code == 403
    )
    edited = manager.post(f"{home}items/taxi-2012.1.1.b/", {"count-taxi-2012.1.1.b.r1": "0"})
    assert edited.status_code == 422
    assert "考评已作出结论，不能再改动" in edited.content.decode()
    assert manager.post(f"{home}corrections/", {"items": "taxi-2012.1.1.b"}).status_code == 422
    draft = manager.post(f"{home}corrections/", {"items": "taxi-2012.1.1.b", "due": "2026-12-20"})
    assert draft.status_code == 302, draft.content.decode()
    form = manager.get(draft["Location"]).content.decode()
    assert "1.1.b 失3分" in form


def test_table_and_report_are_files_too(taxi: Cast, manager: Client, browse: Browse) -> None:
    assessment = concluded(taxi, manager, browse)
    excel = manager.get(f"/assessments/{assessment}/table.xlsx")
    rows = [
        [str(cell.value or "") for cell in row]
        for row in load_workbook(BytesIO(excel.content)).worksheets[0].iter_rows()
    ]
    texts = "\n".join("\t".join(row) for row in rows)
    assert "525分未见原文" in texts
    head = next(row for row in rows if row[0] == "编号")
    assert head[5:] == ["得分", "扣分项", "否决项"]
    [item] = [row for row in rows if row[0] == "1.1.b"]
    assert item[5] == "3（复核 2）"
    assert "还缺实施" in item[6]
    word = manager.get(f"/assessments/{assessment}/table.docx")
    document = Document(BytesIO(word.content))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"得分", "扣分项", "否决项", "1.1.b"} <= cells
    assert any("525分未见原文" in paragraph.text for paragraph in document.paragraphs)
    assert not any("{%" in text or "{{" in text for text in cells)


def test_acts_that_are_refused_say_so_on_the_page(taxi: Cast, manager: Client) -> None:
    assessment = started(taxi)
    acts = f"/assessments/{assessment}/acts/"
    for act, typed, says in (
        ("start", {}, "考评正在进行"),
        ("hand-in", {}, "还不能提交"),
        ("draw", {"rule": "people", "wanted": "x"}, "抽样数应为整数"),
        ("draw", {"rule": "people", "wanted": "99"}, "抽不出 99 个"),
        ("substitute", {"rule": "people", "member": ""}, "要替换的对象应为整数"),
        ("cancel", {"reason": " "}, "请填写取消的原因"),
        ("conclude", {}, "考评正在进行"),
    ):
        assert says in manager.post(f"{acts}{act}/", typed, follow=True).content.decode(), act
    assert manager.post(f"{acts}nothing/").status_code == 404
    assert manager.post(f"{acts}finish/", {"remark": "好"}, follow=True).status_code == 200


def test_a_photo_on_the_spot_and_what_does_not_apply(taxi: Cast, manager: Client) -> None:
    assessment = started(taxi)
    item = f"/assessments/{assessment}/items/taxi-2012.1.1.a/"
    assert "请先选择照片" in manager.post(item, {"photo": "1"}).content.decode()
    file = SimpleUploadedFile("现场.png", PNG)
    page = manager.post(item, {"photo": "1", "files": file}, follow=True).content.decode()
    address = page.split('<img class="assess-photo" src="')[1].split('"')[0]
    shown = manager.get(address)
    assert shown["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content) == PNG  # type: ignore[attr-defined]  # a file response streams
    assert "请填写不适用的原因" in manager.post(item, {"omit": "1"}).content.decode()
    page = manager.post(item, {"omit": "1", "omit_reason": "单体企业"}, follow=True).content.decode()
    assert "缺项：不计入总分" in page
    assert "5 分" in manager.post(item, {"apply": "1"}, follow=True).content.decode()


def test_which_ledgers_are_kept_here(taxi: Cast, manager: Client) -> None:
    page = manager.get("/assessments/kept/").content.decode()
    assert "年度安全生产目标" in page
    assert manager.post("/assessments/kept/", {"target.plan": "2026-13-01"}).status_code == 422
    assert manager.post("/assessments/kept/", {"target.plan": "2027-01-01"}).status_code == 422
    assert manager.post("/assessments/kept/", {"target.plan": "2025-01-01"}).status_code == 302
    assert 'value="2025-01-01"' in manager.get("/assessments/kept/").content.decode()


def test_a_plan_keeps_what_was_typed(taxi: Cast, manager: Client) -> None:
    own = given(taxi, reviewer=str(taxi.a.safety_manager))
    page = manager.post("/assessments/new/", own)
    assert page.status_code == 422
    assert "自己判定的不能自己复核" in page.content.decode()
    assert "2026年度达标自评" in page.content.decode()
    late = manager.post("/assessments/new/", given(taxi, since="2026-12-31", last="2026-01-01", kind="other"))
    assert "结束日期早于开始日期" in late.content.decode()
    assert "请填写考评机构名称" in late.content.decode()
