"""The list of obligations: filters, pages, export."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from anze.records.duties import queries as duties
from tests.cast import Cast
from tests.web.conftest import Browse, statements


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/obligations/export.csv{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?state=missed",
        "?position=coach.principal",
        "?month=2026-10-01",
        "?month=standing",
        "?requirement=coach.safety_manager.d3.b&starts=2026-10-01",
        "?line=coach.safety_manager.d3",
    ],
)
def test_the_export_holds_exactly_what_the_page_counts(decided: Cast, manager: Client, query: str) -> None:
    page = manager.get(f"/obligations/{query}")
    total = page.context["page"].total
    assert total > 0
    assert f"导出所示 {total} 项" in page.content.decode()
    assert len(rows_of(manager, query)) == total


def test_a_filter_narrows(manager: Client) -> None:
    assert {row["状态"] for row in rows_of(manager, "?state=missed")} == {"逾期未履行"}
    assert {row["岗位"] for row in rows_of(manager, "?position=coach.principal")} == {"主要负责人"}


@pytest.mark.parametrize(
    "query",
    [
        "?state=gone",
        "?position=x",
        "?month=2026-10-02",
        "?month=x",
        "?requirement=x.y",
        "?starts=1",
        "?event=-1",
    ],
)
def test_nonsense_is_ignored_and_said_so(manager: Client, query: str) -> None:
    response = manager.get(f"/obligations/{query}")
    assert response.status_code == 200
    assert "已忽略" in response.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99999", "x", "9" * 30])
def test_any_page_number_answers(manager: Client, page: str) -> None:
    assert manager.get("/obligations/", {"page": page}).status_code == 200


def test_pages_keep_the_filters(manager: Client) -> None:
    page = manager.get("/obligations/?state=missed").content.decode()
    assert "state=missed&amp;page=2" in page


def test_nothing_found_says_what_to_do(manager: Client) -> None:
    assert "没有符合条件的任务" in manager.get("/obligations/?state=waived").content.decode()


def test_a_driver_sees_and_exports_only_what_concerns_the_driver(decided: Cast, browse: Browse) -> None:
    rows = rows_of(browse("driver"))
    assert rows
    assert {row["对象"] for row in rows} == {"钱甬"}


def test_another_company_is_never_in_the_list(decided: Cast, browse: Browse) -> None:
    with decided.acts("other_principal"):
        theirs = duties.obligations().total
    assert len(rows_of(browse("other_principal"))) == theirs
    assert not any("甬" in row["对象"] for row in rows_of(browse("other_principal")))


def test_few_queries(manager: Client) -> None:
    assert statements(manager, "/obligations/") <= 20
