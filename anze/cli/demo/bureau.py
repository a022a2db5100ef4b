"""What the bureau does: it declares a period that lies ahead, for every company under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from anze.cli.demo.days import Days
from anze.records.acting.context import Actor, acting
from anze.records.duties.periods import declare_period
from anze.records.key_periods.actions import NewPeriod


def declare(days: Days, companies: Sequence[int], officer: Actor) -> int:
    """Now, so that what it opens is the newest thing on every desk."""
    begins = days.today + timedelta(days=9)
    fair = NewPeriod(
        type="activity",
        name="全市博览会交通保障",
        begins=begins,
        last=begins + timedelta(days=3),
        reason="市局通知（演示）：博览会期间加强客运安全保障。",
    )
    with acting(officer, reads=tuple(companies), writes=(), at=days.now):
        return declare_period(period=fair)
