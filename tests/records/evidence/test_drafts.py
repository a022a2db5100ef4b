"""Writing drafts: what may be edited, by whom, and in which company."""

from __future__ import annotations

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotPermitted, Refused
from anze.records.evidence import actions, queries
from anze.records.evidence.actions import InvalidDraft, PartInput
from anze.records.journal import queries as journal
from tests.cast import NOW, Cast, meeting


def test_an_edit_replaces_what_the_draft_says(cast: Cast) -> None:
    with cast.acts("principal"):
        record = actions.draft_record(draft=meeting(cast.a))
    with cast.acts("safety_manager"):
        changed = meeting(cast.a, title="改期的会议", parts=[PartInput(cast.a.clerk, "chair")])
        actions.edit_draft(record_id=record, draft=changed)
        detail = queries.record(record)
        assert (detail.title, [p.person_name for p in detail.parts]) == ("改期的会议", ["冯甬"])
        assert (detail.author_name, detail.captured_at, detail.mine) == ("赵甬", NOW, False)
        acts = [entry.action for entry in journal.entries(company_id=cast.a.id).rows[:2]]
        assert acts == ["evidence.edit", "evidence.draft"]


def test_a_draft_keeps_its_kind(cast: Cast) -> None:
    with cast.acts("principal"):
        record = actions.draft_record(draft=meeting(cast.a))
        with pytest.raises(InvalidDraft) as refusal:
            actions.edit_draft(record_id=record, draft=meeting(cast.a, kind="meeting.safety"))
    assert set(refusal.value.errors) == {"kind"}


def test_who_may_write(cast: Cast) -> None:
    for member in ("clerk", "officer", "stranger_officer", "administrator"):
        with cast.acts(member), pytest.raises(NotPermitted):
            actions.draft_record(draft=meeting(cast.a))
    with cast.acts("driver"):
        assert queries.record(actions.draft_record(draft=meeting(cast.a, parts=[]))).mine


def test_a_scope_of_several_companies_names_one(cast: Cast) -> None:
    with acting(SYSTEM, reads=(cast.a.id, cast.b.id), at=NOW):
        with pytest.raises(ValueError, match="name one"):
            actions.draft_record(draft=meeting(cast.a))
        ours = actions.draft_record(draft=meeting(cast.a), company_id=cast.a.id)
        theirs = actions.draft_record(draft=meeting(cast.b), company_id=cast.b.id)
        with pytest.raises(Refused, match="同一家企业"):
            actions.discard_drafts(record_ids=[ours, theirs])
        assert queries.records().total == 2
