"""Post × month."""

from __future__ import annotations

import pytest
from django.test import Client

from anze.records.duties import actions as duties
from anze.records.people import queries as people
from tests.cast import TODAY, Cast
from tests.web.conftest import Browse, statements


def test_fourteen_months_and_the_standing_column(manager: Client) -> None:
    response = manager.get("/company/")
    matrix = response.context["matrix"]
    assert len(matrix.months) == 14
    page = response.content.decode()
    assert page.count('scope="col"') >= 16
    assert "常态" in page
    assert "赵甬" in page


def test_a_cell_links_to_its_rows_and_says_its_state(manager: Client) -> None:
    page = manager.get("/company/").content.decode()
    assert 'href="/obligations/?position=coach.safety_manager&amp;month=2026-10-01"' in page
    assert 'href="/obligations/?position=coach.principal&amp;month=standing"' in page
    assert '<span class="visually-hidden">逾期未履行</span>' in page


def test_every_number_agrees_with_the_rows_behind_it(manager: Client) -> None:
    response = manager.get("/company/")
    for row in response.context["matrix"].rows:
        for cell in (row.standing, *row.cells):
            month = "standing" if cell.month is None else cell.month.isoformat()
            listed = manager.get("/obligations/", {"position": cell.position, "month": month})
            assert listed.context["page"].total == sum(cell.counts.values()), (cell.position, month)
    counts = response.context["counts"]
    assert manager.get("/obligations/?state=missed").context["page"].total == counts.missed
    assert manager.get("/obligations/?state=unset").context["page"].total == counts.unset


def test_what_is_missed_most_stands_first_and_agrees_with_its_rows(manager: Client) -> None:
    lagging = manager.get("/company/").context["lagging"]
    assert [item.missed for item in lagging] == sorted((item.missed for item in lagging), reverse=True)
    for item in lagging:
        listed = manager.get("/obligations/", {"requirement": item.requirement.id, "state": "missed"})
        assert listed.context["page"].total == item.missed


def test_a_vacant_post_is_called_so(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        holding = next(h for h in people.holdings(on=TODAY) if h.position == "coach.principal")
        duties.end_holding(holding_id=holding.id, until=TODAY)
    assert "空缺" in manager.get("/company/").content.decode()


@pytest.mark.parametrize(("member", "status"), [("driver", 403), ("clerk", 403), ("officer", 403)])
def test_not_for_everybody(browse: Browse, member: str, status: int) -> None:
    assert browse(member).get("/company/").status_code == status


def test_few_queries(manager: Client) -> None:
    assert statements(manager, "/company/") <= 20
