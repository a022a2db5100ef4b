"""Reading and signing one's list on a page; who sees who has signed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from anze.records.lawbook import lawbook
from anze.records.people import actions as people
from anze.records.people.queries import holdings
from anze.records.signatures import lists, queries
from anze.records.signatures.actions import sign_list
from tests.cast import TODAY, Cast
from tests.web.conftest import Browse, statements

PRINCIPAL, MANAGER = "coach.principal", "coach.safety_manager"
SIGN = f"/posts/{MANAGER}/sign/"


def confirmation(position: str = MANAGER, **changes: str) -> dict[str, str]:
    shown = lists.list_in_force(position)
    return {"edition": shown.edition, "digest": shown.digest, "promised": "1"} | changes


def signed(cast: Cast, member: str, position: str) -> int:
    with cast.acts(member):
        shown = lists.list_in_force(position)
        return sign_list(position=position, edition=shown.edition, digest=shown.digest)


def test_from_the_workbench_to_the_signed_list(manager: Client) -> None:
    assert f'href="{SIGN}"' in manager.get("/").content.decode()
    assert "请签署本岗位清单" in manager.get(f"/posts/{MANAGER}/").content.decode()
    page = manager.get(SIGN).content.decode()
    position = lawbook().positions[MANAGER]
    for line in (*position.responsibilities, *position.duties, *position.records):
        assert line.text in page
    answer = manager.post(SIGN, confirmation())
    assert answer["Location"] == f"/posts/{MANAGER}/"
    post = manager.get(answer["Location"]).content.decode()
    assert "已签署“安全生产管理人员”岗位清单" in post
    assert "2026年11月20日签署" in post
    assert "请签署本岗位清单" not in post
    assert "请签署" not in manager.get("/").content.decode()
    again = manager.get(SIGN)
    sheet = manager.get(again["Location"]).content.decode()
    assert lists.list_in_force(MANAGER).digest in sheet
    assert "签署人（签名）" in sheet


def test_signing_twice_leads_to_the_signed_list(decided: Cast, manager: Client) -> None:
    key = signed(decided, "safety_manager", MANAGER)
    assert manager.post(SIGN, confirmation())["Location"] == f"/signatures/{key}/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"promised": ""}, "请先勾选"),
        ({"digest": ""}, "重新阅读"),
        ({"digest": "0" * 64}, "阅读期间有更新"),
        ({"edition": "0" * 12}, "阅读期间有更新"),
    ],
)
def test_what_is_refused_is_said(manager: Client, given: dict[str, str], said: str) -> None:
    answer = manager.post(SIGN, confirmation(**given))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert lists.list_in_force(MANAGER).digest in page  # the new page signs what it shows
    assert "请签署本岗位清单" in manager.get(f"/posts/{MANAGER}/").content.decode()


@pytest.mark.parametrize("member", ["principal", "monitor", "driver", "clerk", "other_principal"])
def test_others_do_not_sign(browse: Browse, member: str) -> None:
    client = browse(member)
    assert client.get(SIGN).status_code == 403
    assert client.post(SIGN, confirmation()).status_code == 403
    assert "请签署本岗位清单" not in client.get(f"/posts/{MANAGER}/").content.decode()


def test_a_deputy_is_not_asked_to_sign(decided: Cast, browse: Browse) -> None:
    with decided.acts("principal"):
        (holding,) = [row for row in holdings(TODAY) if row.position == MANAGER]
        people.appoint_deputy(
            holding_id=holding.id, deputy_id=decided.a.clerk, since=TODAY, until=None, reason="病假"
        )
    client = browse("clerk")
    assert "请签署" not in client.get("/").content.decode()
    assert client.post(SIGN, confirmation()).status_code == 403


def test_a_changed_list_asks_again(decided: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    key = signed(decided, "safety_manager", MANAGER)
    book = lawbook()
    old = book.positions[MANAGER]
    new = replace(old, edition="abcabcabcabc", description="修订后的职责。")
    other = replace(book, positions={**book.positions, MANAGER: new})
    before = confirmation()
    for module in (lists, queries):
        monkeypatch.setattr(module, "lawbook", lambda: other)
    assert "清单有更新" in manager.get("/").content.decode()
    assert "须重新签署" in manager.get("/signatures/?show=unsigned").content.decode()
    assert "须重新签署" in manager.get("/posts/").content.decode()
    page = manager.get(SIGN).content.decode()
    assert f'href="/signatures/{key}/"' in page
    assert "此后清单有更新" in manager.get(f"/signatures/{key}/").content.decode()
    assert manager.post(SIGN, before).status_code == 422
    assert manager.post(SIGN, confirmation()).status_code == 302


def test_the_company_sees_who_has_not_signed(decided: Cast, manager: Client) -> None:
    signed(decided, "principal", PRINCIPAL)
    with decided.acts("safety_manager"):
        coverage = queries.coverage(decided.a.id)
    every = manager.get("/signatures/").context
    assert every["page"].total == coverage.share.holders
    assert every["page"].rows[-1].label == "已签署"
    assert [row.name for row in manager.get("/signatures/?show=signed").context["page"].rows] == ["赵甬"]
    waiting = manager.get("/signatures/?show=unsigned").context["page"].rows
    assert "李甬" in [row.name for row in waiting]
    without = manager.get("/signatures/?show=unlisted")
    assert without.context["page"].total == coverage.employed - coverage.listed
    assert "钱甬" in without.content.decode()
    assert manager.get("/signatures/?show=vacant").context["page"].total == len(coverage.vacant)
    assert manager.get("/signatures/?show=nonsense&page=99").context["page"].total == coverage.share.holders
    posts = manager.get("/posts/").content.decode()
    assert f"已签署 1 人次（{coverage.share.percent}%）" in posts
    assert f"有岗位清单 {coverage.listed} 人（{coverage.percent}%）" in posts
    assert 'href="/signatures/"' in manager.get("/company/").content.decode()


def test_a_holder_is_led_from_the_own_posts(decided: Cast, browse: Browse) -> None:
    with decided.acts("principal"):
        people.assign_post(person_id=decided.a.clerk, position="coach.admin_head", since=TODAY)
    client = browse("clerk")
    assert 'href="/posts/coach.admin_head/sign/"' in client.get("/posts/").content.decode()
    assert client.get("/signatures/").status_code == 403
    assert "李甬 <" not in client.get(f"/posts/{MANAGER}/").content.decode()


def test_the_bureau_sees_shares_and_signed_lists(decided: Cast, officer: Client, browse: Browse) -> None:
    key = signed(decided, "principal", PRINCIPAL)
    base = f"/bureau/companies/{decided.a.id}"
    ranking = officer.get("/bureau/")
    assert ranking.context["signed"][decided.a.id].signed == 1
    assert f'href="{base}/signatures/"' in ranking.content.decode()
    page = officer.get(f"{base}/signatures/").content.decode()
    assert f'href="{base}/signatures/{key}/"' in page
    assert officer.get(f"{base}/signatures/{key}/").status_code == 200
    assert officer.get(f"/bureau/companies/{decided.b.id}/signatures/{key}/").status_code == 404
    assert browse("stranger_officer").get(f"{base}/signatures/").status_code == 404


def test_few_queries(decided: Cast, manager: Client, officer: Client) -> None:
    for url in ("/signatures/", "/signatures/?show=unlisted", "/posts/", "/company/"):
        assert statements(manager, url) <= 20, url
    assert statements(officer, "/bureau/") <= 20
