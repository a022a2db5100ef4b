"""Two people at once: nobody's record is lost, no number is given twice, the chain stays whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from anze.records.duties import actions, deciding
from anze.records.duties.models import Obligation
from anze.records.evidence import actions as evidence
from anze.records.evidence.drafts import AlreadySealed
from anze.records.journal import queries as journal
from tests.cast import Cast
from tests.records.duties.test_deciding import MONTH, STUDY, assert_tallies_agree, study


def test_records_sealed_at_once_are_all_counted(committed_cast: Cast):
    cast = committed_cast
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        drafts = [evidence.draft_record(draft=study(cast)) for _ in range(4)]
    ready = Barrier(4)

    def seal(record: int) -> str:
        try:
            with cast.acts("safety_manager"):
                ready.wait()
                return actions.seal_records(record_ids=[record])[0].number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(seal, drafts))
    assert len(set(numbers)) == 4
    with cast.acts("safety_manager"):
        [row] = Obligation.objects.filter(requirement=STUDY, starts=MONTH)
        assert (row.state, sorted(row.facts)) == ("met", sorted(drafts))
        assert journal.verify(company_id=cast.a.id) == []
        assert_tallies_agree()


def test_one_record_sealed_by_two_is_sealed_once(committed_cast: Cast):
    cast = committed_cast
    with cast.acts("safety_manager"):
        record = evidence.draft_record(draft=study(cast))
    ready = Barrier(2)

    def seal(member: str) -> bool:
        try:
            with cast.acts(member):
                ready.wait()
                actions.seal_records(record_ids=[record])
                return True
        except AlreadySealed:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(seal, ["safety_manager", "principal"])) == [False, True]
