"""What a session tells its owner: what awaits an acknowledgement, and what is merely to be known.

`serials` are those of the parts that are acknowledged together; empty for a message that came whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from anze.wire.errors import Reason
from anze.wire.header import Header, Version
from anze.wire.messages.location import Locations
from anze.wire.messages.registration import Authentication, Registration
from anze.wire.position import Position, read_position
from anze.wire.tables import Message


class Result(IntEnum):
    """The result in an acknowledgement, 0x8001."""

    OK = 0
    FAILED = 1
    WRONG = 2
    UNSUPPORTED = 3
    ALARM_CONFIRMED = 4


class RegistrationResult(IntEnum):
    """The result in an answer to a registration, 0x8100."""

    OK = 0
    VEHICLE_TAKEN = 1
    NO_VEHICLE = 2
    TERMINAL_TAKEN = 3
    NO_TERMINAL = 4


class Refusal(Enum):
    """Why a well-formed message is not accepted; the text is for an operator's log."""

    UNAUTHENTICATED = "终端未鉴权"
    DISPLACED = "同一终端已在新的连接上鉴权"
    ENCRYPTED = "消息体加密，平台不支持"
    CROWDED = "一条连接上的终端过多"


@dataclass(frozen=True, slots=True)
class Registering:
    """0x0100; to be acknowledged with a RegistrationResult and, if OK, a code."""

    header: Header
    message: Registration


@dataclass(frozen=True, slots=True)
class Authenticating:
    """0x0102; OK makes the terminal authenticated here, and displaced wherever else it was."""

    header: Header
    message: Authentication


class PositionReported(NamedTuple):
    """0x0200; acknowledged once it is durable. `body` as received: whoever has many decodes them together."""

    header: Header
    version: Version
    body: bytes
    serials: tuple[int, ...] = ()

    @property
    def position(self) -> Position:
        return read_position(self.body, self.version)


@dataclass(frozen=True, slots=True)
class PositionsReported:
    """0x0704, back-filled or several at a time; the entries that are no positions are bytes."""

    header: Header
    message: Locations
    serials: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Any other known message of an authenticated terminal; `trailing` is what its table does not know of."""

    header: Header
    message: Message
    trailing: bytes = b""
    serials: tuple[int, ...] = ()


class HeartbeatReceived(NamedTuple):
    """0x0002, already answered; `vendor` is what some put into its empty body."""

    header: Header
    vendor: bytes = b""


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """0x0003, already answered."""

    header: Header


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to the command sent under `serial`: the answer of its own, or 0x0001 with the result."""

    header: Header
    serial: int
    message_id: int
    result: int
    message: Message


@dataclass(frozen=True, slots=True)
class Unasked:
    """An acknowledgement of nothing that waits, or a request for parts, already served."""

    header: Header
    message: Message


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A command whose reply did not come in time."""

    terminal: str
    serial: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message whose id has no table; answered as unsupported. Bytes kept."""

    header: Header
    body: bytes


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A message whose body does not fit its table; answered as wrong. Bytes kept."""

    header: Header
    body: bytes
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is not accepted; answered as failed."""

    header: Header
    body: bytes
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Garbled:
    """Bytes that are no frame, or have no header; nobody can be answered."""

    reason: Reason
    raw: bytes


@dataclass(frozen=True, slots=True)
class PartsMissing:
    """A message in parts that never became whole; what had arrived is dropped."""

    header: Header
    missing: tuple[int, ...]


Awaiting = Registering | Authenticating | PositionReported | PositionsReported | MessageReceived
Event = (
    Awaiting
    | HeartbeatReceived
    | LoggedOut
    | Answered
    | Unanswered
    | Unasked
    | Unknown
    | Undecodable
    | Refused
    | Garbled
    | PartsMissing
)
