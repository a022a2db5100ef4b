"""One batch on its way into the database: decoded, checked, in COPY's binary form, split where refused.

No connection here: `writer.py` tries the chunks, and says how each went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from anze.telemetry.acceptance import why_not
from anze.telemetry.columns import NAMES, Columns, columns_of
from anze.telemetry.rows import (
    DIGEST_SIZE,
    DUPLICATE,
    STORED,
    Outcome,
    Position,
    RawFrame,
    Report,
    Result,
)

# COPY's binary form: every value behind its length. The order is that of `staged` in statements.py, whose
# last column, the items, follows each head; bytes of each value.
WIDTHS = {
    "seq": 4, "terminal_id": 8, "device_time": 8, "digest": 8, "received_at": 8, "longitude": 4,
    "latitude": 4, "altitude": 4, "speed": 4, "direction": 4, "alarm": 8, "status": 8, "mileage": 8,
    "recorder_speed": 4, "source": 2, "again": 1,
}  # fmt: skip
PAIRS = [((f"{name}#", ">i4"), (name, f">i{width}")) for name, width in WIDTHS.items()]
HEAD = np.dtype([("fields", ">i2"), *(field for pair in PAIRS for field in pair), ("items#", ">i4")])
BEGIN, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
EPOCH_2000 = 946_684_800_000_000  # µs since 1970
DAY, EAST = 86_400_000_000, 8 * 3_600_000_000  # µs
FIRST_DAY = date(1970, 1, 1)


class Batch:
    """`chunk` gives sequence numbers to try, until all have a result."""

    def __init__(self, rows: Sequence[Position] | Sequence[Report]) -> None:
        self._rows = rows
        columns = columns_of(rows)
        self._refusals = why_not(columns.table) | columns.refused
        self._results: list[Result] = [STORED] * len(rows)
        for seq, reason in self._refusals.items():
            self._results[seq] = Result(Outcome.REFUSED, reason)
        waiting = [seq for seq in range(len(rows)) if seq not in self._refusals]
        self._waiting = [waiting] if waiting else []
        digests = _digests(columns, self._refusals)
        self._again = _repeated(columns.table, digests, waiting)  # a repeated row -> the first with its key
        self._table, self._items = columns.table, columns.items
        self._heads = _heads(columns, digests, self._again).tobytes() if waiting else b""

    def days(self) -> set[tuple[str, date]]:
        """The partitions that this batch needs."""
        good = np.ones(len(self._rows), bool)
        good[list(self._refusals)] = False
        named = (("position", "received_at"), ("identity", "device_time"))
        return {
            (table, FIRST_DAY + timedelta(days=int(day)))
            for table, column in named
            for day in np.unique((self._table[column][good] + EAST) // DAY)
        }

    def chunk(self) -> list[int]:
        return self._waiting.pop() if self._waiting else []

    def data(self, chunk: Iterable[int]) -> bytes:
        heads, items, size = self._heads, self._items, HEAD.itemsize
        pieces = [piece for seq in chunk for piece in (heads[seq * size : (seq + 1) * size], items[seq])]
        return b"".join([BEGIN, *pieces, END])

    def settle(self, answer: Iterable[tuple[int, bool]]) -> None:
        """`answer`: the rows that were not stored, and of each whether it was in a vehicle at its time."""
        for seq, known in answer:
            self._results[seq] = DUPLICATE if known else Result(Outcome.REFUSED, "no-vehicle")

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
        return self._results

    def refused(self) -> list[RawFrame]:
        """What has to be kept raw."""
        pairs: Iterable[tuple[Position | Report, Result]] = zip(self._rows, self.results(), strict=True)
        return [
            RawFrame(row.received_at, bytes(row.body), result.reason, terminal_id=row.terminal_id)
            for row, result in pairs
            if result is not STORED and result.outcome is Outcome.REFUSED
        ]


def _digests(columns: Columns, refused: dict[int, str]) -> NDArray[np.int64]:
    nothing = bytes(DIGEST_SIZE)
    found = [
        nothing if seq in refused else blake2b(body, digest_size=DIGEST_SIZE).digest()
        for seq, body in enumerate(columns.bodies)
    ]
    return np.frombuffer(b"".join(found), ">i8").astype(np.int64)


def _repeated(table: NDArray[np.void], digests: NDArray[np.int64], waiting: list[int]) -> dict[int, int]:
    if len(np.unique(digests[waiting])) == len(waiting):  # as nearly always
        return {}
    first: dict[tuple[int, int, int], int] = {}
    keys = zip(table["terminal_id"].tolist(), table["device_time"].tolist(), digests.tolist(), strict=True)
    wanted = set(waiting)
    found = {seq: first.setdefault(key, seq) for seq, key in enumerate(keys) if seq in wanted}
    return {seq: at for seq, at in found.items() if at != seq}


def _heads(columns: Columns, digests: NDArray[np.int64], again: dict[int, int]) -> NDArray[np.void]:
    """Values of refused rows may not fit; nobody copies those."""
    heads = np.zeros(len(columns.table), HEAD)
    heads["fields"] = len(WIDTHS) + 1
    for name, width in WIDTHS.items():
        heads[f"{name}#"] = width
        if name in NAMES:
            heads[name] = columns.table[name]
    heads["device_time"] -= EPOCH_2000
    heads["received_at"] -= EPOCH_2000
    heads["seq"], heads["digest"] = np.arange(len(heads)), digests
    heads["again"][list(again)] = 1
    heads["items#"] = [len(each) for each in columns.items]
    return heads
