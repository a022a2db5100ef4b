"""A batch: checked like a sheet, recorded row by row, and what is wrong waits apart."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.evidence import queries as evidence
from anze.records.imports import actions, batches, queries
from anze.records.imports.subjects import subjects_of
from anze.records.people import actions as people
from anze.records.people.actions import NewPerson
from tests.cast import STARTED, Cast
from tests.records.imports.books import HEAD, STUDY, study, xlsx

KIND = "vehicle.insurance"


def row(plate: str, expires: str = "2027-11-20", **more: str) -> dict[str, str]:
    values = {"values.type": "承运人责任险", "values.insurer": "某公司", "values.expires": expires}
    title = {"title": f"{plate}承运人责任险", "happened_at": "2026-11-19 10:00", "subjects.vehicle": plate}
    return {**title, **values, **more}


def test_a_row_for_each_becomes_a_sealed_record(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        key = batches.compose(of=KIND, name="批量", rows=[row("浙A10001"), row("浙A10002")])
        done = batches.commit_good(import_id=key)
        assert (done.committed.made, done.rest) == (2, None)
        shown = queries.rows(key).rows
        assert [r.standing for r in shown] == ["made", "made"]
        assert shown[0].label.endswith("浙A10001承运人责任险")
        assert queries.an_import(key).batch
        assert all(r.status == "sealed" for r in evidence.records(kind=KIND).rows)


def test_what_is_wrong_is_known_before_anything_is_kept(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        wrong = batches.faults(of=KIND, rows=[row("浙A10001"), row("浙A10002", "明年")])
        assert list(wrong) == [2]
        assert "values.expires" in wrong[2]
        assert queries.imports().total == 0


def test_the_rows_that_are_wrong_wait_in_a_batch_of_their_own(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        rows = [row("浙A10001"), row("浙A10002", ""), row("浙Z99999")]
        key = batches.compose(of=KIND, name="批量", rows=rows)
        done = batches.commit_good(import_id=key)
        assert done.committed.made == 1
        assert done.rest is not None
        rest = queries.rows(done.rest).rows
        assert [r.number for r in rest] == [2, 3]
        assert [cell.column for cell in rest[0].errors] == ["values.expires"]
        assert queries.an_import(done.rest).status == "open"
        repaired = row("浙A10002")
        assert actions.repair(import_id=done.rest, number=2, typed=repaired)
        actions.drop_row(import_id=done.rest, number=3)
        assert actions.commit(import_id=done.rest).made == 1


def test_nothing_good_is_nothing_done(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        key = batches.compose(of=KIND, name="批量", rows=[row("浙A10001", "")])
        with pytest.raises(Refused):
            batches.commit_good(import_id=key)
        assert queries.an_import(key).status == "open"


def test_a_sheet_is_committed_whole_or_not_at_all(cast: Cast) -> None:
    file = xlsx(HEAD, study(1))
    with cast.acts("safety_manager"):
        key = actions.upload(of=STUDY, name="学习.xlsx", file=file, size=len(file.getvalue()))
        with pytest.raises(Refused):
            batches.commit_good(import_id=key)


def test_none_and_too_many_are_refused(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        for rows in ([], [row("浙A10001")] * (batches.MOST + 1)):
            with pytest.raises(batches.EmptyBatch):
                batches.compose(of=KIND, name="批量", rows=rows)


def test_who_may_not_seal_composes_nothing_and_others_find_nothing(cast: Cast) -> None:
    with cast.acts("driver"), pytest.raises(NotPermitted):
        batches.compose(of=KIND, name="批量", rows=[row("浙A10001")])
    with cast.acts("safety_manager"):
        key = batches.compose(of=KIND, name="批量", rows=[row("浙A10001")])
    with cast.acts("other_safety_manager"), pytest.raises(NotFound):
        batches.commit_good(import_id=key)


def test_namesakes_are_told_apart_and_who_left_is_not_offered(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        twins = [NewPerson("周甬", STARTED, phone=f"1390000111{n}") for n in (1, 2)]
        people.employ(company_id=cast.a.id, people=twins)
        named = [s for s in subjects_of("person") if s.name.startswith("周甬")]
        assert [s.said for s in named] == ["周甬1111", "周甬1112"]
        assert [s.name for s in subjects_of("department")] == ["安全部"]
        assert [s.name for s in subjects_of("vehicle")] == ["浙A10001", "浙A10002"]
        letters = [
            {
                "title": "责任书",
                "happened_at": "2026-11-19",
                "values.year": "2026",
                "parts.signer": "赵甬",
                "parts.subject": s.said,
            }
            for s in named
        ]
        key = batches.compose(of="target.letter", name="批量", rows=letters)
        assert batches.commit_good(import_id=key).committed.made == 2
