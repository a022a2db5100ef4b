from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import EvidenceKind, FieldSpec, Role


@pytest.fixture(autouse=True)
def attachments(settings: Any, tmp_path: Path) -> Path:
    """Files of one test in its own directory."""
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    return tmp_path / "attachments"


@pytest.fixture
def every_type(monkeypatch: pytest.MonkeyPatch) -> EvidenceKind:
    """A kind with one field of each type, that lists drivers and vehicles."""
    kind = EvidenceKind(
        id="test.every-type",
        name="各类字段",
        prefix="TT",
        fields=(
            FieldSpec("text", "短文", "text", required=True),
            FieldSpec("longtext", "长文", "longtext", required=False),
            FieldSpec("date", "日期", "date", required=False),
            FieldSpec("number", "数", "number", required=False),
            FieldSpec("money", "金额", "money", required=False),
            FieldSpec("hours", "时长", "hours", required=False),
            FieldSpec("choice", "选项", "choice", required=False, choices={"a": "甲", "b": "乙"}),
            FieldSpec("bool", "是否", "bool", required=False),
        ),
        roles={Role.INSPECTOR: "检查人"},
        subjects=("vehicle", "driver"),
        attendance=False,
        attachment_required=False,
        expires_field="date",
        starts_field=None,
        event=False,
        retention_months=6,
        cite=(),
    )
    monkeypatch.setitem(lawbook().kinds, kind.id, kind)  # type: ignore[arg-type] -- a dict behind the mapping
    return kind
