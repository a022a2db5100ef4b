"""An import on its pages: chosen, uploaded, every error with its cell, repaired, committed whole and once."""

from __future__ import annotations

import io
from html import unescape
from re import findall, search
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from anze.records.evidence import queries as records
from tests.cast import Cast
from tests.records.imports.books import HEAD, STUDY, study, xlsx
from tests.web.conftest import Browse

NEW = f"/imports/new/?of={STUDY}"
WRONG = (study(1, day="2026-02-30", who="王不在"), ["", "2026-11-03", "冬季行车", "很久", "李甬", "钱甬"])


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def upload(client: Client, file: io.BytesIO, of: str = STUDY) -> str:
    """The address of its preview."""
    answer = client.post(f"/imports/new/?of={of}", {"file": SimpleUploadedFile("学习台账.xlsx", file.read())})
    assert answer.status_code == 302, text(answer)
    assert findall(r"^/imports/\d+/$", answer["Location"])
    return str(answer["Location"])


def told(client: Client, answer: Any) -> str:
    """The page to which the form led."""
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))


def studies(cast: Cast) -> int:
    with cast.acts("safety_manager"):
        return records.records(kind=STUDY).total


def test_from_the_template_to_the_sealed_record(decided: Cast, manager: Client) -> None:
    assert f'href="{NEW}"' in text(manager.get("/imports/new/"))
    assert f'href="/imports/template.xlsx?of={STUDY}"' in text(manager.get(NEW))
    template = b"".join(manager.get(f"/imports/template.xlsx?of={STUDY}").streaming_content)
    book = load_workbook(io.BytesIO(template))
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    for head, value in zip(HEAD, study(1), strict=True):
        page.cell(3, heads.index(head) + 1, value)
    full = io.BytesIO()
    book.save(full)
    preview = upload(manager, io.BytesIO(full.getvalue()))
    shown = text(manager.get(preview))
    assert "导入 1 行" in shown
    assert "第 1 次学习" in shown
    assert studies(decided) == 0
    done = told(manager, manager.post(f"{preview}commit/"))
    assert "已导入 1 行" in done
    found = search(r'href="(/records/\d+/)"', done)
    assert found is not None
    record = text(manager.get(found[1]))
    assert "钱甬" in record
    assert "学习台账.xlsx" in record
    assert "学习台账.xlsx" in text(manager.get("/imports/"))


def test_every_error_stands_at_its_cell(decided: Cast, manager: Client) -> None:
    preview = upload(manager, xlsx(HEAD, *WRONG, study(3)))
    page = text(manager.get(preview))
    for place, error in (
        ("B2 发生时间", "没有 2026-02-30 这一天。"),
        ("F2 参加学习的驾驶员", "本企业没有“王不在”这个人。"),
        ("A3 标题", "必填，现为空。"),
        ("D3 时长（小时）", "“很久”不是数字。"),
    ):
        assert f"<strong>{place}</strong>：{error}" in page
    assert "有 2 行有问题，改好之前不能导入" in page
    assert f'action="{preview}commit/"' not in page
    assert "第 3 次学习" not in text(manager.get(f"{preview}?standing=wrong"))
    marked = load_workbook(io.BytesIO(b"".join(manager.get(f"{preview}marked.xlsx").streaming_content)))
    comments = [cell.comment.text for row in marked.worksheets[0] for cell in row if cell.comment]
    assert comments == [
        "没有 2026-02-30 这一天。", "本企业没有“王不在”这个人。", "必填，现为空。", "“很久”不是数字。",
    ]  # fmt: skip
    refused = told(manager, manager.post(f"{preview}commit/"))
    assert "有 2 行现在有问题，没有导入任何内容" in refused
    assert studies(decided) == 0


def test_a_row_is_repaired_or_left_out_and_keeps_what_was_typed(decided: Cast, manager: Client) -> None:
    preview = upload(manager, xlsx(HEAD, *WRONG))
    row = f"{preview}rows/2/"
    form = manager.get(row)
    assert "<strong>F2 参加学习的驾驶员</strong>" in text(form)
    typed = form.context["form"].data
    half = told(manager, manager.post(row, {**typed, "happened_at": "2026-11-03 14:00"}))
    assert "第 2 行还有问题" in half
    assert "2026-11-03 14:00" in half
    assert "王不在" in half
    typed = manager.get(row).context["form"].data
    assert "第 2 行已改好" in told(manager, manager.post(row, {**typed, "parts.participant": "钱甬"}))
    assert "第 3 行不再导入" in told(manager, manager.post(f"{preview}rows/3/drop/"))
    assert "已导入 1 行" in told(manager, manager.post(f"{preview}commit/"))
    assert studies(decided) == 1
    ended = manager.get(row)
    assert (ended.status_code, ended["Location"]) == (302, preview)
    assert "这次导入已由 李甬 完成" in told(manager, manager.post(f"{preview}discard/"))


