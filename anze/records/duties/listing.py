"""The order of the list: missed, newest first; open, by deadline; then what waits, lies ahead or is settled.

Each of these parts lies in an index, so that a page is cut out of it; one ordering would sort every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Count, F, OrderBy, QuerySet

from anze.records.acting.paging import LARGEST_PAGE, Page
from anze.records.duties.models import Obligation
from anze.records.duties.rows import ObligationRow, rows_of
from anze.rules.duties import State

SOONEST = F("due").asc(nulls_last=True)
NEWEST = F("due").desc(nulls_first=True)  # a state without a due day fails, or holds, today
PARTS: tuple[tuple[tuple[State, ...], OrderBy], ...] = (
    ((State.MISSED,), NEWEST),
    ((State.OPEN,), SOONEST),
    ((State.UNSET,), SOONEST),
    ((State.UPCOMING,), SOONEST),
    ((State.MET, State.LATE, State.WAIVED, State.EXEMPT), NEWEST),
)


def page_of(found: QuerySet[Obligation], page: int, size: int) -> Page[ObligationRow]:
    """The asked page; a number beyond either end gives the nearest page there is."""
    counts = dict(found.order_by().values_list("state").annotate(Count("id")))
    total, size = sum(counts.values()), min(size, LARGEST_PAGE)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = [row for part in _slices(found, counts, (page - 1) * size, page * size) for row in part]
    return Page(rows_of(rows), page, pages, total)


def _slices(
    found: QuerySet[Obligation], counts: dict[str, int], first: int, end: int
) -> Iterator[Sequence[Obligation]]:
    """What each part holds of rows `first` to `end` of the whole list."""
    for states, order in PARTS:
        length = sum(counts.get(state.value, 0) for state in states)
        if first < length and end > 0:
            rows = found.filter(state__in=states).order_by(order, "requirement", "starts", "id")
            yield list(rows[max(first, 0) : min(end, length)])
        first, end = first - length, end - length
