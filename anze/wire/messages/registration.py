"""Who the terminal is: registration, authentication, log-out."""

from __future__ import annotations

from anze.wire.fields import BYTE, DWORD, WORD, ByVersion, Digits, Prefixed, Raw, Tail, Text, since_2019
from anze.wire.header import Version
from anze.wire.tables import Message, column, message

# 车牌颜色, JT/T 415-2006 and JT/T 697.7-2014: where the byte stands tells 2013 from 2011.
COLOURS = frozenset((0, 1, 2, 3, 4, 5, 9, 91, 92, 93, 94))
COLOUR_AT = 36


@message(0x0100, "终端注册", "8.5")
class Registration(Message):
    province: int = column(WORD, "省域 ID")
    city: int = column(WORD, "市县域 ID")
    maker: str = column(ByVersion(Text(5), Text(5), Text(11)), "制造商 ID")
    model: str = column(ByVersion(Text(8), Text(20), Text(30)), "终端型号")
    device: str = column(ByVersion(Text(7), Text(7), Text(30)), "终端 ID")
    colour: int = column(BYTE, "车牌颜色：0 未上牌")
    plate: str = column(Text(), "车辆标识：车牌，未上牌时为 VIN")


def registered_version(body: bytes, spoken: Version) -> Version:
    """2011 and 2013 share a header; their registrations differ by 12 bytes before the colour of the plate."""
    if spoken is Version.V2019:
        return spoken
    if len(body) > COLOUR_AT and body[COLOUR_AT] in COLOURS:
        return Version.V2013
    return Version.V2011


@message(0x8100, "终端注册应答", "8.6")
class RegistrationAnswer(Message):
    serial: int = column(WORD, "应答流水号")
    result: int = column(BYTE, "结果：0 成功 1 车辆已注册 2 无该车辆 3 终端已注册 4 无该终端")
    code: str = column(Text(), "鉴权码：成功时才有", default="")


@message(0x0003, "终端注销", "8.7")
class LogOut(Message):
    pass


@message(0x0102, "终端鉴权", "8.8")
class Authentication(Message):
    code: str = column(ByVersion(Text(), Text(), Prefixed(BYTE, Text())), "鉴权码")
    imei: str | None = column(since_2019(Text(15)), "终端 IMEI", default=None)
    software: str | None = column(since_2019(Text(20)), "软件版本号", default=None)


@message(0x8107, "查询终端属性", "8.14")
class AttributesQuery(Message):
    pass


@message(0x0107, "查询终端属性应答", "8.15", answers=(0x8107,))
class Attributes(Message):
    types: int = column(WORD, "终端类型")
    maker: str = column(Text(5), "制造商 ID")
    model: str = column(ByVersion(Text(8), Text(20), Text(30)), "终端型号")
    device: str = column(ByVersion(Text(7), Text(7), Text(30)), "终端 ID")
    iccid: str = column(Digits(10), "终端 SIM 卡 ICCID")
    hardware: str = column(Prefixed(BYTE, Text()), "终端硬件版本号")
    firmware: str = column(Prefixed(BYTE, Text()), "终端固件版本号")
    gnss: int | None = column(Tail(BYTE), "GNSS 模块属性", default=None)
    network: int | None = column(Tail(BYTE), "通信模块属性", default=None)


@message(0x8108, "下发终端升级包", "8.16")
class Upgrade(Message):
    part: int = column(BYTE, "升级类型：0 终端 12 IC 卡读卡器 52 卫星定位模块")
    maker: str = column(Text(5), "制造商 ID")
    version: str = column(Prefixed(BYTE, Text()), "终端固件版本号")
    package: bytes = column(Prefixed(DWORD, Raw()), "升级数据包")


@message(0x0108, "终端升级结果通知", "8.17")
class UpgradeResult(Message):
    part: int = column(BYTE, "升级类型")
    result: int = column(BYTE, "结果：0 成功 1 失败 2 取消")
