"""The monthly report as a page, as Word and as PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from anze.records.duties.models import Obligation
from anze.web.reports import fonts
from tests.cast import Cast
from tests.web.conftest import Browse, seal_study, statements

OCTOBER = "/reports/2026-10/"
ENDINGS = ("", "report.docx", "report.pdf")


def words(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def set_text(content: bytes) -> str:
    """Without spaces: setting puts a thin one between Chinese and digits."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


def test_every_demand_of_the_month_stands_in_it_with_its_state(decided: Cast, manager: Client) -> None:
    report = manager.get(OCTOBER).context["report"]
    with decided.acts("safety_manager"):
        due = Obligation.objects.filter(month=report.month)
        before = Obligation.objects.filter(month=report.before)
        assert report.due == due.count() > 0
        for total in report.totals:
            assert total.now == due.filter(state=total.state).count()
            assert total.before == before.filter(state=total.state).count()
    counted = sum(line.total for post in report.posts for line in post.lines if not line.standing)
    assert counted == report.due


def test_what_lasts_counts_or_is_said_not_to_be_known(decided: Cast, manager: Client) -> None:
    report = manager.get(OCTOBER).context["report"]
    with decided.acts("safety_manager"):
        asked = Obligation.objects.filter(month=None, starts__lt="2026-11-01").count()
    assert sum(total.now for total in report.standing) + report.unknown == asked > 0


