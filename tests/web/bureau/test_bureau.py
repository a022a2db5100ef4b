"""The authority: its companies, worst first, and the way down to the clause."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from anze.records.duties.overview import CompanyStanding
from tests.cast import Cast
from tests.web.conftest import Browse, seal_study, statements


def order(client: Client, query: str = "") -> list[str]:
    rows = client.get(f"/bureau/{query}").context["page"].rows
    return [company.short_name for _, company in rows]


def test_a_company_moves_when_it_records(decided: Cast, officer: Client) -> None:
    seal_study(decided, decided.a)
    first = officer.get("/bureau/").context["page"].rows
    assert [c.short_name for _, c in first] == ["通途客运", "安达客运"] or first[0][1].missed >= first[1][
        1
    ].missed
    before = {c.short_name: c.settled for _, c in first}
    assert before["安达客运"] > before["通途客运"]


def test_numbers_lead_to_rows(decided: Cast, officer: Client) -> None:
    response = officer.get("/bureau/")
    for _, company in response.context["page"].rows:
        url = f"/bureau/companies/{company.company_id}/obligations/?state=missed"
        assert url in response.content.decode()
        assert officer.get(url).context["page"].total == company.missed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=安达", {"安达客运"}),
        ("?q=tongtu", {"通途客运"}),
        ("?q=无此企业", set()),
        ("?trade=coach", {"安达客运", "通途客运"}),
        ("?trade=nonsense", {"安达客运", "通途客运"}),
    ],
)
def test_filters(officer: Client, query: str, found: set[str]) -> None:
    assert set(order(officer, query)) == found


def test_the_way_down(decided: Cast, officer: Client) -> None:
    base = f"/bureau/companies/{decided.a.id}"
    for url in ("/", "/posts/", "/posts/coach.principal/", "/obligations/", "/obligations/export.csv"):
        assert officer.get(base + url).status_code == 200, url
    page = officer.get(base + "/").content.decode()
    assert f'href="{base}/posts/coach.principal/"' in page
    assert f'href="{base}/obligations/?position=' in page


def test_the_stranger_sees_no_company(decided: Cast, browse: Browse) -> None:
    stranger = browse("stranger_officer")
    assert "还没有登记企业" in stranger.get("/bureau/").content.decode()
    for url in ("/", "/posts/", "/posts/coach.principal/", "/obligations/", "/obligations/export.csv"):
        assert stranger.get(f"/bureau/companies/{decided.a.id}{url}").status_code == 404, url


@pytest.mark.parametrize("member", ["principal", "driver", "administrator"])
def test_not_for_companies(decided: Cast, browse: Browse, member: str) -> None:
    client = browse(member)
    assert client.get("/bureau/").status_code == 403
    assert client.get(f"/bureau/companies/{decided.a.id}/").status_code == 403


def test_few_queries(decided: Cast, officer: Client) -> None:
    for url in (
        "/bureau/",
        f"/bureau/companies/{decided.a.id}/",
        f"/bureau/companies/{decided.a.id}/obligations/",
    ):
        assert statements(officer, url) <= 20, url


def test_the_share_is_whole_only_where_nothing_is_missed() -> None:
    behind = CompanyStanding(1, "甬城安达客运有限公司", "安达客运", "coach", 3, 0, 0, 997, 1000, 1)
    assert behind.met_share == 99
    assert replace(behind, missed=0, settled=1000).met_share == 100
    assert replace(behind, missed=0, settled=0, judged=0).met_share is None
