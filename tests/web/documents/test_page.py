"""The register of documents shows which version is valid and what took the place of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from anze.records.evidence.drafts import Draft, PartInput
from tests.cast import NOW, Cast
from tests.records.confirmations.test_confirmations import sealed
from tests.web.conftest import Browse


def text(answer: Any) -> str:
    return str(answer.content.decode())


def issue(cast: Cast, version: str, effective: str, **more: str) -> int:
    values = {
        "code": "AQ-01",
        "name": "安全例会制度",
        "action": "issued",
        "category": "system",
        "version": version,
        "effective": effective,
        **more,
    }
    draft = Draft(
        kind="document.register",
        title=f"安全例会制度{version}",
        happened_at=NOW - timedelta(days=1),
        values=values,
        parts=[PartInput(cast.a.principal, "signer")],
    )
    return sealed(cast, draft)


def test_valid_superseded_coming_and_abolished(browse: Browse, decided: Cast) -> None:
    manager = browse("safety_manager")
    assert "目录还是空的" in text(manager.get("/documents/"))
    issue(decided, "甲版", "2024-01-01")
    issue(decided, "乙版", "2026-01-01", review_by="2026-06-30")
    issue(decided, "丙版", "2027-01-01")
    issue(decided, "一版", "2025-01-01", code="AQ-02", action="abolished", category="procedure")
    page = text(manager.get("/documents/"))
    assert "甲版" not in page
    assert "一版" not in page
    assert "现行有效" in page
    assert "待施行" in page
    assert "有 1 份现行文件已过评审日期" in page
    everything = text(manager.get("/documents/?all=1"))
    assert "已被取代" in everything
    assert "已废止" in everything
    assert "没有符合条件的文件" in text(manager.get("/documents/?category=standard"))
    assert "乙版" in text(manager.get("/documents/?category=system"))
    assert "目录还是空的" in text(browse("other_principal").get("/documents/"))
    assert browse("driver").get("/documents/").status_code == 403


def test_an_officer_reads_the_register(browse: Browse, decided: Cast) -> None:
    officer, at = browse("officer"), f"/bureau/companies/{decided.a.id}/documents/"
    empty = text(officer.get(at))
    assert "登记并封存的制度" in empty
    assert "/records/new/" not in empty
    issue(decided, "甲版", "2024-01-01")
    assert "甲版" in text(officer.get(at))
    assert "目录还是空的" in text(officer.get(f"/bureau/companies/{decided.b.id}/documents/"))
    assert browse("stranger_officer").get(at).status_code == 404
