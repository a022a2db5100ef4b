"""A company whose trade has no encoded list: every page says so, and nobody calls it good or bad."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound
from anze.records.people import actions as people
from anze.records.people.actions import NewPerson, PostTaken
from anze.records.people.queries import holdings
from anze.records.tenants import actions as tenants
from tests.cast import NOW, STARTED, Cast
from tests.web.conftest import Browse

PAGES = (
    "/", "/company/", "/posts/", "/obligations/", "/commitments/", "/signatures/", "/reports/",
    "/reports/2026-10/", "/calendar/",
)  # fmt: skip


@pytest.fixture
def taxi(decided: Cast) -> int:
    with acting(SYSTEM, reads=(), at=NOW):
        company = tenants.register_company(
            name="甬城顺行出租汽车有限公司",
            short_name="顺行出租",
            trade="taxi",
            area="330200",
            employees=25,
            vehicles=60,
            started_on=STARTED,
            judged_from=STARTED,
        )
        tenants.place_under(authority_id=decided.authority, company_ids=[company], since=STARTED)
    with acting(SYSTEM, reads=(company,), at=NOW):
        boss, other = people.employ(
            company_id=company, people=[NewPerson("姚顺", STARTED), NewPerson("钟顺", STARTED)]
        )
        people.assign_post(person_id=boss, position="taxi.principal", since=STARTED)
        people.open_account(username="taxi-boss", password="Ningbo-Anquan-2026", person_id=boss)
        with pytest.raises(PostTaken):
            people.assign_post(person_id=other, position="taxi.principal", since=STARTED)
        for position in ("coach.principal", "taxi.dispatcher", "taxi", "principal"):
            with pytest.raises(NotFound):
                people.assign_post(person_id=other, position=position, since=STARTED)
    return company


@pytest.fixture
def boss(taxi: int) -> Client:
    client = Client()
    account = get_user_model()._default_manager.get(username="taxi-boss")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_no_list_is_encoded(boss: Client, page: str) -> None:
    response = boss.get(page)
    assert response.status_code == 200
    text = response.content.decode()
    assert "出租汽车的岗位清单尚未收录" in text
    assert "目前收录了责任清单的行业：道路客运" in text
    assert 'href="/records/kinds/' in text


def test_the_principal_holds_the_post_that_the_law_gives(taxi: int, boss: Client) -> None:
    with acting(SYSTEM, reads=(taxi,), at=NOW):
        assert [row.position_name for row in holdings()] == ["主要负责人"]
    assert "主要负责人" in boss.get("/company/").content.decode()


def test_the_bureau_gives_it_no_rank(taxi: int, browse: Browse) -> None:
    response = browse("officer").get("/bureau/")
    _, last = response.context["page"].rows[-1]
    assert (last.company_id, last.listed, last.met_share) == (taxi, False, None)
    text = response.content.decode()
    assert "无已编码清单" in text
    assert "1 家的行业无已编码清单，不参与排名" in text


def test_an_officer_reads_the_same_of_it(taxi: int, browse: Browse) -> None:
    officer = browse("officer")
    for page in ("", "posts/", "obligations/", "signatures/", "reports/", "calendar/"):
        text = officer.get(f"/bureau/companies/{taxi}/{page}").content.decode()
        assert "系统不为这家企业生成任务" in text, page
        assert 'href="/records/kinds/' not in text, page


def test_the_posts_that_law_alone_names_bear_their_names(boss: Client) -> None:
    people = boss.get("/people/").content.decode()
    assert "主要负责人" in people
    assert "taxi.principal</" not in people
    (held,) = re.findall(r'href="(/people/\d+/)">姚顺', people)
    page = boss.get(held).content.decode()
    assert "主要负责人" in page
    assert "taxi.principal" not in page  # neither as a name nor behind a link: there is no list to show
