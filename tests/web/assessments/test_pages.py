"""Assessments as the company and the bureau see them, from the plan to the first answers."""

from __future__ import annotations

import pytest
from django.test import Client

from anze.records.assessments import queries
from tests.cast import Cast
from tests.records.assessments.stage import as_taxi, started
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
