"""What one account's platform asks, and what persons answered.

Rule 1: a question becomes a row before anything else; what cannot be stored yet is kept, a bounded number.
Rule 2: an answer leaves once over a log-in, and counts as delivered when the platform has read it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from anze.gateway.database import Reconnecting
from anze.gateway.uplink.asking import answer, question_of
from anze.telemetry import questions
from anze.telemetry.questions import Answered, NewQuestion
from anze.telemetry.uplinks import Account, AsyncConnection
from anze.wire.errors import UnencodableError
from anze.wire.jt809.events import Asked
from anze.wire.jt809.pair import NotLoggedInError
from anze.wire.jt809.session import Session

log = logging.getLogger(__name__)

LOOK_SECONDS, PAUSE_SECONDS = 1.0, 2.0


class Way(Protocol):
    """How an answer gets to the platform."""

    since: datetime | None  # logged in on the main link

    def flush(self) -> None: ...

    async def read(self, since: datetime) -> bool:
        """Whether the platform has read all that was sent in this log-in."""
        ...


class Conversation:
    """`store` and `answers` run beside each other until they are cancelled."""

    def __init__(
        self,
        account: Account,
        session: Session,
        database: Reconnecting,
        unstored: deque[NewQuestion],
        way: Way,
    ) -> None:
        self._account, self._session, self._database, self._way = account, session, database, way
        self._unstored = unstored  # outlives this object: the platform asks once
        self._asked = asyncio.Event()
        self._asked.set()  # what an earlier link could not store
        self._said: set[int] = set()  # answers sent over this log-in, or before it over the slave link
        self._wake = asyncio.Event()

    def ask(self, asked: Asked) -> None:
        """The platform's question: kept here until it is a row."""
        self._unstored.append(question_of(asked, self._account, datetime.now(UTC)))
        self._asked.set()

    def wake(self) -> None:
        """Something was answered."""
        self._wake.set()

    def begin(self) -> None:
        """Logged in: what was said before may not have been heard."""
        self._said.clear()
        self._wake.set()

    async def store(self) -> None:
        """Until it works: nobody asks a second time."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                async with self._database.connection() as connection:
                    await self.write_down(connection)
            except Exception as error:  # whatever it is, the question is not stored and must be
                log.warning("uplink %d: questions wait to be stored: %s", self._account.id, error)
                await asyncio.sleep(PAUSE_SECONDS)
                self._asked.set()

    async def write_down(self, connection: AsyncConnection) -> None:
        while self._unstored:
            await questions.keep(connection, self._unstored[0])
            self._unstored.popleft()

    async def answers(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS)
            self._wake.clear()
            try:
                await self._answer_all()
            except Exception as error:  # the answers wait in their rows
                log.warning("uplink %d: answers wait: %s", self._account.id, error)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _answer_all(self) -> None:
        since = self._way.since
        async with self._database.connection() as connection:
            rows = await questions.answered(connection, self._account.id)
            sent = [row.id for row in rows if await self._say(connection, row)]
        self._way.flush()
        if sent and since is not None and await self._way.read(since):
            async with self._database.connection() as connection:
                await questions.delivered(connection, sent, datetime.now(UTC))

    async def _say(self, connection: AsyncConnection, row: Answered) -> bool:
        """Whether it is on its way: now, or already."""
        if row.id in self._said:
            return True
        try:
            answer(self._session, row, self._account, time.time())
        except NotLoggedInError:
            return False
        except UnencodableError as error:
            await questions.impossible(connection, row.id, str(error))
            return False
        self._said.add(row.id)
        return True
