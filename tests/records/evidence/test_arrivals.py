"""Who scanned signs once, for themselves; everything else is refused, and nothing of it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.acting.context import acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import actions as duties
from anze.records.evidence import arrivals, queries, roll_calls
from anze.records.evidence.actions import discard_drafts, draft_record, edit_draft, revise_record
from anze.records.evidence.content import contents
from anze.records.evidence.files import path_of
from anze.records.evidence.models import Attachment, Participation, Record, RollCall
from anze.records.journal.models import Entry
from anze.records.people.models import Person
from tests.cast import NOW, Cast
from tests.records.evidence.rooms import OTHER_PHONE, arrives, called, drawn, study


def part(cast: Cast, record_id: int, person: int) -> Participation:
    with cast.acts("safety_manager"):
        return Participation.objects.get(record=record_id, person=person)


def test_who_signs_stands_as_attended_with_time_and_picture(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    assert part(cast, record_id, driver).attendance == "absent"
    arrival = arrives(cast, record_id, driver)
    own = part(cast, record_id, driver)
    assert (own.attendance, own.signed_at, own.signed_by) == ("attended", NOW, "telephone")
    assert arrival.name == "钱甬"
    assert path_of(own.signature).read_bytes() == arrival.picture
    assert arrival.picture.startswith(b"\x89PNG")
    with cast.acts("safety_manager"):
        file = Attachment.objects.get(record=record_id, sha256=own.signature)
        assert (file.purpose, file.name, file.media_type) == ("signature", "签名 钱甬.png", "image/png")
        entry = Entry.objects.get(action="evidence.arrive")
        assert entry.actor == f"person:{driver}"


def test_an_account_signs_for_its_own_person(cast: Cast):
    record_id = called(cast)
    with cast.acts("driver"):
        arrivals.arrive(record_id=record_id, device=OTHER_PHONE, strokes=drawn())
    assert part(cast, record_id, cast.a.drivers[0]).signed_by == "account"


def test_who_stands_on_no_list_is_added(cast: Cast):
    record_id = called(cast)
    arrives(cast, record_id, cast.a.clerk)
    own = part(cast, record_id, cast.a.clerk)
    assert (own.role, own.attendance) == ("participant", "attended")


def test_nobody_signs_twice(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    arrives(cast, record_id, driver)
    with pytest.raises(arrivals.ArrivedAlready, match="钱甬已签到"):
        arrives(cast, record_id, driver, strokes=drawn(7))


def test_one_telephone_signs_for_one_person(cast: Cast):
    record_id, (first, second) = called(cast), cast.a.drivers
    arrives(cast, record_id, first)
    with pytest.raises(arrivals.DeviceTaken, match="已为钱甬签过到"):
        arrives(cast, record_id, second)
    arrives(cast, record_id, second, device=OTHER_PHONE)


def test_one_drawing_is_not_two_peoples(cast: Cast):
    record_id, (first, second) = called(cast), cast.a.drivers
    arrives(cast, record_id, first, strokes=drawn(3))
    with pytest.raises(arrivals.WrongSignature, match="与他人的完全相同"):
        arrives(cast, record_id, second, device=OTHER_PHONE, strokes=drawn(3))
    assert part(cast, record_id, second).signed_at is None


@pytest.mark.parametrize(
    ("strokes", "word"), [("", "还没有签名"), ("[[1,1]]", "太短"), ("[[" * 60_000, "过大")]
)
def test_what_is_no_signature_is_refused(cast: Cast, strokes: str, word: str):
    record_id = called(cast)
    with pytest.raises(arrivals.WrongSignature, match=word):
        arrives(cast, record_id, cast.a.drivers[0], strokes=strokes)
    with cast.acts("safety_manager"):
        assert not Attachment.objects.filter(record=record_id).exists()


def test_only_while_the_roll_is_called(cast: Cast):
    driver = cast.a.drivers[0]
    with cast.acts("safety_manager"):
        quiet = draft_record(draft=study(cast.a))
    with pytest.raises(arrivals.RollCallClosed, match="没有开始或已经结束"):
        arrives(cast, quiet, driver)
    record_id = called(cast)
    with cast.acts("safety_manager"):
        roll_calls.close_roll_call(record_id=record_id)
    with pytest.raises(arrivals.RollCallClosed, match="已经结束"):
        arrives(cast, record_id, driver)
    with cast.acts("safety_manager"):
        roll_calls.open_roll_call(record_id=record_id)
        duties.seal_records(record_ids=[record_id])
    with pytest.raises(arrivals.RollCallClosed, match="已封存"):
        arrives(cast, record_id, driver)


def test_another_companys_person_finds_no_session(cast: Cast):
    record_id = called(cast)
    with cast.acts("other_driver"), pytest.raises(NotFound):
        arrivals.arrive(record_id=record_id, device=OTHER_PHONE, strokes=drawn())
    with pytest.raises(NotFound):
        arrives(cast, record_id, cast.b.drivers[0], company=cast.b)
    with pytest.raises(NotFound):  # a foreign person under our own scope
        arrives(cast, record_id, cast.b.drivers[0])


def test_who_only_scanned_may_do_nothing(cast: Cast):
    record_id = called(cast)
    with acting(arrivals.visitor(cast.a.id), reads=(cast.a.id,), at=NOW):
        assert arrivals.call_of(record_id).title == "十一月驾驶员安全学习"
        with pytest.raises(NotPermitted):
            arrivals.arrive(record_id=record_id, device=OTHER_PHONE, strokes=drawn())


def test_who_left_the_company_does_not_sign(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    with cast.acts("safety_manager"):
        Person.objects.filter(pk=driver).update(left_on=NOW.date())
    with pytest.raises(Refused, match="不在职"):
        arrives(cast, record_id, driver)


def identified(cast: Cast, record_id: int, name: str, tail: str) -> tuple[int, str] | None:
    with acting(arrivals.visitor(cast.a.id), reads=(cast.a.id,), at=NOW):
        return arrivals.identify(record_id=record_id, name=name, tail=tail)


def test_name_and_last_digits_tell_who_it_is(cast: Cast):
    record_id = called(cast)
    assert identified(cast, record_id, " 钱 甬", "0003") == (cast.a.drivers[0], "钱甬")
    assert identified(cast, record_id, "钱甬", "0004") is None
    assert identified(cast, record_id, "钱海", "0003") is None  # of the other company
    with cast.acts("safety_manager"):
        assert RollCall.objects.get(record=record_id).misses == 2


def test_guessing_ends(cast: Cast):
    record_id = called(cast)
    with cast.acts("safety_manager"):
        RollCall.objects.update(misses=arrivals.MOST_MISSES)
    with pytest.raises(Refused, match="次数过多"):
        identified(cast, record_id, "钱甬", "0003")
    with cast.acts("safety_manager"):  # opened anew by hand
        roll_calls.close_roll_call(record_id=record_id)
        roll_calls.open_roll_call(record_id=record_id)
    assert identified(cast, record_id, "钱甬", "0003") is not None


def test_the_seal_covers_signatures(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    with cast.acts("safety_manager"):
        before = contents([Record.objects.get(pk=record_id)])[record_id]
    arrives(cast, record_id, driver)
    with cast.acts("safety_manager"):
        after = contents([Record.objects.get(pk=record_id)])[record_id]
        own = Participation.objects.get(record=record_id, person=driver)
    signed = {"signed_at": "2026-11-20T02:00:00.000000+00:00", "by": "telephone", "signature": own.signature}
    assert [driver, "participant", "attended", None, signed] in after["parts"]
    assert [row[0] for row in after["attachments"]] == [own.signature]
    assert all(len(row) == 4 for row in before["parts"])  # older digests know of no signatures


def test_a_sealed_signature_never_changes(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    arrives(cast, record_id, driver)
    with cast.acts("safety_manager"):
        duties.seal_records(record_ids=[record_id])
        for act in (
            lambda: roll_calls.withdraw_signature(record_id=record_id, person_id=driver),
            lambda: roll_calls.mark(record_id=record_id, person_id=driver, attendance="absent"),
            lambda: roll_calls.open_roll_call(record_id=record_id),
        ):
            with pytest.raises(Refused, match="已封存"):
                act()


def test_a_form_opened_before_takes_no_signature_away(cast: Cast):
    """The form still says what it was opened with: nobody there, one person not even listed."""
    record_id, (first, second) = called(cast), cast.a.drivers
    arrives(cast, record_id, first)
    arrives(cast, record_id, second, device=OTHER_PHONE)
    opened = study(cast.a)
    stale = [p for p in opened.parts if p.person_id != second]
    with cast.acts("safety_manager"):
        edit_draft(record_id=record_id, draft=study(cast.a, parts=stale, title="改了标题"))
        detail = queries.record(record_id)
    assert detail.title == "改了标题"
    assert {p.person_id for p in detail.parts if p.signed_at} == {first, second}
    assert all(p.attendance == "attended" for p in detail.parts)
    assert part(cast, record_id, second).device == OTHER_PHONE


def test_a_revision_keeps_signatures_a_discarded_draft_nothing(cast: Cast):
    record_id, driver = called(cast), cast.a.drivers[0]
    arrives(cast, record_id, driver)
    with cast.acts("safety_manager"):
        duties.seal_records(record_ids=[record_id])
        revised = revise_record(record_id=record_id)
        detail = queries.record(revised)
        assert [p.person_id for p in detail.parts if p.signed_at] == [driver]
        assert len(detail.signatures) == 1
        assert detail.attachments == ()
        discard_drafts(record_ids=[revised])
    other = called(cast)
    arrives(cast, other, driver, at=NOW + timedelta(minutes=1))
    with cast.acts("safety_manager"):
        discard_drafts(record_ids=[other])
        assert not RollCall.objects.filter(record=other).exists()
        assert not Record.objects.filter(pk=other).exists()
