"""A paper comes back by its code: blank forms make a draft, prints take the scan of exactly their version."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from pypdf import PdfReader

from anze.cli.archived_files import named_files
from anze.records.duties import actions as duties
from anze.records.evidence import papers, queries
from anze.records.evidence.actions import draft_record, edit_draft, revise_record
from anze.records.evidence.models import Record
from anze.web.papers.codes import blank_code, printed_code
from tests.cast import Cast
from tests.records.evidence.rooms import study
from tests.web.conftest import Browse
from tests.web.records.conftest import JPEG

KIND = "training.driver-study"


@pytest.fixture(autouse=True)
def attachments(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path


def photo(name: str = "签字.jpg", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, JPEG + more, "image/jpeg")


def sent(client: Client, code: str, *files: SimpleUploadedFile, **typed: str) -> Any:
    return client.post(f"/papers/{code}/", typed | {"files": list(files)})


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def draft(decided: Cast) -> int:
    with decided.acts("safety_manager"):
        return draft_record(draft=study(decided.a))


@pytest.fixture
def sealed(decided: Cast, draft: int) -> int:
    with decided.acts("safety_manager"):
        duties.seal_records(record_ids=[draft])
    return draft


def printed(cast: Cast, record_id: int) -> str:
    with cast.acts("safety_manager"):
        return printed_code(cast.a.id, record_id, papers.version_of(record_id))


def test_the_first_scan_of_a_blank_form_makes_its_draft_the_next_joins_it(decided: Cast, manager: Client):
    code = blank_code(decided.a.id, KIND)
    assert "系统据此建立一份草稿" in text(manager.get(f"/papers/{code}/"))
    with decided.acts("safety_manager"):
        assert not Record.objects.exists()  # looking makes nothing
    answer = sent(manager, code, photo())
    assert answer.status_code == 302
    record_id = int(re.findall(r"\d+", answer["Location"])[0])
    assert "同一张表的其他页" in text(manager.get(f"/papers/{code}/"))
    assert sent(manager, code, photo("反面.jpg", b"2")).status_code == 302
    with decided.acts("safety_manager"):
        detail = queries.record(record_id)
        assert Record.objects.count() == 1
    assert (detail.kind, detail.status) == (KIND, "draft")
    assert [file.name for file in detail.attachments] == ["签字.jpg", "反面.jpg"]


def test_a_photocopy_is_another_record(decided: Cast, manager: Client):
    code = blank_code(decided.a.id, KIND)
    sent(manager, code, photo())
    sent(manager, code, photo("另一份.jpg", b"2"), anew="1")
    with decided.acts("safety_manager"):
        assert Record.objects.count() == 2
        assert Record.objects.exclude(paper=None).count() == 1


def test_each_print_of_a_blank_form_is_a_paper_of_its_own(decided: Cast):
    assert blank_code(decided.a.id, KIND) != blank_code(decided.a.id, KIND)


def test_what_is_sealed_takes_no_further_page(decided: Cast, manager: Client):
    code = blank_code(decided.a.id, KIND)
    answer = sent(manager, code, photo())
    record_id = int(re.findall(r"\d+", answer["Location"])[0])
    with decided.acts("safety_manager"):
        edit_draft(record_id=record_id, draft=study(decided.a))
        duties.seal_records(record_ids=[record_id])
    again = sent(manager, code, photo("晚.jpg", b"3"))
    assert again.status_code == 422
    assert "并封存，不能再附文件" in text(again)


def test_a_printed_draft_takes_its_scan_and_stays_that_version(decided: Cast, manager: Client, draft: int):
    code = printed(decided, draft)
    assert sent(manager, code, photo()).status_code == 302
    assert sent(manager, code, photo("第二页.jpg", b"2")).status_code == 302  # a scan changes no version
    with decided.acts("safety_manager"):
        assert len(queries.record(draft).attachments) == 2


def test_a_changed_draft_takes_no_scan_of_the_old_print(decided: Cast, manager: Client, draft: int):
    code = printed(decided, draft)
    with decided.acts("safety_manager"):
        edit_draft(record_id=draft, draft=study(decided.a, title="改了标题"))
    assert "这张纸不是现在的版本" in text(manager.get(f"/papers/{code}/"))
    answer = sent(manager, code, photo())
    assert answer.status_code == 422
    assert "没有附上。请重新打印" in text(answer)
    with decided.acts("safety_manager"):
        assert queries.record(draft).attachments == ()


def test_a_stamped_scan_stands_beside_the_sealed_version(decided: Cast, manager: Client, sealed: int):
    code = printed(decided, sealed)
    with decided.acts("safety_manager"):
        before = queries.record(sealed)
    assert sent(manager, code, photo("盖章.jpg")).status_code == 302
    with decided.acts("safety_manager"):
        after = queries.record(sealed)
        (copy,) = papers.stamped_copies(sealed)
    assert (after.digest, after.attachments) == (before.digest, ())
    assert (copy.name, copy.version) == ("盖章.jpg", before.digest[:12])
    page = text(manager.get(f"/records/{sealed}/"))
    assert "盖章扫描件" in page
    shown = manager.get(f"/papers/copies/{sealed}/{copy.id}/")
    assert b"".join(shown.streaming_content) == JPEG  # type: ignore[attr-defined]  # a file
    assert "已经附在这条记录上" in text(sent(manager, code, photo("盖章.jpg")))


def test_the_scan_stays_with_the_version_that_was_revised_since(decided: Cast, manager: Client, sealed: int):
    code = printed(decided, sealed)
    with decided.acts("safety_manager"):
        revised = revise_record(record_id=sealed)
        duties.seal_records(record_ids=[revised])
    assert "这一版后来已修订" in text(manager.get(f"/papers/{code}/"))
    assert sent(manager, code, photo()).status_code == 302
    with decided.acts("safety_manager"):
        assert len(papers.stamped_copies(sealed)) == 1
        assert papers.stamped_copies(revised) == []


def test_a_void_record_takes_none(decided: Cast, manager: Client, sealed: int):
    code = printed(decided, sealed)
    with decided.acts("safety_manager"):
        duties.void_records(record_ids=[sealed], reason="重复登记")
    assert "已作废" in text(sent(manager, code, photo()))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (None, "还没有选择文件"),
        (SimpleUploadedFile("x.jpg", b"MZ\x90"), "可执行程序"),
        (SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>"), "矢量图"),
        (SimpleUploadedFile("x.jpg", b""), "还没有选择文件|是空文件"),
    ],
)
def test_bad_files_leave_nothing(decided: Cast, manager: Client, file: SimpleUploadedFile | None, told: str):
    code = blank_code(decided.a.id, KIND)
    answer = sent(manager, code, *([file] if file else []))
    assert answer.status_code == 422
    assert re.search(told, text(answer))
    with decided.acts("safety_manager"):
        assert not Record.objects.exists()


def test_only_the_company_that_printed_it(decided: Cast, browse: Browse, sealed: int):
    for code in (printed(decided, sealed), blank_code(decided.a.id, KIND), "made:up", "p~1~2~3:x"):
        for member in ("other_safety_manager", "officer", "administrator"):
            assert browse(member).get(f"/papers/{code}/").status_code == 404
    assert (
        Client().get(f"/papers/{printed(decided, sealed)}/")["Location"].startswith("/signin/?next=/papers/")
    )


def test_who_may_not_see_the_record_sends_nothing(decided: Cast, browse: Browse, sealed: int):
    code = printed(decided, sealed)
    assert browse("monitor").get(f"/papers/{code}/").status_code == 404
    assert sent(browse("driver"), code, photo()).status_code == 403  # took part, but did not write it
    assert browse("clerk").get(f"/papers/{blank_code(decided.a.id, KIND)}/").status_code == 403


def test_the_code_and_the_version_are_printed(decided: Cast, manager: Client, sealed: int):
    with decided.acts("safety_manager"):
        version = papers.version_of(sealed)
    page = text(manager.get(f"/records/{sealed}/print/"))
    assert f"版本 {version}" in page
    assert "<svg" in page
    assert "文号：" in page
    assert "（盖章）" in page
    pdf = PdfReader(BytesIO(manager.get(f"/records/{sealed}/record.pdf").content))
    assert f"版本 {version}" in "".join(each.extract_text() for each in pdf.pages)
    word = Document(BytesIO(manager.get(f"/records/{sealed}/record.docx").content))
    assert len(word.inline_shapes) == 1
    assert any(version in paragraph.text for paragraph in word.paragraphs)
    blank = text(manager.get(f"/records/blank/{KIND}/"))
    assert "填好、签字后扫码" in blank
    assert len(Document(BytesIO(manager.get(f"/records/blank/{KIND}/form.docx").content)).inline_shapes) == 1


def test_an_officers_print_leads_nowhere(decided: Cast, browse: Browse, sealed: int):
    page = text(browse("officer").get(f"/records/{sealed}/print/"))
    assert "签字盖章后扫码" not in page


def test_a_backup_holds_the_scans(decided: Cast, manager: Client, sealed: int):
    from django.db import connection

    sent(manager, printed(decided, sealed), photo())
    with decided.acts("safety_manager"), connection.cursor() as cursor:
        cursor.execute("SELECT sha256 FROM evidence_stamped_copy")
        ((sha256,),) = cursor.fetchall()
        assert f"attachments/{sha256[:2]}/{sha256}" in named_files(cursor)
