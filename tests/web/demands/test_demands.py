"""A demand of the company's own: added, seen by everybody whom it concerns, signed again, ended."""

from __future__ import annotations

import pytest
from django.test import Client

from anze.records.demands import queries as demands
from anze.records.signatures import actions as signing
from anze.records.signatures.lists import list_in_force
from tests.cast import Cast
from tests.web.conftest import Browse

ADD, PAGE, POST = "/demands/new/", "/choices/", "/posts/coach.safety_manager/"
TEXT = "每月组织两次停车场夜间巡查"


def given(**changes: str) -> dict[str, str]:
    return {
        "position": "coach.safety_manager", "text": TEXT, "every": "month", "times": "2", "subject": "",
        "record_kind": "inspection.safety", "role": "inspector", "since": "2026-12-01", "ends": "",
        "reason": "公司安全制度第八条",
    } | changes  # fmt: skip


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def added(cast: Cast, manager: Client, **changes: str) -> int:
    response = manager.post(ADD, given(**changes))
    assert response.status_code == 302, response.content.decode()
    with cast.acts("safety_manager"):
        return demands.rows(cast.a.id)[-1].demand.id


def test_where_there_is_none_the_page_says_what_it_is_for(
    manager: Client, officer: Client, decided: Cast
) -> None:
    page = text(manager, PAGE)
    assert "没有企业自定的要求" in page
    assert f'href="{ADD}"' in page
    assert f'href="{ADD}?position=coach.safety_manager"' in text(manager, POST)
    seen = text(officer, f"/bureau/companies/{decided.a.id}/choices/")
    assert "没有企业自定的要求" in seen
    assert ADD not in seen


def test_it_is_listed_owed_signed_and_printed(decided: Cast, manager: Client, browse: Browse) -> None:
    with decided.acts("safety_manager"):
        found = list_in_force("coach.safety_manager", decided.a.id)
        signing.sign_list(position=found.position, edition=found.edition, digest=found.digest)
    assert "请签署本岗位清单" not in text(manager, POST)
    page = manager.post(ADD, given(), follow=True).content.decode()
    for said in (
        "已增加",
        TEXT,
        "企1",
        "本企业规定",
        "企业规定",
        "2026年12月1日起：每月至少2次",
        "清单有更新",
    ):
        assert said in page, said
    assert TEXT in text(manager, "/posts/coach.safety_manager/sign/")
    assert TEXT in text(manager, "/posts/coach.safety_manager/print/")
    listed = text(manager, "/obligations/?layer=company")
    assert TEXT in listed
    with decided.acts("safety_manager"):
        [row] = demands.rows(decided.a.id)
    [owed] = manager.get(f"/obligations/?requirement={row.requirement.id}").context["page"].rows
    detail = text(manager, f"/obligations/{owed.id}/")
    for said in ("企业自定要求", "企1", "本企业规定", "由本岗位检查", "未开始"):
        assert said in detail, said
    assert "清单原文</dt>" not in detail
    assert "李甬于 2026年11月20日" in detail
    assert "未核对原文" not in detail
    assert "企业加严" not in detail
    assert manager.get(f"/obligations/?line={row.demand.line}").context["page"].rows
    assert manager.get(f"/obligations/?line={row.demand.line}9").context["filters"].ignored == ("line",)
    assert "企业自定要求 企1" in text(manager, "/search/?q=夜间巡查")
    seen = text(browse("officer"), f"/bureau/companies/{decided.a.id}/choices/")
    assert TEXT in seen
    assert "公司安全制度第八条" in seen
    assert "结束<span" not in seen


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"position": ""}, "请选择。"),
        ({"text": ""}, "请写明要求的内容。"),
        ({"times": "0"}, "至少为1。"),
        ({"since": "2026-11-01"}, "起始日期不能早于今天"),
        ({"since": "明天"}, "2026"),
        ({"ends": "2026-12-01"}, "结束日期应晚于起始日期"),
        ({"reason": ""}, "请写明依据"),
        ({"role": "chair"}, "没有这种身份，可选："),
        ({"record_kind": "no.such"}, "请从列表中选择。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    manager: Client, changes: dict[str, str], says: str
) -> None:
    response = manager.post(ADD, given(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    if "text" not in changes:
        assert TEXT in page


def test_it_is_ended_with_a_reason(decided: Cast, manager: Client, browse: Browse) -> None:
    key = added(decided, manager)
    url = f"/demands/{key}/end/"
    assert url in text(manager, PAGE)
    assert "公司安全制度第八条" in text(manager, url)
    refused = manager.post(url, {"ends": "2026-12-31", "reason": ""})
    assert refused.status_code == 422
    assert "请写明理由。" in refused.content.decode()
    early = manager.post(url, {"ends": "2026-12-01", "reason": "x"})
    assert "结束日期应晚于起始日期" in early.content.decode()
    page = manager.post(url, {"ends": "2027-01-01", "reason": "制度修订"}, follow=True).content.decode()
    for said in ("已写明结束日期", "至2027年1月1日（不含）", "结束：制度修订", "李甬于"):
        assert said in page, said
    assert browse("other_safety_manager").get(url).status_code == 404
    assert manager.get("/demands/999999/end/").status_code == 404
