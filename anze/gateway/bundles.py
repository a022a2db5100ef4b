"""Questions and changes of many tasks, put to the database together.

A fleet that comes back comes all at once; each terminal for itself would wait until it gives up.
While one bundle is on its way the next gathers, as with commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

MOST = 500

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Bundles(Generic[Asked, Answer]):
    """`act` answers a bundle in its order; where it raises, everybody of the bundle is told so."""

    def __init__(self, act: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]]) -> None:
        self._act = act
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._running: asyncio.Task[None] | None = None

    async def ask(self, what: Asked) -> Answer:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((what, answer))
        if self._running is None:
            self._running = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                bundle, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._put(bundle)
        finally:
            self._running = None

    async def _put(self, bundle: list[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._act([asked for asked, _ in bundle])
        except Exception as error:  # theirs to deal with: no answer to a terminal, which tries again
            for _, future in bundle:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(bundle, answers, strict=True):
            if not future.done():
                future.set_result(answer)
