"""The list of obligations: filters, pages, export."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from anze.records.duties import actions as duty_actions
from anze.records.duties import queries as duties
from anze.records.evidence.actions import Draft, PartInput, draft_record
from anze.records.lawbook import lawbook
from tests.cast import NOW, Cast
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
        "?event=1e3",
        "?line=a.b.%00",
        "?line=coach.principal.x",
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


def test_the_rows_of_one_event_with_its_name(decided: Cast, manager: Client) -> None:
    event = declare_period(decided)
    response = manager.get("/obligations/", {"event": str(event)})
    assert {row.event_id for row in response.context["page"].rows} == {event}
    assert "事由：春运" in response.content.decode()
    assert "事由：<a" in manager.get("/").content.decode()
    row = next(r for r in response.context["page"].rows if r.position == "coach.safety_manager")
    assert f'href="/records/{event}/"' in manager.get(f"/obligations/{row.id}/").content.decode()


def declare_period(cast: Cast) -> int:
    """A key period that begins in ten days, sealed."""
    kind = lawbook().kinds["key-period.declared"]
    typed = {"date": "2026-11-30", "text": "春运", "longtext": "春运"}
    values = {
        spec.id: next(iter(spec.choices)) if spec.type == "choice" else typed.get(spec.type, "")
        for spec in kind.fields
    }
    draft = Draft(
        kind=kind.id,
        title="春运",
        happened_at=NOW - timedelta(days=1),
        values=values,
        parts=[PartInput(cast.a.safety_manager, str(next(iter(kind.roles))))],
    )
    with cast.acts("safety_manager"):
        record = draft_record(draft=draft)
        duty_actions.seal_records(record_ids=[record])
    return record


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
