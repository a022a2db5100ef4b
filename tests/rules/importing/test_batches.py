"""What a batch goes through, and what its rows say."""

from __future__ import annotations

from dataclasses import replace

from anze.rules.catalogue.model import EvidenceKind, FieldSpec, Role
from anze.rules.importing.batches import (
    batchable,
    differing,
    many_of,
    person_role,
    rows_of,
    shared,
    subject_column,
)
from anze.rules.importing.sheets import sheet_of

KIND = EvidenceKind(
    id="vehicle.insurance",
    name="车辆保险",
    prefix="BA",
    fields=(
        FieldSpec("policy", "保单号", "text", required=False),
        FieldSpec("notes", "备注", "longtext", required=False),
        FieldSpec("expires", "保险期限至", "date", required=True),
    ),
    roles={Role.RECORDER: "登记人"},
    subjects=("vehicle", "department"),
    attendance=False,
    attachment_required=False,
    expires_field="expires",
    starts_field=None,
    event=False,
    retention_months=36,
    cite=(),
)
LETTER = replace(KIND, roles={Role.SIGNER: "代表单位签订人", Role.SUBJECT: "责任人"}, subjects=())


def test_what_a_batch_goes_through() -> None:
    assert many_of(KIND) == ("vehicle", "department")
    assert many_of(LETTER) == ("person",)
    assert many_of(replace(KIND, subjects=("driver",))) == ("person",)
    assert many_of(replace(LETTER, attendance=True)) == ()
    assert batchable(LETTER)
    assert not batchable(replace(LETTER, attendance=True))
    assert not batchable(replace(LETTER, attachment_required=True))


def test_the_column_of_whom_it_is_about() -> None:
    assert subject_column(KIND, "vehicle") == "subjects.vehicle"
    assert subject_column(LETTER, "person") == "parts.subject"
    assert person_role(KIND) == ""


def test_what_is_common_and_what_may_differ() -> None:
    sheet = sheet_of(KIND)
    common = [column.id for column in shared(sheet, "subjects.vehicle")]
    assert "subjects.vehicle" not in common
    assert not {"number", "makes_up", "ended_at", "hours"} & set(common)
    assert {"title", "values.policy", "values.notes", "parts.recorder"} <= set(common)
    own = [column.id for column in differing(sheet, "subjects.vehicle")]
    assert {"values.policy", "values.expires", "happened_at"} <= set(own)
    assert not {"title", "values.notes", "parts.recorder"} & set(own)


def test_a_row_says_what_is_common_and_over_it_what_is_its_own() -> None:
    common = {"title": "保险", "values.policy": "同一张", "values.notes": "续保"}
    own = [
        ("浙A10001", "浙A10001", {"values.policy": "P-1"}),
        ("浙A10002", "浙A10002", {"values.policy": " "}),
    ]
    first, second = rows_of("subjects.vehicle", common, own)
    assert first == {
        "title": "浙A10001保险",
        "values.policy": "P-1",
        "values.notes": "续保",
        "subjects.vehicle": "浙A10001",
    }
    assert second["values.policy"] == "同一张"


def test_without_a_title_the_row_has_none() -> None:
    (row,) = rows_of("subjects.vehicle", {"title": " "}, [("浙A10001", "浙A10001", {})])
    assert row["title"] == ""
    (long,) = rows_of("subjects.vehicle", {"title": "险" * 130}, [("浙A10001", "浙A10001", {})])
    assert len(long["title"]) == 120
