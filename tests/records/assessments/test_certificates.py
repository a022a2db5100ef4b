"""Certificates of a grade as they are registered, and as the company and its bureau see them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from anze.records.acting.errors import NotPermitted, Refused
from anze.records.assessments.certificates import certificates, certificates_of, held_on
from anze.records.duties.actions import seal_records, void_records
from anze.records.evidence.actions import Draft, PartInput, attach_file, draft_record
from anze.rules.assessment.certificates import Validity
from anze.rules.periods import midnight
from tests.cast import Cast
from tests.isolation.doors import PNG

NUMBER = "2024-33-000123"


def noon(day: date) -> datetime:
    return midnight(day) + timedelta(hours=12)


def registered(cast: Cast, kind: str, on: date, **values: str) -> int:
    """With a scan."""
    with cast.acts("safety_manager"):
        draft = Draft(
            kind=kind,
            title=kind,
            happened_at=noon(on),
            values=values,
            parts=[PartInput(cast.a.safety_manager, "recorder")],
        )
        record = draft_record(draft=draft)
        attach_file(record_id=record, name="证书.png", chunks=[PNG])
        seal_records(record_ids=[record])
    return record


def certificate(cast: Cast, on: date = date(2025, 2, 3), **changes: str) -> int:
    values = {"number": NUMBER, "grade": "second", "issuer": "甬城市交通运输局", "expires": "2027-01-31"}
    return registered(cast, "assessment.certificate", on, **(values | changes))


def change(cast: Cast, step: str, on: date, **changes: str) -> int:
    values = {"number": NUMBER, "type": step, "issuer": "甬城市交通运输局", "ground": "甬交〔2026〕7号"}
    return registered(cast, "assessment.change", on, **(values | {"reason": "发生较大事故"} | changes))


def test_the_certificate_is_seen_with_its_grade_and_end(cast: Cast) -> None:
    record = certificate(cast)
    with cast.acts("safety_manager"):
        newest = certificates(cast.a.id).newest
        assert newest is not None
        assert (newest.record_id, newest.grade, newest.last) == (record, "二级", date(2027, 1, 31))
        assert newest.standing.state is Validity.SOON
        assert newest.holds
        assert not newest.too_long
    with cast.acts("other_safety_manager"):
        assert certificates(cast.b.id).newest is None


def test_a_scan_is_asked_for(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        values = {"number": NUMBER, "grade": "second", "issuer": "局", "expires": "2027-01-31"}
        parts = [PartInput(cast.a.safety_manager, "recorder")]
        draft = Draft("assessment.certificate", "证书", noon(date(2025, 2, 3)), values=values, parts=parts)
        record = draft_record(draft=draft)
        with pytest.raises(Refused, match="扫描件"):
            seal_records(record_ids=[record])


def test_suspended_restored_and_withdrawn_with_reason_and_ground(cast: Cast) -> None:
    certificate(cast)
    change(cast, "suspended", date(2026, 3, 1))
    with cast.acts("safety_manager"):
        newest = certificates(cast.a.id).newest
        assert newest is not None
        assert newest.standing.state is Validity.SUSPENDED
        assert [(c.step, c.reason, c.ground) for c in newest.changes] == [
            ("暂停", "发生较大事故", "甬交〔2026〕7号")
        ]
    change(cast, "restored", date(2026, 5, 1))
    last = change(cast, "withdrawn", date(2026, 10, 1), number=" 2024－33－000123 ")
    with cast.acts("safety_manager"):
        found = certificates(cast.a.id)
        assert found.newest is not None
        assert found.newest.standing.state is Validity.WITHDRAWN
        assert not found.newest.holds
        void_records(record_ids=[last], reason="登记错了企业")
        assert certificates(cast.a.id).rows[0].standing.state is Validity.SOON


def test_a_change_of_an_unknown_number_counts_for_nothing_and_is_told(cast: Cast) -> None:
    certificate(cast)
    change(cast, "withdrawn", date(2026, 3, 1), number="2020-33-000001")
    with cast.acts("safety_manager"):
        found = certificates(cast.a.id)
        assert found.rows[0].standing.state is Validity.SOON
        assert [c.number for c in found.strange] == ["2020-33-000001"]


def test_a_renewal_replaces_it_and_one_that_lasts_too_long_is_marked(cast: Cast) -> None:
    certificate(cast)
    certificate(cast, date(2026, 11, 2), number="2026-33-000009", grade="first", expires="2030-11-01")
    with cast.acts("safety_manager"):
        newest, earlier = certificates(cast.a.id).rows
        assert (newest.grade, newest.standing.state) == ("一级", Validity.VALID)
        assert newest.too_long
        assert earlier.standing.state is Validity.REPLACED


def test_the_bureau_reads_those_of_all_its_companies(cast: Cast) -> None:
    certificate(cast)
    with cast.acts("officer"):
        found = certificates_of([cast.a.id, cast.b.id])
        assert found[cast.a.id].newest is not None
        assert found[cast.b.id].newest is None
        assert held_on([cast.a.id], date(2025, 2, 2))[cast.a.id] == ()
    with cast.acts("stranger_officer"):
        assert certificates_of([cast.a.id])[cast.a.id].newest is None
    with cast.acts("driver"), pytest.raises(NotPermitted):
        certificates_of([cast.a.id])
