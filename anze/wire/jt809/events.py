"""What the session tells its owner: what a person has to answer, what to do, what was.

Nothing here is answered by the session but keep-alives and the opening and closing of links.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from anze.wire.errors import Reason
from anze.wire.jt809.header import Header
from anze.wire.jt809.messages import Decoded, Vehicle
from anze.wire.jt809.messages.alarms import Supervision
from anze.wire.jt809.messages.platforms import RollCall


class Link(Enum):
    MAIN = "主链路"
    SLAVE = "从链路"


class Refusal(Enum):
    """Why a well-formed message is not accepted; the text is for an operator's log."""

    ENCRYPTED = "报文加密，本平台不支持"
    NOT_ALLOWED = "此链路在此状态下不接受该消息"


class Cause(Enum):
    """Why the owner is to close a connection."""

    REFUSED = "上级平台拒绝登录"
    NO_ANSWER = "上级平台没有应答"
    SILENCE = "链路长时间没有数据"
    GONE = "上级平台通知从链路已断开"
    LEFT = "已注销"


@dataclass(frozen=True, slots=True)
class Connect:
    """The main link is to be opened now; `opened` or `lost` follows."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The connection is to be closed; for the session it is closed already."""

    link: Link
    cause: Cause


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """0x1002 with success; the upper platform may now open the slave link."""

    header: Header


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """0x1002 without success; `Disconnect` follows, and `Connect` at `retry`."""

    header: Header
    result: int
    text: str
    retry: float


@dataclass(frozen=True, slots=True)
class KeptAlive:
    """0x1006, the answer to keep-alive `number` of this connection: what was sent before it has been read."""

    number: int


@dataclass(frozen=True, slots=True)
class SlaveUp:
    """The upper platform has proved itself on the slave link."""

    header: Header


@dataclass(frozen=True, slots=True)
class SlaveRefused:
    """0x9001 with another code than the log-in gave; answered so."""

    header: Header


@dataclass(frozen=True, slots=True)
class SlaveDown:
    """0x9003 or 0x9007: the upper platform speaks over the main link until it opens the slave link again."""

    header: Header
    reason: int | None


@dataclass(frozen=True, slots=True)
class Lost:
    """A connection is gone; of the main link, `Connect` will come at `retry`."""

    link: Link
    retry: float | None


@dataclass(frozen=True, slots=True)
class RollCallAsked:
    """0x9301, to be answered by a named person with `answer_roll_call`, until `due`."""

    header: Header
    message: RollCall
    due: float


@dataclass(frozen=True, slots=True)
class SupervisionAsked:
    """0x9401, to be answered by a named person with `answer_supervision`; its deadline is in the message."""

    header: Header
    vehicle: Vehicle | None
    message: Supervision


Asked = RollCallAsked | SupervisionAsked


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A roll-call that nobody answered in time: silence, to be recorded. A late answer may still be given."""

    asked: RollCallAsked


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A question dropped for newer ones."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Any other message of the upper platform; `decoded.message` is None for an unknown one. Not answered."""

    link: Link
    header: Header
    decoded: Decoded


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A message whose body does not fit its table. Bytes kept."""

    link: Link
    header: Header
    body: bytes
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is not accepted, and not answered. Bytes kept."""

    link: Link
    header: Header
    body: bytes
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Garbled:
    """Bytes that are no frame, or have no header of the agreed version."""

    link: Link
    reason: Reason
    raw: bytes


Event = (
    Connect
    | Disconnect
    | LoggedIn
    | LoginRefused
    | KeptAlive
    | SlaveUp
    | SlaveRefused
    | SlaveDown
    | Lost
    | RollCallAsked
    | SupervisionAsked
    | Unanswered
    | Forgotten
    | MessageReceived
    | Undecodable
    | Refused
    | Garbled
)
