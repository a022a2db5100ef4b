"""Estimates by records: of everybody once a day, resumed where it stopped, one company's failure alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anze.jobs import estimates
from anze.jobs.estimates import EstimateError, estimate_all
from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotPermitted
from anze.records.assessments import estimating
from anze.records.assessments.estimating import EstimateRow, estimates_of
from anze.records.assessments.planning import declare_kept
from anze.records.tenants.models import Company
from tests.cast import NOW, Cast
from tests.records.assessments.stage import as_taxi, sealed


def of(cast: Cast, member: str, company: int) -> EstimateRow | None:
    with cast.acts(member):
        return estimates_of([company]).get(company)


def test_facts_alone_and_marked_so(cast: Cast) -> None:
    as_taxi(cast)
    with cast.acts("safety_manager"):
        declare_kept(company_id=cast.a.id, since={"target.plan": date(2025, 1, 1)})
    assert estimate_all(NOW).done == 1  # of the other company's trade no standard is known
    row = of(cast, "officer", cast.a.id)
    assert row is not None
    assert row.points == 475
    assert row.score == 475 - row.lost
    assert ("1.1.a", 5) in row.worst
    assert 0 < row.decided < row.conditions
    assert row.vetoes_failed > 0
    assert of(cast, "officer", cast.b.id) is None
    assert of(cast, "stranger_officer", cast.a.id) is None
    sealed(cast, "target.plan", year="2026", targets="死亡事故为零")
    assert estimate_all(NOW, again=True).done == 1
    better = of(cast, "safety_manager", cast.a.id)
    assert better is not None
    assert better.lost < row.lost


def test_who_has_one_of_the_day_is_passed_over(cast: Cast) -> None:
    as_taxi(cast)
    told: list[tuple[int, int]] = []
    assert estimate_all(NOW, told=lambda done, of: told.append((done, of))).done == 1
    assert told == [(1, 1)]
    assert estimate_all(NOW + timedelta(hours=2)).done == 0
    assert estimate_all(NOW + timedelta(days=1)).done == 1
    row = of(cast, "officer", cast.a.id)
    assert row is not None
    assert row.on == date(2026, 11, 21)
    assert estimate_all(NOW, [cast.b.id]).done == 0


def test_one_failure_leaves_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    as_taxi(cast)
    with acting(SYSTEM, reads=(cast.b.id,), at=NOW):
        Company.objects.filter(pk=cast.b.id).update(trade="taxi")
    made = estimating.books_of

    def failing(company_id: int, *rest: object) -> object:
        if company_id == cast.a.id:
            raise RuntimeError("unreadable")
        return made(company_id, *rest)  # type: ignore[arg-type]  # passed on as they come

    monkeypatch.setattr(estimating, "books_of", failing)
    found = estimate_all(NOW)
    assert (found.done, found.failed) == (1, (cast.a.id,))
    assert of(cast, "officer", cast.b.id) is not None
    with pytest.raises(EstimateError, match="1 家企业测算失败"):
        estimates.estimate.func(0)
    monkeypatch.setattr(estimating, "books_of", made)
    estimates.estimate.func(0)


def test_no_person_makes_one_and_a_trade_without_standard_has_none(cast: Cast) -> None:
    with cast.acts("principal"), pytest.raises(NotPermitted):
        estimating.estimate(company_id=cast.a.id)
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        assert not estimating.estimate(company_id=cast.a.id)
