from __future__ import annotations

import pytest

from anze.records.acting.paging import LARGEST_PAGE, paged
from anze.records.people.models import Person
from tests.cast import Cast


@pytest.mark.parametrize(
    ("asked", "size", "page", "pages", "rows"),
    [
        (1, 4, 1, 2, 4),
        (2, 4, 2, 2, 2),
        (99, 4, 2, 2, 2),
        (-5, 4, 1, 2, 4),
        (1, 0, 1, 6, 1),
        (1, 10_000, 1, 1, 6),
    ],
)
def test_a_page_is_always_one_that_exists(
    cast: Cast, asked: int, size: int, page: int, pages: int, rows: int
) -> None:
    with cast.acts("principal"):
        found = paged(Person.objects.order_by("pk"), asked, lambda people: [p.name for p in people], size)
    assert (found.page, found.pages, len(found.rows), found.total) == (page, pages, rows, 6)


def test_an_empty_list_has_one_empty_page(cast: Cast) -> None:
    with cast.acts("stranger_officer"):
        found = paged(Person.objects.order_by("pk"), 1, lambda people: people)
    assert (found.page, found.pages, list(found.rows), found.total) == (1, 1, [], 0)
    assert LARGEST_PAGE == 200
