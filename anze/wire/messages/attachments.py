"""Attachments of active-safety alarms: asked for on the terminal's link, sent on one of their own.

T/JSATL 12-2017 (苏标) §4.5 and §4.6; T/GDRTA 002-2020 (粤标) with longer terminal ids and alarm numbers:
which of the two it is, is told by the length that adds up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anze.wire.errors import MalformedError
from anze.wire.fields import BYTE, DWORD, WORD, Listed, Moment, Prefixed, Raw, Seen, Text
from anze.wire.safety import LONG, SHORT, AlarmNumber, AlarmNumberKind, LongAlarmNumber
from anze.wire.tables import Message, Nested, Table, column, message, read_table, table, write_table

NAME = Prefixed(BYTE, Text())


@message(0x9208, "报警附件上传指令", "JSATL §4.5")
class AttachmentsWanted(Message):
    host: str = column(NAME, "附件服务器 IP 地址")
    tcp_port: int = column(WORD, "附件服务器端口（TCP）")
    udp_port: int = column(WORD, "附件服务器端口（UDP）")
    number: AlarmNumber | LongAlarmNumber = column(AlarmNumberKind(following=48), "报警标识号")
    alarm: str = column(Text(32), "报警编号：平台分配")
    reserved: bytes = column(Raw(16), "预留", default=bytes(16))


@table
class AttachmentFile(Table):
    name: str = column(NAME, "文件名称")
    size: int = column(DWORD, "文件大小", "byte")


@table
class ShortHead(Table):
    device: str = column(Text(7), "终端 ID")
    number: AlarmNumber = column(Nested(AlarmNumber), "报警标识号")


@table
class LongHead(Table):
    device: str = column(Text(30), "终端 ID")
    number: LongAlarmNumber = column(Nested(LongAlarmNumber), "报警标识号")


@table
class BareHead(Table):
    """Heilongjiang: the long number alone, without its reserved bytes."""

    terminal: str = column(Text(30), "终端 ID")
    time: datetime | None = column(Moment(), "时间")
    serial: int = column(BYTE, "序号")
    files: int = column(BYTE, "附件数量")


HEADS: dict[int, type[Table]] = {30 + LONG: LongHead, 7 + SHORT: ShortHead, LONG - 2: BareHead}
FILES = Listed(Nested(AttachmentFile))


class HeadKind:
    """Terminal id and alarm number, in the length that leaves a list of files that adds up."""

    __slots__ = ()

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Table, int]:
        for size, head in HEADS.items():
            if _adds_up(data, at + size, seen):
                return read_table(head, data, at, seen.version)
        return read_table(ShortHead, data, at, seen.version)

    def write(self, value: Any, seen: Seen) -> bytes:
        return write_table(value, seen.version)


def _adds_up(data: bytes, at: int, seen: Seen) -> bool:
    """Whether alarm, kind and files that begin here end where the body does."""
    try:
        _, end = FILES.read(data, at + 32 + 1, seen)
    except MalformedError:
        return False
    return end == len(data)


@message(0x1210, "报警附件信息消息", "JSATL §4.6")
class Attachments(Message):
    head: ShortHead | LongHead | BareHead = column(HeadKind(), "终端 ID 与报警标识号")
    alarm: str = column(Text(32), "报警编号")
    kind: int = column(BYTE, "信息类型：0 正常 1 补传")
    files: tuple[AttachmentFile, ...] = column(FILES, "附件信息列表")


@message(0x1211, "文件信息上传", "JSATL §4.6")
class FileAnnounced(Message):
    name: str = column(NAME, "文件名称")
    kind: int = column(BYTE, "文件类型：0 图片 1 音频 2 视频 3 文本 4 其他")
    size: int = column(DWORD, "文件大小", "byte")


@message(0x1212, "文件上传完成消息", "JSATL §4.6")
class FileSent(Message):
    name: str = column(NAME, "文件名称")
    kind: int = column(BYTE, "文件类型：0 图片 1 音频 2 视频 3 文本 4 其他")
    size: int = column(DWORD, "文件大小", "byte")


@table
class Gap(Table):
    offset: int = column(DWORD, "数据偏移量", "byte")
    length: int = column(DWORD, "数据长度", "byte")


@message(0x9212, "文件上传完成消息应答", "JSATL §4.6")
class FileAnswer(Message):
    name: str = column(NAME, "文件名称")
    kind: int = column(BYTE, "文件类型")
    result: int = column(BYTE, "上传结果：0 完成 1 需要补传")
    gaps: tuple[Gap, ...] = column(Listed(Nested(Gap)), "补传数据包列表")
