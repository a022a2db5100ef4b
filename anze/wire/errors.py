"""What can be wrong with bytes, as values and as the only exceptions that decoding raises."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why bytes are not a frame, or a frame not a message; the text is for an operator's log."""

    NOISE = "帧标识之外的数据"
    TOO_SHORT = "帧过短"
    TOO_LONG = "超过最大长度仍无结束标识"
    NO_END = "没有结束标识，下一帧已开始"
    ESCAPE = "转义序列有误"
    CHECKSUM = "校验码不符"
    LENGTH = "消息体长度与消息头不符"
    PART = "分包序号或总数有误"
    TRUNCATED = "消息体不足"
    VALUE = "字段取值有误"


class ProtocolError(Exception):
    """Bytes that the protocol does not allow; caught inside, and turned into an event by the session."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}：{detail}" if detail else reason.value)
        self.reason = reason


class MalformedError(ProtocolError):
    """A frame, header or body that cannot be decoded."""


class UnencodableError(ValueError):
    """A value that the caller wants sent and that its field cannot hold."""


class NotHereError(LookupError):
    """The terminal is not authenticated on this connection."""


class TooManyCommandsError(RuntimeError):
    """More commands wait for the terminal's replies than it can be expected to answer."""
