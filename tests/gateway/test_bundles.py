"""Tasks that ask at once are answered together, each with its own answer, or all with the failure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from anze.gateway import bundles
from anze.gateway.bundles import Bundles


def test_who_asks_while_a_bundle_is_on_its_way_is_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST", 3)
    seen: list[list[int]] = []

    async def double(numbers: Sequence[int]) -> list[int]:
        seen.append(list(numbers))
        await asyncio.sleep(0.01)
        return [2 * number for number in numbers]

    async def scene() -> list[int]:
        asking = Bundles(double)
        first = asyncio.ensure_future(asking.ask(1))
        await asyncio.sleep(0.005)
        return [await first, *await asyncio.gather(*(asking.ask(number) for number in (2, 3, 4, 5)))]

    # The first goes alone; of those who came meanwhile as many as a bundle holds.
    assert asyncio.run(scene()) == [2, 4, 6, 8, 10]
    assert seen[0] == [1]
    assert sorted(map(len, seen)) == [1, 1, 3]


def test_a_failure_is_everybody_s_of_the_bundle_and_nobody_else_s() -> None:
    async def fail_once(numbers: Sequence[int]) -> list[int]:
        if 1 in numbers:
            raise OSError("gone")
        return list(numbers)

    async def scene() -> None:
        asking = Bundles(fail_once)
        both = await asyncio.gather(asking.ask(1), asking.ask(2), return_exceptions=True)
        assert [type(each) for each in both] == [OSError, OSError]
        given_up = asyncio.ensure_future(asking.ask(3))
        await asyncio.sleep(0)
        given_up.cancel()
        assert await asking.ask(4) == 4

    asyncio.run(scene())
