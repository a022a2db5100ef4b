"""One batch on its way into the database: checked, written as COPY's text, split where it is refused.

No connection here: `writer.py` tries the chunks, and says how each went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from anze.telemetry.acceptance import why_not
from anze.telemetry.rows import DUPLICATE, STORED, Outcome, Position, RawFrame, Result, day_of, digest_of

Day = tuple[str, datetime]  # a partitioned table, and the start of one of its days
Key = tuple[int, datetime | None, int]
UNREADABLE = (TypeError, ValueError, AttributeError, OverflowError)


class Batch:
    """`chunk` gives sequence numbers to try, until all have a result."""

    def __init__(self, rows: Sequence[Position]) -> None:
        self.rows = rows
        self.lines: dict[int, str] = {}
        self._results: dict[int, Result] = {}
        self._first: dict[Key, int] = {}
        self._again: dict[int, int] = {}  # a repeated row -> the first with its key
        for seq, row in enumerate(rows):
            try:
                self._take(seq, row)
            except UNREADABLE:
                self._results[seq] = Result(Outcome.REFUSED, "unreadable")
        self._waiting = [list(self.lines)] if self.lines else []

    def _take(self, seq: int, row: Position) -> None:
        reason = why_not(row)
        if reason:
            self._results[seq] = Result(Outcome.REFUSED, reason)
            return
        digest = digest_of(row.body)
        first = self._first.setdefault((row.terminal_id, row.device_time, digest), seq)
        if first != seq:
            self._again[seq] = first
        self.lines[seq] = _line(seq, row, digest, again=first != seq)

    def days(self) -> set[tuple[str, datetime]]:
        """The partitions that this batch needs, by an instant of their day."""
        found = {}
        for seq in self.lines:
            row = self.rows[seq]
            assert row.device_time is not None
            found["position", day_of(row.received_at)] = row.received_at
            found["identity", day_of(row.device_time)] = row.device_time
        return {(table, instant) for (table, _), instant in found.items()}

    def chunk(self) -> list[int]:
        return self._waiting.pop() if self._waiting else []

    def text(self, chunk: Iterable[int]) -> str:
        return "".join(self.lines[seq] for seq in chunk)

    def settle(self, chunk: list[int], answer: Iterable[tuple[int, bool]]) -> None:
        """`answer`: of each row that was in a vehicle at its time, whether it is new."""
        for seq, fresh in answer:
            self._results[seq] = STORED if fresh else DUPLICATE
        for seq in chunk:
            self._results.setdefault(seq, Result(Outcome.REFUSED, "no-vehicle"))

    def split(self, chunk: list[int], why: str) -> None:
        """The database refused the chunk: halves, until the row stands alone."""
        if len(chunk) == 1:
            self._results[chunk[0]] = Result(Outcome.REFUSED, why)
            return
        half = len(chunk) // 2
        self._waiting += [chunk[half:], chunk[:half]]

    def results(self) -> list[Result]:
        """In the order of the rows. A repeated row shares the fate of the first, unless that was stored."""
        for seq, first in self._again.items():
            if self._results[first].outcome is Outcome.REFUSED:
                self._results[seq] = self._results[first]
        return [self._results[seq] for seq in range(len(self.rows))]

    def refused(self) -> list[RawFrame]:
        """What has to be kept raw."""
        return [
            RawFrame(row.received_at, bytes(row.body), result.reason, terminal_id=row.terminal_id)
            for row, result in zip(self.rows, self.results(), strict=True)
            if result.outcome is Outcome.REFUSED
        ]


# Formats refuse what is no number, so that nothing can smuggle a tab or a line's end in.
LINE = "%d\t%d\t%s\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%d\t\\\\x%s\t%s\n"


def _line(seq: int, row: Position, digest: int, *, again: bool) -> str:
    assert row.device_time is not None
    return LINE % (
        seq,
        row.terminal_id,
        row.device_time.isoformat(),
        digest,
        row.received_at.isoformat(),
        row.longitude,
        row.latitude,
        row.altitude,
        row.speed,
        row.direction,
        row.alarm,
        row.status,
        r"\N" if row.mileage is None else f"{row.mileage:d}",
        r"\N" if row.recorder_speed is None else f"{row.recorder_speed:d}",
        row.source,
        row.items.hex(),
        "t" if again else "f",
    )
