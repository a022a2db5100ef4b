"""Which bucket a demand falls into."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from anze.web.workbench.urgency import bucket_of

FRIDAY = date(2026, 11, 20)


def due(month: int, day: int) -> datetime:
    """Too late from the midnight of Shanghai with which the day begins."""
    return datetime(2026, month, day - 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "deadline", "bucket"),
    [
        ("missed", due(11, 2), "missed"),
        ("unset", None, "unset"),
        ("open", due(11, 21), "week"),
        ("open", due(11, 23), "week"),  # Sunday is the last day
        ("open", due(11, 24), "month"),
        ("open", datetime(2026, 11, 30, 16, tzinfo=UTC), "month"),
        ("open", due(12, 2), "later"),
        ("open", None, "later"),
        ("upcoming", due(11, 21), "later"),
    ],
)
def test_bucket(state: str, deadline: datetime | None, bucket: str) -> None:
    assert bucket_of(state, deadline, FRIDAY) == bucket