def test_holders_reasons_and_records_are_named(decided: Cast) -> None:
    record = seal_study(decided, decided.a)
    client = Client()
    client.force_login(decided.account("safety_manager"), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/reports/2026-11/")
    page = response.content.decode()
    assert "李甬（2025年1月1日起）" in page
    assert "本月尚未结束" in page
    lines = [line for post in response.context["report"].posts for line in post.lines]
    proved = [line for line in lines if line.records]
    assert proved, record
    assert all(number in page for line in proved for number in line.records)
    assert all(line.reason_text for line in lines)
    assert any(line.behind for line in lines)


def test_a_line_leads_to_its_obligations(manager: Client) -> None:
    response = manager.get(OCTOBER)
    line = next(each for post in response.context["report"].posts for each in post.lines if not each.standing)
    listed = manager.get("/obligations/", {"requirement": line.requirement, "month": "2026-10-01"})
    assert f"requirement={line.requirement}&amp;month=2026-10-01" in response.content.decode()
    assert listed.context["page"].total >= line.total


def test_the_word_file_says_what_the_page_says(manager: Client) -> None:
    report = manager.get(OCTOBER).context["report"]
    response = manager.get(f"{OCTOBER}report.docx")
    assert "%E5%B1%A5%E8%81%8C%E6%83%85%E5%86%B5.docx" in response["Content-Disposition"]
    text = words(response.content)
    assert "2026年10月履职情况报告" in text
    assert "甬城安达客运有限公司" in text
    assert "{{" not in text
    assert "{%" not in text
    for post in report.posts:
        assert f"{post.position.number}. {post.position.name}" in text
        for line in post.lines:
            assert line.text in text
            assert line.reason_text in text
    rows = Document(BytesIO(response.content)).tables[1:]
    assert [len(table.rows) - 1 for table in rows] == [len(post.lines) for post in report.posts]


def test_the_pdf_file_says_it_too(manager: Client) -> None:
    response = manager.get(f"{OCTOBER}report.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert len(PdfReader(BytesIO(response.content)).pages) >= 2
    text = set_text(response.content)
    assert "2026年10月履职情况报告" in text
    assert "赵甬" in text
    assert "逾期未履行" in text
    assert fonts.MISSING not in text


def test_the_fonts_lack_nothing_that_the_catalogue_says(manager: Client) -> None:
    from anze.records.duties.words import REASONS, STATE_LABELS
    from anze.records.lawbook import lawbook

    printed = [line.text for p in lawbook().positions.values() for line in p.duties]
    printed += [r.text for p in lawbook().positions.values() for r in p.requirements]
    printed += [p.name for p in lawbook().positions.values()]
    for text in (*printed, *REASONS.values(), *STATE_LABELS.values()):
        assert fonts.shown(text) == text


@pytest.mark.parametrize("ending", ENDINGS)
def test_texts_of_a_company_are_never_read_as_markup(decided: Cast, manager: Client, ending: str) -> None:
    from anze.records.people.models import Person

    with decided.acts("safety_manager"):
        Person.objects.filter(pk=decided.a.safety_manager).update(name="#{1}<b>&{{x}}*𱁬")
    content = manager.get(f"{OCTOBER}{ending}").content
    if ending == "":
        assert "#{1}&lt;b&gt;&amp;{{x}}*𱁬" in content.decode()
    elif ending == "report.docx":
        assert "#{1}<b>&{{x}}*𱁬" in words(content)
    else:
        text = set_text(content)
        assert "#{1}<b>&{{x}}*〓" in text
        assert "所用字体缺少的字" in text


def test_a_holder_is_reported_to_themselves_only(decided: Cast, browse: Browse) -> None:
    driver = browse("driver")
    page = driver.get(OCTOBER)
    assert page.context["report"].person_id == decided.a.drivers[0]
    assert "钱甬" in page.content.decode()
    assert "孙甬" not in page.content.decode()
    for ending in ENDINGS:
        assert driver.get(f"{OCTOBER}{ending}").status_code == 200
        address = f"{OCTOBER}{ending}?person={decided.a.drivers[1]}"
        assert driver.get(address).status_code == 403
        assert driver.get(f"{OCTOBER}{ending}?person={decided.b.drivers[1]}").status_code == 403
    text = words(driver.get("/reports/2026-11/report.docx").content)
    assert "任职人：与本人有关的要求" in text
    assert "空缺" not in text
    choice = driver.get("/reports/")
    assert [row.id for row in choice.context["people"]] == [decided.a.drivers[0]]


def test_one_persons_report_holds_what_they_answer_for(decided: Cast, manager: Client) -> None:
    report = manager.get(OCTOBER, {"person": decided.a.principal}).context["report"]
    assert {post.position.id for post in report.posts} >= {"coach.principal"}
    assert report.person_name == "赵甬"
    whole = manager.get(OCTOBER).context["report"]
    assert 0 < report.due < whole.due
    text = words(manager.get(f"{OCTOBER}report.docx", {"person": decided.a.principal}).content)
    assert "本人签字" in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_people_of_other_companies_are_not_found(
    decided: Cast, manager: Client, officer: Client, ending: str
) -> None:
    assert manager.get(f"{OCTOBER}{ending}?person={decided.b.principal}").status_code == 404
    below = f"/bureau/companies/{decided.a.id}{OCTOBER}{ending}"
    assert officer.get(f"{below}?person={decided.b.principal}").status_code == 404
    assert officer.get(f"{below}?person={decided.a.principal}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/reports/2026-13/", "/reports/2026-12/", "/reports/1999-12/", "/reports/jetzt/", "/reports/2026-1/",
        "/reports/2026-10/?person=x", "/reports/2026-10/?person=99999999999999999999",
        "/reports/2026-10/?person=2147483649", "/reports/?month=2026-99",
    ],
)  # fmt: skip
def test_months_and_people_that_are_none(manager: Client, address: str) -> None:
    assert manager.get(address).status_code == 404


def test_choosing_leads_to_the_report(manager: Client, officer: Client, decided: Cast) -> None:
    page = manager.get("/reports/")
    assert "全公司" in page.content.decode()
    assert f"{page.context['months'][0]:%Y-%m}" == "2026-11"
    chosen = manager.get("/reports/", {"month": "2026-10", "person": str(decided.a.principal)})
    assert chosen["Location"] == f"{OCTOBER}?person={decided.a.principal}"
    below = f"/bureau/companies/{decided.a.id}"
    assert officer.get(f"{below}/reports/?month=2026-10")["Location"] == f"{below}{OCTOBER}"


def test_a_month_before_judging_began_says_so(manager: Client) -> None:
    page = manager.get("/reports/2024-06/").content.decode()
    assert "当时尚未开始判定履职" in page
    for ending in ENDINGS[1:]:
        assert manager.get(f"/reports/2024-06/{ending}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_report(manager: Client) -> None:
    assert statements(manager, OCTOBER) <= 20
    assert statements(manager, "/reports/2026-11/") <= 20


def test_change_is_shown_for_the_demands_that_changed(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        first = Obligation.objects.filter(company=decided.a.id, month="2026-10-01", state="missed").first()
        assert first is not None
        mine: dict[str, Any] = {"requirement": first.requirement, "person": first.person}
        Obligation.objects.filter(month="2026-10-01", **mine).update(state="met", reason="done")
        Obligation.objects.filter(month="2026-09-01", **mine).update(state="missed", reason="nothing")
    response = manager.get(OCTOBER)
    report = response.context["report"]
    assert first.requirement in [line.requirement for line in report.better]
    assert "好转" in response.content.decode()
