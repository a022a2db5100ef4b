"""The list begins with what is urgent, on its first page and on every other."""

from __future__ import annotations

import pytest

from anze.records.duties import deciding, queries
from anze.records.duties.models import Obligation
from anze.records.duties.rows import ObligationRow
from tests.cast import Cast

PLACE = {"missed": 0, "open": 1, "unset": 2, "upcoming": 3, "met": 4, "late": 4, "waived": 4, "exempt": 4}


@pytest.fixture
def decided(cast: Cast) -> Cast:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    return cast


def whole_list(cast: Cast, size: int) -> list[ObligationRow]:
    with cast.acts("safety_manager"):
        pages = queries.obligations(size=size).pages
        return [row for n in range(pages) for row in queries.obligations(page=n + 1, size=size).rows]


def test_missed_stand_first_the_newest_on_top_then_open_by_deadline(decided: Cast):
    rows = whole_list(decided, 200)
    places = [PLACE[row.state] for row in rows]
    assert places == sorted(places)
    assert {0, 1, 3} <= {*places}
    missed = [row.due for row in rows if row.state == "missed" and row.due is not None]
    assert missed == sorted(missed, reverse=True)
    waiting = [row.due for row in rows if row.state == "open" and row.due is not None]
    assert waiting == sorted(waiting)


@pytest.mark.parametrize("size", [50, 200])
def test_pages_hold_every_row_once(decided: Cast, size: int):
    rows = whole_list(decided, size)
    with decided.acts("safety_manager"):
        assert sorted(row.id for row in rows) == sorted(Obligation.objects.values_list("id", flat=True))


def test_a_page_beyond_the_end_is_the_last(decided: Cast):
    with decided.acts("safety_manager"):
        found = queries.obligations(page=10**6)
        assert found.page == found.pages
        assert found.rows
