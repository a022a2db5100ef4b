"""The people concerned confirm the exact text of a sealed record, once; a revision asks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound
from anze.records.confirmations import actions, queries
from anze.records.confirmations.models import Confirmation
from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries as records
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.journal.models import Entry
from tests.cast import NOW, Cast


def letter(cast: Cast) -> Draft:
    return Draft(
        kind="target.letter",
        title="2026年安全生产责任书",
        happened_at=NOW - timedelta(days=1),
        values={"year": "2026", "content": "死亡事故为零"},
        parts=[
            PartInput(cast.a.principal, "signer"),
            PartInput(cast.a.drivers[0], "subject"),
            PartInput(cast.a.clerk, "subject"),
        ],
    )


def sealed(cast: Cast, draft: Draft) -> int:
    with cast.acts("safety_manager"):
        record = evidence.draft_record(draft=draft)
        duties.seal_records(record_ids=[record])
    return record


def digest_of(cast: Cast, record: int) -> str:
    with cast.acts("safety_manager"):
        return records.record(record).digest


def test_sealing_asks_those_whom_the_kind_names(cast: Cast) -> None:
    record = sealed(cast, letter(cast))
    with cast.acts("safety_manager"):
        rows = queries.confirmations_of(record)
        assert {row.person_id for row in rows} == {cast.a.drivers[0], cast.a.clerk}
        assert {(row.act, row.confirmed_at, row.digest) for row in rows} == {
            ("本人签字", None, digest_of(cast, record))
        }
        assert queries.waiting_counts([record]) == {record: 2}
        assert queries.mine() == []
    with cast.acts("driver"):
        [waiting] = queries.mine()
        assert (waiting.record_id, waiting.act, waiting.kind_name) == (record, "本人签字", "安全生产责任书")
    with cast.acts("other_safety_manager"):
        assert queries.confirmations_of(record) == []


def test_each_confirms_once_and_it_is_journalled(cast: Cast) -> None:
    record = sealed(cast, letter(cast))
    with cast.acts("driver"):
        assert actions.confirm(record_id=record, digest=digest_of(cast, record)) == "本人签字"
    with cast.acts("driver"):
        own = queries.own(record)
        assert own is not None
        assert (own.confirmed_at, own.method) == (NOW, "本人账号")
        assert queries.mine() == []
        with pytest.raises(actions.AlreadyConfirmed):
            actions.confirm(record_id=record, digest=own.digest)
    with cast.acts("safety_manager"):
        assert queries.waiting_counts([record]) == {record: 1}
        assert queries.waiting_people(record) == [cast.a.clerk]
        entry = Entry.objects.filter(action="confirmations.confirm").get()
        assert ["evidence.record", record, digest_of(cast, record)] in entry.rows


def test_the_database_keeps_what_was_given(cast: Cast) -> None:
    record = sealed(cast, letter(cast))
    with cast.acts("driver"):
        actions.confirm(record_id=record, digest=digest_of(cast, record))
    with cast.acts("driver"):
        rows = Confirmation.objects.exclude(confirmed_at=None)
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows.update(act="已阅")


def test_only_the_text_that_was_shown(cast: Cast) -> None:
    record = sealed(cast, letter(cast))
    with cast.acts("driver"), pytest.raises(actions.TextChanged, match="重新阅读"):
        actions.confirm(record_id=record, digest="0" * 64)


@pytest.mark.parametrize("member", ["safety_manager", "other_driver", "administrator"])
def test_who_is_not_asked_confirms_nothing(cast: Cast, member: str) -> None:
    record = sealed(cast, letter(cast))
    digest = digest_of(cast, record)
    with cast.acts(member), pytest.raises((NotFound, PermissionError, Exception)) as refused:
        actions.confirm(record_id=record, digest=digest)
    assert "确认" in str(refused.value) or "无权" in str(refused.value)


def test_a_revision_asks_again(cast: Cast) -> None:
    record = sealed(cast, letter(cast))
    with cast.acts("driver"):
        actions.confirm(record_id=record, digest=digest_of(cast, record))
    with cast.acts("safety_manager"):
        draft = evidence.revise_record(record_id=record)
        duties.seal_records(record_ids=[draft])
        assert queries.waiting_counts([record, draft]) == {draft: 2}
    with cast.acts("clerk"):
        assert [row.record_id for row in queries.mine()] == [draft]
        with pytest.raises(actions.TextChanged, match="已修订或作废"):
            actions.confirm(record_id=record, digest=digest_of(cast, record))


def test_a_void_record_asks_nobody(cast: Cast) -> None:
    record = sealed(cast, letter(cast))
    with cast.acts("safety_manager"):
        duties.void_records(record_ids=[record], reason="重复登记")
    with cast.acts("driver"):
        assert queries.mine() == []
        assert queries.own(record) is None


def test_who_was_not_there_is_not_asked(cast: Cast) -> None:
    draft = Draft(
        kind="training.induction",
        title="岗前培训",
        happened_at=NOW - timedelta(days=1),
        values={"topic": "安全操作规程"},
        parts=[
            PartInput(cast.a.drivers[0], "participant"),
            PartInput(cast.a.clerk, "participant", attendance="absent"),
        ],
    )
    record = sealed(cast, draft)
    with cast.acts("safety_manager"):
        assert queries.waiting_people(record) == [cast.a.drivers[0]]


def test_a_kind_that_asks_nobody(cast: Cast) -> None:
    draft = Draft(
        kind="attestation", title="声明", happened_at=NOW - timedelta(days=1), values={"statement": "已做"}
    )
    record = sealed(cast, replace(draft, parts=[PartInput(cast.a.principal, "signer")]))
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        assert queries.confirmations_of(record) == []
        assert queries.mine() == []
