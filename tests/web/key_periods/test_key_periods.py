"""Key periods as the company and the bureau see them."""

from __future__ import annotations

import pytest
from django.test import Client

from anze.records.key_periods import queries as declarations
from tests.cast import Cast
from tests.web.conftest import Browse

OWN, LIST, NEW = "/key-periods/", "/bureau/key-periods/", "/bureau/key-periods/new/"


def given(**changes: object) -> dict[str, object]:
    words: dict[str, object] = {
        "type": "activity",
        "name": "全市博览会",
        "warning": "",
        "level": "",
        "begins": "2026-11-29",
        "last": "2026-12-02",
        "reason": "甬交发7号",
        "companies": [],
    }
    return words | changes


def declared(officer: Client, **changes: object) -> str:
    """The address of the new declaration."""
    response = officer.post(NEW, given(**changes))
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def test_the_company_sees_the_year_without_registering_anything(manager: Client) -> None:
    page = manager.get(OWN).content.decode()
    assert "2027年春运（推算）" in page
    assert "1月7日起准备" in page or "2027年1月7日起准备" in page
    assert "日期未核对" in page
    assert "2026年国庆假期" in page
    assert "已完成 0/2 项" in page


def test_each_period_leads_to_what_it_opened(manager: Client) -> None:
    response = manager.get("/obligations/?event=-202604")
    page = response.content.decode()
    assert response.context["page"].total == 2
    assert "事由：2026年国庆假期" in page
    row = response.context["page"].rows[0]
    detail = manager.get(f"/obligations/{row.id}/").content.decode()
    assert "2026年10月1日至2026年10月7日" in detail
    assert f'href="{OWN}"' in detail
    entry = manager.get(f"/records/new?obligation={row.id}", follow=True)
    assert entry.status_code == 200


def test_declaring_reaches_every_company_and_its_list(
    decided: Cast, browse: Browse, officer: Client, manager: Client
) -> None:
    address = declared(officer)
    page = officer.get(address).content.decode()
    assert "已完成 0/2 家" in page
    assert f"/bureau/companies/{decided.a.id}/obligations/?event=-1" in page
    for client in (manager, browse("other_principal")):
        own = client.get(OWN).content.decode()
        assert "全市博览会" in own
        assert "甬城市交通运输局 周监 发布：甬交发7号" in own
        assert "即将到来" in own
    assert "全市博览会" in officer.get(LIST).content.decode()
    assert "全市博览会" not in browse("stranger_officer").get(LIST).content.decode()


def test_a_named_company_alone(decided: Cast, browse: Browse, officer: Client) -> None:
    declared(officer, companies=[str(decided.a.id)])
    assert "全市博览会" not in browse("other_principal").get(OWN).content.decode()
    assert "1 家企业" in officer.get(LIST).content.decode()


def test_a_warning_hints_at_stopping(officer: Client, manager: Client) -> None:
    declared(officer, type="weather", name="台风红色预警", warning="typhoon", level="red")
    page = manager.get(OWN).content.decode()
    assert "停运提示" in page
    assert "台风红色预警" in page


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": ""}, "请填写名称"),
        ({"reason": ""}, "请写明依据"),
        ({"begins": "2026-11-19", "last": "2026-11-21"}, "开始日期不能早于今天"),
        ({"last": "2026-11-28"}, "结束日期应不早于开始日期"),
        ({"last": "2028-11-28"}, "一次不超过一年"),
        ({"type": "weather"}, "请选择预警种类"),
        ({"companies": ["999999"]}, "所选企业不在监管范围内"),
        ({"begins": "明天"}, "日期格式应为"),
    ],
)
def test_bad_input_is_said_and_kept(officer: Client, changes: dict[str, object], text: str) -> None:
    response = officer.post(NEW, given(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert text in page
    assert "2026-1" in page
    assert "发布了" not in page


def test_withdrawing_takes_away_what_it_opened(decided: Cast, officer: Client, manager: Client) -> None:
    address = declared(officer)
    refused = officer.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    page = officer.post(address, {"reason": "展会延期"}, follow=True).content.decode()
    assert "已撤回" in page
    own = manager.get(OWN).content.decode()
    assert "撤回理由：展会延期" in own
    assert "不再要求" in own
    with decided.acts("officer"):
        assert [row.state for row in declarations.declared_by_us()] == ["withdrawn"]
    again = officer.post(address, {"reason": "再来"})
    assert "时段已经撤回" in again.content.decode()


def test_ended_early_today_is_the_last_day(officer: Client) -> None:
    address = declared(officer, begins="2026-11-20", last="2026-11-25")
    page = officer.post(address, {"reason": "提前闭幕"}, follow=True).content.decode()
    assert "2026年11月20日至2026年11月20日" in page
    assert "提前结束：提前闭幕" in page


def test_the_officer_reads_a_companys_periods(decided: Cast, officer: Client) -> None:
    page = officer.get(f"/bureau/companies/{decided.a.id}/key-periods/").content.decode()
    assert "2026年国庆假期" in page
    assert "登记天气预警" not in page


def test_a_warning_that_the_company_registers(decided: Cast, manager: Client) -> None:
    from anze.records.duties import actions as duties
    from anze.records.evidence.actions import Draft, PartInput, draft_record
    from tests.cast import NOW

    with decided.acts("safety_manager"):
        draft = Draft(
            kind="key-period.declared",
            title="大雾橙色预警",
            happened_at=NOW,
            values={
                "type": "weather", "begins": "2026-11-21", "ends": "2026-11-22",
                "warning": "fog", "level": "orange", "source": "气象台",
            },
            parts=[PartInput(decided.a.safety_manager, "recorder")],
        )  # fmt: skip
        duties.seal_records(record_ids=[draft_record(draft=draft)])
    page = manager.get(OWN).content.decode()
    assert "大雾橙色预警" in page
    assert "停运提示" in page
    assert "企业登记" in page
