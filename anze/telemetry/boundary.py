"""What a store of positions promises to the gateway. PostgreSQL's is in `writer.py`.

A second one, for a province, puts a replicated log in between and keeps the same promise; one set of tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from anze.telemetry.rows import Position, RawFrame, Report, Result


class PositionStore(Protocol):
    """What has been answered is durable and may be acknowledged. An exception: nothing is promised."""

    async def store(self, rows: Sequence[Position] | Sequence[Report]) -> list[Result]:
        """One result for each row, in order. Rows stored before are duplicates, whenever and by whomever.

        Reports are decoded here, together. A row that cannot be stored is kept raw, and fails no other.
        """
        ...

    async def keep(self, frames: Sequence[RawFrame]) -> None:
        """Keep bytes that are no position, for whoever looks into it."""
        ...
