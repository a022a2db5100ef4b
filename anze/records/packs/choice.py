"""What a pack is asked to hold: a period, and posts, kinds of record or single records; none: everything."""

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
    """`until` is exclusive. `occasion`: for which single records were chosen."""

    since: date
    until: date
    positions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    records: tuple[int, ...] = ()
    occasion: str = ""

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
            **({"occasion": self.occasion} if self.occasion else {}),
        }

    @property
    def whole(self) -> bool:
        return not self.positions and not self.kinds and not self.occasion
