"""A person's own result: entered, kept through every copy, covered by the seal, read in the person's file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.dossiers.concerning import of_person
from anze.records.duties import actions as duties
from anze.records.evidence import queries
from anze.records.evidence.actions import PartInput, draft_record, edit_draft, revise_record
from anze.records.evidence.content import contents
from anze.records.evidence.drafts import InvalidDraft
from anze.records.evidence.models import Record
from tests.cast import NOW, Cast
from tests.records.evidence.rooms import study


def examined(cast: Cast) -> list[PartInput]:
    first, second = cast.a.drivers
    return [
        PartInput(cast.a.safety_manager, "organiser"),
        PartInput(first, "participant", score=Decimal("92.5"), result="passed"),
        PartInput(second, "participant", result="failed"),
    ]


def results(cast: Cast, record_id: int) -> dict[str, str]:
    with cast.acts("safety_manager"):
        return {p.person_name: p.result_label for p in queries.record(record_id).parts if p.result_label}


def test_each_person_has_their_own(cast: Cast):
    with cast.acts("safety_manager"):
        record_id = draft_record(draft=study(cast.a, parts=examined(cast)))
    assert results(cast, record_id) == {"钱甬": "92.5分，合格", "孙甬": "不合格"}
    again = [replace(examined(cast)[1], score=Decimal(80))]
    with cast.acts("safety_manager"):
        edit_draft(record_id=record_id, draft=study(cast.a, parts=again))
    assert results(cast, record_id) == {"钱甬": "80分，合格"}


def test_a_revision_keeps_them_and_the_seal_covers_them(cast: Cast):
    with cast.acts("safety_manager"):
        record_id = draft_record(draft=study(cast.a, parts=examined(cast)))
        (content,) = contents([Record.objects.get(pk=record_id)]).values()
        facts = {part[0]: part[4:] for part in content["parts"]}
        duties.seal_records(record_ids=[record_id])
        revised = revise_record(record_id=record_id)
    first, second = cast.a.drivers
    assert facts == {
        cast.a.safety_manager: [],  # older digests know of no results
        first: [{"score": "92.5", "result": "passed"}],
        second: [{"result": "failed"}],
    }
    assert results(cast, revised) == {"钱甬": "92.5分，合格", "孙甬": "不合格"}


def test_the_persons_file_tells_it(cast: Cast):
    with cast.acts("safety_manager"):
        record_id = draft_record(draft=study(cast.a, parts=examined(cast)))
        duties.seal_records(record_ids=[record_id])
        (row,) = of_person(cast.a.id, cast.a.drivers[0])
        (other,) = of_person(cast.a.id, cast.a.safety_manager)
    assert (row.result, other.result) == ("92.5分，合格", "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"score": Decimal("1000.1")}, "成绩应为 0 至 1000"),
        ({"score": Decimal("-1")}, "成绩应为 0 至 1000"),
        ({"score": Decimal("9.25")}, "最多一位小数"),
        ({"score": Decimal("NaN")}, "成绩应为"),
        ({"result": "excellent"}, "只能是合格或不合格"),
    ],
)
def test_what_is_no_result_is_refused(cast: Cast, changes: dict[str, object], told: str):
    wrong = replace(PartInput(cast.a.drivers[0], "participant"), **changes)  # type: ignore[arg-type]  # any field
    with cast.acts("safety_manager"), pytest.raises(InvalidDraft, match=told):
        draft_record(draft=study(cast.a, parts=[wrong]))


def test_a_kind_without_results_takes_none(cast: Cast):
    part = PartInput(cast.a.principal, "chair", score=Decimal(90))
    draft = study(cast.a, kind="meeting.leading-group", values={}, parts=[part])
    with cast.acts("safety_manager"), pytest.raises(InvalidDraft, match="不登记每人的成绩"):
        draft_record(draft=draft)


def test_records_sealed_before_read_as_they_were(cast: Cast, attachments: Path):
    """Their results stand in the session's field, and nobody has one of their own."""
    with cast.acts("safety_manager"):
        old = study(cast.a, values={"topic": "防滑", "hours": "2", "exam": "钱甬：92"})
        record_id = draft_record(draft=old)
        duties.seal_records(record_ids=[record_id])
        detail = queries.record(record_id)
    assert detail.values["exam"] == "钱甬：92"
    assert results(cast, record_id) == {}
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        assert detail.digest == Record.objects.get(pk=record_id).digest
