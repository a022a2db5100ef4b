"""Obligations through the API: filters, pages, grounds, refusals by field."""

from __future__ import annotations

from typing import Any

import pytest

from anze.records.duties import queries as duties
from tests.api.conftest import Ask
from tests.isolation.doors import World


def test_the_list_is_the_pages(world: World, ask: Ask) -> None:
    with world.cast.acts("safety_manager"):
        page = duties.obligations(position="coach.safety_manager", states=("open",))
    found = ask("safety_manager", "get", "/obligations?position=coach.safety_manager&state=open").json()
    assert found["total"] == page.total > 0
    assert [item["id"] for item in found["items"]] == [row.id for row in page.rows]
    first, row = found["items"][0], page.rows[0]
    assert (first["text"], first["rule"], first["state_label"]) == (row.text, row.rule, "待履行")
    assert (first["starts"], first["needed"]) == (row.starts.isoformat(), row.needed)


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-11-01",
        "month=standing",
        "line=coach.safety_manager.d4",
        "requirement=coach.safety_manager.d4.a",
        "starts=2026-11-01",
        "event=1",
        "state=missed",
    ],
)
def test_each_filter_narrows(ask: Ask, query: str) -> None:
    everything = ask("safety_manager", "get", "/obligations").json()["total"]
    answer = ask("safety_manager", "get", f"/obligations?{query}")
    assert answer.status_code == 200
    assert answer.json()["total"] < everything


def test_pages_are_bounded(ask: Ask) -> None:
    first = ask("safety_manager", "get", "/obligations?size=2").json()
    assert (len(first["items"]), first["page"]) == (2, 1)
    last = ask("safety_manager", "get", "/obligations?size=2&page=1000000").json()
    assert last["page"] == last["pages"] == first["pages"]
    for wrong in ("size=201", "size=0", "page=0", "page=x", "page=99999999999999999999"):
        assert ask("safety_manager", "get", f"/obligations?{wrong}").status_code == 422


def test_grounds_name_clauses_records_and_edition(world: World, ask: Ask) -> None:
    with world.cast.acts("safety_manager"):
        (proved, *_) = duties.proved_by(world.record_id, company_id=world.cast.a.id)
    found = ask("safety_manager", "get", f"/obligations/{proved.id}").json()
    assert found["state"] == "met"
    assert [fact["id"] for fact in found["grounds"]["facts"]] == [world.record_id]
    assert found["grounds"]["cites"]
    assert len(found["grounds"]["edition"]) == 12


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("position=nobody", "position"),
        ("requirement=coach.principal", "requirement"),
        ("requirement=a.b.c.d", "requirement"),
        ("state=well", "state"),
        ("month=2026-11-02", "month"),
        ("starts=yesterday", "starts"),
        ("starts=0", "starts"),
        ("starts=0001-01-01", "starts"),
        ("event=-1", "event"),
        ("line=%00", "line"),
        ("mood=good", "mood"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(ask: Ask, query: str, field: str) -> None:
    answer = ask("safety_manager", "get", f"/obligations?{query}")
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, list(problem["errors"])) == (422, [field])
    assert any("一" <= letter <= "鿿" for letter in problem["errors"][field])


def test_an_officer_names_the_company(world: World, ask: Ask) -> None:
    answer = ask("officer", "get", "/obligations")
    assert answer.json()["errors"] == {"company": "请指明企业。"}
    found = ask("officer", "get", f"/obligations?company={world.cast.a.id}&size=5").json()
    assert {item["company_id"] for item in found["items"]} == {world.cast.a.id}
    assert ask("officer", "get", f"/obligations?company={2**63 - 1}").status_code == 404


def test_a_driver_sees_what_is_owed_about_them_alone(world: World, ask: Ask) -> None:
    found = ask("driver", "get", "/obligations").json()["items"]
    assert {item["subject_id"] for item in found} == {world.cast.a.drivers[0]}
    assert ask("driver", "get", f"/obligations/{world.driver_obligation_id}").status_code == 200


def test_who_one_is_and_what_there_is(world: World, ask: Ask) -> None:
    me = ask("safety_manager", "get", "/me").json()
    assert (me["company"], me["roles"], me["companies"]) == (world.cast.a.id, ["safety_manager"], 1)
    assert ask("officer", "get", "/me").json()["companies"] == 2
    kinds = {kind["id"]: kind for kind in ask("safety_manager", "get", "/kinds").json()}
    assert "topics" in {field["id"] for field in kinds["meeting.leading-group"]["fields"]}
    held = [p["id"] for p in ask("safety_manager", "get", "/positions").json() if p["held"]]
    assert held == ["coach.safety_manager"]
    assert len(ask("officer", "get", "/positions").json()) >= len(held)
