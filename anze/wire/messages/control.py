"""What the platform has a terminal or a vehicle do, the travel recorder, and bytes passed through."""

from __future__ import annotations

from anze.wire.fields import BYTE, DWORD, WORD, ByVersion, Digits, Listed, Prefixed, Raw, Text
from anze.wire.position import Position, PositionKind
from anze.wire.tables import Message, Nested, Table, column, message, table


@message(0x8105, "终端控制", "8.13")
class TerminalControl(Message):
    order: int = column(
        BYTE, "命令字：1 升级 2 连指定服务器 3 关机 4 复位 5 恢复出厂 6 关数据通信 7 关无线通信"
    )
    arguments: str = column(Text(), "命令参数：以分号分隔", default="")


@table
class VehicleOrder(Table):
    """2019 defines only the door (0x0001), with one byte."""

    order_id: int = column(WORD, "控制 ID：1 车门")
    value: int = column(BYTE, "控制参数：0 锁闭 1 开启")


@message(0x8500, "车辆控制", "8.33")
class VehicleControl(Message):
    flags: int | None = column(ByVersion(BYTE, BYTE, None), "控制标志：位 0 车门", default=None)
    orders: tuple[VehicleOrder, ...] | None = column(
        ByVersion(None, None, Listed(Nested(VehicleOrder), WORD)), "控制类型列表", default=None
    )


@message(0x0500, "车辆控制应答", "8.34", answers=(0x8500,))
class VehicleControlAnswer(Message):
    serial: int = column(WORD, "应答流水号")
    position: Position = column(PositionKind(), "位置信息汇报")


@message(0x8700, "行驶记录数据采集命令", "8.43")
class RecorderQuery(Message):
    order: int = column(BYTE, "命令字：按 GB/T 19056")
    data: bytes = column(Raw(), "数据块", default=b"")


@message(0x0700, "行驶记录数据上传", "8.44", answers=(0x8700,))
class RecorderData(Message):
    """The block is GB/T 19056's own frame and stays as sent."""

    serial: int = column(WORD, "应答流水号")
    order: int = column(BYTE, "命令字")
    data: bytes = column(Raw(), "数据块")


@message(0x8701, "行驶记录参数下传命令", "8.45")
class RecorderSetting(Message):
    order: int = column(BYTE, "命令字")
    data: bytes = column(Raw(), "数据块")


@message(0x0701, "电子运单上报", "8.46")
class Waybill(Message):
    content: bytes = column(Prefixed(DWORD, Raw()), "电子运单内容")


@table
class CanFrame(Table):
    can_id: int = column(DWORD, "CAN ID：位 31 通道 位 30 扩展帧 位 29 采集方式")
    data: bytes = column(Raw(8), "CAN DATA")


@message(0x0705, "CAN 总线数据上传", "8.50")
class CanData(Message):
    count: int = column(WORD, "数据项个数")
    time: str = column(Digits(5), "第一条的接收时间：hhmmss 与毫秒")
    frames: tuple[CanFrame, ...] = column(Listed(Nested(CanFrame), None), "CAN 总线数据项")


@message(0x8900, "数据下行透传", "8.61")
class PassedDown(Message):
    kind: int = column(BYTE, "透传消息类型")
    content: bytes = column(Raw(), "透传消息内容")


@message(0x0900, "数据上行透传", "8.62")
class PassedUp(Message):
    kind: int = column(BYTE, "透传消息类型")
    content: bytes = column(Raw(), "透传消息内容")


@message(0x0901, "数据压缩上报", "8.63")
class Compressed(Message):
    """The body is not unpacked here: what a peer compressed may be of any size."""

    body: bytes = column(Prefixed(DWORD, Raw()), "GZIP 压缩的消息体")


@message(0x8A00, "平台 RSA 公钥", "8.64")
class PlatformKey(Message):
    exponent: int = column(DWORD, "公钥 e")
    modulus: bytes = column(Raw(128), "公钥 n")


@message(0x0A00, "终端 RSA 公钥", "8.65")
class TerminalKey(Message):
    exponent: int = column(DWORD, "公钥 e")
    modulus: bytes = column(Raw(128), "公钥 n")
