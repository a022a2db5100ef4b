"""A post's three lists, printed: every line with its standing, reason and records; page, Word and PDF."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from anze.records.lawbook import lawbook
from tests.cast import Cast
from tests.web.conftest import seal_study

POST = "/posts/coach.safety_manager"


def in_word(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def in_pdf(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


def test_the_sheet_holds_every_line_of_the_three_lists(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.a)
    response = manager.get(f"{POST}/print/")
    sheet, position = response.context["sheet"], lawbook().positions["coach.safety_manager"]
    lists = (position.duties, position.responsibilities, position.records)
    for section, lines in zip(sheet.sections, lists, strict=True):
        assert [(row.number, row.text) for row in section.rows] == [
            (line.number, line.text) for line in lines
        ]
    page = response.content.decode()
    for text in (
        "李甬（2025年1月1日起）",
        "2026年1月1日至2026年11月20日",
        position.edition,
        "任职人签字",
        "XX-2026-0001",
    ):
        assert text in page


def test_a_line_says_how_it_stands_why_and_by_which_records(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.a)
    duties = manager.get(f"{POST}/print/").context["sheet"].sections[0]
    study = next(row for row in duties.rows if "安全学习" in row.text)
    assert study.label == "逾期未履行"
    assert any(
        "每月至少组织一次驾驶员安全学习" in reason and "本年已履行1/" in reason for reason in study.reasons
    )
    assert study.records == "XX-2026-0001"


@pytest.mark.parametrize(("ending", "read"), [("docx", in_word), ("pdf", in_pdf)])
def test_word_and_pdf_say_the_same(
    decided: Cast, manager: Client, ending: str, read: Callable[[bytes], str]
) -> None:
    seal_study(decided, decided.a)
    sheet = manager.get(f"{POST}/print/").context["sheet"]
    response = manager.get(f"{POST}/list.{ending}")
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    text = "".join(read(response.content).split())
    for section in sheet.sections:
        for row in section.rows:
            assert "".join(row.text.split()) in text
    for word in ("XX-2026-0001", "任职人签字", "审核人签字", "逾期未履行", sheet.title):
        assert word in text


def test_a_post_of_no_company_of_this_trade_is_not_found(manager: Client) -> None:
    assert manager.get("/posts/taxi.principal/print/").status_code == 404


def test_an_officer_prints_it_too(decided: Cast, officer: Client) -> None:
    at = f"/bureau/companies/{decided.a.id}/posts/coach.principal"
    assert officer.get(f"{at}/print/").status_code == 200
    assert officer.get(f"{at}/list.pdf").content.startswith(b"%PDF")