def test_a_list_of_attendance_becomes_sessions(decided: Cast, manager: Client) -> None:
    of = f"roll:{STUDY}"
    assert f'href="/imports/new/?of={of}"' in text(manager.get("/imports/new/"))
    form = text(manager.get(f"/imports/new/?of={of}"))
    assert "驾驶员安全学习签到表" in form
    assert "到场情况" in form
    assert b"".join(manager.get(f"/imports/template.xlsx?of={of}").streaming_content)[:2] == b"PK"
    head = [*HEAD[:5], "姓名", "到场情况", "成绩"]
    session = ["冬季行车", "2026-11-03 14:00", "防滑", 2, "李甬"]
    preview = upload(manager, xlsx(head, [*session, "钱甬", "", "92"], [*[""] * 5, "孙不在", "请假", ""]), of)
    assert "<strong>F3 姓名</strong>：本企业没有“孙不在”这个人。" in text(manager.get(preview))
    row = f"{preview}rows/3/"
    typed = manager.get(row).context["form"].data
    assert typed["title"] == "冬季行车"
    assert "第 3 行已改好" in told(manager, manager.post(row, {**typed, "person": "孙甬"}))
    done = told(manager, manager.post(f"{preview}commit/"))
    assert "已导入 2 行" in done
    found = search(r'href="(/records/\d+/)"', done)
    assert found is not None
    record = text(manager.get(found[1]))
    assert '钱甬 <span class="chip">92分</span>' in record
    assert "学习台账.xlsx" in record
    assert studies(decided) == 1


def test_it_is_committed_once(decided: Cast, browse: Browse) -> None:
    manager, principal = browse("safety_manager"), browse("principal")
    preview = upload(manager, xlsx(HEAD, study(1), study(2)))
    assert "已导入 2 行" in told(manager, manager.post(f"{preview}commit/"))
    assert "已经完成过，共导入 2 行，没有重复导入" in told(principal, principal.post(f"{preview}commit/"))
    again = upload(manager, xlsx(HEAD, study(1), study(2)))
    assert "这些内容都已有，没有需要导入的行" in text(manager.get(again))
    assert studies(decided) == 2


def test_a_cancelled_one_makes_nothing(decided: Cast, manager: Client) -> None:
    preview = upload(manager, xlsx(HEAD, study(1)))
    assert "导入已取消" in told(manager, manager.post(f"{preview}discard/"))
    assert "已取消" in text(manager.get(preview))
    assert "请重新上传" in told(manager, manager.post(f"{preview}commit/"))
    assert manager.get(f"{preview}marked.xlsx").status_code == 400
    assert studies(decided) == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "这是旧版 .xls 或加了密码的文件"),
        ("台账.xlsx", b"", "这是空文件"),
        ("台账.xlsx", b"PK\x03\x04 torn", "文件已损坏，无法读取"),
        ("台账.csv", "标题,发生时间,学习的内容\n甲,2026-11-03,乙\n".encode("gbk"), "缺少“学习内容”列"),
    ],
)
def test_what_cannot_be_read_says_why(manager: Client, name: str, content: bytes, words: str) -> None:
    answer = manager.post(NEW, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert words in text(answer)
    assert "还没有导入过" in text(manager.get("/imports/")) or "学习台账" not in text(
        manager.get("/imports/")
    )


def test_no_file_and_no_such_kind(manager: Client) -> None:
    assert "请选择要导入的文件" in text(manager.post(NEW, {}))
    assert manager.get("/imports/new/?of=no.such").status_code == 404


def test_another_company_s_import_is_not_there(browse: Browse, manager: Client) -> None:
    preview = upload(manager, xlsx(HEAD, study(1, who="王不在")))
    for member in ("other_safety_manager", "monitor"):  # and a colleague's is the colleague's
        client = browse(member)
        assert "学习台账" not in text(client.get("/imports/"))
        for path in ("", "rows/2/", "marked.xlsx"):
            assert client.get(preview + path).status_code == 404, path
        for path in ("commit/", "discard/", "rows/2/", "rows/2/drop/"):
            assert client.post(preview + path, {"title": "改"}).status_code == 404, path
    assert manager.get(f"{preview}rows/99/").status_code == 404
    assert manager.post(f"{preview}rows/99/drop/").status_code == 404
    assert "王不在" in text(manager.get(preview))
