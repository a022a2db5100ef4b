"""The tree of letters on its page: who signed, who has not, how each was appraised."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from anze.records.confirmations import actions as confirmations
from anze.records.confirmations.letters import letters_of
from anze.records.duties import actions as duties
from anze.records.evidence import queries as records
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.people import queries as people
from tests.cast import NOW, TODAY, Cast
from tests.records.confirmations.test_confirmations import letter, sealed
from tests.web.conftest import Browse


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_empty_year_says_what_to_do(browse: Browse) -> None:
    page = text(browse("safety_manager").get("/letters/"))
    assert "这一年还没有责任书" in page
    assert "应签 5 人" in page


def test_standing_targets_and_appraisal(browse: Browse, decided: Cast) -> None:
    targets = json.dumps([{"what": "死亡事故", "limit": "0 起"}])
    draft = letter(decided)
    record = sealed(decided, replace(draft, values={**draft.values, "targets": targets}))
    plan = Draft(
        kind="target.plan",
        title="2026年目标",
        happened_at=NOW - timedelta(days=2),
        values={
            "year": "2026",
            "targets": "见分解",
            "breakdown": json.dumps([{"what": "重伤事故", "unit": "车队", "limit": "不超过 1 起"}]),
        },
        parts=[PartInput(decided.a.principal, "signer")],
    )
    sealed(decided, plan)
    appraisal = Draft(
        kind="target.appraisal",
        title="下半年考核",
        happened_at=NOW - timedelta(hours=3),
        values={"scope": "posts", "result": "优秀", "rewards": "奖 500 元"},
        parts=[PartInput(decided.a.principal, "chair"), PartInput(decided.a.drivers[0], "subject")],
    )
    sealed(decided, appraisal)
    with decided.acts("driver"):
        confirmations.confirm(record_id=record, digest=records.record(record).digest)
    page = text(browse("principal").get("/letters/?year=2026"))
    for words in (
        "待本人签字",
        "已签",
        "下半年考核",
        "奖 500 元",
        "死亡事故：0 起",
        "重伤事故",
        "不超过 1 起",
        "应签 5 人",
    ):
        assert words in page, words
    assert page.count("st-met") == 1
    assert "这一年还没有责任书" in text(browse("other_principal").get("/letters/"))


def test_a_draft_and_another_year_are_not_shown(browse: Browse, decided: Cast) -> None:
    draft = letter(decided)
    sealed(decided, replace(draft, values={"year": "2025"}))
    manager = browse("safety_manager")
    assert "这一年还没有责任书" in text(manager.get("/letters/?year=2026"))
    assert "这一年还没有责任书" not in text(manager.get("/letters/?year=2025"))
    assert "这一年还没有责任书" in text(manager.get("/letters/?year=1234"))


def test_only_for_those_who_see_the_whole_company(browse: Browse) -> None:
    assert browse("driver").get("/letters/").status_code == 403
    assert browse("officer").get("/letters/").status_code == 403


def test_an_officer_reads_the_company_s_tree(browse: Browse, decided: Cast) -> None:
    sealed(decided, letter(decided))
    officer, at = browse("officer"), f"/bureau/companies/{decided.a.id}/letters/"
    page = text(officer.get(at))
    assert "待本人签字" in page
    assert "应签 5 人" in page
    assert "/records/new/" not in page
    assert "这一年还没有责任书" in text(officer.get(f"/bureau/companies/{decided.b.id}/letters/"))
    assert browse("stranger_officer").get(at).status_code == 404


def test_what_a_former_principal_signed_binds_the_post(decided: Cast) -> None:
    company = decided.a
    sealed(decided, letter(decided))
    with decided.acts("safety_manager"):
        [held] = people.holdings(person_id=company.principal)
        duties.end_holding(holding_id=held.id, until=TODAY)
        duties.assign_post(person_id=company.monitor, position="coach.principal", since=TODAY)
        [root] = letters_of(company.id, 2026).tree.roots
    assert root.person == company.monitor
    assert {node.person for node in root.under} == {company.drivers[0], company.clerk}
