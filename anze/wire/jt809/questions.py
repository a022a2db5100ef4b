"""Questions of the upper platform that wait for a person's answer. Nothing in here answers one.

Rule 1: a question is open until it is answered; repeated under its serial it is the same, and as old.
Rule 2: at most MOST_QUESTIONS are kept; the oldest gives way, and is told.
Rule 3: a roll-call whose time is up is told once, and may still be answered.
"""

from __future__ import annotations

from anze.wire.jt809.events import Asked, Forgotten, RollCallAsked, Unanswered

MOST_QUESTIONS = 100


class NotAskedError(LookupError):
    """The question is not open: answered already, or given way to newer ones."""


class Questions:
    __slots__ = ("_open", "_waiting")

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], Asked] = {}
        self._waiting: dict[tuple[int, int], RollCallAsked] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, asked: Asked) -> list[Asked | Forgotten]:
        """Open the question; what gave way to it, and the question as it stands: its first asking counts."""
        key = key_of(asked)
        before = self._open.get(key)
        if before is not None and before.message == asked.message:
            return [before]
        self.close(asked)
        self._open[key] = asked
        if isinstance(asked, RollCallAsked):
            self._waiting[key] = asked
        if len(self._open) <= MOST_QUESTIONS:
            return [asked]
        oldest = self._open[next(iter(self._open))]
        self.close(oldest)
        return [Forgotten(oldest), asked]

    def recall(self, asked: Asked) -> Asked:
        """The question as it stands, opened if it is not."""
        found = self.add(asked)[-1]
        assert not isinstance(found, Forgotten)
        return found

    def require(self, asked: Asked) -> None:
        if self._open.get(key_of(asked)) != asked:
            raise NotAskedError(asked.header.serial)

    def close(self, asked: Asked) -> None:
        self._open.pop(key_of(asked), None)
        self._waiting.pop(key_of(asked), None)

    @property
    def timer(self) -> float | None:
        return min((each.due for each in self._waiting.values()), default=None)

    def overdue(self, now: float) -> list[Unanswered]:
        late = {key: each for key, each in self._waiting.items() if each.due <= now}
        for key in late:
            del self._waiting[key]
        return [Unanswered(each) for each in late.values()]


def key_of(asked: Asked) -> tuple[int, int]:
    return asked.message.ID, asked.header.serial
