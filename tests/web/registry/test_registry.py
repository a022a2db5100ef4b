"""The administrator registers; whoever was registered signs in."""

from __future__ import annotations

import pytest
from django.test import Client

from anze.records.people.models import Account
from anze.records.tenants.models import Authority
from tests.cast import Cast
from tests.web.conftest import Browse


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def administrator(browse: Browse) -> Client:
    return browse("administrator")


def company(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "name": "甬城新程客运有限公司",
        "short_name": "新程客运",
        "trade": "coach",
        "area": "330206",
        "employees": "30",
        "vehicles": "12",
        "started_on": "2020-05-01",
        "judged_from": "2026-11-01",
        "authority_id": str(cast.authority),
        "principal": "黄新",
        "since": "2026-11-01",
        "username": "huangxin",
    } | changes


def test_a_company_starts_with_its_principal(decided: Cast, administrator: Client, browse: Browse) -> None:
    assert "企业登记" in text(administrator.get("/"))
    done = administrator.post("/registry/", company(decided))
    assert done.status_code == 200, text(done)
    assert done["Cache-Control"] == "no-store"
    password = done.context["password"]
    assert password in text(done)
    account = Account.objects.get(username="huangxin")
    assert account.check_password(password)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert "黄新" in text(client.get("/people/"))
    assert "主要负责人" in text(client.get("/company/"))
    assert "新程客运" in text(browse("officer").get("/bureau/"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "甬城安达客运有限公司"}, "已有名为"),
        ({"username": "principal"}, "已被使用"),
        ({"area": "33"}, "应为 6 位数字"),
        ({"judged_from": "2019-01-01"}, "不能早于企业成立日期"),
        ({"principal": ""}, "请填写主要负责人姓名"),
        ({"employees": "x"}, "请填写整数"),
        ({"since": ""}, "请填写日期"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stays(
    decided: Cast, administrator: Client, changes: dict[str, str], says: str
) -> None:
    refused = administrator.post("/registry/", company(decided, **changes))
    assert refused.status_code == 422
    assert says in text(refused)
    assert 'value="新程客运"' in text(refused)
    assert not Account.objects.filter(username="huangxin").exists()


def test_an_authority_starts_with_its_officer(administrator: Client) -> None:
    given = {"name": "越城市交通运输局", "area": "330600", "officer_name": "钱越", "username": "qianyue"}
    assert "已登记“越城市交通运输局”" in text(administrator.post("/registry/authority/", given))
    again = administrator.post("/registry/authority/", given | {"username": "other"})
    assert "已有名为" in text(again)
    clash = administrator.post("/registry/authority/", given | {"name": "又一局", "username": "qianyue"})
    assert "已被使用" in text(clash)
    assert not Authority.objects.filter(name="又一局").exists()


def test_only_the_administrator(browse: Browse) -> None:
    for member in ("principal", "officer", "clerk"):
        assert browse(member).get("/registry/").status_code == 403
        assert browse(member).get("/registry/authority/").status_code == 403
