"""The leader's hand: opening, marking, adding, withdrawing; and what the roll says."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.evidence import roll_calls
from anze.records.evidence.actions import PartInput, draft_record
from anze.records.evidence.models import Attachment, RollCall
from anze.records.evidence.roll_queries import roll_of
from tests.cast import Cast
from tests.records.evidence.rooms import arrives, called, study


def standing(cast: Cast, record_id: int) -> dict[str, str]:
    with cast.acts("safety_manager"):
        return {row.name: row.attendance for row in roll_of(record_id).rows}


def test_opening_marks_who_takes_part_as_missing_and_nobody_else(cast: Cast):
    excused = PartInput(cast.a.clerk, "participant", "excused")
    record_id = called(cast, parts=[*study(cast.a).parts, excused])
    assert standing(cast, record_id) == {
        "钱甬": "absent",
        "孙甬": "absent",
        "冯甬": "excused",
        "李甬": "attended",
    }


def test_opening_again_changes_nobody(cast: Cast):
    record_id = called(cast)
    with cast.acts("safety_manager"):
        roll_calls.mark(record_id=record_id, person_id=cast.a.drivers[0], attendance="attended")
        roll_calls.close_roll_call(record_id=record_id)
        assert not roll_of(record_id).open
        roll_calls.open_roll_call(record_id=record_id)
        assert roll_of(record_id).open
        assert RollCall.objects.count() == 1
    assert standing(cast, record_id)["钱甬"] == "attended"


def test_a_kind_without_attendance_has_no_roll_call(cast: Cast):
    with cast.acts("safety_manager"):
        record_id = draft_record(
            draft=study(
                cast.a, kind="training.plan-review", values={}, parts=[PartInput(cast.a.clerk, "inspector")]
            )
        )
        with pytest.raises(roll_calls.NoRollCall, match="不登记到场情况"):
            roll_calls.open_roll_call(record_id=record_id)


def test_marking_by_hand(cast: Cast):
    record_id, (first, second) = called(cast), cast.a.drivers
    with cast.acts("safety_manager"):
        roll_calls.mark(record_id=record_id, person_id=first, attendance="attended")
        roll_calls.mark(record_id=record_id, person_id=second, attendance="excused")
        with pytest.raises(Refused, match="只能是到场、请假或缺席"):
            roll_calls.mark(record_id=record_id, person_id=second, attendance="late")
        for nobody in (cast.a.clerk, cast.b.drivers[0], 0):
            with pytest.raises(NotFound):
                roll_calls.mark(record_id=record_id, person_id=nobody, attendance="attended")
    assert standing(cast, record_id) == {"钱甬": "attended", "孙甬": "excused", "李甬": "attended"}


def test_a_signature_is_withdrawn_before_anybody_is_marked_away(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    arrives(cast, record_id, driver)
    with cast.acts("safety_manager"):
        with pytest.raises(roll_calls.SignedThemselves, match="先撤销签名"):
            roll_calls.mark(record_id=record_id, person_id=driver, attendance="absent")
        (row,) = roll_of(record_id).signed
        assert (row.name, row.signed_by) == ("钱甬", "手机尾号")
        assert row.picture is not None
        roll_calls.withdraw_signature(record_id=record_id, person_id=driver)
        assert not Attachment.objects.filter(record=record_id).exists()
        with pytest.raises(NotFound, match="没有现场签名"):
            roll_calls.withdraw_signature(record_id=record_id, person_id=driver)
    assert standing(cast, record_id)["钱甬"] == "absent"
    arrives(cast, record_id, driver)  # and may sign in person, on the same telephone
    assert standing(cast, record_id)["钱甬"] == "attended"


def test_somebody_without_a_telephone_is_added_by_hand(cast: Cast):
    record_id = called(cast)
    with cast.acts("safety_manager"):
        roll_calls.add_person(record_id=record_id, person_id=cast.a.clerk)
        with pytest.raises(Refused, match="已在名单中"):
            roll_calls.add_person(record_id=record_id, person_id=cast.a.clerk)
        with pytest.raises(NotFound):
            roll_calls.add_person(record_id=record_id, person_id=cast.b.clerk)
    assert standing(cast, record_id)["冯甬"] == "attended"


def test_only_who_holds_the_draft(cast: Cast):
    record_id = called(cast)
    with cast.acts("driver"), pytest.raises(NotPermitted):
        roll_calls.close_roll_call(record_id=record_id)
    with cast.acts("other_safety_manager"), pytest.raises(NotFound):
        roll_calls.open_roll_call(record_id=record_id)
    with cast.acts("officer"), pytest.raises(Refused):
        roll_calls.open_roll_call(record_id=record_id)
