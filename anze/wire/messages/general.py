"""What both sides say all the time: acknowledgement, heartbeat, time, parts asked for again."""

from __future__ import annotations

from datetime import datetime

from anze.wire.fields import BYTE, WORD, ByVersion, Listed, Moment
from anze.wire.tables import Message, column, message


@message(0x0001, "终端通用应答", "8.1")
class TerminalAck(Message):
    serial: int = column(WORD, "应答流水号")
    message_id: int = column(WORD, "应答 ID")
    result: int = column(BYTE, "结果：0 成功 1 失败 2 消息有误 3 不支持")


@message(0x8001, "平台通用应答", "8.2")
class PlatformAck(Message):
    serial: int = column(WORD, "应答流水号")
    message_id: int = column(WORD, "应答 ID")
    result: int = column(BYTE, "结果：0 成功 1 失败 2 消息有误 3 不支持 4 报警处理确认")


@message(0x0002, "终端心跳", "8.3")
class Heartbeat(Message):
    """Without a body by the standard; what vendors put there (traccar#5331) is trailing."""


PART_IDS = ByVersion(Listed(WORD, BYTE), Listed(WORD, BYTE), Listed(WORD, WORD))


@message(0x8003, "服务器补传分包请求", "8.4")
class PartsWanted(Message):
    """2019 counts in a WORD what 2013 counts in a BYTE."""

    serial: int = column(WORD, "原始消息流水号：第一包的流水号")
    parts: tuple[int, ...] = column(PART_IDS, "重传包 ID 列表")


@message(0x0005, "终端补传分包请求", "2019")
class PartsWantedByTerminal(Message):
    serial: int = column(WORD, "原始消息流水号：第一包的流水号")
    parts: tuple[int, ...] = column(PART_IDS, "重传包 ID 列表")


@message(0x0004, "查询服务器时间请求", "2019")
class TimeQuery(Message):
    pass


@message(0x8004, "查询服务器时间应答", "2019")
class TimeAnswer(Message):
    """The standard says UTC; the six digits carry no zone, and this side writes what the standard says."""

    time: datetime | None = column(Moment(), "服务器时间")


@message(0x8204, "链路检测", "2019")
class LinkCheck(Message):
    pass
