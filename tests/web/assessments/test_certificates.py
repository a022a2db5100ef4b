"""Certificates and yearly reports in the browser: the company's pages and the bureau's list."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from anze.jobs.estimates import estimate_all
from tests.cast import NOW, Cast
from tests.records.assessments.stage import as_taxi, concluded_of, keep_targets
from tests.records.assessments.test_certificates import certificate, change
from tests.records.assessments.test_self_reports import completed
from tests.web.conftest import Browse

LIST = "/bureau/assessments/"


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


def text(client: Client, address: str, code: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == code
    return response.content.decode()


def test_a_certificate_is_registered_on_the_form_of_its_kind(decided: Cast, manager: Client) -> None:
    page = text(manager, "/assessments/certificates/")
    assert "还没有登记达标等级证书" in page
    assert "/records/new/?kind=assessment.certificate" in page
    certificate(decided)
    page = text(manager, "/assessments/certificates/")
    assert "2024-33-000123" in page
    assert "将到期" in page
    assert "还有 72 天" in page
    assert "未核对原文" in page
    assert "二级" in text(manager, "/assessments/")


def test_a_suspension_shows_its_reason_and_ground(decided: Cast, manager: Client) -> None:
    certificate(decided, expires="2028-01-31")
    assert "达标等级证书" not in text(manager, "/assessments/notice/")
    change(decided, "suspended", NOW.date().replace(month=3))
    page = text(manager, "/assessments/certificates/")
    assert "已暂停" in page
    assert "发生较大事故" in page
    assert "甬交〔2026〕7号" in page
    assert "已暂停" in text(manager, "/assessments/notice/")
    change(decided, "withdrawn", NOW.date().replace(month=4), number="1-2")
    assert "与登记的证书都不符" in text(manager, "/assessments/certificates/")


def test_the_report_is_drawn_up_by_a_button_and_printed(
    decided: Cast, manager: Client, browse: Browse
) -> None:
    refused = manager.post("/assessments/reports/2026/draft/", follow=True)
    assert "没有已作出结论的考评" in refused.content.decode()
    concluded_of(decided)
    assert "由考评生成报告" in text(manager, "/assessments/reports/")
    made = manager.post("/assessments/reports/2026/draft/")
    assert made.status_code == 302
    form = text(manager, made["Location"])
    assert "所依据的考评" in form
    assert "525分未见原文" in form
    draft = int(made["Location"].split("/")[2])
    assert "继续填写草稿" in text(manager, "/assessments/reports/")
    completed(decided, draft)
    review = text(manager, f"/records/{draft}/seal/")
    mark = review.split('name="mark" value="')[1].split('"')[0]
    refused = manager.post(f"/records/{draft}/seal/", {"mark": mark})
    assert refused.status_code == 422
    assert "须由主要负责人提交" in refused.content.decode()
    assert browse("principal").post(f"/records/{draft}/seal/", {"mark": mark}).status_code == 302
    page = text(manager, "/assessments/reports/")
    assert "NB-2026-0001" in page
    assert manager.get(f"/records/{draft}/record.docx").content[:2] == b"PK"
    assert manager.get(f"/records/{draft}/record.pdf").content[:4] == b"%PDF"
    assert manager.post("/assessments/reports/2099/draft/").status_code == 404


def test_the_bureau_lists_certificates_and_missing_reports(decided: Cast, officer: Client) -> None:
    page = text(officer, LIST)
    assert "没有登记" in page
    certificate(decided)
    page = text(officer, LIST)
    assert "2025年度自评报告逾期未交" in page
    assert "逾期未交" in page
    assert "安达客运" in text(officer, f"{LIST}?certificate=soon&report=missing")
    other = text(officer, f"{LIST}?certificate=none")
    assert "甬城通途" in other
    assert "甬城安达客运有限公司</a>" not in other
    assert "没有符合条件的企业" in text(officer, f"{LIST}?certificate=withdrawn&year=1999&trade=x")
    lines = b"".join(officer.get(f"{LIST}export.csv?report=missing").streaming_content).decode()
    assert "甬城安达客运有限公司,道路客运,将到期,二级,2024-33-000123" in lines
    assert "甬城通途" not in lines
    below = f"/bureau/companies/{decided.a.id}/assessments/"
    assert "2024-33-000123" in text(officer, f"{below}certificates/")
    assert "逾期未交" in text(officer, f"{below}reports/")
    assert "登记证书" not in text(officer, f"{below}certificates/")


def test_what_needs_attention_is_told_on_other_pages(decided: Cast, manager: Client) -> None:
    certificate(decided)
    notice = text(manager, "/assessments/notice/")
    assert "达标等级证书" in notice
    assert "2025年度自评报告" in notice
    assert "已逾期" in notice
    for page in ("/company/", "/expiries/", "/"):
        assert 'data-part="/assessments/notice/"' in text(manager, page)


def test_estimates_are_listed_and_say_that_they_are_none(
    decided: Cast, officer: Client, manager: Client
) -> None:
    as_taxi(decided)
    keep_targets(decided)
    estimate_all(NOW)
    page = text(officer, f"{LIST}?order=lost")
    assert "已失 <strong>5</strong> / 475 分" in page
    assert "不是考评" in page
    assert page.index("安达客运") < page.index("通途客运")
    assert "不是考评" in text(manager, "/assessments/")
    lines = b"".join(officer.get(f"{LIST}export.csv?order=lost").streaming_content).decode()
    assert ",2026-11-20,5," in lines
