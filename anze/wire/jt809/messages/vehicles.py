"""Vehicles and where they are: registration, positions now and afterwards, who drives.

2011 has a position of its own, 36 bytes; 2019 carries the body of the terminal's 0x0200 as it came, and the
platforms that watched it with their alarms.

809lib: layouts and the texts of the codes.
"""

from __future__ import annotations

from datetime import datetime

from anze.wire.errors import MalformedError
from anze.wire.fields import BYTE, DWORD, WORD, ByVersion, Kind, Listed, Prefixed, Raw, Text, since_2019
from anze.wire.header import Version
from anze.wire.jt809.kinds import CivilTime, PlatformId, UtcTime
from anze.wire.jt809.tables import V2019, VERSIONS, Message, message
from anze.wire.position import SHIFTED, Position, read_position
from anze.wire.tables import Nested, Table, column, table


def by_version(before: Kind | None, since: Kind | None) -> ByVersion:
    """2011, and 2019."""
    return ByVersion(before, None, since)


@message(0x1201, "上传车辆注册信息", "809lib", verified=VERSIONS)
class VehicleRegistration(Message):
    platform: str = column(PlatformId(), "平台唯一编码")
    maker: str = column(PlatformId(), "终端厂商唯一编码")
    model: str = column(by_version(Text(20), Text(30)), "终端型号")
    imei: str | None = column(since_2019(Text(15)), "通讯模块 IMEI", default=None)
    device: str = column(by_version(Text(7), Text(30)), "终端编号")
    sim: str = column(by_version(Text(12), Text(13)), "终端 SIM 卡电话号码")


@message(0x9201, "车辆注册信息应答", "809lib", verified=(V2019,))
class VehicleRegistrationAnswer(Message):
    source_id: int = column(WORD, "源子业务类型标识")
    source_serial: int = column(DWORD, "源报文序列号")
    result: int = column(BYTE, "处理结果：0 完成注册 1 审核通过 2 信息错误 3 审核没通过")


@table
class Fix(Table):
    """The position of 2011."""

    encrypted: int = column(BYTE, "加密标识：1 已用地图保密插件加密")
    time: datetime | None = column(CivilTime(), "日期时间")
    longitude: int = column(DWORD, "经度", "1e-6°")
    latitude: int = column(DWORD, "纬度", "1e-6°")
    speed: int = column(WORD, "速度", "km/h")
    recorder_speed: int = column(WORD, "行驶记录速度", "km/h")
    mileage: int = column(DWORD, "当前总里程", "km")
    direction: int = column(WORD, "方向", "°")
    altitude: int = column(WORD, "海拔高度", "m")
    status: int = column(DWORD, "车辆状态")
    alarm: int = column(DWORD, "报警状态")


def fix_of(position: Position) -> Fix:
    """What a terminal sent, as 2011 wants it passed on; what it did not measure is 0."""
    extras = position.values()
    return Fix(
        encrypted=int(bool(position.status_bits & SHIFTED)),
        time=position.time,
        longitude=position.raw_longitude,
        latitude=position.raw_latitude,
        speed=(position.speed + 5) // 10,
        recorder_speed=(extras.get("recorder_speed", 0) + 5) // 10,
        mileage=extras.get("mileage", 0) // 10,
        direction=position.direction,
        altitude=position.altitude,
        status=position.status_bits,
        alarm=position.alarm_bits,
    )


@table
class Watched(Table):
    """The position of 2019: what the terminal sent, and who watched it with which alarms."""

    encrypted: int = column(BYTE, "加密标识：1 已用地图保密插件加密")
    location: bytes = column(Prefixed(DWORD, Raw()), "终端 0x0200 消息体")
    company_platform: str = column(PlatformId(), "企业监控平台唯一编码")
    company_alarm: int = column(DWORD, "企业监控平台报警状态")
    city_platform: str = column(PlatformId(), "市级监控平台唯一编码")
    city_alarm: int = column(DWORD, "市级监控平台报警状态")
    province_platform: str = column(PlatformId(), "省级监控平台唯一编码")
    province_alarm: int = column(DWORD, "省级监控平台报警状态")

    @property
    def position(self) -> Position | None:
        """What the terminal sent, read; None where that is no position."""
        try:
            return read_position(self.location, Version.V2019)
        except MalformedError:
            return None


PLACE = by_version(Nested(Fix), Nested(Watched))


@message(0x1202, "实时上传车辆定位信息", "809lib", verified=VERSIONS)
class PositionSent(Message):
    place: Fix | Watched = column(PLACE, "定位信息")


@message(0x1203, "车辆定位信息自动补报", "809lib", verified=VERSIONS)
class PositionsSent(Message):
    """One to five positions that could not be sent at their time."""

    places: tuple[Fix | Watched, ...] = column(Listed(PLACE), "定位信息")


@message(0x9202, "交换车辆定位信息", "809lib")
class PositionTold(Message):
    place: Fix | Watched = column(PLACE, "定位信息")


@message(0x9203, "车辆定位信息交换补发", "809lib")
class PositionsTold(Message):
    places: tuple[Fix | Watched, ...] = column(Listed(PLACE), "定位信息")


@message(0x120A, "上报车辆驾驶员身份识别信息应答", "809lib", verified=VERSIONS)
class DriverAnswer(Message):
    source_id: int | None = column(since_2019(WORD), "源子业务类型标识", default=None)
    source_serial: int | None = column(since_2019(DWORD), "源报文序列号", default=None)
    driver: str = column(Text(16), "驾驶员姓名")
    number: str = column(Text(20), "身份证编号")
    licence: str = column(Text(40), "从业资格证号")
    issuer: str = column(Text(200), "发证机构名称")
    valid_until: datetime | None = column(since_2019(UtcTime()), "证件有效期", default=None)


@message(0x120C, "主动上报驾驶员身份信息", "809lib", verified=VERSIONS)
class DriverTold(Message):
    driver: str = column(Text(16), "驾驶员姓名")
    number: str = column(Text(20), "身份证编号")
    licence: str = column(Text(40), "从业资格证号")
    issuer: str = column(Text(200), "发证机构名称")
    valid_until: datetime | None = column(since_2019(UtcTime()), "证件有效期", default=None)


@message(0x920A, "上报车辆驾驶员身份识别信息请求", "809lib")
class DriverWanted(Message):
    pass
