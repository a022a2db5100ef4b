"""Grades of a company and its drivers, by year."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.acting.errors import NotPermitted
from anze.records.dossiers.credit import credit_years
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import sealed

DAY = timedelta(days=1)


def graded(cast: Cast, year: str, grade: str, *, ago: int = 0, driver: int | None = None) -> int:
    kind = "credit.assessment" if driver is None else "credit.driver"
    people = {driver: "subject"} if driver else None
    values = {"year": year, "grade": grade, "issuer": "某局"}
    return sealed(cast, kind, on=TODAY - ago * DAY, values=values, people=people)


def test_by_year_with_the_newest_record_of_each(cast: Cast) -> None:
    first, second = cast.a.drivers
    graded(cast, "2024", "a", ago=9)
    graded(cast, "2025", "aa", ago=5)
    corrected = graded(cast, "2025", "aaa", ago=1)
    graded(cast, "2025", "b", ago=3, driver=first)
    graded(cast, "2025", "aa", ago=2, driver=first)
    graded(cast, "2025", "aa", driver=second)
    with cast.acts("safety_manager"):
        newest, before = credit_years(cast.a.id)
    assert (newest.year, newest.grade, newest.record_id) == ("2025", "AAA级", corrected)
    assert newest.drivers == {"AA级": 2}
    assert (before.year, before.grade, before.drivers) == ("2024", "A级", {})


def test_drivers_alone_and_three_years_at_most(cast: Cast) -> None:
    for year in ("2022", "2023", "2024", "2025"):
        graded(cast, year, "aaa", driver=cast.a.drivers[0])
    with cast.acts("officer"):
        assert credit_years(cast.b.id) == []
    with cast.acts("safety_manager"):
        found = credit_years(cast.a.id)
        assert [row.year for row in found] == ["2025", "2024", "2023"]
        assert found[0].record_id is None
        assert credit_years(cast.b.id) == []
    with cast.acts("driver"), pytest.raises(NotPermitted):
        credit_years(cast.a.id)
