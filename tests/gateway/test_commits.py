"""Who is told when: after the commit, in order, and without keeping the database from a large next batch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from anze.gateway.commits import AT_ONCE, MANY, Commits
from anze.gateway.metrics import Metrics
from anze.gateway.settings import Settings
from anze.telemetry.rows import STORED, Position, RawFrame, Report, Result

ROW = Report(1, 1_780_000_000.0, bytes(28))


class Store:
    """Says what it was given; a commit takes a moment."""

    def __init__(self, told: list[int]) -> None:
        self.told, self.seen = (
            told,
            list[tuple[int, int]](),
        )  # rows of a batch, and how many were told by then
        self.committed = 0

    async def store(self, rows: Sequence[Position] | Sequence[Report]) -> list[Result]:
        self.seen.append((len(rows), len(self.told)))
        await asyncio.sleep(0.02)
        self.committed += len(rows)
        return [STORED] * len(rows)

    async def keep(self, frames: Sequence[RawFrame]) -> None:
        raise AssertionError("nothing to keep")


class Waiting:
    rows, began = 1, 0.0

    def __init__(self, number: int, store: Store) -> None:
        self.number, self.store = number, store

    def durable(self) -> None:
        assert self.number < self.store.committed, "told before the commit"
        self.store.told.append(self.number)


@pytest.mark.parametrize(("following", "overlaps"), [(MANY, True), (MANY - 1, False)])
def test_a_large_batch_is_on_its_way_while_the_one_before_is_told(following: int, overlaps: bool) -> None:
    first = 3 * AT_ONCE
    told: list[int] = []
    store = Store(told)

    async def scene() -> None:
        commits = Commits(store, Settings(), Metrics(), lambda: None)
        running = asyncio.create_task(commits.run())
        for number in range(first + following):
            if number == first:
                await asyncio.sleep(0.005)  # the first batch has been taken
            commits.offer(Waiting(number, store), [ROW])
        commits.stop()
        await running

    asyncio.run(scene())
    assert told == list(range(first + following))
    (_, before), (size, begun) = store.seen
    assert (before, size) == (0, following)
    assert (begun < first) is overlaps
