"""What is printed: a record, a ledger over a period, blank forms; as page, Word and PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.evidence import listing
from anze.records.lawbook import lawbook
from anze.records.tenants import queries as tenants
from anze.web.records import sheet as sheets
from anze.web.reports import fonts
from tests.cast import NOW, Cast, meeting

Read = Callable[[bytes], str]


def in_word(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    head = [p.text for s in document.sections for p in (*s.header.paragraphs, *s.footer.paragraphs)]
    return "".join("\n".join([*head, *(p.text for p in document.paragraphs), *cells]).split())


def in_pdf(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


READERS = [("docx", in_word), ("pdf", in_pdf)]


def sealed(cast: Cast, **changes: object) -> int:
    with cast.acts("safety_manager"):
        record_id = evidence.draft_record(draft=meeting(cast.a, **changes))
        duties.seal_records(record_ids=[record_id])
    return record_id


@pytest.mark.parametrize(("ending", "read"), READERS)
def test_a_record_is_printed_whole(cast: Cast, manager: Client, ending: str, read: Read) -> None:
    record_id = sealed(cast, values={"topics": "第一项\n第二项", "place": "三楼会议室"})
    answer = manager.get(f"/records/{record_id}/record.{ending}")
    assert "filename*=UTF-8''LD-2026-0001" in answer["Content-Disposition"]
    text = read(answer.content)
    for words in (
        "安全生产领导机构会议记录",
        "单位：甬城安达客运有限公司",
        "编号：LD-2026-0001",
        "三楼会议室",
        "第一项第二项",
        "签到表",
        "赵甬主持人到场",
        "冯甬参会人请假",
        "主持人（签字）",
        "记录人（签字）",
        "（盖章）",
        "封存：李甬",
    ):
        assert words in text
    for absent in ("{{", "{%", "草稿", "作废", fonts.MISSING):
        assert absent not in text


def test_pages_are_numbered(cast: Cast, manager: Client) -> None:
    record_id = sealed(cast)
    assert "第1页共1页" in in_pdf(manager.get(f"/records/{record_id}/record.pdf").content)
    footer = Document(BytesIO(manager.get(f"/records/{record_id}/record.docx").content)).sections[0].footer
    codes = [node.text for node in footer._element.iter() if node.tag.endswith("}instrText")]
    assert codes == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize(("ending", "read"), READERS)
def test_a_draft_and_a_void_record_say_what_they_are(
    cast: Cast, manager: Client, ending: str, read: Read
) -> None:
    record_id = sealed(cast)
    with cast.acts("safety_manager"):
        draft = evidence.draft_record(draft=meeting(cast.a))
        duties.void_records(record_ids=[record_id], reason="开会日期写错")
    void = read(manager.get(f"/records/{record_id}/record.{ending}").content)
    assert "已作废" in void
    assert "原因：开会日期写错" in void
    unsealed = read(manager.get(f"/records/{draft}/record.{ending}").content)
    assert "草稿：未封存，不作为履职凭证。" in unsealed


def test_a_superseded_record_names_the_one_that_holds(cast: Cast, manager: Client) -> None:
    old = sealed(cast)
    with cast.acts("safety_manager"):
        new = evidence.revise_record(record_id=old)
        duties.seal_records(record_ids=[new])
    assert "由LD-2026-0002取代" in in_pdf(manager.get(f"/records/{old}/record.pdf").content)
    assert "修订自：LD-2026-0001" in in_pdf(manager.get(f"/records/{new}/record.pdf").content)


def test_the_page_shows_the_same_paper(cast: Cast, manager: Client) -> None:
    record_id = sealed(cast)
    page = manager.get(f"/records/{record_id}/print/").content.decode()
    for words in ("签到表", "主持人（签字）", f"{record_id}/record.docx", f"{record_id}/record.pdf"):
        assert words in page


def test_every_kind_has_a_blank_form_that_the_font_can_draw(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        company = tenants.company(cast.a.id)
        for kind in lawbook().kinds.values():
            found = sheets.blank_sheet(kind, company)
            cells = [cell for line in found.lines for cell in line.cells]
            for spec in kind.fields:
                assert any(cell.label.startswith(spec.name) for cell in cells), kind.id
            texts = [found.title, *found.signers]
            texts += [text for cell in cells for text in (cell.label, cell.text)]
            assert all(fonts.shown(text) == text for text in texts), kind.id
            assert {len(line.cells) for line in found.lines} <= {1, 2}


@pytest.mark.parametrize(("ending", "read"), READERS)
def test_a_blank_form_has_room_to_write(cast: Cast, manager: Client, ending: str, read: Read) -> None:
    answer = manager.get(f"/records/blank/meeting.safety/form.{ending}")
    text = read(answer.content)
    for words in ("安全工作会议记录", "安全例会（）", "会议内容", "签到表", "主持人（签字）"):
        assert words in text
    page = manager.get("/records/blank/meeting.safety/").content.decode()
    assert page.count("az-write") >= sheets.LINES_TO_WRITE["longtext"]
    assert "每行写：事项、责任人、完成期限" in page  # of the table of items


def test_a_blank_form_of_no_kind_is_not_found(manager: Client) -> None:
    for ending in ("", "form.docx", "form.pdf"):
        assert manager.get(f"/records/blank/no.such/{ending}").status_code == 404


@pytest.mark.parametrize(("ending", "read"), READERS)
def test_the_ledger_of_a_kind_over_a_period(cast: Cast, manager: Client, ending: str, read: Read) -> None:
    sealed(cast, title="十一月的会")
    sealed(cast, title="一月的会", happened_at=NOW - timedelta(days=300))
    query = "?kind=meeting.leading-group&since=2026-11-01&until=2026-11-30"
    text = read(manager.get(f"/records/list.{ending}{query}").content)
    assert "安全生产领导机构会议台账" in text
    assert "2026年11月1日至2026年11月30日" in text
    for words in ("共1条", "十一月的会", "三楼会议室", "赵甬"):
        assert words in text
    assert "一月的会" not in text.replace("十一月的会", "")


def test_the_ledger_page_leads_to_its_print_with_its_filter(cast: Cast, manager: Client) -> None:
    sealed(cast)
    assert (
        "/records/list/?kind=meeting.leading-group"
        in manager.get("/records/?kind=meeting.leading-group").content.decode()
    )
    page = manager.get("/records/list/?kind=meeting.leading-group").content.decode()
    assert "/records/list.docx?kind=meeting.leading-group" in page
    assert "审核人（签字）" in page
    several = manager.get("/records/list/").context["sheet"]
    assert "种类" in several.heads
    assert several.rows[0][3] == "安全生产领导机构会议"


def test_a_list_too_long_to_print_is_refused(
    cast: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(cast)
    sealed(cast)
    monkeypatch.setattr(listing, "MOST_LISTED", 1)
    answer = manager.get("/records/list.pdf")
    assert answer.status_code == 400
    assert "缩小范围" in answer.content.decode()


def test_a_filter_that_cannot_be_read_prints_nothing(manager: Client) -> None:
    assert manager.get("/records/list.pdf?since=昨天").status_code == 400


def test_an_officer_prints_one_company(cast: Cast, browse: Callable[[str], Client]) -> None:
    sealed(cast)
    officer = browse("officer")
    assert officer.get("/records/list/").status_code == 400
    assert officer.get(f"/records/list/?company={cast.a.id}").context["sheet"].rows[0][1] == "LD-2026-0001"
    assert officer.get(f"/records/list/?company={cast.a.id + 9999}").status_code == 404


def test_short_fields_stand_side_by_side_and_long_ones_alone(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        found = sheets.blank_sheet(lawbook().kinds["inspection.safety"], tenants.company(cast.a.id))
    labels = [[cell.label for cell in line.cells] for line in found.lines]
    assert ["检查的场所或车辆", "发现隐患（条）"] in labels
    assert ["检查情况"] in labels
