"""What is kept of the newest records says what the records say, whatever was sealed and voided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anze.records.acting.context import current
from anze.records.dossiers.expiries import expiries
from anze.records.dossiers.newest import Newest, VehicleRecord, newest_of_vehicles, newest_papers
from anze.records.duties.actions import seal_records, void_records
from anze.records.evidence import actions as evidence
from anze.records.evidence import newest
from anze.records.evidence.models import Newest as NewestRow
from anze.records.evidence.models import NewestKept
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import company
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import licence, sealed

DAY = timedelta(days=1)
OLD = TODAY - 300 * DAY

Found = tuple[Mapping[str, Newest], Mapping[str, Newest], Mapping[tuple[str, str], set[VehicleRecord]]]


def found(cast: Cast) -> Found:
    certificates = list(lawbook().dossiers.certificates.values())
    with cast.acts("safety_manager"):
        people, vehicles = (
            {
                key: Newest(one.held, sorted(one.near))
                for key, one in newest_papers(cast.a.id, certificates, of=of, on=TODAY, warns=5000).items()
            }
            for of in ("person", "vehicle")
        )
        return people, vehicles, {key: set(rows) for key, rows in newest_of_vehicles(cast.a.id).items()}


def looked_up(cast: Cast) -> Found:
    """The same from the records, as before anything was kept."""
    with cast.acts("safety_manager"):
        NewestRow.objects.all().delete()
        NewestKept.objects.all().delete()
    return found(cast)


SAID = {
    "health.checkup": {"institution": "市人民医院"},
    "driver.screening": {"institution": "市人民医院", "conclusion": "fit"},
    "driver.appraisal": {"period": "三季度", "result": "passed"},
}


def check(cast: Cast, kind: str, on: int) -> int:
    people = {cast.a.drivers[0]: "subject"}
    return sealed(cast, kind, on=TODAY - on * DAY, values=SAID[kind], people=people)


def insured(cast: Cast, kind: str, on: int, *vehicles: int) -> int:
    values = {"type": kind, "insurer": "甬财险", "expires": str(TODAY + 30 * DAY)}
    return sealed(cast, "vehicle.insurance", on=TODAY - on * DAY, values=values, vehicles=vehicles)


def maintained(cast: Cast, level: str, on: int, mileage: int = 1000) -> int:
    values = {"level": level, "mileage": str(mileage), "place": "修理厂"}
    day = TODAY - on * DAY
    return sealed(cast, "vehicle.maintenance", on=day, values=values, vehicles=cast.a.vehicles[:1])


def void(cast: Cast, *records: int) -> None:
    with cast.acts("safety_manager"):
        void_records(record_ids=records, reason="登记错误")


def filled(cast: Cast) -> list[int]:
    """Papers of several kinds, some of one day, some entered out of order."""
    first, second = cast.a.vehicles
    return [
        check(cast, "health.checkup", 40),
        check(cast, "health.checkup", 400),
        check(cast, "driver.screening", 20),
        check(cast, "driver.screening", 20),
        licence(cast, first, on=OLD, registered="2020-01-01", expires="2027-01-01"),
        insured(cast, "compulsory", 100, first, second),
        insured(cast, "carrier", 90, first),
        insured(cast, "compulsory", 10, second),
        maintained(cast, "first", 5),
        maintained(cast, "second", 50),
        maintained(cast, "first", 35),
    ]


def test_what_is_kept_says_what_the_records_say(cast: Cast) -> None:
    filled(cast)
    kept = found(cast)
    assert set(kept[0]) == {"checkup", "screening"}
    assert set(kept[1]) == {"licence", "compulsory", "carrier"}
    assert set(kept[2]) == {
        ("vehicle.licence", ""),
        ("vehicle.maintenance", "first"),
        ("vehicle.maintenance", "second"),
    }
    assert kept == looked_up(cast)


@pytest.mark.parametrize("gone", range(11))
def test_a_void_record_leaves_the_word_to_the_one_before(cast: Cast, gone: int) -> None:
    void(cast, filled(cast)[gone])
    assert found(cast) == looked_up(cast)


def test_a_revision_may_be_about_others(cast: Cast) -> None:
    first, second = cast.a.vehicles
    old = insured(cast, "carrier", 100, first)
    with cast.acts("safety_manager"):
        key = evidence.revise_record(record_id=old)
        values = {"type": "compulsory", "insurer": "甬财险", "expires": str(TODAY + DAY)}
        draft = evidence.Draft(
            kind="vehicle.insurance",
            title="交强险",
            happened_at=current().at - 100 * DAY,
            values=values,
            subjects=[("vehicle", second)],
            parts=[evidence.PartInput(cast.a.safety_manager, "recorder")],
        )
        evidence.edit_draft(record_id=key, draft=draft)
        seal_records(record_ids=[key])
    kept = found(cast)
    assert kept[1]["compulsory"].held == {second}
    assert "carrier" not in kept[1]
    assert kept == looked_up(cast)


def test_what_was_there_before_is_kept_from_the_next_seal_on(cast: Cast) -> None:
    filled(cast)
    before = looked_up(cast)
    check(cast, "driver.appraisal", 1)
    with cast.acts("safety_manager"):
        assert newest.kept(cast.a.id) == newest.asked()
    after = found(cast)
    assert {key: after[0][key] for key in before[0]} == before[0]
    assert after[1:] == before[1:]
    assert after == looked_up(cast)


def test_records_that_prove_no_paper_keep_nothing(cast: Cast) -> None:
    sealed(cast, "meeting.safety", on=OLD, values={"type": "regular", "minutes": "例会"})
    with cast.acts("safety_manager"):
        assert newest.kept(cast.a.id) == frozenset()


def test_nobody_reads_the_history_of_what_is_kept(cast: Cast) -> None:
    filled(cast)
    with cast.acts("safety_manager"), CaptureQueriesContext(connection) as asked:
        expiries(company(cast.a.id))
    statements = [query["sql"] for query in asked]
    assert not [sql for sql in statements if "evidence_participation" in sql or "evidence_subject" in sql]
    assert len([sql for sql in statements if "evidence_newest " in sql]) == 3
