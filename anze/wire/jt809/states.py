"""What the upper platform may say, by link and by how far the link has come.

main:   closed ── Connect ──▶ opening ── opened ──▶ logging in ── 0x1002 ──▶ working ── leave ──▶ leaving
        a refusal, silence or a loss leads back to closed, which opens again after a while;
        0x1004, or no answer to 0x1003, leads to closed for good.
slave:  closed ── opened ──▶ logging in ── 0x9001 with the right code ──▶ working
"""

from __future__ import annotations

from enum import Enum

from anze.wire.jt809.account import Timing
from anze.wire.jt809.events import Link


class State(Enum):
    CLOSED = "未连接"
    OPENING = "正在连接"
    LOGGING_IN = "正在登录"
    WORKING = "已登录"
    LEAVING = "正在注销"


LOGIN_ANSWER, LOGOUT_ANSWER, KEEP_ALIVE_ANSWER = 0x1002, 0x1004, 0x1006
SLAVE_LOGIN = 0x9001
# The slave link's own housekeeping, which the main link does not carry.
OF_SLAVE = frozenset((0x9001, 0x9002, 0x9003, 0x9004, 0x9005, 0x9006))
FROM_ABOVE = 0x9000


def admits(link: Link, state: State, message_id: int) -> bool:
    """Whether the message is in its place; `message_id` is that of the header."""
    if link is Link.SLAVE:
        return message_id == SLAVE_LOGIN or (state is State.WORKING and message_id >= FROM_ABOVE)
    if state is State.LOGGING_IN:
        return message_id == LOGIN_ANSWER
    if message_id >= FROM_ABOVE:
        return message_id not in OF_SLAVE
    return message_id == KEEP_ALIVE_ANSWER or (state is State.LEAVING and message_id == LOGOUT_ANSWER)


class Line:
    """What the session knows of one link: its state, since when, when it last heard and said something.

    `probes` keep-alives were sent on this connection, `echoes` of them answered.
    """

    __slots__ = ("echoes", "heard", "probes", "said", "since", "state")

    def __init__(self) -> None:
        self.state = State.CLOSED
        self.heard = self.said = self.since = 0.0
        self.probes = self.echoes = 0

    def enter(self, state: State, now: float) -> None:
        self.state, self.since, self.heard = state, now, now

    def echo(self) -> bool:
        """A keep-alive has been answered; False: one answer too many, which answers nothing."""
        if self.echoes == self.probes:
            return False
        self.echoes += 1
        return True

    def deadline(self, timing: Timing) -> float | None:
        """When the link is given up unless something is heard."""
        if self.state is State.WORKING:
            return self.heard + timing.silence
        if self.state in (State.LOGGING_IN, State.LEAVING):
            return self.since + timing.login
        return None
