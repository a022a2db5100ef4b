"""The list of people, a person's page, and the forms about a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from anze.records.duties import actions as duties
from anze.records.duties import organising
from anze.records.handovers import queries as handovers
from anze.records.people import queries as people
from anze.records.people.models import Account, Leave, Person
from tests.cast import STARTED, TODAY, Cast
from tests.web.conftest import Browse, statements

DAY = timedelta(days=1)


def holding(cast: Cast, person: int) -> int:
    with cast.acts("safety_manager"):
        return people.holdings(person_id=person)[0].id


def text(response) -> str:
    return response.content.decode()


def test_the_list_searches_masks_and_links(decided: Cast, manager: Client) -> None:
    page = text(manager.get("/people/?q=zy"))
    assert "赵甬" in page
    assert "冯甬" not in page
    assert "138****0000" in page
    assert f'href="/people/{decided.a.principal}/"' in page
    assert "岗位空缺" in page
    assert "没有符合条件的人员" in text(manager.get("/people/?q=没有"))
    everybody = "/people/?unit=x&position=x&service=x&page=x"
    assert "共 6 人" in text(manager.get(everybody))
    assert "已离职" in text(manager.get("/people/?service=left"))


def test_somebody_is_employed_and_what_was_typed_stays(decided: Cast, manager: Client) -> None:
    given = {"name": "吴新", "phone": "12", "joined_on": "2026-11-01", "unit": str(decided.a.department)}
    refused = manager.post("/people/new/", given)
    assert refused.status_code == 422
    assert "“12”不是电话号码" in text(refused)
    assert 'value="吴新"' in text(refused)
    done = manager.post("/people/new/", given | {"phone": "", "driver": "1"}, follow=True)
    assert "已登记 吴新" in text(done)
    assert "安全部" in text(done)
    empty = manager.post("/people/new/", {"unit": "99999"})
    assert "请填写姓名。" in text(empty)
    assert "请从列表中选择。" in text(empty)


@pytest.mark.parametrize("name", ["吴\x07新", "吴\x00新", "吴\u200b新"])
def test_a_name_with_characters_that_nobody_sees_is_refused_in_words(
    decided: Cast, manager: Client, name: str
) -> None:
    for url, more in (("/people/new/", {}), (f"/people/{decided.a.clerk}/edit/", {"version": "1"})):
        given = {"name": name, "phone": "", "joined_on": "2026-11-01", "unit": ""} | more
        refused = manager.post(url, given)
        assert refused.status_code == 422
        assert "看不见的字符，请重新输入。" in text(refused)


def test_the_second_who_edits_sees_what_stands_and_may_save_again(decided: Cast, manager: Client) -> None:
    url = f"/people/{decided.a.clerk}/edit/"
    first = {"version": "1", "name": "冯新", "phone": "13900001111"}
    assert manager.post(url, first).status_code == 302
    told = manager.post(url, {"version": "1", "name": "冯旧", "phone": "", "driver": "1"})
    assert told.status_code == 422
    page = text(told)
    assert "别人修改过 冯新 的资料" in page
    assert "现有资料：姓名 冯新，电话 139****1111，不是驾驶员。" in page
    assert 'value="冯旧"' in page
    assert 'name="version" value="2"' in page
    assert manager.post(url, {"version": "2", "name": "冯旧", "phone": ""}).status_code == 302
    with decided.acts("safety_manager"):
        assert Person.objects.get(pk=decided.a.clerk).phone == "13900001111"


def test_a_post_that_is_taken_says_by_whom_and_offers_the_way(decided: Cast, manager: Client) -> None:
    url = f"/people/{decided.a.clerk}/post/"
    assert "同时办理" not in text(manager.get(url))
    given = {"position": "coach.principal", "since": "2026-11-20"}
    told = manager.post(url, given)
    assert told.status_code == 422
    assert "赵甬 自 2025-01-01 起任此岗位" in text(told)
    assert "同时办理 赵甬 离任，自 2026年11月20日 起不再担任" in text(told)
    done = manager.post(url, given | {"relieve": "1"}, follow=True)
    assert "编制交接单：主要负责人" in text(done)
    assert f'<option value="{decided.a.clerk}" selected>' in text(done)
    with decided.acts("clerk"):
        assert people.my_positions() == ("coach.principal",)
        assert [row.person_id for row in handovers.pending(decided.a.id)] == [decided.a.principal]


def test_a_post_for_many_offers_no_relief(decided: Cast, manager: Client) -> None:
    url = f"/people/{decided.a.clerk}/post/"
    given = {"position": "coach.safety_manager", "since": "2026-11-20"}
    assert "已指定岗位" in text(manager.post(url, given, follow=True))
    again = manager.post(url, given)
    assert "期间重叠" in text(again)
    assert "同时办理" not in text(again)
    assert manager.post(url, {"position": "coach.nothing"}).status_code == 422


def test_leave_offers_the_last_deputy_for_those_days(decided: Cast, manager: Client) -> None:
    held = holding(decided, decided.a.principal)
    with decided.acts("safety_manager"):
        duties.appoint_deputy(
            holding_id=held,
            deputy_id=decided.a.clerk,
            since=STARTED,
            until=STARTED + DAY,
            reason="出差",
        )
    url = f"/people/{decided.a.principal}/leave/"
    assert "还没有代理人，登记后可以指定" in text(manager.get(url))
    given = {"kind": "leave", "since": "2026-11-20", "until": "2026-12-01", "reason": "探亲"}
    offered = manager.post(url, given, follow=True)
    assert "指定代理人：主要负责人" in text(offered)
    assert f'<option value="{decided.a.clerk}" selected>' in text(offered)
    assert 'value="2026-12-01"' in text(offered)
    person = text(manager.get(f"/people/{decided.a.principal}/"))
    assert "“主要负责人”目前没有代理人" in person
    cover = {
        "deputy": str(decided.a.clerk),
        "since": "2026-11-20",
        "until": "2026-12-01",
        "reason": "探亲",
    }
    manager.post(f"/people/holdings/{held}/deputy/", cover)
    assert "目前没有代理人" not in text(manager.get(f"/people/{decided.a.principal}/"))
    warned = text(manager.get(f"/people/{decided.a.clerk}/leave/"))
    assert "正在代理“主要负责人”（赵甬），请假期间所办事项不算代理" in warned
    again = manager.post(url, given)
    assert "已登记自 2026-11-20" in text(again)


def test_a_deputy_on_leave_is_refused_in_words(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        organising.take_leave(
            person_id=decided.a.clerk, kind="suspension", since=TODAY, until=None, reason="待查"
        )
    cover = {"deputy": str(decided.a.clerk), "since": "2026-11-20", "reason": "顶岗"}
    refused = manager.post(f"/people/holdings/{holding(decided, decided.a.principal)}/deputy/", cover)
    assert refused.status_code == 422
    assert "冯甬 自 2026-11-20 起停岗，这段时间不能顶岗" in text(refused)


def test_coming_back_moving_and_leaving(decided: Cast, manager: Client) -> None:
    clerk = decided.a.clerk
    with decided.acts("safety_manager"):
        leave = organising.take_leave(person_id=clerk, kind="leave", since=TODAY, until=None, reason="探亲")
    back = manager.post(f"/people/leaves/{leave}/end/", {"until": "2026-11-20"}, follow=True)
    assert "返岗日期已登记" in text(back)
    with decided.acts("safety_manager"):
        assert not Leave.objects.exists()
    moved = manager.post(
        f"/people/{clerk}/move/", {"unit": str(decided.a.department), "since": "2026-11-20"}, follow=True
    )
    assert "已调动" in text(moved)
    assert manager.post(f"/people/{clerk}/move/", {"unit": "", "since": "2027-01-01"}).status_code == 422
    gone = manager.post(f"/people/{clerk}/dismiss/", {"left_on": "2026-11-20"}, follow=True)
    assert "已办理 冯甬 离职" in text(gone)
    assert "指定岗位" not in text(gone)
    assert manager.post(f"/people/{clerk}/dismiss/", {"left_on": "2026-11-20"}).status_code == 422
    warned = text(manager.get(f"/people/{decided.a.principal}/dismiss/"))
    assert "会一直显示为“未交接”" in warned


def test_leaving_a_post_with_open_duties_leads_to_the_sheet(decided: Cast, manager: Client) -> None:
    url = f"/people/holdings/{holding(decided, decided.a.principal)}/end/"
    assert "项未办结，离任后请编制交接单" in text(manager.get(url))
    done = manager.post(url, {"until": "2026-11-20"}, follow=True)
    assert "编制交接单：主要负责人" in text(done)
    assert manager.post(url, {"until": "2026-11-20"}).status_code == 422
    company = text(manager.get("/company/"))
    assert "未交接" in company
    assert "岗位空缺" in company


def test_a_remit_is_entered_and_ended(decided: Cast, manager: Client) -> None:
    url = f"/people/holdings/{holding(decided, decided.a.principal)}/remit/"
    given = {"unit": str(decided.a.department), "since": "2026-11-20"}
    page = text(manager.post(url, given, follow=True))
    assert "结束分管" in page
    assert manager.post(url, given).status_code == 422
    end = page.split('href="/people/remits/')[1].split('"')[0]
    done = manager.post(f"/people/remits/{end}", {"until": "2026-11-21"}, follow=True)
    assert "不再分管“安全部”" in text(done)
    assert manager.post(f"/people/remits/{end}", {"until": "2026-11-21"}).status_code == 422


def test_an_account_is_opened_reset_and_closed(decided: Cast, manager: Client) -> None:
    url = f"/people/{decided.a.drivers[1]}/account/"
    assert "开设账号" in text(manager.get(url))
    taken = manager.post(url, {"open": "1", "username": "driver"})
    assert taken.status_code == 422
    assert "已被使用" in text(taken)
    opened = manager.post(url, {"open": "1", "username": "sunyong"})
    assert opened["Cache-Control"] == "no-store"
    first = opened.context["password"]
    assert first in text(opened)
    assert Account.objects.get(username="sunyong").check_password(first)
    assert first not in text(manager.get(url))
    reset = manager.post(url, {"reset": "1"}).context["password"]
    assert Account.objects.get(username="sunyong").check_password(reset)
    manager.post(url, {"close": "1"})
    assert not Account.objects.get(username="sunyong").is_active
    assert "重新启用并重置密码" in text(manager.get(url))
    own = f"/people/{decided.a.safety_manager}/account/"
    assert manager.post(own, {"close": "1"}).status_code == 403
    assert manager.post(own, {"reset": "1"}).status_code == 403


@pytest.mark.parametrize("member", ["monitor", "driver", "clerk", "officer"])
def test_not_for_everybody(browse: Browse, decided: Cast, member: str) -> None:
    assert browse(member).get("/people/").status_code == 403
    assert (
        browse(member).post(f"/people/{decided.a.clerk}/dismiss/", {"left_on": "2026-11-20"}).status_code
        == 403
    )


def test_another_companys_people_are_not_found(browse: Browse, decided: Cast) -> None:
    stranger = browse("other_safety_manager")
    assert stranger.get(f"/people/{decided.a.clerk}/").status_code == 404
    given = {"left_on": "2026-11-20"}
    assert stranger.post(f"/people/{decided.a.clerk}/dismiss/", given).status_code == 404


def test_few_queries(decided: Cast, manager: Client) -> None:
    for url in ("/people/", f"/people/{decided.a.principal}/"):
        assert statements(manager, url) <= 30, url
