"""Draft, sealed, superseded, void: numbers without gaps, content that never changes, also in the database."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.evidence import actions, queries
from anze.records.evidence.actions import AlreadySealed
from anze.records.evidence.content import digests
from anze.records.evidence.models import Participation, Record, Serial
from anze.records.evidence.sealing import mark_sealed, mark_void
from anze.records.journal import queries as journal
from anze.records.lawbook import lawbook
from tests.cast import NOW, Cast, meeting
from tests.records.evidence.test_files import JPEG, PDF


def drafts(cast: Cast, count: int = 1, **changes: Any) -> list[int]:
    with cast.acts("principal"):
        return [actions.draft_record(draft=meeting(cast.a, **changes)) for _ in range(count)]


def test_sealing_gives_number_instant_name_and_digest(cast: Cast) -> None:
    (record,) = drafts(cast)
    with cast.acts("safety_manager", NOW + timedelta(hours=1)):
        (marked,) = mark_sealed([record])
        detail = queries.record(record)
    assert (marked.id, marked.number, marked.kind) == (record, "LD-2026-0001", "meeting.leading-group")
    assert marked.superseded is None
    assert (detail.status, detail.status_label, detail.number) == ("sealed", "已封存", "LD-2026-0001")
    assert (detail.author_name, detail.sealed_by_name) == ("赵甬", "李甬")
    assert (detail.captured_at, detail.received_at) == (NOW, NOW + timedelta(hours=1))
    assert detail.lag_days == 1
    assert re.fullmatch("[0-9a-f]{64}", detail.digest)
    assert detail.digest == marked.digest


def test_the_seal_covers_content_participants_and_files(cast: Cast) -> None:
    def digest(**changes: Any) -> str:
        with cast.acts("principal"):
            record = Record.objects.get(pk=first)
            for name, value in changes.items():
                setattr(record, name, value)
            return digests([record])[first]

    (first,) = drafts(cast)
    plain = digest()
    assert digest() == plain
    for change in (
        {"title": "别的"},
        {"values": {}},
        {"number": "X"},
        {"salt": "0"},
        {"hours": 1},
        {"revises_id": 9},
    ):
        assert digest(**change) != plain, change
    with cast.acts("principal"):
        actions.attach_file(record_id=first, name="一.jpg", chunks=[JPEG])
    with_file = digest()
    assert with_file != plain
    with cast.acts("principal"):
        Participation.objects.filter(record=first, role="recorder").update(attendance="absent")
    assert digest() not in {plain, with_file}


def test_two_records_alike_have_different_seals(cast: Cast) -> None:
    with cast.acts("principal"):
        first, second = mark_sealed(drafts(cast, 2))
    assert first.digest != second.digest
    assert (first.number, second.number) == ("LD-2026-0001", "LD-2026-0002")


def test_sealed_twice_is_refused_in_clear_words(cast: Cast) -> None:
    (record,) = drafts(cast)
    with cast.acts("principal"):
        mark_sealed([record])
        with pytest.raises(AlreadySealed, match="已封存，编号 LD-2026-0001：不能再次封存"):
            mark_sealed([record])
        with pytest.raises(AlreadySealed):
            actions.edit_draft(record_id=record, draft=meeting(cast.a))
        with pytest.raises(AlreadySealed):
            actions.discard_drafts(record_ids=[record])
        assert Record.objects.filter(pk=record).exists()


def test_all_are_sealed_or_none(cast: Cast) -> None:
    first, second = drafts(cast, 2)
    with cast.acts("principal"):
        mark_sealed([second])
        with pytest.raises(AlreadySealed), transaction.atomic():
            mark_sealed([first, second])
        assert queries.record(first).status == "draft"
        assert mark_sealed([first])[0].number == "LD-2026-0002"


def test_who_may_seal(cast: Cast) -> None:
    (record,) = drafts(cast)
    for member in ("clerk", "driver", "officer"):
        with cast.acts(member), pytest.raises(NotPermitted):
            mark_sealed([record])
    for member in ("monitor", "other_principal"):
        with cast.acts(member), pytest.raises(NotFound):
            mark_sealed([record])
    with cast.acts("monitor"):
        own = actions.draft_record(draft=meeting(cast.a, parts=[]))
        assert mark_sealed([own])[0].number == "LD-2026-0001"
    with cast.acts("principal"), pytest.raises(NotFound):
        mark_sealed([])


def test_a_holder_seals_only_what_they_wrote(cast: Cast) -> None:
    (record,) = drafts(cast, parts=[actions.PartInput(cast.a.monitor, "participant")])
    with cast.acts("monitor"):
        assert queries.record(record).mine is False
        with pytest.raises(NotPermitted, match="本人填写"):
            mark_sealed([record])
        with pytest.raises(NotPermitted, match="本人填写"):
            actions.edit_draft(record_id=record, draft=meeting(cast.a))


def test_numbers_run_by_prefix_and_by_the_year_of_sealing(cast: Cast) -> None:
    first, second, third = drafts(cast, 3)
    with cast.acts("principal"):
        other = actions.draft_record(
            draft=meeting(cast.a, kind="meeting.safety", values={"type": "regular", "minutes": "记"})
        )
        numbers = [m.number for m in mark_sealed([second, other, first])]
        assert numbers == ["LD-2026-0001", "LD-2026-0002", "HY-2026-0001"]
    with cast.acts("principal", NOW + timedelta(days=60)):
        assert mark_sealed([third])[0].number == "LD-2027-0001"


def test_a_number_is_not_lost_with_a_failed_act(cast: Cast) -> None:
    first, second = drafts(cast, 2)
    with cast.acts("principal"):
        with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
            _seal_and_die(first)
        assert mark_sealed([second])[0].number == "LD-2026-0001"
        assert mark_sealed([first])[0].number == "LD-2026-0002"


def _seal_and_die(record: int) -> None:
    mark_sealed([record])
    raise RuntimeError("killed")


def test_numbers_have_no_gaps_when_many_seal_at_once(committed_cast: Cast) -> None:
    cast = committed_cast
    records = drafts(cast, 12)

    def seal(record: int) -> str:
        try:
            with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
                number = mark_sealed([record])[0].number
                if record % 4 == 0:
                    raise RuntimeError("killed")
                return number
        except RuntimeError:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(filter(None, pool.map(seal, records)))
    assert numbers == [f"LD-2026-{n:04d}" for n in range(1, len(numbers) + 1)]
    with cast.acts("principal"):
        assert Serial.objects.get().last == len(numbers)


def test_one_record_sealed_by_two_at_once_is_sealed_once(committed_cast: Cast) -> None:
    cast = committed_cast
    (record,) = drafts(cast)

    def seal(_: int) -> str:
        try:
            with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
                return mark_sealed([record])[0].number
        except AlreadySealed as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(seal, range(4)))
    assert answers.count("LD-2026-0001") == 1
    assert sum("不能再次封存" in answer for answer in answers) == 3


def test_a_void_record_keeps_its_number_and_says_why(cast: Cast) -> None:
    (record,) = drafts(cast)
    with cast.acts("principal"):
        mark_sealed([record])
        for reason in ("", "  ", "长" * 501):
            with pytest.raises(Refused, match="作废原因"):
                mark_void([record], reason)
        (marked,) = mark_void([record], " 重复录入 ")
        detail = queries.record(record)
        assert (marked.number, detail.number, detail.status_label) == (
            "LD-2026-0001",
            "LD-2026-0001",
            "已作废",
        )
        assert (detail.void_reason, detail.voided_at) == ("重复录入", NOW)
        with pytest.raises(Refused, match="不能作废"):
            mark_void([record], "再来")
        with pytest.raises(Refused, match="已作废"):
            mark_sealed([record])
        assert queries.facts_of(cast.a.id) == []
        (again,) = drafts(cast)
        assert mark_sealed([again])[0].number == "LD-2026-0002"


def test_drafts_are_discarded_not_voided(cast: Cast) -> None:
    first, second = drafts(cast, 2)
    with cast.acts("principal"):
        with pytest.raises(Refused, match="不能作废"):
            mark_void([first], "不要了")
        actions.attach_file(record_id=first, name="一.pdf", chunks=[PDF])
        actions.discard_drafts(record_ids=[first, second])
        assert not Record.objects.exists()
        assert not Participation.objects.exists()
        assert len(journal.entries(company_id=cast.a.id).rows[0].rows) == 2
        actions.discard_drafts(record_ids=[])
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        mark_void([first], "x")


def test_a_revision_supersedes_once_it_is_sealed(cast: Cast) -> None:
    (old,) = drafts(cast)
    with cast.acts("principal"):
        actions.attach_file(record_id=old, name="一.jpg", chunks=[JPEG])
        mark_sealed([old])
        new = actions.revise_record(record_id=old)
        assert queries.record(old).status == "sealed"
        assert queries.record(old).revised_by == new
        copied = queries.record(new)
        assert copied.revises == old
        assert [a.sha256 for a in copied.attachments] == [a.sha256 for a in queries.record(old).attachments]
        assert copied.parts == queries.record(old).parts
        with pytest.raises(Refused, match="已有修订稿"):
            actions.revise_record(record_id=old)
        actions.edit_draft(record_id=new, draft=meeting(cast.a, title="更正后的会议"))
        (marked,) = mark_sealed([new])
        assert (marked.superseded, marked.number) == (old, "LD-2026-0002")
        assert queries.record(old).status_label == "已修订"
        assert [row.id for row in queries.record(old).history] == [old, new]
        assert queries.record(new).history == queries.record(old).history
        assert [fact.id for fact in queries.facts_of(cast.a.id)] == [new]
        for not_sealed in (old, actions.draft_record(draft=meeting(cast.a))):
            with pytest.raises(Refused, match="可以修订"):
                actions.revise_record(record_id=not_sealed)


def test_a_revision_of_a_voided_record_cannot_be_sealed(cast: Cast) -> None:
    (old,) = drafts(cast)
    with cast.acts("principal"):
        mark_sealed([old])
        new = actions.revise_record(record_id=old)
        mark_void([old], "录错")
        with pytest.raises(Refused, match="不能再封存它的修订稿"):
            mark_sealed([new])


def test_an_answer_follows_its_event_to_the_revision(cast: Cast) -> None:
    event_values = {"level": _first_level(), "place": "国道", "deaths": "0", "injuries": "1", "brief": "追尾"}
    with cast.acts("principal"):
        accident = actions.draft_record(
            draft=meeting(cast.a, kind="accident.notice", values=event_values, parts=[])
        )
        mark_sealed([accident])
        answer = actions.draft_record(draft=meeting(cast.a, about=accident))
        mark_sealed([answer])
        revised = actions.revise_record(record_id=accident)
        mark_sealed([revised])
        facts = {fact.id: fact.about for fact in queries.facts_of(cast.a.id)}
    assert facts == {answer: revised, revised: None}


def test_an_answer_to_a_voided_event_cannot_be_sealed(cast: Cast) -> None:
    values = {"level": _first_level(), "place": "国道", "deaths": "0", "injuries": "1", "brief": "追尾"}
    with cast.acts("principal"):
        accident = actions.draft_record(
            draft=meeting(cast.a, kind="accident.notice", values=values, parts=[])
        )
        mark_sealed([accident])
        answer = actions.draft_record(draft=meeting(cast.a, about=accident))
        mark_void([accident], "误报")
        with pytest.raises(actions.InvalidDraft) as refusal:
            mark_sealed([answer])
    assert "已作废，请改选" in refusal.value.errors["about"]


def _first_level() -> str:
    return next(iter(next(f for f in lawbook().kinds["accident.notice"].fields if f.id == "level").choices))


CHANGES = [
    "UPDATE evidence_record SET title = '改' WHERE id = %(id)s",
    "UPDATE evidence_record SET number = 'LD-2026-0009' WHERE id = %(id)s",
    "UPDATE evidence_record SET status = 'draft', number = NULL WHERE id = %(id)s",
    "UPDATE evidence_record SET values = '{}' WHERE id = %(id)s",
    "UPDATE evidence_record SET happened_at = now() WHERE id = %(id)s",
    "DELETE FROM evidence_record WHERE id = %(id)s",
    "UPDATE evidence_participation SET attendance = 'absent' WHERE record_id = %(id)s",
    "DELETE FROM evidence_participation WHERE record_id = %(id)s",
    "INSERT INTO evidence_subject (company_id, record_id, subject_type, subject) "
    "SELECT company_id, id, 'vehicle', 1 FROM evidence_record WHERE id = %(id)s",
    "UPDATE evidence_attachment SET sha256 = repeat('0', 64) WHERE record_id = %(id)s",
    "DELETE FROM evidence_attachment WHERE record_id = %(id)s",
]


@pytest.mark.parametrize("sql", CHANGES)
@pytest.mark.parametrize("state", ["sealed", "void"])
def test_the_database_refuses_to_change_what_was_sealed(cast: Cast, sql: str, state: str) -> None:
    (record,) = drafts(cast)
    with cast.acts("principal"):
        actions.attach_file(record_id=record, name="一.jpg", chunks=[JPEG])
        mark_sealed([record])
        if state == "void":
            mark_void([record], "录错")
        with (
            pytest.raises(IntegrityError, match=r"never changes|never deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, {"id": record})


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_even_the_owner_of_the_tables_does_not_change_a_sealed_record(
    committed_cast: Cast, owner_rows: Any
) -> None:
    (record,) = drafts(committed_cast)
    with committed_cast.acts("principal"):
        mark_sealed([record])
    with pytest.raises(psycopg.IntegrityError, match="never changes"):
        owner_rows.execute("UPDATE evidence_record SET title = '改' WHERE id = %s", [record])


def test_a_part_does_not_move_to_another_record(cast: Cast) -> None:
    first, second = drafts(cast, 2)
    with cast.acts("principal"):
        Participation.objects.filter(record=second).delete()
        with pytest.raises(IntegrityError, match="stays with its record"), transaction.atomic():
            Participation.objects.filter(record=first).update(record=second)
