"""What a simulated fleet has done so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields

Acknowledged = Callable[[str, bytes], None]  # a phone, the body of a position


@dataclass(slots=True)
class Tally:
    """Positions, except where the name says otherwise. `acknowledged`: told of each for the first time."""

    made: int = 0
    sent: int = 0
    acked: int = 0
    resent: int = 0
    refused: int = 0
    overwritten: int = 0  # in a full memory
    connects: int = 0
    losses: int = 0  # connections that ended otherwise than by us
    working: int = 0  # terminals that are authenticated now
    acknowledged: Acknowledged = field(default=lambda phone, body: None)

    @property
    def open(self) -> int:
        """Made, and not acknowledged yet."""
        return self.made - self.acked - self.refused - self.overwritten

    def words(self) -> str:
        return (
            f"在线 {self.working}，生成 {self.made}，发送 {self.sent}，确认 {self.acked}，"
            f"补发 {self.resent}，拒绝 {self.refused}，待确认 {self.open}，"
            f"连接 {self.connects}，断线 {self.losses}"
        )

    def numbers(self) -> dict[str, int]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.type == "int"}
