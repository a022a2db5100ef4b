"""Active-safety alarms inside a position: what the assistance systems saw, and the number of the alarm.

The number (报警标识号) asks for the attachments of that alarm later: 16 bytes in the Jiangsu standard,
40 in the Guangdong one, whose terminal ids have 30 characters.

T/JSATL 12-2017 §4.5 (苏标); T/GDRTA 002-2020 (粤标) for the long number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anze.wire.fields import BYTE, DWORD, WORD, Listed, Moment, Raw, Seen, Text, take
from anze.wire.tables import Nested, Table, column, read_table, table, write_table


@table
class AlarmNumber(Table):
    terminal: str = column(Text(7), "终端 ID")
    time: datetime | None = column(Moment(), "时间")
    serial: int = column(BYTE, "序号")
    files: int = column(BYTE, "附件数量")
    reserved: int = column(BYTE, "预留")


@table
class LongAlarmNumber(Table):
    terminal: str = column(Text(30), "终端 ID")
    time: datetime | None = column(Moment(), "时间")
    serial: int = column(BYTE, "序号")
    files: int = column(BYTE, "附件数量")
    reserved: int = column(WORD, "预留")


SHORT, LONG = 16, 40


class AlarmNumberKind:
    """Which of the two numbers it is, is told by the bytes that are left, less those that must follow."""

    __slots__ = ("following",)

    def __init__(self, following: int = 0) -> None:
        self.following = following

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[AlarmNumber | LongAlarmNumber, int]:
        size = LONG if len(data) - at - self.following >= LONG else SHORT
        piece, end = take(data, at, size)
        number: AlarmNumber | LongAlarmNumber
        number, _ = read_table(LongAlarmNumber if size == LONG else AlarmNumber, piece, 0, seen.version)
        return number, end

    def write(self, value: Any, seen: Seen) -> bytes:
        return write_table(value, seen.version)


@table
class DrivingAssistance(Table):
    """0x64."""

    alarm_id: int = column(DWORD, "报警 ID")
    phase: int = column(BYTE, "标志状态：0 不可用 1 开始 2 结束")
    kind: int = column(BYTE, "报警/事件类型")
    level: int = column(BYTE, "报警级别")
    ahead_speed: int = column(BYTE, "前车车速", "km/h")
    ahead_distance: int = column(BYTE, "前车/行人距离", "100 ms")
    departure: int = column(BYTE, "偏离类型：1 左 2 右")
    sign: int = column(BYTE, "道路标志识别类型")
    sign_value: int = column(BYTE, "道路标志识别数据")
    speed: int = column(BYTE, "车速", "km/h")
    altitude: int = column(WORD, "高程", "m")
    latitude: int = column(DWORD, "纬度", "1e-6°")
    longitude: int = column(DWORD, "经度", "1e-6°")
    time: datetime | None = column(Moment(), "日期时间")
    vehicle: int = column(WORD, "车辆状态")
    number: AlarmNumber | LongAlarmNumber = column(AlarmNumberKind(), "报警标识号")


@table
class DriverState(Table):
    """0x65."""

    alarm_id: int = column(DWORD, "报警 ID")
    phase: int = column(BYTE, "标志状态：0 不可用 1 开始 2 结束")
    kind: int = column(BYTE, "报警/事件类型")
    level: int = column(BYTE, "报警级别")
    fatigue: int = column(BYTE, "疲劳程度", "1–10")
    reserved: bytes = column(Raw(4), "预留", default=bytes(4))
    speed: int = column(BYTE, "车速", "km/h")
    altitude: int = column(WORD, "高程", "m")
    latitude: int = column(DWORD, "纬度", "1e-6°")
    longitude: int = column(DWORD, "经度", "1e-6°")
    time: datetime | None = column(Moment(), "日期时间")
    vehicle: int = column(WORD, "车辆状态")
    number: AlarmNumber | LongAlarmNumber = column(AlarmNumberKind(), "报警标识号")


@table
class Tyre(Table):
    place: int = column(BYTE, "胎压报警位置")
    kinds: int = column(WORD, "报警/事件类型")
    pressure: int = column(WORD, "胎压", "kPa")
    temperature: int = column(WORD, "胎温", "°C")
    battery: int = column(WORD, "电池电量", "%")


class TyrePressureNumber(AlarmNumberKind):
    """Nine bytes a tyre follow; only one of the two lengths leaves a list that adds up."""

    __slots__ = ()

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[AlarmNumber | LongAlarmNumber, int]:
        left = len(data) - at
        fits = left > LONG and left == LONG + 1 + 9 * data[at + LONG]
        return AlarmNumberKind(0 if fits else left).read(data, at, seen)


@table
class TyrePressure(Table):
    """0x66."""

    alarm_id: int = column(DWORD, "报警 ID")
    phase: int = column(BYTE, "标志状态：0 不可用 1 开始 2 结束")
    speed: int = column(BYTE, "车速", "km/h")
    altitude: int = column(WORD, "高程", "m")
    latitude: int = column(DWORD, "纬度", "1e-6°")
    longitude: int = column(DWORD, "经度", "1e-6°")
    time: datetime | None = column(Moment(), "日期时间")
    vehicle: int = column(WORD, "车辆状态")
    number: AlarmNumber | LongAlarmNumber = column(TyrePressureNumber(), "报警标识号")
    tyres: tuple[Tyre, ...] = column(Listed(Nested(Tyre)), "报警/事件信息列表")


@table
class BlindSpot(Table):
    """0x67."""

    alarm_id: int = column(DWORD, "报警 ID")
    phase: int = column(BYTE, "标志状态：0 不可用 1 开始 2 结束")
    kind: int = column(BYTE, "报警/事件类型")
    speed: int = column(BYTE, "车速", "km/h")
    altitude: int = column(WORD, "高程", "m")
    latitude: int = column(DWORD, "纬度", "1e-6°")
    longitude: int = column(DWORD, "经度", "1e-6°")
    time: datetime | None = column(Moment(), "日期时间")
    vehicle: int = column(WORD, "车辆状态")
    number: AlarmNumber | LongAlarmNumber = column(AlarmNumberKind(), "报警标识号")
