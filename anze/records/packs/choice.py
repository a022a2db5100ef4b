"""What a pack is asked to hold: a period, and posts or kinds of record; neither means everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from anze.records.acting.errors import Refused

LONGEST = timedelta(days=3 * 366)


class NotAPeriod(Refused):
    pass


@dataclass(frozen=True, slots=True)
class Choice:
    """`until` is exclusive."""

    since: date
    until: date
    positions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises NotAPeriod."""
        if self.until <= self.since:
            raise NotAPeriod("结束日期早于开始日期。")
        if self.until - self.since > LONGEST:
            raise NotAPeriod("一份资料包最多三年，请缩短期间。")

    def content(self) -> dict[str, Any]:
        return {
            "since": str(self.since),
            "until": str(self.until),
            "positions": list(self.positions),
            "kinds": list(self.kinds),
        }

    @property
    def whole(self) -> bool:
        return not self.positions and not self.kinds
